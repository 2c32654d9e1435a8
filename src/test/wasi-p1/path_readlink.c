#include "wasi.h"

void test(void) {
  char buf[32];
  u32 size = 9;
  CALL(path_readlink, DIR, P("link"), buf, sizeof buf, &size), show_bytes(buf, size);
  CALL(path_readlink, DIR, P("sub/../dangling"), buf, sizeof buf, &size), show_bytes(buf, size);
  CALL(path_readlink, DIR, P("loop"), buf, sizeof buf, &size), show_bytes(buf, size);
  CALL(path_readlink, DIR, P("up"), buf, sizeof buf, &size), show_bytes(buf, size);
  CALL(path_readlink, DIR, P("dangling"), buf, 7, &size), show_bytes(buf, size);
  CALL(path_readlink, DIR, P("dangling"), buf, 3, &size), show_bytes(buf, size);
  CALL(path_readlink, DIR, P("dangling"), buf, 0, &size), SHOW(size);
  CALL(path_readlink, DIR, P("file"), buf, sizeof buf, &size);
  CALL(path_readlink, DIR, P("sub"), buf, sizeof buf, &size);
  CALL(path_readlink, DIR, P("."), buf, sizeof buf, &size);
  CALL(path_readlink, DIR, P("link/"), buf, sizeof buf, &size);
  CALL(path_readlink, DIR, P("missing"), buf, sizeof buf, &size);
  CALL(path_readlink, DIR, P("file/x"), buf, sizeof buf, &size);
  CALL(path_readlink, DIR, P("loop/x"), buf, sizeof buf, &size);
}
