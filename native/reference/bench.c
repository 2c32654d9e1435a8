/*
 * The figures that Java is compared with: nanoseconds per operation, the best of several rounds of
 * a fixed number of operations after a warm-up. The best round, because everything that disturbs a
 * round makes it slower and nothing makes it faster. The engine is configured as our Java
 * configures it, so that only the way to it differs.
 */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"
#include "outcome.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Of operations that take long there are fewer rounds. */
enum { ROUNDS = 45, FEW_ROUNDS = 5 };
static const double LONG_NS = 2e9;

static const char GUEST[] =
    "(module\n"
    "  (import \"host\" \"add\" (func $host_add (param i32 i32) (result i32)))\n"
    "  (memory (export \"memory\") 1)\n"
    "  (func (export \"add\") (param i32 i32) (result i32)\n"
    "    (i32.add (local.get 0) (local.get 1)))\n"
    "  (func (export \"call_host\") (param $times i32) (result i32)\n"
    "    (local $sum i32)\n"
    "    (loop $next\n"
    "      (local.set $sum (call $host_add (local.get $sum) (local.get $times)))\n"
    "      (local.set $times (i32.sub (local.get $times) (i32.const 1)))\n"
    "      (br_if $next (local.get $times)))\n"
    "    (local.get $sum)))\n";

/* Without a memory: mapping one is the engine's work and costs ten times what is left here. */
static const char SMALL_GUEST[] =
    "(module\n"
    "  (import \"host\" \"add\" (func (param i32 i32) (result i32)))\n"
    "  (func (export \"nothing\")))\n";

typedef struct {
  wasm_engine_t *engine;
  wasmtime_module_t *module;
  wasmtime_linker_t *linker;
  wasmtime_instance_pre_t *instance_pre;
  wasmtime_context_t *context;
  wasmtime_func_t add;
  wasmtime_func_t call_host;
  wasmtime_memory_t memory;
} setup_t;

/* Where sums go, so that no loop may be left out. */
static volatile int32_t sink;

static void check(wasmtime_error_t *error, wasm_trap_t *trap) {
  if (error != NULL || trap != NULL) {
    outcome_t outcome = outcome_of(error, trap);
    fail("a benchmark ended with `%s`", outcome.message);
  }
}

static void call_checked(const void *of, int times) {
  const setup_t *setup = of;
  int32_t sum = 0;
  for (int i = 0; i < times; i++) {
    wasmtime_val_t args[2] = {{.kind = WASMTIME_I32, .of.i32 = sum},
                              {.kind = WASMTIME_I32, .of.i32 = i}};
    wasmtime_val_t result;
    wasm_trap_t *trap = NULL;
    check(wasmtime_func_call(setup->context, &setup->add, args, 2, &result, 1, &trap), trap);
    sum = result.of.i32;
  }
  sink = sum;
}

static void call_unchecked(const void *of, int times) {
  const setup_t *setup = of;
  int32_t sum = 0;
  for (int i = 0; i < times; i++) {
    wasmtime_val_raw_t buffer[2];
    buffer[0].i32 = sum;
    buffer[1].i32 = i;
    wasm_trap_t *trap = NULL;
    check(wasmtime_func_call_unchecked(setup->context, &setup->add, buffer, 2, &trap), trap);
    sum = buffer[0].i32;
  }
  sink = sum;
}

/* The loop is the guest's: one entry for all of the host calls. */
static void call_host(const void *of, int times) {
  const setup_t *setup = of;
  wasmtime_val_raw_t buffer[1];
  buffer[0].i32 = times;
  wasm_trap_t *trap = NULL;
  check(wasmtime_func_call_unchecked(setup->context, &setup->call_host, buffer, 1, &trap), trap);
  sink = buffer[0].i32;
}

static wasm_trap_t *add_checked(void *env, wasmtime_caller_t *caller, const wasmtime_val_t *args,
                                size_t nargs, wasmtime_val_t *results, size_t nresults) {
  (void)env, (void)caller, (void)nargs, (void)nresults;
  results[0].kind = WASMTIME_I32;
  results[0].of.i32 = (int32_t)((uint32_t)args[0].of.i32 + (uint32_t)args[1].of.i32);
  return NULL;
}

static wasm_trap_t *add_unchecked(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *values,
                                  size_t count) {
  (void)env, (void)caller, (void)count;
  values[0].i32 = (int32_t)((uint32_t)values[0].i32 + (uint32_t)values[1].i32);
  return NULL;
}

static int32_t read_int(const uint8_t *from) {
  int32_t value;
  memcpy(&value, from, sizeof value);
  return value;
}

/* The stride keeps the compiler from reading several at once; it stays within the first page. No
 * address depends on the one before, or the loop would take the two cycles that computing it does. */
static void memory_read(const void *of, int times) {
  const setup_t *setup = of;
  const uint8_t *data = wasmtime_memory_data(setup->context, &setup->memory);
  int32_t sum = 0;
  for (int i = 0; i < times; i++) {
    uint32_t offset = (uint32_t)i * 68 & 0xfffc;
    sum += read_int(data + offset);
  }
  sink = sum;
}

/* As an embedder must whose memories may move: asks for the address each time. */
static void memory_data_read(const void *of, int times) {
  const setup_t *setup = of;
  int32_t sum = 0;
  for (int i = 0; i < times; i++) {
    uint32_t offset = (uint32_t)i * 68 & 0xfffc;
    sum += read_int(wasmtime_memory_data(setup->context, &setup->memory) + offset);
  }
  sink = sum;
}

static void instantiate(const void *of, int times) {
  const setup_t *setup = of;
  for (int i = 0; i < times; i++) {
    wasmtime_store_t *store = wasmtime_store_new(setup->engine, NULL, NULL);
    wasmtime_instance_t instance;
    wasm_trap_t *trap = NULL;
    check(wasmtime_linker_instantiate(setup->linker, wasmtime_store_context(store), setup->module,
                                      &instance, &trap),
          trap);
    wasmtime_store_delete(store);
  }
}

static void instantiate_pre(const void *of, int times) {
  const setup_t *setup = of;
  for (int i = 0; i < times; i++) {
    wasmtime_store_t *store = wasmtime_store_new(setup->engine, NULL, NULL);
    wasmtime_instance_t instance;
    wasm_trap_t *trap = NULL;
    check(wasmtime_instance_pre_instantiate(setup->instance_pre, wasmtime_store_context(store),
                                            &instance, &trap),
          trap);
    wasmtime_store_delete(store);
  }
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

void measure(const char *name, void (*operation)(const void *setup, int times), const void *setup,
             int times) {
  operation(setup, times);
  double best = 0;
  double begin = now();
  for (int round = 0; round < ROUNDS && (round < FEW_ROUNDS || now() - begin < LONG_NS); round++) {
    double start = now();
    operation(setup, times);
    double ns = (now() - start) / times;
    if (round == 0 || ns < best) {
      best = ns;
    }
  }
  printf("%s %.2f\n", name, best);
  fflush(stdout);
}

static wasm_functype_t *add_type(void) {
  wasm_valtype_t *two[] = {wasm_valtype_new(WASM_I32), wasm_valtype_new(WASM_I32)};
  wasm_valtype_t *one[] = {wasm_valtype_new(WASM_I32)};
  wasm_valtype_vec_t params, results;
  wasm_valtype_vec_new(&params, 2, two);
  wasm_valtype_vec_new(&results, 1, one);
  return wasm_functype_new(&params, &results);
}

static wasmtime_linker_t *linker_with_add(wasm_engine_t *engine, bool checked) {
  wasmtime_linker_t *linker = wasmtime_linker_new(engine);
  wasm_functype_t *type = add_type();
  require(checked ? wasmtime_linker_define_func(linker, "host", 4, "add", 3, type, add_checked,
                                                NULL, NULL)
                  : wasmtime_linker_define_func_unchecked(linker, "host", 4, "add", 3, type,
                                                          add_unchecked, NULL, NULL),
          "cannot define host.add");
  wasm_functype_delete(type);
  return linker;
}

static wasmtime_extern_t export_of(wasmtime_context_t *context, const wasmtime_instance_t *instance,
                                   const char *name) {
  wasmtime_extern_t item;
  if (!wasmtime_instance_export_get(context, instance, name, strlen(name), &item)) {
    fail("the guest has no export %s", name);
  }
  return item;
}

static void instantiate_into(setup_t *setup, wasmtime_store_t *store) {
  wasmtime_instance_t instance;
  wasm_trap_t *trap = NULL;
  setup->context = wasmtime_store_context(store);
  check(wasmtime_linker_instantiate(setup->linker, setup->context, setup->module, &instance,
                                    &trap),
        trap);
  setup->add = export_of(setup->context, &instance, "add").of.func;
  setup->call_host = export_of(setup->context, &instance, "call_host").of.func;
  setup->memory = export_of(setup->context, &instance, "memory").of.memory;
}

static wasmtime_module_t *compile(wasm_engine_t *engine, const char *text) {
  wasm_byte_vec_t binary;
  wasmtime_module_t *module;
  require(wasmtime_wat2wasm(text, strlen(text), &binary), "the guest's text");
  require(wasmtime_module_new(engine, (const uint8_t *)binary.data, binary.size, &module),
          "the guest");
  wasm_byte_vec_delete(&binary);
  return module;
}

static wasmtime_instance_pre_t *prepare(const setup_t *setup) {
  wasmtime_instance_pre_t *instance_pre;
  require(wasmtime_linker_instantiate_pre(setup->linker, setup->module, &instance_pre),
          "cannot prepare the instance");
  return instance_pre;
}

int bench(int argc, char **argv) {
  if (argc == 1 && strcmp(argv[0], "--print-guest") == 0) {
    fputs(GUEST, stdout);
    return 0;
  }
  if (argc == 1 && strcmp(argv[0], "--print-small-guest") == 0) {
    fputs(SMALL_GUEST, stdout);
    return 0;
  }
  if (argc != 0) {
    fail("bench takes --print-guest, --print-small-guest or nothing");
  }
  wasm_config_t *config = wasm_config_new();
  wasmtime_config_memory_may_move_set(config, false);
  wasmtime_config_concurrency_support_set(config, false);
  setup_t checked = {.engine = wasm_engine_new_with_config(config)};
  checked.module = compile(checked.engine, GUEST);
  setup_t unchecked = checked;
  checked.linker = linker_with_add(checked.engine, true);
  unchecked.linker = linker_with_add(checked.engine, false);
  unchecked.instance_pre = prepare(&unchecked);
  setup_t small = unchecked;
  small.module = compile(checked.engine, SMALL_GUEST);
  small.instance_pre = prepare(&small);
  wasmtime_store_t *store_checked = wasmtime_store_new(checked.engine, NULL, NULL);
  wasmtime_store_t *store_unchecked = wasmtime_store_new(checked.engine, NULL, NULL);
  instantiate_into(&checked, store_checked);
  instantiate_into(&unchecked, store_unchecked);

  measure("call_checked", call_checked, &unchecked, 400000);
  measure("call_unchecked", call_unchecked, &unchecked, 2000000);
  measure("host_call_checked", call_host, &checked, 800000);
  measure("host_call_unchecked", call_host, &unchecked, 4000000);
  measure("memory_read", memory_read, &unchecked, 10000000);
  measure("memory_data_read", memory_data_read, &unchecked, 4000000);
  measure("instantiate", instantiate, &small, 10000);
  measure("instantiate_pre", instantiate_pre, &small, 10000);
  measure("instantiate_memory", instantiate, &unchecked, 2000);
  measure("instantiate_pre_memory", instantiate_pre, &unchecked, 2000);

  wasmtime_store_delete(store_checked);
  wasmtime_store_delete(store_unchecked);
  wasmtime_instance_pre_delete(small.instance_pre);
  wasmtime_instance_pre_delete(unchecked.instance_pre);
  wasmtime_linker_delete(checked.linker);
  wasmtime_linker_delete(unchecked.linker);
  wasmtime_module_delete(small.module);
  wasmtime_module_delete(checked.module);
  wasm_engine_delete(checked.engine);
  return 0;
}
