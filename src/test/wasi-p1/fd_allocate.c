#include "wasi.h"

void test(void) {
  fd_t file = OPEN("file", 0, RW);
  filestat_t stat;
  CALL(fd_allocate, file, 0, 100);
  CALL(fd_allocate, file, 0, 0);
  CALL(fd_filestat_get, file, &stat), SHOW(stat.size);
  CALL(fd_allocate, DIR, 0, 100);
  CALL(fd_allocate, 1, 0, 100);
}
