#include "wasi.h"

void test(void) {
  filestat_t stat;
  CALL(path_link, DIR, 0, P("file"), DIR, P("new"));
  CALL(path_filestat_get, DIR, 0, P("new"), &stat), SHOW(stat.nlink), SHOW(stat.size);
  CALL(path_link, DIR, 0, P("file"), DIR, P("sub/new"));
  CALL(path_link, DIR, 0, P("link"), DIR, P("newlink"));
  CALL(path_filestat_get, DIR, 0, P("newlink"), &stat), SHOW(stat.filetype);
  CALL(path_link, DIR, FOLLOW, P("link"), DIR, P("followed"));
  CALL(path_link, DIR, 0, P("file"), DIR, P("new"));
  CALL(path_link, DIR, 0, P("file"), DIR, P("file"));
  CALL(path_link, DIR, 0, P("file"), DIR, P("dangling"));
  CALL(path_link, DIR, 0, P("missing"), DIR, P("x"));
  CALL(path_link, DIR, 0, P("file"), DIR, P("missing/x"));
  CALL(path_link, DIR, 0, P("file"), DIR, P("file/x"));
  CALL(path_link, DIR, 0, P("file"), DIR, P("x/"));
  CALL(path_link, DIR, 0, P("file/"), DIR, P("x"));
  CALL(path_link, DIR, 0, P("sub"), DIR, P("x"));
  CALL(path_link, DIR, 0, P("loop/a"), DIR, P("x"));
}
