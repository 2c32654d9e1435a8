#include "wasi.h"

void test(void) {
  fd_t file = OPEN("file", 0, READ);
  u64 at = 0;
  CALL(fd_seek, file, 4, FROM_START, &at), SHOW(at);
  CALL(fd_tell, file, &at), SHOW(at);
  CALL(fd_seek, file, 3, FROM_HERE, &at), SHOW(at);
  CALL(fd_seek, file, -2, FROM_HERE, &at), SHOW(at);
  CALL(fd_seek, file, -2, FROM_END, &at), SHOW(at);
  CALL(fd_seek, file, 1000, FROM_END, &at), SHOW(at);
  CALL(fd_seek, file, 0x7fffffffffffffff, FROM_START, &at), SHOW(at);
  CALL(fd_seek, file, -1, FROM_START, &at);
  CALL(fd_seek, file, -11, FROM_END, &at);
  CALL(fd_seek, file, (s64)(1ull << 63), FROM_HERE, &at);
  CALL(fd_tell, file, &at), SHOW(at);
  CALL(fd_seek, 0, 0, FROM_START, &at);
  CALL(fd_seek, 1, 0, FROM_START, &at);
  CALL(fd_seek, DIR, 0, FROM_START, &at);
  CALL(fd_tell, 0, &at);
  CALL(fd_tell, 1, &at);
  CALL(fd_tell, DIR, &at);
}
