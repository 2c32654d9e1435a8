#include "wasi.h"

/* What is there. */
void test(void) {
  fd_t fd = 0;
  CALL(path_open, DIR, 0, P("file"), 0, READ, READ, 0, &fd), SHOW(fd);
  CALL(path_open, DIR, 0, P("file"), 0, 0, 0, 0, &fd), SHOW(fd);
  CALL(path_open, DIR, 0, P("file"), 0, -1ull >> 34, 0, 0, &fd), SHOW(fd);
  CALL(path_open, DIR, 0, P("sub/inner"), 0, RW, RW, 0, &fd), SHOW(fd);
  CALL(path_open, DIR, 0, P("sub/../file"), 0, RW, RW, 0, &fd), SHOW(fd);
  CALL(path_open, DIR, 0, P("sub//.//../sub/./inner"), 0, RW, RW, 0, &fd), SHOW(fd);
  CALL(path_open, DIR, 0, P("dirlink/inner"), 0, READ, READ, 0, &fd), SHOW(fd);
  CALL(path_open, DIR, 0, P("sub"), DIR_ONLY, READ, READ, 0, &fd), SHOW(fd);
  CALL(path_open, fd, 0, P("inner"), 0, READ, READ, 0, &fd), SHOW(fd);
  CALL(path_open, DIR, 0, P("sub"), 0, READ, READ, 0, &fd), SHOW(fd);
  CALL(path_open, DIR, 0, P("sub/"), 0, READ, READ, 0, &fd), SHOW(fd);
  CALL(path_open, DIR, 0, P("."), DIR_ONLY, READ, READ, 0, &fd), SHOW(fd);
  CALL(path_open, DIR, FOLLOW, P("link"), 0, READ, READ, 0, &fd), SHOW(fd);
  CALL(path_open, DIR, 0, P("sub"), 0, RW, RW, 0, &fd);
  CALL(path_open, DIR, 0, P("link"), 0, READ, READ, 0, &fd);
  CALL(path_open, DIR, FOLLOW, P("dangling"), 0, READ, READ, 0, &fd);
  CALL(path_open, DIR, FOLLOW, P("loop"), 0, READ, READ, 0, &fd);
  CALL(path_open, DIR, 0, P("missing"), 0, READ, READ, 0, &fd);
  CALL(path_open, DIR, 0, P("file"), DIR_ONLY, READ, READ, 0, &fd);
  CALL(path_open, DIR, 0, P("file/"), 0, READ, READ, 0, &fd);
  CALL(path_open, DIR, 0, P("file/x"), 0, READ, READ, 0, &fd);
  CALL(path_open, DIR, 0, P("dirlink"), DIR_ONLY, READ, READ, 0, &fd);
  CALL(path_open, 4, 0, P("x"), 0, READ, READ, 0, &fd);
  CALL(path_open, 1, 0, P("x"), 0, READ, READ, 0, &fd);
}
