#include "wasi.h"

/* A directory that must not change: all that would change it is PERM, all else works. */
void test(void) {
  fd_t fd, file;
  filestat_t stat;
  char buf[16];
  u8 entries[128];
  u32 size;
  iovec_t text = {buf, 4};
  CALL(path_open, DIR, 0, P("file"), 0, READ, 0, 0, &file);
  CALL(fd_read, file, &text, 1, &size), show_bytes(buf, size);
  CALL(path_filestat_get, DIR, 0, P("file"), &stat), SHOW(stat.size);
  CALL(path_readlink, DIR, P("link"), buf, sizeof buf, &size), show_bytes(buf, size);
  CALL(path_open, DIR, 0, P("sub"), DIR_ONLY, READ, 0, 0, &fd);
  CALL(fd_readdir, fd, entries, sizeof entries, 0, &size), SHOW(size);
  CALL(path_open, fd, 0, P("x"), CREAT, RW, 0, 0, &fd);
  CALL(path_create_directory, fd, P("x"));
  CALL(path_open, DIR, 0, P("file"), 0, RW, 0, 0, &fd);
  CALL(path_open, DIR, 0, P("file"), 0, WRITE, 0, 0, &fd);
  CALL(path_open, DIR, 0, P("file"), TRUNC, READ, 0, 0, &fd);
  CALL(path_open, DIR, 0, P("new"), CREAT, READ, 0, 0, &fd);
  CALL(path_open, DIR, 0, P("missing"), 0, RW, 0, 0, &fd);
  CALL(path_create_directory, DIR, P("new"));
  CALL(path_filestat_set_times, DIR, 0, P("file"), 5, 6, MTIM);
  CALL(path_link, DIR, 0, P("file"), DIR, P("new"));
  CALL(path_remove_directory, DIR, P("sub"));
  CALL(path_rename, DIR, P("file"), DIR, P("new"));
  CALL(path_symlink, P("file"), DIR, P("new"));
  CALL(path_unlink_file, DIR, P("file"));
  CALL(fd_write, file, &text, 1, &size);
  CALL(fd_pwrite, file, &text, 1, 0, &size);
  CALL(fd_filestat_set_size, file, 0);
  CALL(fd_filestat_set_times, file, 5, 6, MTIM);
  CALL(fd_sync, file);
}
