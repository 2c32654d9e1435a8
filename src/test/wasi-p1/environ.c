#include "wasi.h"

/* As the arguments, NAME=VALUE each. */
void test(void) {
  static char *pointers[8];
  static char bytes[64];
  u32 count = 9, size = 9;
  CALL(environ_sizes_get, &count, &size), SHOW(count), SHOW(size);
  CALL(environ_get, pointers, bytes), show_bytes(bytes, size);
  for (u32 i = 0; i < count; i++) {
    SHOW_AS("at", (u32)(pointers[i] - bytes));
  }
}
