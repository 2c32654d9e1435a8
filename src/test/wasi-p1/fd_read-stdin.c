#include "wasi.h"

void test(void) {
  static char a[4], b[8];
  u32 size = 9;
  u64 at;
  iovec_t two[] = {{a, sizeof a}, {b, sizeof b}};
  CALL(fd_read, 0, two, 2, &size), SHOW(size), show_bytes(a, size);
  CALL(fd_read, 0, two + 1, 1, &size), SHOW(size), show_bytes(b, size);
  CALL(fd_read, 0, two + 1, 1, &size), SHOW(size), show_bytes(b, size);
  CALL(fd_read, 0, two + 1, 1, &size), SHOW(size);
  CALL(fd_read, 0, two + 1, 1, &size), SHOW(size);
  CALL(fd_pread, 0, two, 2, 0, &size);
  CALL(fd_seek, 0, 0, FROM_START, &at);
  CALL(fd_write, 0, two, 2, &size);
  CALL(fd_pwrite, 0, two, 2, 0, &size);
}
