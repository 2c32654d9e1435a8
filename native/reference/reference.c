/*
 * The reference: what an embedder written in C against the Wasmtime C API sees. Our Java is
 * compared with it, on the same guests and the same engine library: outcome and output by
 * ReferenceComparisonTest, speed by scripts/bench.
 */
#define _DEFAULT_SOURCE /* mkstemp */
#include "bench.h"
#include "outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char USAGE[] =
    "usage: reference run [--invoke NAME] [--dir HOST::GUEST] [--read-only-dir HOST::GUEST]\n"
    "                     [--env NAME=VALUE] FILE [ARGS...]\n"
    "       reference repeat TIMES FILE [ARGS...]\n"
    "       reference bench [--print-guest | --print-small-guest]\n"
    "       reference bench-components FILE\n"
    "\n"
    "run    calls _start, or the export NAME without arguments, of a WASI preview 1 module,\n"
    "       binary or text. One line on stderr is the outcome: `outcome: return`,\n"
    "       `outcome: exit N`, `outcome: trap CODE` or `outcome: error MESSAGE`; the exit code is\n"
    "       the guest's status, 134 for a trap and 1 for an error. A guest that imports\n"
    "       host.call_back gets a function that calls its export `inner`.\n"
    "repeat compiles a WASI preview 1 module once, calls its _start in that many stores, each with\n"
    "       one more argument, the number of the run, and prints the milliseconds of a run. What\n"
    "       the guest writes goes to a file in the current folder, which is removed.\n"
    "bench  prints `name nanoseconds` for the calls that our Java is compared with; the options\n"
    "       print the text of a guest that it uses.\n"
    "bench-components\n"
    "       does the same for the functions of a component, given as text.\n";

typedef struct {
  const char *invoke;
  const char *file;
  wasi_config_t *wasi;
} run_options_t;

char *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    fail("cannot open %s", path);
  }
  size_t room = 1 << 16;
  char *bytes = malloc(room);
  *size = 0;
  size_t got;
  while (bytes != NULL && (got = fread(bytes + *size, 1, room - *size, file)) > 0) {
    *size += got;
    if (*size == room) {
      room *= 2;
      bytes = realloc(bytes, room);
    }
  }
  if (bytes == NULL || ferror(file)) {
    fail("cannot read %s", path);
  }
  fclose(file);
  return bytes;
}

static wasmtime_error_t *load_module(wasm_engine_t *engine, const char *path,
                                     wasmtime_module_t **module) {
  size_t size;
  char *bytes = read_file(path, &size);
  wasmtime_error_t *error;
  if (size >= 4 && memcmp(bytes, "\0asm", 4) == 0) {
    error = wasmtime_module_new(engine, (const uint8_t *)bytes, size, module);
  } else {
    wasm_byte_vec_t binary;
    error = wasmtime_wat2wasm(bytes, size, &binary);
    if (error == NULL) {
      error = wasmtime_module_new(engine, (const uint8_t *)binary.data, binary.size, module);
      wasm_byte_vec_delete(&binary);
    }
  }
  free(bytes);
  return error;
}

/*
 * host.call_back: calls the guest's export `inner`. Here C loses what it knew. It can ask the inner
 * error for its status, but a callback can hand on nothing but a trap, and the API makes a trap
 * from a message or a code only: whoever called the outer function gets an error without a status.
 */
static wasm_trap_t *call_back(void *env, wasmtime_caller_t *caller, const wasmtime_val_t *args,
                              size_t nargs, wasmtime_val_t *results, size_t nresults) {
  (void)env, (void)args, (void)nargs, (void)results, (void)nresults;
  static const char MISSING[] = "the guest has no export `inner`";
  wasmtime_extern_t inner;
  if (!wasmtime_caller_export_get(caller, "inner", 5, &inner)) {
    return wasmtime_trap_new(MISSING, sizeof MISSING - 1);
  }
  if (inner.kind != WASMTIME_EXTERN_FUNC) {
    wasmtime_extern_delete(&inner);
    return wasmtime_trap_new(MISSING, sizeof MISSING - 1);
  }
  wasm_trap_t *trap = NULL;
  wasmtime_error_t *error =
      wasmtime_func_call(wasmtime_caller_context(caller), &inner.of.func, NULL, 0, NULL, 0, &trap);
  if (error == NULL) {
    /* A return, or a trap, which may be handed on as it is. */
    return trap;
  }
  outcome_t outcome = outcome_of(error, NULL);
  char message[300];
  if (outcome.kind == EXITED) {
    snprintf(message, sizeof message, "inner left with status %d", outcome.number);
  } else {
    snprintf(message, sizeof message, "inner failed: %s", outcome.message);
  }
  return wasmtime_trap_new(message, strlen(message));
}

static void define_call_back(wasmtime_linker_t *linker) {
  wasm_valtype_vec_t params, results;
  wasm_valtype_vec_new_empty(&params);
  wasm_valtype_vec_new_empty(&results);
  wasm_functype_t *type = wasm_functype_new(&params, &results);
  require(wasmtime_linker_define_func(linker, "host", 4, "call_back", 9, type, call_back, NULL,
                                      NULL),
          "cannot define host.call_back");
  wasm_functype_delete(type);
}

static void add_directory(wasi_config_t *wasi, char *argument, bool writable) {
  char *guest = strstr(argument, "::");
  if (guest != NULL) {
    *guest = '\0';
    guest += 2;
  } else {
    guest = argument;
  }
  if (!wasi_config_preopen_dir(wasi, argument, guest, writable)) {
    fail("cannot open the directory %s", argument);
  }
}

static void add_variable(wasi_config_t *wasi, char *argument) {
  char *value = strchr(argument, '=');
  if (value == NULL) {
    fail("--env takes NAME=VALUE, not %s", argument);
  }
  *value++ = '\0';
  const char *names[] = {argument};
  const char *values[] = {value};
  if (!wasi_config_set_env(wasi, 1, names, values)) {
    fail("%s is not UTF-8", argument);
  }
}

static run_options_t parse(int argc, char **argv) {
  run_options_t options = {.invoke = "_start", .wasi = wasi_config_new()};
  int at = 0;
  while (at + 1 < argc && strncmp(argv[at], "--", 2) == 0) {
    if (strcmp(argv[at], "--invoke") == 0) {
      options.invoke = argv[at + 1];
    } else if (strcmp(argv[at], "--dir") == 0) {
      add_directory(options.wasi, argv[at + 1], true);
    } else if (strcmp(argv[at], "--read-only-dir") == 0) {
      add_directory(options.wasi, argv[at + 1], false);
    } else if (strcmp(argv[at], "--env") == 0) {
      add_variable(options.wasi, argv[at + 1]);
    } else {
      break;
    }
    at += 2;
  }
  if (at >= argc || strncmp(argv[at], "--", 2) == 0) {
    fputs(USAGE, stderr);
    exit(1);
  }
  options.file = argv[at];
  /* As the official command line does: argv[0] is the file's name without its folder. */
  char *slash = strrchr(argv[at], '/');
  char *name = slash == NULL ? argv[at] : slash + 1;
  const char *arguments[argc - at];
  arguments[0] = name;
  for (int i = 1; i < argc - at; i++) {
    arguments[i] = argv[at + i];
  }
  if (!wasi_config_set_argv(options.wasi, (size_t)(argc - at), arguments)) {
    fail("an argument is not UTF-8");
  }
  wasi_config_inherit_stdin(options.wasi);
  wasi_config_inherit_stdout(options.wasi);
  wasi_config_inherit_stderr(options.wasi);
  return options;
}

static outcome_t run_in(wasm_engine_t *engine, wasmtime_linker_t *linker,
                        wasmtime_context_t *context, const run_options_t *options) {
  wasmtime_module_t *module;
  wasmtime_error_t *error = load_module(engine, options->file, &module);
  if (error != NULL) {
    return outcome_of(error, NULL);
  }
  wasmtime_instance_t instance;
  wasm_trap_t *trap = NULL;
  error = wasmtime_linker_instantiate(linker, context, module, &instance, &trap);
  wasmtime_module_delete(module);
  if (error != NULL || trap != NULL) {
    return outcome_of(error, trap);
  }
  wasmtime_extern_t export;
  if (!wasmtime_instance_export_get(context, &instance, options->invoke, strlen(options->invoke),
                                    &export) ||
      export.kind != WASMTIME_EXTERN_FUNC) {
    outcome_t missing = {.kind = FAILED};
    snprintf(missing.message, sizeof missing.message, "no function `%s` is exported",
             options->invoke);
    return missing;
  }
  trap = NULL;
  error = wasmtime_func_call(context, &export.of.func, NULL, 0, NULL, 0, &trap);
  return outcome_of(error, trap);
}

static int run(int argc, char **argv) {
  run_options_t options = parse(argc, argv);
  wasm_engine_t *engine = wasm_engine_new_with_config(wasm_config_new());
  wasmtime_linker_t *linker = wasmtime_linker_new(engine);
  require(wasmtime_linker_define_wasi(linker), "cannot define WASI");
  define_call_back(linker);
  wasmtime_store_t *store = wasmtime_store_new(engine, NULL, NULL);
  wasmtime_context_t *context = wasmtime_store_context(store);
  require(wasmtime_context_set_wasi(context, options.wasi), "cannot configure WASI");

  outcome_t outcome = run_in(engine, linker, context, &options);

  wasmtime_store_delete(store);
  wasmtime_linker_delete(linker);
  wasm_engine_delete(engine);

  switch (outcome.kind) {
    case RETURNED:
      fputs("outcome: return\n", stderr);
      return 0;
    case EXITED:
      fprintf(stderr, "outcome: exit %d\n", outcome.number);
      return outcome_is_success(&outcome) ? 0 : outcome.number;
    case TRAPPED:
      fprintf(stderr, "outcome: trap %d\n", outcome.number);
      return 134;
    default:
      fprintf(stderr, "outcome: error %s\n", outcome.message);
      return 1;
  }
}

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void run_once(wasm_engine_t *engine, const wasmtime_instance_pre_t *instance_pre,
                     const char *output, int argc, const char **argv) {
  wasi_config_t *wasi = wasi_config_new();
  if (!wasi_config_set_argv(wasi, (size_t)argc, argv) ||
      !wasi_config_set_stdout_file(wasi, output)) {
    fail("cannot configure WASI");
  }
  wasmtime_store_t *store = wasmtime_store_new(engine, NULL, NULL);
  wasmtime_context_t *context = wasmtime_store_context(store);
  require(wasmtime_context_set_wasi(context, wasi), "cannot configure WASI");
  wasmtime_instance_t instance;
  wasm_trap_t *trap = NULL;
  wasmtime_error_t *error =
      wasmtime_instance_pre_instantiate(instance_pre, context, &instance, &trap);
  wasmtime_extern_t start;
  if (error == NULL && trap == NULL &&
      wasmtime_instance_export_get(context, &instance, "_start", 6, &start)) {
    error = wasmtime_func_call(context, &start.of.func, NULL, 0, NULL, 0, &trap);
  }
  if (error != NULL || trap != NULL) {
    outcome_t outcome = outcome_of(error, trap);
    if (!outcome_is_success(&outcome)) {
      fail("a run failed: %s", outcome.message);
    }
  }
  wasmtime_store_delete(store);
}

static int repeat(int argc, char **argv) {
  int times = argc < 2 ? 0 : atoi(argv[0]);
  if (times <= 0) {
    fputs(USAGE, stderr);
    return 1;
  }
  wasm_config_t *config = wasm_config_new();
  wasmtime_config_memory_may_move_set(config, false);
  wasmtime_config_concurrency_support_set(config, false);
  wasm_engine_t *engine = wasm_engine_new_with_config(config);
  wasmtime_linker_t *linker = wasmtime_linker_new(engine);
  require(wasmtime_linker_define_wasi(linker), "cannot define WASI");
  wasmtime_module_t *module;
  require(load_module(engine, argv[1], &module), "cannot compile the guest");
  wasmtime_instance_pre_t *instance_pre;
  require(wasmtime_linker_instantiate_pre(linker, module, &instance_pre), "cannot link the guest");

  char output[] = "reference-output.XXXXXX";
  int file = mkstemp(output);
  if (file < 0) {
    fail("cannot create a file in the current folder");
  }
  close(file);
  const char *arguments[argc];
  for (int i = 1; i < argc; i++) {
    arguments[i - 1] = argv[i];
  }
  double start = now_ms();
  for (int i = 0; i < times; i++) {
    char number[16];
    snprintf(number, sizeof number, "%d", i);
    arguments[argc - 1] = number;
    run_once(engine, instance_pre, output, argc, arguments);
  }
  printf("%.3f\n", (now_ms() - start) / times);

  remove(output);
  wasmtime_instance_pre_delete(instance_pre);
  wasmtime_module_delete(module);
  wasmtime_linker_delete(linker);
  wasm_engine_delete(engine);
  return 0;
}

int main(int argc, char **argv) {
  if (argc >= 2 && strcmp(argv[1], "run") == 0) {
    return run(argc - 2, argv + 2);
  }
  if (argc >= 2 && strcmp(argv[1], "repeat") == 0) {
    return repeat(argc - 2, argv + 2);
  }
  if (argc >= 2 && strcmp(argv[1], "bench") == 0) {
    return bench(argc - 2, argv + 2);
  }
  if (argc == 3 && strcmp(argv[1], "bench-components") == 0) {
    return bench_components(argv[2]);
  }
  fputs(USAGE, argc >= 2 && strcmp(argv[1], "--help") == 0 ? stdout : stderr);
  return argc >= 2 && strcmp(argv[1], "--help") == 0 ? 0 : 1;
}
