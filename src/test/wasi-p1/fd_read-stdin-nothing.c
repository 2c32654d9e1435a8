#include "wasi.h"

/* A read of no bytes from standard input. */
void test(void) {
  u32 size = 9;
  char byte;
  CALL(fd_read, 0, &(iovec_t){&byte, 0}, 1, &size), SHOW(size);
  CALL(fd_read, 0, 0, 0, &size), SHOW(size);
  CALL(fd_read, 0, &(iovec_t){&byte, 1}, 1, &size), SHOW(size), show_bytes(&byte, 1);
}
