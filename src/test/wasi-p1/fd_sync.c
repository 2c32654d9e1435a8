#include "wasi.h"

void test(void) {
  fd_t file = OPEN("file", 0, RW), reader = OPEN("file", 0, READ), dir;
  must(path_open(DIR, 0, P("sub"), DIR_ONLY, READ, 0, 0, &dir));
  CALL(fd_sync, file);
  CALL(fd_datasync, file);
  CALL(fd_sync, reader);
  CALL(fd_datasync, reader);
  CALL(fd_sync, dir);
  CALL(fd_datasync, dir);
  CALL(fd_sync, 0);
  CALL(fd_datasync, 0);
  CALL(fd_sync, 1);
  CALL(fd_datasync, 1);
}
