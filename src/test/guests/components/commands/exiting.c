#include "component.h"

#define ENVIRONMENT "wasi:cli/environment@0.2.12"
#define EXIT "wasi:cli/exit@0.2.12"
#define RUN "wasi:cli/run@0.2.12#run"

struct string {
  const char *start;
  uint32_t size;
};

struct strings {
  const struct string *start;
  uint32_t size;
};

IMPORT(ENVIRONMENT, "get-arguments") void get_arguments(struct strings *result);
IMPORT(EXIT, "exit") void exit_with(uint32_t error);
IMPORT(EXIT, "exit-with-code") void exit_with_code(uint32_t code);

static bool is(struct string string, const char *text) {
  uint32_t i = 0;
  while (i < string.size && text[i] && string.start[i] == text[i]) i++;
  return i == string.size && !text[i];
}

// Returns whether there is an error.
EXPORT(RUN) uint32_t run(void) {
  enter();
  struct strings args;
  get_arguments(&args);
  if (args.size < 2) return 1;
  struct string command = args.start[1];
  if (is(command, "exit-ok")) exit_with(0);
  if (is(command, "exit-error")) exit_with(1);
  if (is(command, "exit-with-code") && args.size > 2) {
    uint32_t code = 0;
    for (uint32_t i = 0; i < args.start[2].size; i++) {
      code = 10 * code + (uint32_t)(args.start[2].start[i] - '0');
    }
    exit_with_code(code);
  }
  if (is(command, "crash")) __builtin_trap();
  return !is(command, "return");
}

EXPORT("cabi_post_" RUN) void post_run(uint32_t error) {
  (void)error;
  leave();
}
