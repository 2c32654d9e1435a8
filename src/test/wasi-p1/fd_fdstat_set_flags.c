#include "wasi.h"

void test(void) {
  fd_t file = OPEN("file", 0, RW);
  fdstat_t stat;
  u32 size;
  CALL(fd_fdstat_set_flags, file, APPEND);
  CALL(fd_fdstat_get, file, &stat), SHOW(stat.flags);
  CALL(fd_write, file, &(iovec_t){"end", 3}, 1, &size), SHOW(size);
  show_file(P("file"));
  CALL(fd_fdstat_set_flags, file, APPEND | NONBLOCK);
  CALL(fd_fdstat_get, file, &stat), SHOW(stat.flags);
  CALL(fd_fdstat_set_flags, file, 0);
  CALL(fd_fdstat_get, file, &stat), SHOW(stat.flags);
  CALL(fd_fdstat_set_flags, file, DSYNC);
  CALL(fd_fdstat_set_flags, file, RSYNC);
  CALL(fd_fdstat_set_flags, file, SYNC);
  CALL(fd_fdstat_get, file, &stat), SHOW(stat.flags);
  CALL(fd_fdstat_set_flags, 0, NONBLOCK);
  CALL(fd_fdstat_set_flags, 1, APPEND);
  CALL(fd_fdstat_set_flags, 2, 0);
  CALL(fd_fdstat_set_flags, DIR, 0);
}
