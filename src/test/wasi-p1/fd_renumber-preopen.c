#include "wasi.h"

/* A preopened directory keeps its name under another number. */
void test(void) {
  fd_t file = OPEN("file", 0, READ);
  prestat_t prestat;
  filestat_t stat;
  u64 at;
  CALL(fd_renumber, 3, 4);
  CALL(fd_prestat_get, 3, &prestat);
  CALL(fd_prestat_get, 4, &prestat), SHOW(prestat.name_len);
  CALL(path_filestat_get, 4, 0, P("file"), &stat), SHOW(stat.size);
  CALL(fd_renumber, file, 4);
  CALL(fd_prestat_get, 4, &prestat);
  CALL(path_filestat_get, 4, 0, P("file"), &stat);
  CALL(fd_tell, 4, &at), SHOW(at);
}
