/*
 * The part of wasmtime-jvm that must run outside Java: entering guests, and being entered by them.
 *
 * A guest may use max_wasm_stack bytes below the stack pointer at which it was entered. Wasmtime
 * does not check that the thread has that much, and many Java threads have less. When the stack ends
 * inside native code, or a StackOverflowError leaves an upcall, HotSpot ends the process. So every
 * entry goes through wjvm_call or wjvm_enter, which refuse when there is too little room, and every
 * way back into Java through wjvm_host_call, which traps the guest instead.
 *
 * Plain C11. No dependency on libwasmtime: Java hands over the few functions needed (wjvm_init).
 */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "runtimes.h"

/* Kept out of the way of the common case. */
#define COLD __attribute__((noinline, cold))

#if defined(_WIN32)
#include <windows.h>
#define EXPORT __declspec(dllexport)
#else
#include <pthread.h>
#include <unistd.h>
#define EXPORT __attribute__((visibility("default")))
#if defined(__linux__)
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#endif
#endif

enum { VALUES = 16, VALUE_SIZE = 16, SCRATCH_SIZE = 64 };

/* Why a guest was stopped; Ticker.java has the same numbers. */
enum { STOP_TIMEOUT = 1, STOP_INTERRUPT = 2, STOP_EPOCH = 3, STOP_STACK = 4 };

/* What a store and the ticker tell each other. It outlives the store, and `call` never goes back,
 * so that a ticker that is late interrupts nothing. */
typedef struct wjvm_watch {
  _Atomic uint64_t call;        /* goes up by one with each outermost entry, by Java */
  _Atomic uint64_t interrupted; /* the call whose thread was interrupted */
  _Atomic uint64_t seen;        /* the user's ticks when the guest looked last */
} wjvm_watch;

/* The clocks of one engine. */
typedef struct wjvm_clock {
  _Atomic uint64_t ticks; /* the user's */
  _Atomic uint64_t now;   /* System.nanoTime() when the ticker moved the epoch last */
} wjvm_clock;

/* What one Java store owns on the native side. Java knows where its fields lie, and those of the other
 * structs here, from ShimStructs.java; wjvm_layout tells a test of Java's where they really do. */
typedef struct wjvm_store {
  void *context;        /* wasmtime_context_t* */
  uint64_t entry_room;  /* bytes of stack an outermost entry needs */
  int64_t slot;         /* the store's number in Java */
  uint64_t depth;       /* entries of this store on the stack */
  void *trap;           /* wasm_trap_t* of the last entry, owned by Java from then on */
  void *error;          /* wasmtime_error_t* of the last entry, owned by Java from then on */
  uint64_t left;        /* bytes of stack there were when an entry was refused */
  uint64_t needed;      /* bytes of stack that entry needed */
  wjvm_watch *watch;    /* NULL where the engine does not allow interruption */
  uint64_t stopped;     /* why the last entry was ended from outside, 0 if it was not */
  uint64_t epoch_deadline;            /* in the user's ticks */
  const wjvm_clock *clock;            /* the engine's */
  struct wjvm_handle *epoch_callback; /* what Java does then, or NULL to end the guest */
  int64_t deadline;     /* when the guest must end, as System.nanoTime(); INT64_MAX for never */
  void *entry_trap;     /* out-parameter of wjvm_enter's functions */
  void *store;          /* wasmtime_store_t* */
  _Alignas(16) unsigned char scratch[SCRATCH_SIZE]; /* out-parameters of short calls */
  _Alignas(16) unsigned char values[VALUES * VALUE_SIZE]; /* arguments and results */
} wjvm_store;

/* A store whose guest waits, on the C stack, for one that it has called through Java; those of a
 * thread are a list, innermost first. */
typedef struct wjvm_waiting {
  wjvm_store *store; /* NULL below the outermost entry */
  const struct wjvm_waiting *outer;
} wjvm_waiting;

/* A Java object that the engine holds: the env pointer of a host function, the data of an external
 * reference or an epoch callback, and its place in the list of those that the engine has dropped. */
typedef struct wjvm_handle {
  struct wjvm_handle *next;
  struct wjvm_java *java;
  int64_t id;
} wjvm_handle;

enum { ENTERED_OK = 0, ENTERED_FAILED = 1, NO_ROOM = 2, NO_MEMORY = 3 };

typedef void *(*call_unchecked_fn)(void *context, const void *func, void *values, size_t n,
                                   void **trap);
typedef void *(*trap_new_fn)(const char *message, size_t length);
typedef void *(*trap_new_code_fn)(uint8_t code);
typedef void *(*error_new_fn)(const char *message);
typedef void *(*store_new_fn)(void *engine, void *data, void (*finalizer)(void *));
typedef void *(*store_context_fn)(void *store);
typedef void (*store_delete_fn)(void *store);
/* Returns 0, THROWN, or a wasm_trap_t* for the engine. */
typedef uintptr_t (*upcall_fn)(int64_t id, int64_t slot, void *caller, void *args, void *results);

enum { RETURNED = 0, THROWN = 1 };

/* The way back into Java, one per class loader that has our Java classes: this library is in the
 * process once, and each of them numbers its own host functions and stores. Java makes it, as
 * HostCalls.java says, and keeps it as long as there are handles that refer to it. */
typedef struct wjvm_java {
  upcall_fn upcall;
  _Atomic(wjvm_handle *) dropped;
} wjvm_java;

static call_unchecked_fn call_unchecked;
static trap_new_fn trap_new;
static trap_new_code_fn trap_new_code;
static error_new_fn error_new;
static store_new_fn store_new;
static store_context_fn store_context;
static store_delete_fn store_delete;
static uint64_t first_thread_size; /* bytes of stack that HotSpot takes on the first thread */
static uint64_t margin; /* bytes of stack that Java and the engine's own code need */
static uint64_t guard_zone; /* bytes at the end of a Java thread's stack that HotSpot protects */

#define UNKNOWN (UINTPTR_MAX / 2) /* above every stack, and no overflow when a size is added */

static _Thread_local struct {
  uintptr_t low;       /* lowest usable address of this thread's stack, UNKNOWN until asked for */
  uintptr_t enter_low; /* the same, UNKNOWN until the thread has all that entering takes */
  wjvm_store *running; /* the store entered last on this thread, NULL if none is */
  const wjvm_waiting *waiting;
} self = {UNKNOWN, UNKNOWN, NULL, NULL};

#if defined(_WIN32)
EXPORT uint64_t wjvm_page_size(void) {
  SYSTEM_INFO info;
  GetSystemInfo(&info);
  return info.dwPageSize;
}
#else
EXPORT uint64_t wjvm_page_size(void) { return (uint64_t)sysconf(_SC_PAGESIZE); }
#endif

#if defined(_WIN32)
static uintptr_t find_stack_low(void) {
  ULONG_PTR low, high;
  GetCurrentThreadStackLimits(&low, &high);
  return (uintptr_t)low;
}
#elif defined(__APPLE__)
static uintptr_t find_stack_low(void) {
  pthread_t self = pthread_self();
  return (uintptr_t)pthread_get_stackaddr_np(self) - pthread_get_stacksize_np(self);
}
#else
#if defined(__GLIBC__)
/* The most by which the guard of a thread that is not Java's is larger than a Java thread's, which has
 * none: glibc's default, of a page, or 64 KiB on aarch64. */
enum { OLD_GUARD = 64 * 1024 };

/* glibc gives the stack of a thread that has ended to the next that fits in. HotSpot leaves its guard
 * zone there without access, for the next Java thread to put its own in the same place; but that is
 * somewhere else if a thread of the engine had the stack in between, for which glibc added a guard page.
 * What is left of the old zone above the new one is taken for stack by HotSpot, which, when Java's
 * stack grows onto it, waits for ever or ends the process. So it is made what it should be. A thread
 * that has a guard of glibc's has its own zone above that. */
static void unprotect_old_zone(void *low, size_t size, size_t guard) {
  if (guard == 0 && guard_zone != 0 && size > guard_zone + OLD_GUARD)
    mprotect((char *)low + guard_zone, OLD_GUARD, PROT_READ | PROT_WRITE);
}
#endif

/* Called once on each thread. */
static uintptr_t find_stack_low(void) {
  pthread_attr_t attr;
  void *low = NULL;
  size_t size = 0;
  size_t guard = 0;
  if (pthread_getattr_np(pthread_self(), &attr) != 0) return UNKNOWN - 1; /* never any room */
  pthread_attr_getstack(&attr, &low, &size);
  pthread_attr_getguardsize(&attr, &guard);
  pthread_attr_destroy(&attr);
#if defined(__linux__)
  /* On the process's first thread HotSpot takes no more than it gives to its own threads, not the
   * (maybe unlimited) size that the system grants, and puts its guard pages there. */
  if (syscall(SYS_gettid) == getpid())
    return (uintptr_t)low + (size > first_thread_size ? size - first_thread_size : 0);
#endif
#if defined(__GLIBC__)
  unprotect_old_zone(low, size, guard);
#endif
  /* glibc before 2.27 counts the guard as stack. Elsewhere it is taken off twice, which errs on the
   * safe side: by nothing on Java's own threads. */
  return (uintptr_t)low + guard;
}
#endif

/* Bytes of stack left about here. */
static uint64_t room(void) {
  char here_;
  uintptr_t here = (uintptr_t)&here_;
  if (self.low == UNKNOWN) self.low = find_stack_low();
  return here > self.low ? here - self.low : 0;
}

/* Whether there is less room than needed; on a thread that enters for the first time there seems to
 * be, and the slow way finds out. */
static inline int seems_short_of(uint64_t needed) {
  char here;
  return (uintptr_t)&here < self.enter_low + needed;
}

#if defined(__linux__)
enum { SIGNAL_STACK = 256 * 1024 }; /* the engine makes none where there is one of this size */

static pthread_key_t signal_stack;
static pthread_once_t signal_stack_once = PTHREAD_ONCE_INIT;
static int has_signal_stack_key;

/* Runs at the end of the thread. */
static void free_signal_stack(void *stack) {
  stack_t none = {.ss_flags = SS_DISABLE}, now;
  if (sigaltstack(NULL, &now) == 0 && now.ss_sp == stack) sigaltstack(&none, NULL);
  munmap((char *)stack - wjvm_page_size(), wjvm_page_size() + SIGNAL_STACK);
}

static void make_signal_stack_key(void) {
  has_signal_stack_key = pthread_key_create(&signal_stack, free_signal_stack) == 0;
}

/* Where a thread enters a guest for the first time, the engine gives it a stack for its signal
 * handlers, and ends the process if it gets no memory for it. So we do that first. */
COLD static int make_signal_stack(void) {
  stack_t now;
  if (sigaltstack(NULL, &now) != 0) return 0;
  if (!(now.ss_flags & SS_DISABLE) && now.ss_size >= SIGNAL_STACK) return 1;
  pthread_once(&signal_stack_once, make_signal_stack_key);
  if (!has_signal_stack_key) return 0;
  size_t guard = wjvm_page_size(), size = guard + SIGNAL_STACK;
  char *memory = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 0;
  stack_t ours = {.ss_sp = memory + guard, .ss_size = SIGNAL_STACK};
  if (mprotect(ours.ss_sp, SIGNAL_STACK, PROT_READ | PROT_WRITE) == 0 &&
      pthread_setspecific(signal_stack, ours.ss_sp) == 0) {
    if (sigaltstack(&ours, NULL) == 0) return 1;
    pthread_setspecific(signal_stack, NULL);
  }
  munmap(memory, size);
  return 0;
}
#else
static int make_signal_stack(void) { return 1; }
#endif

/* ENTERED_OK if an entry has the stack that it needs, and the thread what the engine needs of it. A
 * store that already runs on this thread keeps the limit of its outermost entry, so a nested one
 * needs only the margin. */
COLD static int may_enter(wjvm_store *s) {
  uint64_t needed = s->depth == 0 ? s->entry_room : margin;
  uint64_t left = room();
  if (left < needed) {
    s->left = left;
    s->needed = needed;
    return NO_ROOM;
  }
  if (self.enter_low == UNKNOWN) {
    if (!make_signal_stack()) return NO_MEMORY;
    self.enter_low = self.low;
  }
  return ENTERED_OK;
}

/* Opens an entry; the caller closes it by leave(). */
static inline void begin(wjvm_store *s, wjvm_waiting *waiting) {
  waiting->store = self.running;
  waiting->outer = self.waiting;
  self.waiting = waiting;
  self.running = s;
  s->depth++;
}

COLD static int failed(wjvm_store *s, void *error, void *trap) {
  s->error = error;
  s->trap = trap;
  return ENTERED_FAILED;
}

static inline int outcome(wjvm_store *s, void *error, void *trap) {
  return error == NULL && trap == NULL ? ENTERED_OK : failed(s, error, trap);
}

static inline int leave(wjvm_store *s, const wjvm_waiting *waiting, void *error, void *trap) {
  self.running = waiting->store;
  self.waiting = waiting->outer;
  s->depth--;
  return outcome(s, error, trap);
}

/* Answers of wjvm_init, in Shim.java too: this library serves another engine already; ready; and the
 * engine's runtimes take what native/runtimes.c has for them. */
enum { OTHER_ENGINE = 0, READY = 1, TAKEN_OVER = 2 };

/* The number in its name goes up with every change of what Java and this file expect of each other,
 * so that classes and a shim of different versions refuse each other rather than crash. */
EXPORT uint64_t wjvm_init_11(void *call_unchecked_, void *trap_new_, void *trap_new_code_,
                             void *error_new_, void *store_new_, void *store_context_,
                             void *store_delete_, uint64_t margin_, uint64_t guard_zone_,
                             uint64_t first_thread_size_, uint64_t compile_threads,
                             uint64_t wasi_threads, const char *log) {
  if (call_unchecked != NULL && call_unchecked != (call_unchecked_fn)call_unchecked_)
    return OTHER_ENGINE;
  call_unchecked = (call_unchecked_fn)call_unchecked_;
  trap_new = (trap_new_fn)trap_new_;
  trap_new_code = (trap_new_code_fn)trap_new_code_;
  error_new = (error_new_fn)error_new_;
  store_new = (store_new_fn)store_new_;
  store_context = (store_context_fn)store_context_;
  store_delete = (store_delete_fn)store_delete_;
  margin = margin_;
  guard_zone = guard_zone_;
  first_thread_size = first_thread_size_;
  return runtimes_take_over(call_unchecked_, compile_threads, wasi_threads, log) ? TAKEN_OVER : READY;
}

/* The name of a field that Java uses, or of the size of a struct, and where it lies; NULL after the
 * last one. */
EXPORT const char *wjvm_layout(uint64_t index, uint64_t *offset) {
#define FIELD(type, field) {#type "." #field, offsetof(wjvm_##type, field)}
#define SIZE(type) {#type ".size", sizeof(wjvm_##type)}
  static const struct {
    const char *name;
    uint64_t offset;
  } fields[] = {
      FIELD(store, context),        FIELD(store, depth),    FIELD(store, trap),
      FIELD(store, error),          FIELD(store, left),     FIELD(store, needed),
      FIELD(store, watch),          FIELD(store, stopped),  FIELD(store, epoch_deadline),
      FIELD(store, clock),          FIELD(store, epoch_callback),
      FIELD(store, deadline),       FIELD(store, entry_trap),
      FIELD(store, store),          FIELD(store, scratch),  FIELD(store, values),
      SIZE(store),                  FIELD(watch, call),     FIELD(watch, interrupted),
      FIELD(watch, seen),           SIZE(watch),            FIELD(clock, ticks),
      FIELD(clock, now),            SIZE(clock),            FIELD(handle, id),
      FIELD(java, upcall),          FIELD(java, dropped),   SIZE(java),
  };
#undef FIELD
#undef SIZE
  if (index >= sizeof fields / sizeof *fields) return NULL;
  *offset = fields[index].offset;
  return fields[index].name;
}

EXPORT uint64_t wjvm_room(void) { return room(); }

/* Whether there is so much memory. The engine ends the process where it gets none for a value, so
 * Java asks before it has the engine make a large one. */
EXPORT int wjvm_has_memory(uint64_t size) {
  void *volatile memory = size == (size_t)size ? malloc((size_t)size) : NULL;
  int has = memory != NULL;
  free(memory);
  return has;
}

/* A store of the engine with our struct for it: one call for what is made and deleted together. */
EXPORT wjvm_store *wjvm_store_new(void *engine, uint64_t entry_room, int64_t slot) {
  wjvm_store *s = calloc(1, sizeof *s);
  if (s != NULL) {
    s->store = store_new(engine, NULL, NULL);
    s->context = store_context(s->store);
    s->entry_room = entry_room;
    s->slot = slot;
  }
  return s;
}

EXPORT void wjvm_store_delete(wjvm_store *s) {
  store_delete(s->store);
  free(s);
}

COLD static int call_nested(wjvm_store *s, const void *func, void *values, size_t n) {
  int refused = may_enter(s);
  if (refused) return refused;
  wjvm_waiting waiting;
  begin(s, &waiting);
  void *trap = NULL;
  void *error = call_unchecked(s->context, func, values, n, &trap);
  return leave(s, &waiting, error, trap);
}

/* Calls a function, unchecked: a wasmtime_func_t. Where nothing runs on the thread yet, nothing has
 * to wait. */
EXPORT int wjvm_call(wjvm_store *s, const void *func, void *values, size_t n) {
  if (self.running != NULL || seems_short_of(s->entry_room))
    return call_nested(s, func, values, n);
  self.running = s;
  s->depth = 1;
  void *trap = NULL; /* the engine writes it on failure only */
  void *error = call_unchecked(s->context, func, values, n, &trap);
  self.running = NULL;
  s->depth = 0;
  return outcome(s, error, trap);
}

/* Calls any other C function of two to seven arguments that may run guest code, all of them pointers
 * or size_t, whose result is a wasmtime_error_t*; a trap goes to &s->entry_trap, which Java passes. */
EXPORT int wjvm_enter(wjvm_store *s, void *function, int argc, void *a, void *b, void *c, void *d,
                      void *e, void *f, void *g) {
  typedef void *(*two)(void *, void *);
  typedef void *(*four)(void *, void *, void *, void *);
  typedef void *(*five)(void *, void *, void *, void *, void *);
  typedef void *(*six)(void *, void *, void *, void *, void *, void *);
  typedef void *(*seven)(void *, void *, void *, void *, void *, void *, void *);
  if (seems_short_of(s->depth == 0 ? s->entry_room : margin)) {
    int refused = may_enter(s);
    if (refused) return refused;
  }
  wjvm_waiting waiting;
  begin(s, &waiting);
  void *error;
  s->entry_trap = NULL;
  switch (argc) {
    case 2: error = ((two)function)(a, b); break;
    case 4: error = ((four)function)(a, b, c, d); break;
    case 5: error = ((five)function)(a, b, c, d, e); break;
    case 6: error = ((six)function)(a, b, c, d, e, f); break;
    default: error = ((seven)function)(a, b, c, d, e, f, g); break;
  }
  void *trap = s->entry_trap;
  s->entry_trap = NULL; /* or an entry further out would take it for its own */
  return leave(s, &waiting, error, trap);
}

EXPORT wjvm_handle *wjvm_handle_new(wjvm_java *java, int64_t id) {
  wjvm_handle *handle = malloc(sizeof *handle);
  if (handle != NULL) {
    handle->java = java;
    handle->id = id;
  }
  return handle;
}

/* Java keeps what was thrown in the store and says only that something was. */
COLD static void *thrown_trap(uintptr_t result) {
  static const char thrown[] = "exception in a Java host function";
  return result == THROWN ? trap_new(thrown, sizeof thrown - 1) : (void *)result;
}

static inline void *up_with_room(wjvm_handle *handle, void *caller, void *args, void *results) {
  int64_t slot = self.running != NULL ? self.running->slot : -1;
  uintptr_t result = handle->java->upcall(handle->id, slot, caller, args, results);
  return result == RETURNED ? NULL : thrown_trap(result);
}

COLD static void *up_if_room(wjvm_handle *handle, void *caller, void *args, void *results) {
  const uint8_t stack_overflow = 0; /* WASMTIME_TRAP_CODE_STACK_OVERFLOW */
  if (room() < margin) return trap_new_code(stack_overflow);
  return up_with_room(handle, caller, args, results);
}

static inline void *up(wjvm_handle *handle, void *caller, void *args, void *results) {
  return seems_short_of(margin) ? up_if_room(handle, caller, args, results)
                                : up_with_room(handle, caller, args, results);
}

/* wasmtime_func_unchecked_callback_t of host functions of numbers and vectors. */
EXPORT void *wjvm_host_call(void *env, void *caller, void *values, size_t n) {
  (void)n; /* as many as the type says, which Java knows */
  return up(env, caller, values, values);
}

/* wasmtime_func_callback_t of host functions with references. */
EXPORT void *wjvm_host_call_checked(void *env, void *caller, const void *args, size_t nargs,
                                    void *results, size_t nresults) {
  (void)nargs, (void)nresults;
  return up(env, caller, (void *)args, results);
}

static void *stop(wjvm_store *s, uint64_t reason) {
  s->stopped = reason;
  return error_new("stopped from outside");
}

/* Up into Java for a component, whose callbacks return a wasmtime_error_t*. */
static void *component_up(wjvm_handle *handle, void *args, void *results) {
  if (seems_short_of(margin) && room() < margin) return stop(self.running, STOP_STACK);
  uintptr_t result = handle->java->upcall(handle->id, self.running->slot, NULL, args, results);
  return result == RETURNED ? NULL : error_new("exception in a Java host function");
}

/* wasmtime_component_func_callback_t of all host functions of components. */
EXPORT void *wjvm_component_call(void *env, void *context, const void *type, void *args,
                                 size_t nargs, void *results, size_t nresults) {
  (void)context, (void)type, (void)nargs, (void)nresults; /* which Java knows */
  return component_up(env, args, results);
}

/* wasmtime_component_resource_destructor_t of all host resources. */
EXPORT void *wjvm_resource_drop(void *env, void *context, uint32_t rep) {
  (void)context;
  return component_up(env, (void *)(uintptr_t)rep, NULL);
}

/* Why the guest of `s` must end, or 0. The guest's own thread compares its own deadline with a time
 * that has been, so no ticker that is late can end a call that began after. */
static uint64_t stop_reason(const wjvm_store *s) {
  if (s->watch == NULL) return 0;
  if (s->deadline != INT64_MAX) {
    uint64_t now = atomic_load_explicit(&s->clock->now, memory_order_acquire);
    if ((int64_t)(now - (uint64_t)s->deadline) >= 0) return STOP_TIMEOUT;
  }
  uint64_t call = atomic_load_explicit(&s->watch->call, memory_order_relaxed);
  uint64_t interrupted = atomic_load_explicit(&s->watch->interrupted, memory_order_acquire);
  return interrupted == call ? STOP_INTERRUPT : 0;
}

/* The store that waits for the one seen before, NULL if none does; moves on along the list. */
static inline const wjvm_store *next_waiting(const wjvm_waiting **waiting) {
  if (*waiting == NULL) return NULL;
  const wjvm_store *s = (*waiting)->store;
  *waiting = (*waiting)->outer;
  return s;
}

/* Why one of the guests on this thread must end, the innermost first, or 0. A guest also ends when
 * one must end that waits for it. */
EXPORT uint64_t wjvm_stop_reason(void) {
  const wjvm_waiting *waiting = self.waiting;
  uint64_t reason = 0;
  for (const wjvm_store *s = self.running; s != NULL && reason == 0; s = next_waiting(&waiting))
    reason = stop_reason(s);
  return reason;
}

static int64_t earlier(int64_t a, int64_t b) {
  if (a == INT64_MAX || b == INT64_MAX) return a == INT64_MAX ? b : a;
  return (int64_t)((uint64_t)a - (uint64_t)b) < 0 ? a : b;
}

/* When the first of the guests on this thread must end, INT64_MAX if none must. One that is entered
 * above them takes it for its own deadline: only its own engine's clock makes it look. */
EXPORT int64_t wjvm_deadline(void) {
  const wjvm_waiting *waiting = self.waiting;
  int64_t first = INT64_MAX;
  for (const wjvm_store *s = self.running; s != NULL; s = next_waiting(&waiting))
    if (s->watch != NULL) first = earlier(first, s->deadline);
  return first;
}

/* The epoch deadline callback of every store whose engine allows interruption; ARCHITECTURE.md tells
 * the whole protocol under "Stopping a guest". The engine's epoch moves when the ticker or a user's
 * clock moves it, so each store looks at each move. The engine reads its epoch again after this look
 * and may miss a move in between; the ticker repeats its own moves until the guest has reacted. */
EXPORT void *wjvm_epoch(void *context, void *env, uint64_t *delta, uint8_t *kind) {
  (void)context;
  wjvm_store *s = env;
  *delta = 1;
  *kind = 0; /* WASMTIME_UPDATE_DEADLINE_CONTINUE */
  uint64_t reason = wjvm_stop_reason();
  if (reason != 0) return stop(s, reason);
  uint64_t ticks = atomic_load_explicit(&s->clock->ticks, memory_order_acquire);
  atomic_store_explicit(&s->watch->seen, ticks, memory_order_release);
  if (ticks < s->epoch_deadline) return NULL;
  wjvm_handle *handle = s->epoch_callback;
  if (handle == NULL) return stop(s, STOP_EPOCH);
  if (room() < margin) return stop(s, STOP_STACK);
  /* It may replace itself: the handle is not used after. */
  if (handle->java->upcall(handle->id, s->slot, NULL, NULL, NULL) != RETURNED)
    return error_new("exception in a Java epoch callback");
  if (ticks >= s->epoch_deadline) *delta = 0; /* no ticks more: here again at once */
  return NULL;
}

/* Finalizer of every host function and every external reference. It runs wherever the engine drops
 * the last reference: at any stack depth, on any thread. So it only notes the handle; Java asks for
 * it later. */
EXPORT void wjvm_host_drop(void *env) {
  wjvm_handle *handle = env;
  wjvm_java *java = handle->java;
  handle->next = atomic_load(&java->dropped);
  while (!atomic_compare_exchange_weak(&java->dropped, &handle->next, handle)) {
  }
}

/* The id of a dropped handle, or -1. Only one thread may pop at a time. Otherwise a handle that was
 * popped and freed could come back at the same address between the load and the exchange. */
EXPORT int64_t wjvm_next_dropped(wjvm_java *java) {
  wjvm_handle *handle = atomic_load(&java->dropped);
  while (handle != NULL &&
         !atomic_compare_exchange_weak(&java->dropped, &handle, handle->next)) {
  }
  if (handle == NULL) return -1;
  int64_t id = handle->id;
  free(handle);
  return id;
}
