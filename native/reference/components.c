/*
 * The figures of components, as bench.c has them of modules: every value is built and read the way
 * that an embedder does who keeps his data in plain C types. Names and strings that live longer than
 * the call are lent to it.
 */
#include "bench.h"
#include "outcome.h"
#include "wasmtime_component.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES = 1 << 20, POINTS = 10000 };

typedef wasmtime_component_val_t val_t;
typedef wasmtime_component_valrecord_entry_t field_t;

typedef struct {
  wasm_engine_t *engine;
  wasmtime_component_t *component;
  wasmtime_component_linker_t *linker;
  wasmtime_context_t *context;
  wasmtime_component_func_t nothing, add, call_host, call_host_echo, text, bytes, five_fields, points;
  wasmtime_component_func_t flat_realloc, flat_echo;
  wasmtime_memory_t memory; /* see memory_of_the_next_instance */
} setup_t;

typedef struct {
  uint32_t x, y;
} point_t;

/* Where results go, so that nothing may be left out. */
static volatile uint32_t sink;

static char text_given[100];
static uint8_t bytes_given[BYTES], bytes_got[BYTES];
static point_t points_given[POINTS], points_got[POINTS];

static val_t of_u32(uint32_t value) {
  return (val_t){.kind = WASMTIME_COMPONENT_U32, .of.u32 = value};
}

static val_t of_text(char *data, size_t size) {
  return (val_t){.kind = WASMTIME_COMPONENT_STRING, .of.string = {size, data}};
}

/* A field whose name is a literal. */
#define FIELD(name_, ...) ((field_t){.name = {sizeof name_ - 1, name_}, .val = __VA_ARGS__})

static void *allocate(size_t size) {
  void *memory = malloc(size);
  if (memory == NULL) {
    fail("no memory");
  }
  return memory;
}

static void call(const setup_t *setup, const wasmtime_component_func_t *func, const val_t *args,
                 size_t nargs, val_t *results, size_t nresults) {
  require(wasmtime_component_func_call(func, setup->context, args, nargs, results, nresults),
          "a call of the component");
}

static void nothing(const void *of, int times) {
  const setup_t *setup = of;
  for (int i = 0; i < times; i++) {
    call(setup, &setup->nothing, NULL, 0, NULL, 0);
  }
}

static void add(const void *of, int times) {
  const setup_t *setup = of;
  uint32_t sum = 0;
  for (int i = 0; i < times; i++) {
    val_t args[] = {of_u32(sum), of_u32((uint32_t)i)};
    val_t result = {0};
    call(setup, &setup->add, args, 2, &result, 1);
    sum = result.of.u32;
  }
  sink = sum;
}

/* The loop is the guest's: one entry for all of the host calls. */
static void call_host(const void *of, int times) {
  const setup_t *setup = of;
  val_t arg = of_u32((uint32_t)times);
  val_t result = {0};
  call(setup, &setup->call_host, &arg, 1, &result, 1);
  sink = result.of.u32;
}

static wasmtime_error_t *host_add(void *env, wasmtime_context_t *context,
                                  const wasmtime_component_func_type_t *type, val_t *args,
                                  size_t nargs, val_t *results, size_t nresults) {
  (void)env, (void)context, (void)type, (void)nargs, (void)nresults;
  results[0] = of_u32(args[0].of.u32 + args[1].of.u32);
  return NULL;
}

static void text(const void *of, int times) {
  const setup_t *setup = of;
  for (int i = 0; i < times; i++) {
    val_t arg = of_text(text_given, sizeof text_given);
    val_t result = {0};
    call(setup, &setup->text, &arg, 1, &result, 1);
    sink = (uint32_t)result.of.string.size;
    wasmtime_component_val_delete(&result);
  }
}

static void five_fields(const void *of, int times) {
  const setup_t *setup = of;
  for (int i = 0; i < times; i++) {
    field_t fields[] = {
        FIELD("id", of_u32((uint32_t)i)),
        FIELD("on", {.kind = WASMTIME_COMPONENT_BOOL, .of.boolean = true}),
        FIELD("name", of_text(text_given, 10)),
        FIELD("ratio", {.kind = WASMTIME_COMPONENT_F64, .of.f64 = 1.5}),
        FIELD("tag", {.kind = WASMTIME_COMPONENT_U8, .of.u8 = 9}),
    };
    val_t arg = {.kind = WASMTIME_COMPONENT_RECORD, .of.record = {5, fields}};
    val_t result = {0};
    call(setup, &setup->five_fields, &arg, 1, &result, 1);
    sink = result.of.record.data[0].val.of.u32;
    wasmtime_component_val_delete(&result);
  }
}

static void bytes(const void *of, int times) {
  const setup_t *setup = of;
  for (int i = 0; i < times; i++) {
    val_t *elements = allocate(BYTES * sizeof *elements);
    for (size_t j = 0; j < BYTES; j++) {
      elements[j] = (val_t){.kind = WASMTIME_COMPONENT_U8, .of.u8 = bytes_given[j]};
    }
    val_t arg = {.kind = WASMTIME_COMPONENT_LIST, .of.list = {BYTES, elements}};
    val_t result = {0};
    call(setup, &setup->bytes, &arg, 1, &result, 1);
    for (size_t j = 0; j < BYTES; j++) {
      bytes_got[j] = result.of.list.data[j].of.u8;
    }
    wasmtime_component_val_delete(&result);
    free(elements);
  }
}

static uint32_t flat(const setup_t *setup, const wasmtime_component_func_t *func,
                     const val_t *args, size_t nargs) {
  val_t result = {0};
  call(setup, func, args, nargs, &result, 1);
  return result.of.u32;
}

/* The same by the core functions, with the guest's memory at hand. */
static void flat_bytes(const void *of, int times) {
  const setup_t *setup = of;
  for (int i = 0; i < times; i++) {
    val_t room[] = {of_u32(0), of_u32(0), of_u32(1), of_u32(BYTES)};
    uint32_t at = flat(setup, &setup->flat_realloc, room, 4);
    memcpy(wasmtime_memory_data(setup->context, &setup->memory) + at, bytes_given, BYTES);
    val_t args[] = {of_u32(at), of_u32(BYTES)};
    uint32_t result = flat(setup, &setup->flat_echo, args, 2);
    const uint8_t *memory = wasmtime_memory_data(setup->context, &setup->memory);
    memcpy(&at, memory + result, sizeof at);
    memcpy(bytes_got, memory + at, BYTES);
  }
}

/* The guest's bytes into plain memory, and back. */
static wasmtime_error_t *host_echo(void *env, wasmtime_context_t *context,
                                   const wasmtime_component_func_type_t *type, val_t *args,
                                   size_t nargs, val_t *results, size_t nresults) {
  (void)env, (void)context, (void)type, (void)nargs, (void)nresults;
  size_t size = args[0].of.list.size;
  for (size_t i = 0; i < size; i++) {
    bytes_got[i] = args[0].of.list.data[i].of.u8;
  }
  results[0].kind = WASMTIME_COMPONENT_LIST;
  wasmtime_component_vallist_new_uninit(&results[0].of.list, size);
  for (size_t i = 0; i < size; i++) {
    results[0].of.list.data[i] =
        (val_t){.kind = WASMTIME_COMPONENT_U8, .of.u8 = bytes_got[i]};
  }
  return NULL;
}

static void call_host_echo(const void *of, int times) {
  const setup_t *setup = of;
  for (int i = 0; i < times; i++) {
    val_t arg = of_u32(BYTES);
    val_t result = {0};
    call(setup, &setup->call_host_echo, &arg, 1, &result, 1);
    sink = result.of.u32;
  }
}

static void points(const void *of, int times) {
  const setup_t *setup = of;
  for (int i = 0; i < times; i++) {
    field_t *fields = allocate(2 * POINTS * sizeof *fields);
    val_t *elements = allocate(POINTS * sizeof *elements);
    for (size_t j = 0; j < POINTS; j++) {
      field_t *point = &fields[2 * j];
      point[0] = FIELD("x", of_u32(points_given[j].x));
      point[1] = FIELD("y", of_u32(points_given[j].y));
      elements[j] = (val_t){.kind = WASMTIME_COMPONENT_RECORD, .of.record = {2, point}};
    }
    val_t arg = {.kind = WASMTIME_COMPONENT_LIST, .of.list = {POINTS, elements}};
    val_t result = {0};
    call(setup, &setup->points, &arg, 1, &result, 1);
    for (size_t j = 0; j < POINTS; j++) {
      const field_t *point = result.of.list.data[j].of.record.data;
      points_got[j] = (point_t){point[0].val.of.u32, point[1].val.of.u32};
    }
    wasmtime_component_val_delete(&result);
    free(elements);
    free(fields);
  }
}

static wasmtime_component_instance_t instance_in(const setup_t *setup, wasmtime_store_t *store) {
  wasmtime_component_instance_t instance;
  require(wasmtime_component_linker_instantiate(setup->linker, wasmtime_store_context(store),
                                                setup->component, &instance),
          "cannot instantiate the component");
  return instance;
}

static void instantiate(const void *of, int times) {
  const setup_t *setup = of;
  for (int i = 0; i < times; i++) {
    wasmtime_store_t *store = wasmtime_store_new(setup->engine, NULL, NULL);
    instance_in(setup, store);
    wasmtime_store_delete(store);
  }
}

static void define(wasmtime_component_linker_t *linker, const char *interface, const char *name,
                   wasmtime_component_func_callback_t callback) {
  wasmtime_component_linker_instance_t *root = wasmtime_component_linker_root(linker);
  wasmtime_component_linker_instance_t *host;
  require(
      wasmtime_component_linker_instance_add_instance(root, interface, strlen(interface), &host),
      "cannot define the host's interface");
  require(wasmtime_component_linker_instance_add_func(host, name, strlen(name), callback, NULL,
                                                      NULL),
          "cannot define the host's function");
  wasmtime_component_linker_instance_delete(host);
  wasmtime_component_linker_instance_delete(root);
}

/*
 * The C API gives no memory of a component. But a handle is the store's number, that of a core
 * instance, which are counted up, and the index of the memory in it. The component's memory is that
 * of its first core instance.
 */
static wasmtime_memory_t memory_of_the_next_instance(wasmtime_context_t *context) {
  wasm_memorytype_t *type;
  require(wasmtime_memorytype_new(0, false, 0, false, false, 16, &type), "a type of memories");
  wasmtime_memory_t memory;
  require(wasmtime_memory_new(context, type, &memory), "a memory");
  wasm_memorytype_delete(type);
  uint32_t instance;
  memcpy(&instance, (char *)&memory + 8, sizeof instance);
  instance++;
  memcpy((char *)&memory + 8, &instance, sizeof instance);
  return memory;
}

static wasmtime_component_func_t function(const setup_t *setup,
                                          const wasmtime_component_instance_t *instance,
                                          const char *name) {
  wasmtime_component_export_index_t *index = wasmtime_component_instance_get_export_index(
      instance, setup->context, NULL, name, strlen(name));
  wasmtime_component_func_t found;
  if (index == NULL ||
      !wasmtime_component_instance_get_func(instance, setup->context, index, &found)) {
    fail("the component has no function %s", name);
  }
  wasmtime_component_export_index_delete(index);
  return found;
}

int bench_components(const char *file) {
  wasm_config_t *config = wasm_config_new();
  wasmtime_config_memory_may_move_set(config, false);
  wasmtime_config_concurrency_support_set(config, false);
  setup_t setup = {.engine = wasm_engine_new_with_config(config)};
  size_t size;
  char *source = read_file(file, &size);
  wasm_byte_vec_t binary;
  require(wasmtime_wat2wasm(source, size, &binary), "the component's text");
  require(wasmtime_component_new(setup.engine, (const uint8_t *)binary.data, binary.size,
                                 &setup.component),
          "the component");
  wasm_byte_vec_delete(&binary);
  free(source);
  setup.linker = wasmtime_component_linker_new(setup.engine);
  define(setup.linker, "bench:host/sums@1.0.0", "add", host_add);
  define(setup.linker, "bench:host/blobs@1.0.0", "echo", host_echo);
  wasmtime_store_t *store = wasmtime_store_new(setup.engine, NULL, NULL);
  setup.context = wasmtime_store_context(store);
  setup.memory = memory_of_the_next_instance(setup.context);
  wasmtime_component_instance_t instance = instance_in(&setup, store);
  setup.nothing = function(&setup, &instance, "nothing");
  setup.add = function(&setup, &instance, "add");
  setup.call_host = function(&setup, &instance, "call-host");
  setup.call_host_echo = function(&setup, &instance, "call-host-echo");
  setup.flat_realloc = function(&setup, &instance, "flat-realloc");
  setup.flat_echo = function(&setup, &instance, "flat-echo");
  setup.text = function(&setup, &instance, "text");
  setup.bytes = function(&setup, &instance, "bytes");
  setup.five_fields = function(&setup, &instance, "five-fields");
  setup.points = function(&setup, &instance, "points");
  memset(text_given, 'x', sizeof text_given);

  measure("component_nothing", nothing, &setup, 50000);
  measure("component_add", add, &setup, 50000);
  measure("component_host_call", call_host, &setup, 50000);
  measure("component_text", text, &setup, 20000);
  measure("component_five_fields", five_fields, &setup, 10000);
  measure("component_instantiate", instantiate, &setup, 1000);
  measure("component_points", points, &setup, 2);
  measure("component_bytes", bytes, &setup, 1);
  measure("component_host_bytes", call_host_echo, &setup, 1);
  measure("component_flat_bytes", flat_bytes, &setup, 100);

  wasmtime_store_delete(store);
  wasmtime_component_linker_delete(setup.linker);
  wasmtime_component_delete(setup.component);
  wasm_engine_delete(setup.engine);
  return 0;
}
