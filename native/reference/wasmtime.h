/*
 * The part of the Wasmtime C API 50 that the reference program uses, declared by hand: building it
 * must need no C header of the engine. Names, types and meaning are those of the official headers;
 * layouts hold for 64-bit platforms. Ownership is in prose there and so it is here: every returned
 * wasmtime_error_t and wasm_trap_t is the caller's, deletes take no null.
 */
#ifndef REFERENCE_WASMTIME_H
#define REFERENCE_WASMTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct wasm_config_t wasm_config_t;
typedef struct wasm_memorytype_t wasm_memorytype_t;
typedef struct wasm_engine_t wasm_engine_t;
typedef struct wasm_functype_t wasm_functype_t;
typedef struct wasm_trap_t wasm_trap_t;
typedef struct wasm_valtype_t wasm_valtype_t;
typedef struct wasi_config_t wasi_config_t;
typedef struct wasmtime_caller wasmtime_caller_t;
typedef struct wasmtime_context wasmtime_context_t;
typedef struct wasmtime_error wasmtime_error_t;
typedef struct wasmtime_instance_pre wasmtime_instance_pre_t;
typedef struct wasmtime_linker wasmtime_linker_t;
typedef struct wasmtime_module wasmtime_module_t;
typedef struct wasmtime_store wasmtime_store_t;

typedef struct {
  size_t size;
  char *data;
} wasm_byte_vec_t;

typedef struct {
  size_t size;
  wasm_valtype_t **data;
} wasm_valtype_vec_t;

typedef struct {
  uint64_t store_id;
  void *private_1;
} wasmtime_func_t;

typedef struct {
  uint64_t store_id;
  size_t private_1;
} wasmtime_instance_t;

typedef struct {
  struct {
    uint64_t store_id;
    uint32_t private_1;
  };
  uint32_t private_2;
} wasmtime_memory_t;

enum { WASM_I32 = 0, WASMTIME_I32 = 0 };
enum { WASMTIME_EXTERN_FUNC = 0, WASMTIME_EXTERN_MEMORY = 3 };

typedef struct {
  uint8_t kind;
  union {
    int32_t i32;
    wasmtime_func_t funcref;
    uint64_t size_of_the_largest[3];
  } of;
} wasmtime_val_t;

typedef union {
  int32_t i32;
  uint64_t size_of_the_largest[2];
} wasmtime_val_raw_t;

typedef struct {
  uint8_t kind;
  union {
    wasmtime_func_t func;
    wasmtime_memory_t memory;
    uint64_t size_of_the_largest[3];
  } of;
} wasmtime_extern_t;

_Static_assert(sizeof(wasmtime_func_t) == 16, "wasmtime_func_t");
_Static_assert(sizeof(wasmtime_memory_t) == 24, "wasmtime_memory_t");
_Static_assert(sizeof(wasmtime_val_t) == 32, "wasmtime_val_t");
_Static_assert(sizeof(wasmtime_val_raw_t) == 16, "wasmtime_val_raw_t");
_Static_assert(sizeof(wasmtime_extern_t) == 32, "wasmtime_extern_t");

typedef wasm_trap_t *(*wasmtime_func_callback_t)(void *env, wasmtime_caller_t *caller,
                                                 const wasmtime_val_t *args, size_t nargs,
                                                 wasmtime_val_t *results, size_t nresults);
typedef wasm_trap_t *(*wasmtime_func_unchecked_callback_t)(void *env, wasmtime_caller_t *caller,
                                                           wasmtime_val_raw_t *args_and_results,
                                                           size_t num_args_and_results);

/* Engine: takes the configuration. */
wasm_config_t *wasm_config_new(void);
void wasmtime_config_memory_may_move_set(wasm_config_t *, bool);
void wasmtime_config_concurrency_support_set(wasm_config_t *, bool);
wasm_engine_t *wasm_engine_new_with_config(wasm_config_t *);
void wasm_engine_delete(wasm_engine_t *);

/* Types: wasm_functype_new takes both vectors. */
wasm_valtype_t *wasm_valtype_new(uint8_t kind);
void wasm_valtype_vec_new(wasm_valtype_vec_t *out, size_t, wasm_valtype_t *const *);
void wasm_valtype_vec_new_empty(wasm_valtype_vec_t *out);
wasm_functype_t *wasm_functype_new(wasm_valtype_vec_t *params, wasm_valtype_vec_t *results);
void wasm_functype_delete(wasm_functype_t *);
void wasm_byte_vec_delete(wasm_byte_vec_t *);

/* Modules. */
wasmtime_error_t *wasmtime_wat2wasm(const char *wat, size_t, wasm_byte_vec_t *out);
wasmtime_error_t *wasmtime_module_new(wasm_engine_t *, const uint8_t *, size_t,
                                      wasmtime_module_t **out);
void wasmtime_module_delete(wasmtime_module_t *);

/* Stores: wasmtime_context_set_wasi takes the configuration. */
wasmtime_store_t *wasmtime_store_new(wasm_engine_t *, void *data, void (*finalizer)(void *));
wasmtime_context_t *wasmtime_store_context(wasmtime_store_t *);
void wasmtime_store_delete(wasmtime_store_t *);
wasmtime_error_t *wasmtime_context_set_wasi(wasmtime_context_t *, wasi_config_t *);

/* WASI: argv and env append; false is bad UTF-8 or a directory that cannot be opened. */
wasi_config_t *wasi_config_new(void);
bool wasi_config_set_argv(wasi_config_t *, size_t, const char *argv[]);
bool wasi_config_set_env(wasi_config_t *, size_t, const char *names[], const char *values[]);
void wasi_config_inherit_stdin(wasi_config_t *);
void wasi_config_inherit_stdout(wasi_config_t *);
bool wasi_config_set_stdout_file(wasi_config_t *, const char *path);
void wasi_config_inherit_stderr(wasi_config_t *);
bool wasi_config_preopen_dir(wasi_config_t *, const char *host, const char *guest, bool mutable);

/* Linkers and instances. */
wasmtime_linker_t *wasmtime_linker_new(wasm_engine_t *);
void wasmtime_linker_delete(wasmtime_linker_t *);
wasmtime_error_t *wasmtime_linker_define_wasi(wasmtime_linker_t *);
wasmtime_error_t *wasmtime_linker_define_func(wasmtime_linker_t *, const char *module, size_t,
                                              const char *name, size_t, const wasm_functype_t *,
                                              wasmtime_func_callback_t, void *env,
                                              void (*finalizer)(void *));
wasmtime_error_t *wasmtime_linker_define_func_unchecked(wasmtime_linker_t *, const char *module,
                                                        size_t, const char *name, size_t,
                                                        const wasm_functype_t *,
                                                        wasmtime_func_unchecked_callback_t,
                                                        void *env, void (*finalizer)(void *));
wasmtime_error_t *wasmtime_linker_instantiate(const wasmtime_linker_t *, wasmtime_context_t *,
                                              const wasmtime_module_t *, wasmtime_instance_t *,
                                              wasm_trap_t **);
wasmtime_error_t *wasmtime_linker_instantiate_pre(const wasmtime_linker_t *,
                                                  const wasmtime_module_t *,
                                                  wasmtime_instance_pre_t **out);
wasmtime_error_t *wasmtime_instance_pre_instantiate(const wasmtime_instance_pre_t *,
                                                    wasmtime_context_t *, wasmtime_instance_t *,
                                                    wasm_trap_t **);
void wasmtime_instance_pre_delete(wasmtime_instance_pre_t *);
bool wasmtime_instance_export_get(wasmtime_context_t *, const wasmtime_instance_t *,
                                  const char *name, size_t, wasmtime_extern_t *out);
void wasmtime_extern_delete(wasmtime_extern_t *);
bool wasmtime_caller_export_get(wasmtime_caller_t *, const char *name, size_t,
                                wasmtime_extern_t *out);
wasmtime_context_t *wasmtime_caller_context(wasmtime_caller_t *);

/* Calls: neither writes a null to the trap slot. */
wasmtime_error_t *wasmtime_func_call(wasmtime_context_t *, const wasmtime_func_t *,
                                     const wasmtime_val_t *args, size_t, wasmtime_val_t *results,
                                     size_t, wasm_trap_t **);
wasmtime_error_t *wasmtime_func_call_unchecked(wasmtime_context_t *, const wasmtime_func_t *,
                                               wasmtime_val_raw_t *args_and_results, size_t,
                                               wasm_trap_t **);
wasmtime_error_t *wasmtime_memorytype_new(uint64_t min, bool has_max, uint64_t max, bool is_64,
                                          bool shared, uint8_t page_size_log2,
                                          wasm_memorytype_t **out);
void wasm_memorytype_delete(wasm_memorytype_t *);
wasmtime_error_t *wasmtime_memory_new(wasmtime_context_t *, const wasm_memorytype_t *,
                                      wasmtime_memory_t *out);
uint8_t *wasmtime_memory_data(wasmtime_context_t *, const wasmtime_memory_t *);
size_t wasmtime_memory_data_size(const wasmtime_context_t *, const wasmtime_memory_t *);

/* What went wrong: messages are owned vectors. */
bool wasmtime_error_exit_status(const wasmtime_error_t *, int *status);
void wasmtime_error_message(const wasmtime_error_t *, wasm_byte_vec_t *out);
void wasmtime_error_delete(wasmtime_error_t *);
wasm_trap_t *wasmtime_trap_new(const char *, size_t);
bool wasmtime_trap_code(const wasm_trap_t *, uint8_t *code);
void wasm_trap_message(const wasm_trap_t *, wasm_byte_vec_t *out);
void wasm_trap_delete(wasm_trap_t *);

#endif
