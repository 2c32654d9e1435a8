#include "wasi.h"

void test(void) {
  fd_t file = OPEN("file", 0, RW);
  CALL(fd_fdstat_set_rights, file, READ, READ);
  CALL(fd_fdstat_set_rights, file, RW, RW);
  CALL(fd_fdstat_set_rights, DIR, 0, 0);
  CALL(fd_fdstat_set_rights, 1, WRITE, 0);
}
