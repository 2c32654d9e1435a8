#include "wasi.h"

/* No path leads out of a preopened directory, nor into it again from outside. */
static void each(const char *path, u32 len) {
  filestat_t stat;
  fd_t fd;
  char buf[16];
  u32 size;
  CALL(path_open, DIR, FOLLOW, path, len, 0, READ, 0, 0, &fd), show_bytes(path, len);
  CALL(path_open, DIR, FOLLOW, path, len, CREAT, RW, 0, 0, &fd);
  CALL(path_open, DIR, FOLLOW, path, len, DIR_ONLY, READ, 0, 0, &fd);
  CALL(path_create_directory, DIR, path, len);
  CALL(path_filestat_get, DIR, FOLLOW, path, len, &stat);
  CALL(path_filestat_set_times, DIR, FOLLOW, path, len, 5, 6, MTIM);
  CALL(path_link, DIR, 0, path, len, DIR, P("new"));
  CALL(path_link, DIR, 0, P("file"), DIR, path, len);
  CALL(path_readlink, DIR, path, len, buf, sizeof buf, &size);
  CALL(path_remove_directory, DIR, path, len);
  CALL(path_rename, DIR, path, len, DIR, P("new"));
  CALL(path_rename, DIR, P("file"), DIR, path, len);
  CALL(path_symlink, P("file"), DIR, path, len);
  CALL(path_unlink_file, DIR, path, len);
}

void test(void) {
  each(P("../outside/secret"));
  each(P(".."));
  each(P("/"));
  each(P("/etc/passwd"));
  each(P("sub/../../outside/secret"));
  each(P("../inside/file"));
  each(P("up/secret"));
  each(P("sub/up/secret"));
}
