#include "wasi.h"

void test(void) {
  fd_t fd = 0;
  u32 size;
  iovec_t text = {"text", 4};
  CALL(path_open, DIR, 0, P("new"), CREAT, RW, RW, 0, &fd);
  CALL(fd_write, fd, &text, 1, &size), show_file(P("new"));
  CALL(path_open, DIR, 0, P("new"), CREAT, RW, RW, 0, &fd), show_file(P("new"));
  CALL(path_open, DIR, 0, P("new"), TRUNC, RW, RW, 0, &fd), show_file(P("new"));
  CALL(path_open, DIR, 0, P("new"), CREAT | EXCL, RW, RW, 0, &fd);
  CALL(path_open, DIR, 0, P("newer"), CREAT | EXCL, RW, RW, 0, &fd);
  CALL(path_open, DIR, 0, P("read"), CREAT, READ, READ, 0, &fd);
  CALL(fd_write, fd, &text, 1, &size);
  CALL(path_open, DIR, 0, P("trunc"), TRUNC, READ, READ, 0, &fd), show_file(P("trunc"));
  CALL(path_open, DIR, 0, P("dangling"), CREAT | EXCL, RW, RW, 0, &fd);
  CALL(path_open, DIR, 0, P("dangling"), CREAT, RW, RW, 0, &fd);
  CALL(path_open, DIR, FOLLOW, P("dangling"), CREAT, RW, RW, 0, &fd), show_file(P("target"));
  CALL(path_open, DIR, 0, P("sub"), CREAT, RW, RW, 0, &fd);
  CALL(path_open, DIR, 0, P("sub"), TRUNC, RW, RW, 0, &fd);
  CALL(path_open, DIR, 0, P("slash/"), CREAT, RW, RW, 0, &fd);
  CALL(path_open, DIR, 0, P("missing/new"), CREAT, RW, RW, 0, &fd);
  CALL(path_open, DIR, 0, P("missing"), TRUNC, RW, RW, 0, &fd);
  CALL(path_open, DIR, 0, P("missing"), EXCL, READ, READ, 0, &fd);
  CALL(path_open, DIR, 0, P("x"), CREAT | DIR_ONLY, RW, RW, 0, &fd);
  CALL(path_open, DIR, 0, P("sub"), DIR_ONLY | TRUNC, RW, RW, 0, &fd);
  CALL(path_open, DIR, 0, P("sub"), DIR_ONLY | EXCL, READ, READ, 0, &fd);
  CALL(path_open, DIR, 0, P("new"), 0, RW, RW, SYNC, &fd);
  CALL(path_open, DIR, 0, P("new"), 0, RW, RW, DSYNC, &fd);
  CALL(path_open, DIR, 0, P("new"), 0, RW, RW, RSYNC, &fd);
}
