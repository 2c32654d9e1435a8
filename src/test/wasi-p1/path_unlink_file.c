#include "wasi.h"

void test(void) {
  fd_t open = OPEN("file", 0, READ);
  filestat_t stat;
  char bytes[4];
  u32 size;
  CALL(path_unlink_file, DIR, P("file"));
  CALL(path_filestat_get, DIR, 0, P("file"), &stat);
  CALL(fd_read, open, &(iovec_t){bytes, 4}, 1, &size), show_bytes(bytes, size);
  CALL(fd_filestat_get, open, &stat), SHOW(stat.nlink);
  CALL(path_unlink_file, DIR, P("link"));
  CALL(path_filestat_get, DIR, 0, P("other"), &stat), SHOW(stat.size);
  CALL(path_unlink_file, DIR, P("dangling"));
  CALL(path_unlink_file, DIR, P("dirlink"));
  CALL(path_unlink_file, DIR, P("sub/../other2"));
  CALL(path_unlink_file, DIR, P("sub"));
  CALL(path_unlink_file, DIR, P("sub/"));
  CALL(path_unlink_file, DIR, P("."));
  CALL(path_unlink_file, DIR, P("other/"));
  CALL(path_unlink_file, DIR, P("missing"));
  CALL(path_unlink_file, DIR, P("other/x"));
  CALL(path_unlink_file, DIR, P("loop/x"));
}
