#include "wasi.h"

void test(void) {
  filestat_t stat;
  CALL(path_create_directory, DIR, P("new"));
  CALL(path_filestat_get, DIR, 0, P("new"), &stat), SHOW(stat.filetype);
  CALL(path_create_directory, DIR, P("new/inner"));
  CALL(path_create_directory, DIR, P("slash/"));
  CALL(path_create_directory, DIR, P("new/../up"));
  CALL(path_create_directory, DIR, P("new"));
  CALL(path_create_directory, DIR, P("file"));
  CALL(path_create_directory, DIR, P("dangling"));
  CALL(path_create_directory, DIR, P("."));
  CALL(path_create_directory, DIR, P("missing/new"));
  CALL(path_create_directory, DIR, P("file/new"));
  CALL(path_create_directory, DIR, P("loop/new"));
}
