#include "wasi.h"

/* Paths from a descriptor that is no directory: a file, and standard input. */
static void each(fd_t fd) {
  u8 buf[64];
  u32 size;
  fd_t opened;
  CALL(fd_readdir, fd, buf, sizeof buf, 0, &size), SHOW(fd);
  CALL(fd_prestat_get, fd, buf);
  CALL(fd_prestat_dir_name, fd, buf, sizeof buf);
  CALL(path_create_directory, fd, P("x"));
  CALL(path_filestat_get, fd, 0, P("x"), buf);
  CALL(path_filestat_set_times, fd, 0, P("x"), 0, 0, 0);
  CALL(path_link, fd, 0, P("x"), DIR, P("x"));
  CALL(path_link, DIR, 0, P("x"), fd, P("x"));
  CALL(path_open, fd, 0, P("x"), 0, READ, 0, 0, &opened);
  CALL(path_readlink, fd, P("x"), buf, sizeof buf, &size);
  CALL(path_remove_directory, fd, P("x"));
  CALL(path_rename, fd, P("x"), DIR, P("x"));
  CALL(path_rename, DIR, P("x"), fd, P("x"));
  CALL(path_symlink, P("x"), fd, P("x"));
  CALL(path_unlink_file, fd, P("x"));
}

void test(void) {
  each(OPEN("file", 0, RW));
  each(0);
}
