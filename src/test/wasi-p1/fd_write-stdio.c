#include "wasi.h"

/* Standard output and error take one buffer a call too, and have no place. */
void test(void) {
  iovec_t two[] = {{"", 0}, {"one ", 4}, {"two ", 4}};
  u32 size = 9;
  u64 at;
  CALL(fd_write, 1, two, 3, &size), SHOW(size);
  CALL(fd_write, 1, two + 2, 1, &size), SHOW(size);
  CALL(fd_write, 1, two, 1, &size), SHOW(size);
  CALL(fd_write, 1, two, 0, &size), SHOW(size);
  CALL(fd_write, 2, two, 3, &size), SHOW(size);
  CALL(fd_pwrite, 1, two, 3, 0, &size);
  CALL(fd_pwrite, 2, two, 3, 0, &size);
  CALL(fd_seek, 1, 0, FROM_HERE, &at);
  CALL(fd_tell, 2, &at);
  CALL(fd_read, 1, two, 1, &size);
  CALL(fd_pread, 1, two, 1, 0, &size);
}
