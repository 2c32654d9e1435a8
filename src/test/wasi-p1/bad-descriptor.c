#include "wasi.h"

/* Every call that takes a descriptor, with numbers that none has. */
static void each(fd_t bad) {
  u8 buf[64];
  u32 size;
  u64 at;
  fd_t fd;
  iovec_t iov = {buf, 1};
  CALL(fd_advise, bad, 0, 0, 0), SHOW(bad);
  CALL(fd_allocate, bad, 0, 0);
  CALL(fd_close, bad);
  CALL(fd_datasync, bad);
  CALL(fd_fdstat_get, bad, buf);
  CALL(fd_fdstat_set_flags, bad, 0);
  CALL(fd_fdstat_set_rights, bad, 0, 0);
  CALL(fd_filestat_get, bad, buf);
  CALL(fd_filestat_set_size, bad, 0);
  CALL(fd_filestat_set_times, bad, 0, 0, 0);
  CALL(fd_pread, bad, &iov, 1, 0, &size);
  CALL(fd_prestat_get, bad, buf);
  CALL(fd_prestat_dir_name, bad, buf, sizeof buf);
  CALL(fd_pwrite, bad, &iov, 1, 0, &size);
  CALL(fd_read, bad, &iov, 1, &size);
  CALL(fd_readdir, bad, buf, sizeof buf, 0, &size);
  CALL(fd_renumber, bad, DIR);
  CALL(fd_renumber, DIR, bad);
  CALL(fd_seek, bad, 0, FROM_START, &at);
  CALL(fd_sync, bad);
  CALL(fd_tell, bad, &at);
  CALL(fd_write, bad, &iov, 1, &size);
  CALL(fd_write, bad, &iov, 0, &size);
  CALL(path_create_directory, bad, P("x"));
  CALL(path_filestat_get, bad, 0, P("x"), buf);
  CALL(path_filestat_set_times, bad, 0, P("x"), 0, 0, 0);
  CALL(path_link, bad, 0, P("x"), DIR, P("x"));
  CALL(path_link, DIR, 0, P("x"), bad, P("x"));
  CALL(path_open, bad, 0, P("x"), 0, READ, 0, 0, &fd);
  CALL(path_readlink, bad, P("x"), buf, sizeof buf, &size);
  CALL(path_remove_directory, bad, P("x"));
  CALL(path_rename, bad, P("x"), DIR, P("x"));
  CALL(path_rename, DIR, P("x"), bad, P("x"));
  CALL(path_symlink, P("x"), bad, P("x"));
  CALL(path_unlink_file, bad, P("x"));
  CALL(sock_accept, bad, 0, &fd);
  CALL(sock_recv, bad, &iov, 1, 0, &size, buf);
  CALL(sock_send, bad, &iov, 1, 0, &size);
  CALL(sock_shutdown, bad, SHUTDOWN_READ);
}

void test(void) {
  each(4);
  each(-1);
}
