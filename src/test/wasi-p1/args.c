#include "wasi.h"

/* The arguments lie one behind the other, each with a zero, and the pointers lead to them. */
void test(void) {
  static char *pointers[8];
  static char bytes[64];
  u32 count = 0, size = 0;
  CALL(args_sizes_get, &count, &size), SHOW(count), SHOW(size);
  CALL(args_get, pointers, bytes), show_bytes(bytes, size);
  for (u32 i = 0; i < count; i++) {
    SHOW_AS("at", (u32)(pointers[i] - bytes));
  }
}
