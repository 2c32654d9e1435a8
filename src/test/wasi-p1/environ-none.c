#include "wasi.h"

/* Nothing of the host's environment is there, and nothing is written. */
void test(void) {
  u32 count = 9, size = 9;
  char *pointer = (char *)7;
  char byte = 7;
  CALL(environ_sizes_get, &count, &size), SHOW(count), SHOW(size);
  CALL(environ_get, &pointer, &byte), SHOW_AS("pointer", (u32)pointer), SHOW(byte);
}
