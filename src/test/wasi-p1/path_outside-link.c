#include "wasi.h"

/* A link out of the preopened directory at the end of the path: seen, but not followed. */
static void each(const char *path, u32 len) {
  filestat_t stat;
  fd_t fd;
  char buf[32];
  u32 size;
  CALL(path_filestat_get, DIR, 0, path, len, &stat), show_bytes(path, len), SHOW(stat.filetype);
  CALL(path_filestat_get, DIR, FOLLOW, path, len, &stat);
  CALL(path_filestat_set_times, DIR, FOLLOW, path, len, 5, 6, MTIM);
  CALL(path_open, DIR, 0, path, len, 0, READ, 0, 0, &fd);
  CALL(path_open, DIR, FOLLOW, path, len, 0, READ, 0, 0, &fd);
  CALL(path_open, DIR, FOLLOW, path, len, CREAT, RW, 0, 0, &fd);
  CALL(path_open, DIR, FOLLOW, path, len, TRUNC, RW, 0, 0, &fd);
  CALL(path_open, DIR, FOLLOW, path, len, DIR_ONLY, READ, 0, 0, &fd);
  CALL(path_readlink, DIR, path, len, buf, sizeof buf, &size);
  CALL(path_remove_directory, DIR, path, len);
  CALL(path_unlink_file, DIR, path, len);
}

void test(void) {
  each(P("secret"));
  each(P("up"));
  each(P("absolute"));
}
