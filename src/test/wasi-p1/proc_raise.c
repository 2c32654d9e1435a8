#include "wasi.h"

void test(void) {
  CALL(proc_raise, SIGNAL_ABRT);
  CALL(proc_raise, SIGNAL_NONE);
  CALL(proc_raise, 30);
}
