#include "wasi.h"

static void show(filestat_t stat) {
  SHOW(stat.filetype);
  SHOW(stat.size);
  SHOW(stat.nlink);
}

void test(void) {
  filestat_t stat;
  CALL(path_filestat_get, DIR, 0, P("file"), &stat), show(stat);
  CALL(path_filestat_get, DIR, FOLLOW, P("file"), &stat), show(stat);
  CALL(path_filestat_get, DIR, 0, P("link"), &stat), show(stat);
  CALL(path_filestat_get, DIR, FOLLOW, P("link"), &stat), show(stat);
  CALL(path_filestat_get, DIR, 0, P("sub"), &stat), SHOW(stat.filetype);
  CALL(path_filestat_get, DIR, 0, P("sub/"), &stat), SHOW(stat.filetype);
  CALL(path_filestat_get, DIR, 0, P("sub/../file"), &stat), show(stat);
  CALL(path_filestat_get, DIR, 0, P("."), &stat), SHOW(stat.filetype);
  CALL(path_filestat_get, DIR, 0, P("dirlink/inner"), &stat), show(stat);
  CALL(path_filestat_get, DIR, 0, P("dangling"), &stat), SHOW(stat.filetype);
  CALL(path_filestat_get, DIR, FOLLOW, P("dangling"), &stat);
  CALL(path_filestat_get, DIR, 0, P("missing"), &stat);
  CALL(path_filestat_get, DIR, 0, P("file/x"), &stat);
  CALL(path_filestat_get, DIR, 0, P("file/"), &stat);
  CALL(path_filestat_get, DIR, 0, P("loop"), &stat), SHOW(stat.filetype);
  CALL(path_filestat_get, DIR, FOLLOW, P("loop"), &stat);
}
