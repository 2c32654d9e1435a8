#include "wasi.h"

static void show(fdstat_t stat) {
  SHOW_AS("filetype", stat.filetype);
  SHOW_AS("flags", stat.flags);
  SHOW_AS("rights_base", stat.rights_base);
  SHOW_AS("rights_inheriting", stat.rights_inheriting);
}

void test(void) {
  fd_t fd;
  fdstat_t stat;
  CALL(fd_fdstat_get, 0, &stat), show(stat);
  CALL(fd_fdstat_get, 1, &stat), show(stat);
  CALL(fd_fdstat_get, 2, &stat), show(stat);
  CALL(fd_fdstat_get, DIR, &stat), show(stat);
  CALL(path_open, DIR, 0, P("sub"), DIR_ONLY, 0, 0, 0, &fd);
  CALL(fd_fdstat_get, fd, &stat), show(stat);
  CALL(path_open, DIR, 0, P("file"), 0, READ, 0, 0, &fd);
  CALL(fd_fdstat_get, fd, &stat), show(stat);
  CALL(path_open, DIR, 0, P("file"), 0, WRITE, 0, APPEND, &fd);
  CALL(fd_fdstat_get, fd, &stat), show(stat);
  CALL(path_open, DIR, 0, P("file"), 0, RW, RW, NONBLOCK, &fd);
  CALL(fd_fdstat_get, fd, &stat), show(stat);
  CALL(path_open, DIR, 0, P("file"), 0, 0, 0, 0, &fd);
  CALL(fd_fdstat_get, fd, &stat), show(stat);
}
