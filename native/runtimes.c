/*
 * The engine's own runtimes: the threads of its compiler, the threads and descriptors of its WASI,
 * the reader of an inherited standard input, the worker of its cache.
 *
 * They start at first use, and end the process where the system refuses a thread or a descriptor,
 * or where the environment has a value that they do not take. To try beforehand does not help: what
 * there was may be gone when the engine wants it. So Java asks here before the engine can want
 * anything. What it will want is made then, all of it or nothing, and kept; and when the engine asks
 * the system for it, it gets what is there already.
 *
 * For that, the pointers by which the engine's library calls seven functions of the C library are
 * made to point to functions here. This is done on Linux only. Elsewhere, and where the pointers
 * cannot be written, the engine is left as it is, and all here answers that it may go on.
 */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "runtimes.h"

#include <stddef.h>

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

typedef void *(*load_cache_fn)(void *config, const char *file);

/* The answers of wjvm_ready_wasi, and one of wjvm_load_cache; Runtimes.java has the same numbers. */
enum { READY = 0, NO_THREAD = 1, NO_DESCRIPTOR = 2 };

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- Threads that are there already ---- */

enum { STACK_SIZE = 2 * 1024 * 1024 }; /* what the engine gives its threads */

/* A thread that waits to become one of the engine's. It can do so only once: when the engine's
 * start routine returns, the thread has ended for the engine's language. */
typedef struct spare {
  struct spare *next;
  pthread_t id;
  pthread_cond_t changed;
  enum { WAITING, GIVEN, DISMISSED } state;
  void *(*start)(void *);
  void *arg;
  int stays;
} spare;

typedef struct pool {
  spare *first;
  uint64_t size; /* how many there were when it was ready, 0 if it is not */
  char text[24]; /* the same, for the engine */
} pool;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of all that follows */
static int taken_over = -1;                              /* -1 until it was tried */
static uint64_t wanted_compile, wanted_wasi;
static char *log_setting;
static pool compile_threads = {.text = "1"}, wasi_threads = {.text = "1"};
/* For when the system refuses a thread to who is there already: a file of a guest's waits for one,
 * for ever if there is none, and the reader of the standard input ends the process. */
static pool file_thread, reader_thread;
static int epoll = -1, epoll_copy = -1, event = -1;

/* What tells the threads of WASI's runtime from others: the routine that they start with, and in
 * its argument the table of functions of the closure that they run. */
static _Atomic(void *) wasi_start, wasi_closure;

/* Whose threads and descriptors the engine is asking for on this thread, if it is. */
static _Thread_local pool *taking;
/* Whether this thread must not end for having had nothing to do. */
static _Thread_local int stays;

static void *wait_for_work(void *p) {
  spare *s = p;
  pthread_mutex_lock(&lock);
  while (s->state == WAITING) pthread_cond_wait(&s->changed, &lock);
  pthread_mutex_unlock(&lock);
  void *(*start)(void *) = s->state == GIVEN ? s->start : NULL;
  void *arg = s->arg;
  stays = s->stays;
  pthread_cond_destroy(&s->changed);
  free(s);
  return start == NULL ? NULL : start(arg);
}

/* Starts as many threads as can be had, up to `wanted`, and returns how many. Locked. */
static uint64_t fill(pool *p, uint64_t wanted) {
  uint64_t made = 0;
  pthread_attr_t attr;
  if (pthread_attr_init(&attr) != 0) return 0;
  pthread_attr_setstacksize(&attr, STACK_SIZE);
  for (; made < wanted; made++) {
    spare *s = calloc(1, sizeof *s);
    if (s == NULL) break;
    pthread_cond_init(&s->changed, NULL);
    if (pthread_create(&s->id, &attr, wait_for_work, s) != 0) {
      free(s);
      break;
    }
    pthread_setname_np(s->id, "wasmtime"); /* WASI's threads get another name from the engine */
    s->next = p->first;
    p->first = s;
  }
  pthread_attr_destroy(&attr);
  p->size = made;
  if (made != 0) snprintf(p->text, sizeof p->text, "%llu", (unsigned long long)made);
  return made;
}

/* Ends the threads that nobody took. Locked. */
static void dismiss(pool *p) {
  for (spare *s = p->first, *next; s != NULL; s = next) {
    next = s->next;
    pthread_detach(s->id);
    s->state = DISMISSED;
    pthread_cond_signal(&s->changed);
  }
  p->first = NULL;
  p->size = 0;
}

static int hand_over(pool *p, int keep, pthread_t *id, void *(*start)(void *), void *arg) {
  pthread_mutex_lock(&lock);
  spare *s = p->first;
  if (s != NULL) {
    p->first = s->next;
    *id = s->id;
    s->start = start;
    s->arg = arg;
    s->stays = keep;
    s->state = GIVEN;
    pthread_cond_signal(&s->changed);
  }
  pthread_mutex_unlock(&lock);
  return s != NULL;
}

/* ---- What Java asks for ---- */

/* Returns how many threads the compiler has, 0 if the system refuses all. Fewer than wanted will do:
 * the engine is told how many there are. */
EXPORT uint64_t wjvm_ready_compile(void) {
  pthread_mutex_lock(&lock);
  if (taken_over == 1 && compile_threads.size == 0) fill(&compile_threads, wanted_compile);
  uint64_t size = taken_over == 1 ? compile_threads.size : 1;
  pthread_mutex_unlock(&lock);
  return size;
}

static int make_descriptors(void) {
  struct epoll_event none = {0};
  epoll = epoll_create1(EPOLL_CLOEXEC);
  epoll_copy = epoll < 0 ? -1 : fcntl(epoll, F_DUPFD_CLOEXEC, 3);
  event = epoll_copy < 0 ? -1 : eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return event >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, event, &none) == 0;
}

static void close_descriptors(void) {
  if (epoll >= 0) close(epoll);
  if (epoll_copy >= 0) close(epoll_copy);
  if (event >= 0) close(event);
  epoll = epoll_copy = event = -1;
}

static uint64_t make_wasi(void) {
  uint64_t answer = READY;
  if (!make_descriptors()) {
    answer = NO_DESCRIPTOR;
  } else if (fill(&file_thread, 1) == 0 || fill(&wasi_threads, wanted_wasi) == 0) {
    answer = NO_THREAD;
    dismiss(&file_thread);
  }
  if (answer != READY) close_descriptors();
  return answer;
}

/* Whether WASI can start: with a reader of the standard input, or without. */
EXPORT uint64_t wjvm_ready_wasi(uint64_t reader) {
  uint64_t answer = READY;
  pthread_mutex_lock(&lock);
  if (taken_over == 1) {
    int new_reader = reader && reader_thread.size == 0;
    if (new_reader && fill(&reader_thread, 1) == 0) answer = NO_THREAD;
    if (answer == READY && wasi_threads.size == 0) answer = make_wasi();
    if (answer != READY && new_reader) dismiss(&reader_thread);
  }
  pthread_mutex_unlock(&lock);
  return answer;
}

/* wasmtime_config_cache_config_load, which starts a thread; returns its wasmtime_error_t*, or
 * NO_THREAD. One call, as Java might go on with the second of two on another thread. */
EXPORT void *wjvm_load_cache(load_cache_fn load, void *config, const char *file) {
  pool worker = {0};
  pthread_mutex_lock(&lock);
  int taken = taken_over == 1;
  int refused = taken && fill(&worker, 1) == 0;
  pthread_mutex_unlock(&lock);
  if (refused) return (void *)(uintptr_t)NO_THREAD;
  taking = taken ? &worker : NULL;
  void *error = load(config, file);
  taking = NULL;
  pthread_mutex_lock(&lock);
  dismiss(&worker); /* where the configuration was refused */
  pthread_mutex_unlock(&lock);
  return error;
}

/* ---- What the engine gets instead of the C library's functions ---- */

static int of_wasi(void *(*start)(void *), void *arg) {
  /* The first word is the thread's handle, and the second the closure's data. */
  return (void *)start == atomic_load(&wasi_start) &&
         ((void **)arg)[2] == atomic_load(&wasi_closure);
}

static int engine_pthread_create(pthread_t *id, const pthread_attr_t *attr,
                                 void *(*start)(void *), void *arg) {
  if (taking != NULL) {
    void *closure = ((void **)arg)[2]; /* the thread may free it */
    int of_runtime = taking == &wasi_threads;
    if (hand_over(taking, 0, id, start, arg)) {
      if (of_runtime) {
        atomic_store(&wasi_closure, closure);
        atomic_store(&wasi_start, (void *)start);
      }
      return 0;
    }
    taking = NULL; /* it has all of them, and what it starts now may be something else */
  }
  int error = pthread_create(id, attr, start, arg);
  if (error == 0) return 0;
  int unknown = atomic_load(&wasi_start) == NULL;
  int file = !unknown && of_wasi(start, arg);
  if ((file || unknown) && hand_over(&file_thread, 1, id, start, arg)) return 0;
  if (!file && hand_over(&reader_thread, 1, id, start, arg)) return 0;
  return error;
}

/* The environment variables that the engine finds as they are, by the beginnings of their names.
 * What it does for others with any value of theirs nobody has looked at. */
static const char *const passed_on[] = {
    "CLICOLOR",       "HOME", "INTEL_JIT_PROFILER", "NO_COLOR", "RUST_BACKTRACE", "RUST_LIB_BACKTRACE",
    "RUST_LOG_STYLE", "TERM", "WASMTIME_",          "WAST_",    "XDG_"};

static char *engine_getenv(const char *name) {
  if (strcmp(name, "RUST_LOG") == 0) return log_setting;
  if (strcmp(name, "RAYON_NUM_THREADS") == 0) {
    wjvm_ready_compile(); /* Java has asked, a caller of the C functions need not have */
    taking = &compile_threads;
    return compile_threads.text;
  }
  if (strcmp(name, "TOKIO_WORKER_THREADS") == 0) {
    wjvm_ready_wasi(0);
    taking = &wasi_threads;
    return wasi_threads.text;
  }
  for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++)
    if (strncmp(name, passed_on[i], strlen(passed_on[i])) == 0) return getenv(name);
  return NULL;
}

/* What is there for WASI's runtime, once; -1 if it is not asking or has it. */
static int take_descriptor(int *descriptor) {
  int taken = taking == &wasi_threads ? *descriptor : -1;
  if (taken >= 0) *descriptor = -1;
  return taken;
}

static int engine_epoll_create1(int flags) {
  int taken = take_descriptor(&epoll);
  return taken >= 0 ? taken : epoll_create1(flags);
}

static _Thread_local int registered = -1;

static int engine_eventfd(unsigned int value, int flags) {
  int taken = take_descriptor(&event);
  if (taken < 0) return eventfd(value, flags);
  registered = taken;
  return taken;
}

/* Adding may fail for want of room in the kernel's tables, and was done already. */
static int engine_epoll_ctl(int poll, int operation, int descriptor, struct epoll_event *what) {
  if (operation == EPOLL_CTL_ADD && descriptor == registered) {
    operation = EPOLL_CTL_MOD;
    registered = -1;
  }
  return epoll_ctl(poll, operation, descriptor, what);
}

static int engine_fcntl(int descriptor, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  long argument = va_arg(arguments, long);
  va_end(arguments);
  int taken = command == F_DUPFD_CLOEXEC ? take_descriptor(&epoll_copy) : -1;
  return taken >= 0 ? taken : fcntl(descriptor, command, argument);
}

/* Here the engine's threads wait. WASI ends those for files that have had nothing to do for a while;
 * the one that must stay, as the system might not give another, waits without an end. */
static long engine_syscall(long number, ...) {
  long a[6];
  va_list arguments;
  va_start(arguments, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(arguments, long);
  va_end(arguments);
  if (stays && number == SYS_futex) {
    int operation = (int)a[1] & FUTEX_CMD_MASK;
    if (operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET) a[3] = 0;
  }
  return syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* ---- The pointers ---- */

static const struct {
  const char *name;
  void *instead;
} imports[] = {
    {"pthread_create", (void *)engine_pthread_create},
    {"getenv", (void *)engine_getenv},
    {"epoll_create1", (void *)engine_epoll_create1},
    {"eventfd", (void *)engine_eventfd},
    {"epoll_ctl", (void *)engine_epoll_ctl},
    {"fcntl", (void *)engine_fcntl},
    {"syscall", (void *)engine_syscall},
};
enum { IMPORTS = sizeof imports / sizeof *imports };

#if defined(__x86_64__)
#define IS_POINTER(type) \
  ((type) == R_X86_64_GLOB_DAT || (type) == R_X86_64_JUMP_SLOT || (type) == R_X86_64_64)
#else
#define IS_POINTER(type) \
  ((type) == R_AARCH64_GLOB_DAT || (type) == R_AARCH64_JUMP_SLOT || (type) == R_AARCH64_ABS64)
#endif

/* The tables of a loaded library. */
typedef struct library {
  uintptr_t base;
  const ElfW(Rela) *relocations[2];
  size_t sizes[2];
  const ElfW(Sym) *symbols;
  const char *names;
} library;

/* Finds the pointers, or writes them; returns which imports there are, a bit each. */
static unsigned int each_pointer(const library *l, int write) {
  unsigned int found = 0;
  for (int t = 0; t < 2; t++)
    for (size_t n = 0; n < l->sizes[t] / sizeof(ElfW(Rela)); n++) {
      const ElfW(Rela) *r = l->relocations[t] + n;
      if (!IS_POINTER(ELF64_R_TYPE(r->r_info))) continue;
      const char *name = l->names + l->symbols[ELF64_R_SYM(r->r_info)].st_name;
      for (int i = 0; i < IMPORTS; i++)
        if (strcmp(name, imports[i].name) == 0) {
          found |= 1u << i;
          if (write) atomic_store((_Atomic(void *) *)(l->base + r->r_offset), imports[i].instead);
        }
    }
  return found;
}

static library tables(uintptr_t base, const ElfW(Phdr) *dynamic) {
  library l = {.base = base};
  for (const ElfW(Dyn) *d = (void *)(base + dynamic->p_vaddr); d->d_tag != DT_NULL; d++) {
    /* glibc has added the base to these addresses; musl has not done so. */
    void *at = (void *)(d->d_un.d_ptr < base ? base + d->d_un.d_ptr : d->d_un.d_ptr);
    switch (d->d_tag) {
      case DT_RELA: l.relocations[0] = at; break;
      case DT_RELASZ: l.sizes[0] = d->d_un.d_val; break;
      case DT_JMPREL: l.relocations[1] = at; break;
      case DT_PLTRELSZ: l.sizes[1] = d->d_un.d_val; break;
      case DT_SYMTAB: l.symbols = at; break;
      case DT_STRTAB: l.names = at; break;
    }
  }
  return l;
}

typedef struct search {
  uintptr_t address;
  int done;
} search;

/* For dl_iterate_phdr: does it to the library that has the address, and looks no further. */
static int in_library(struct dl_phdr_info *o, size_t size, void *p) {
  (void)size;
  search *s = p;
  const ElfW(Phdr) *dynamic = NULL, *relro = NULL;
  int inside = 0;
  for (int i = 0; i < o->dlpi_phnum; i++) {
    const ElfW(Phdr) *h = o->dlpi_phdr + i;
    if (h->p_type == PT_LOAD && s->address - (o->dlpi_addr + h->p_vaddr) < h->p_memsz) inside = 1;
    if (h->p_type == PT_DYNAMIC) dynamic = h;
    if (h->p_type == PT_GNU_RELRO) relro = h;
  }
  if (!inside) return 0;
  if (dynamic == NULL) return 1;
  library l = tables(o->dlpi_addr, dynamic);
  if (l.symbols == NULL || l.names == NULL || each_pointer(&l, 0) != (1u << IMPORTS) - 1) return 1;
  /* The loader has made the pointers read-only after it had written them. */
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from = 0, to = 0;
  if (relro != NULL) {
    from = (l.base + relro->p_vaddr) & -page;
    to = (l.base + relro->p_vaddr + relro->p_memsz) & -page;
  }
  if (to > from && mprotect((void *)from, to - from, PROT_READ | PROT_WRITE) != 0) return 1;
  each_pointer(&l, 1);
  if (to > from) mprotect((void *)from, to - from, PROT_READ);
  s->done = 1;
  return 1;
}

int runtimes_take_over(const void *engine_function, uint64_t wanted_compile_,
                       uint64_t wanted_wasi_, const char *log) {
  pthread_mutex_lock(&lock);
  if (taken_over < 0) {
    wanted_compile = wanted_compile_;
    wanted_wasi = wanted_wasi_;
    log_setting = log == NULL ? NULL : strdup(log);
    search s = {(uintptr_t)engine_function, 0};
    dl_iterate_phdr(in_library, &s);
    taken_over = s.done;
  }
  int taken = taken_over;
  pthread_mutex_unlock(&lock);
  return taken;
}

#else

int runtimes_take_over(const void *engine_function, uint64_t compile_threads,
                       uint64_t wasi_threads, const char *log) {
  (void)engine_function, (void)compile_threads, (void)wasi_threads, (void)log;
  return 0;
}

EXPORT uint64_t wjvm_ready_compile(void) { return 1; }

EXPORT uint64_t wjvm_ready_wasi(uint64_t reader) {
  (void)reader;
  return READY;
}

EXPORT void *wjvm_load_cache(load_cache_fn load, void *config, const char *file) {
  return load(config, file);
}

#endif
