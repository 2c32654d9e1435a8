#include "wasi.h"

/* A preopened directory may be closed, after which it is not listed; others stay. */
void test(void) {
  prestat_t prestat;
  filestat_t stat;
  CALL(fd_close, DIR);
  CALL(fd_close, DIR);
  CALL(fd_prestat_get, DIR, &prestat);
  CALL(path_filestat_get, DIR, 0, P("file"), &stat);
  CALL(path_filestat_get, 4, 0, P("file"), &stat), SHOW(stat.size);
  CALL(fd_prestat_get, 4, &prestat), SHOW(prestat.name_len);
}
