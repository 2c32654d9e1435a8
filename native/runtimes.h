/* What native/shim.c asks of native/runtimes.c. */
#include <stdint.h>

/* Takes over what the engine's own runtimes ask the system for; returns whether it could.
 *
 * engine_function  the address of a function of the engine
 * compile_threads  how many threads the compiler is to have
 * wasi_threads     how many threads WASI is to have besides the one for files
 * log              what the engine is to find in RUST_LOG, or NULL */
int runtimes_take_over(const void *engine_function, uint64_t compile_threads,
                       uint64_t wasi_threads, const char *log);
