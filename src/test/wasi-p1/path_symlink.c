#include "wasi.h"

void test(void) {
  char buf[32];
  u32 size;
  CALL(path_symlink, P("file"), DIR, P("new"));
  CALL(path_readlink, DIR, P("new"), buf, sizeof buf, &size), show_bytes(buf, size);
  CALL(path_symlink, P("nothing"), DIR, P("dangling"));
  CALL(path_symlink, P("../file"), DIR, P("sub/up"));
  CALL(path_symlink, P("self"), DIR, P("self"));
  CALL(path_symlink, P("file"), DIR, P("new"));
  CALL(path_symlink, P("file"), DIR, P("file"));
  CALL(path_symlink, P("file"), DIR, P("sub"));
  CALL(path_symlink, P("file"), DIR, P("missing/new"));
  CALL(path_symlink, P("file"), DIR, P("file/new"));
  CALL(path_symlink, P("file"), DIR, P("self/new"));
  CALL(path_symlink, P("file"), DIR, P("slash/"));
  CALL(path_symlink, P(""), DIR, P("empty"));
  CALL(path_symlink, P("/absolute"), DIR, P("absolute"));
}
