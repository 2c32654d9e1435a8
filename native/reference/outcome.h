/* How a call into a guest ended, and the one function that finds out. */
#ifndef REFERENCE_OUTCOME_H
#define REFERENCE_OUTCOME_H

#include "wasmtime.h"

typedef struct {
  enum { RETURNED, EXITED, TRAPPED, FAILED } kind;
  int number;        /* the status of EXITED, the code of TRAPPED */
  char message[200]; /* one line for TRAPPED and FAILED */
} outcome_t;

/*
 * What every call that may run guest code is followed by, the well-known cure of C embedders for
 * "error calling default export" after a guest that merely called exit(0): an error is asked for an
 * exit status first, and only one without a status is a failure. Takes both, either may be null.
 */
outcome_t outcome_of(wasmtime_error_t *error, wasm_trap_t *trap);

/* A return and exit(0) alike. */
bool outcome_is_success(const outcome_t *outcome);

/* For calls that run no guest code: ends the process with the message if there is an error. */
void require(wasmtime_error_t *error, const char *what);

/* Ends the process with exit code 1 and one line on stderr. */
_Noreturn void fail(const char *format, ...);

#endif
