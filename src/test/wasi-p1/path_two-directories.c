#include "wasi.h"

/* Between two preopened directories. */
void test(void) {
  filestat_t stat;
  fd_t fd;
  CALL(path_link, 3, 0, P("file"), 4, P("linked"));
  CALL(path_filestat_get, 4, 0, P("linked"), &stat), SHOW(stat.nlink);
  CALL(path_rename, 3, P("file"), 4, P("moved"));
  CALL(path_filestat_get, 3, 0, P("file"), &stat);
  CALL(path_filestat_get, 4, 0, P("moved"), &stat), SHOW(stat.size);
  CALL(path_rename, 4, P("moved"), 5, P("x"));
  CALL(path_rename, 5, P("file"), 4, P("x"));
  CALL(path_link, 4, 0, P("moved"), 5, P("x"));
  CALL(path_link, 5, 0, P("file"), 4, P("x"));
  CALL(path_open, 3, 0, P("../second/moved"), 0, READ, 0, 0, &fd);
}
