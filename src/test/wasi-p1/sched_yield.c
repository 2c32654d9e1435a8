#include "wasi.h"

void test(void) {
  CALL(sched_yield);
}
