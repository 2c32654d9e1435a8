#include "wasi.h"

/* Bytes that differ, as many as were asked for. */
void test(void) {
  static u8 first[66000], second[66000];
  u32 zeros = 0, equal = 0;
  CALL(random_get, first, 65999), SHOW(first[65999]);
  CALL(random_get, second, 66000);
  for (u32 i = 0; i < 65999; i++) {
    zeros += first[i] == 0;
    equal += first[i] == second[i];
  }
  SHOW(zeros < 2000);
  SHOW(equal < 2000);
  first[0] = 7;
  CALL(random_get, first, 0), SHOW(first[0]);
  CALL(random_get, 0, 0);
}
