#include "wasi.h"

static void show(const filestat_t *stat) {
  SHOW_AS("filetype", stat->filetype);
  SHOW_AS("nlink", stat->nlink);
  SHOW_AS("size", stat->size);
  SHOW_AS("dev", stat->dev);
  SHOW_AS("mtim > 0", stat->mtim > 0);
}

void test(void) {
  fd_t file = OPEN("file", 0, READ), same_file = OPEN("hardlink", 0, READ), other, dir;
  filestat_t stat, again;
  must(path_open(DIR, 0, P("other"), 0, READ, 0, 0, &other));
  must(path_open(DIR, 0, P("sub"), DIR_ONLY, READ, 0, 0, &dir));
  CALL(fd_filestat_get, file, &stat), show(&stat);
  CALL(fd_filestat_get, same_file, &again);
  SHOW_AS("same", again.ino == stat.ino && again.dev == stat.dev);
  CALL(fd_filestat_get, other, &again), SHOW_AS("same", again.ino == stat.ino);
  CALL(fd_filestat_get, dir, &stat), SHOW(stat.filetype);
  CALL(fd_filestat_get, DIR, &stat), SHOW(stat.filetype);
  CALL(fd_filestat_get, 0, &stat), show(&stat);
  CALL(fd_filestat_get, 1, &stat), show(&stat);
  CALL(fd_filestat_get, 2, &stat), show(&stat);
}
