#include "wasi.h"

void test(void) {
  filestat_t stat;
  fd_t fd;
  CALL(path_remove_directory, DIR, P("empty"));
  CALL(path_filestat_get, DIR, 0, P("empty"), &stat);
  CALL(path_remove_directory, DIR, P("slash/"));
  CALL(path_remove_directory, DIR, P("full"));
  CALL(path_remove_directory, DIR, P("file"));
  CALL(path_remove_directory, DIR, P("link"));
  CALL(path_remove_directory, DIR, P("missing"));
  CALL(path_remove_directory, DIR, P("file/x"));
  CALL(path_remove_directory, DIR, P("loop/x"));
  CALL(path_remove_directory, DIR, P("."));
  CALL(path_remove_directory, DIR, P("full/inner/.."));
  must(path_open(DIR, 0, P("full/inner"), DIR_ONLY, READ, 0, 0, &fd));
  CALL(path_remove_directory, DIR, P("full/inner"));
  CALL(path_create_directory, fd, P("x"));
  CALL(path_filestat_get, fd, 0, P("."), &stat), SHOW(stat.nlink);
}
