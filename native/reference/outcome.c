#include "outcome.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * One line of the engine's text: the cause where it names one, since the line above it is only
 * "error while executing at wasm backtrace:".
 */
static void take_message(wasm_byte_vec_t *from, char *to, size_t room) {
  static const char CAUSE[] = "Caused by:\n";
  const char *line = from->data;
  const char *end = from->data + from->size;
  for (const char *at = line; at + sizeof CAUSE - 1 <= end; at++) {
    if (memcmp(at, CAUSE, sizeof CAUSE - 1) == 0) {
      line = at + sizeof CAUSE - 1;
      break;
    }
  }
  while (line < end && *line == ' ') {
    line++;
  }
  size_t length = 0;
  while (line + length < end && length + 1 < room && line[length] != '\n' &&
         line[length] != '\0') {
    length++;
  }
  memcpy(to, line, length);
  to[length] = '\0';
  wasm_byte_vec_delete(from);
}

outcome_t outcome_of(wasmtime_error_t *error, wasm_trap_t *trap) {
  outcome_t outcome = {.kind = RETURNED};
  wasm_byte_vec_t text;
  if (error != NULL) {
    if (wasmtime_error_exit_status(error, &outcome.number)) {
      outcome.kind = EXITED;
    } else {
      outcome.kind = FAILED;
      wasmtime_error_message(error, &text);
      take_message(&text, outcome.message, sizeof outcome.message);
    }
    wasmtime_error_delete(error);
  } else if (trap != NULL) {
    uint8_t code;
    if (wasmtime_trap_code(trap, &code)) {
      outcome.kind = TRAPPED;
      outcome.number = code;
    } else {
      /* A trap without a code is a Wasm exception that nobody caught. */
      outcome.kind = FAILED;
    }
    wasm_trap_message(trap, &text);
    take_message(&text, outcome.message, sizeof outcome.message);
    wasm_trap_delete(trap);
  }
  return outcome;
}

bool outcome_is_success(const outcome_t *outcome) {
  return outcome->kind == RETURNED || (outcome->kind == EXITED && outcome->number == 0);
}

void require(wasmtime_error_t *error, const char *what) {
  if (error != NULL) {
    outcome_t outcome = outcome_of(error, NULL);
    fail("%s: %s", what, outcome.message);
  }
}

void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("reference: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(1);
}
