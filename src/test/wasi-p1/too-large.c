#include "wasi.h"

/* The engine takes no more than 128 MiB in a call, and says so before it looks at the pointers. */
void test(void) {
  u8 buf[64];
  u32 size;
  fd_t fd = OPEN("file", 0, RW);
  const u32 HUGE = 0x8000001;
  iovec_t iov = {buf, HUGE};
  CALL(fd_read, fd, &iov, 1, &size);
  CALL(fd_pread, fd, &iov, 1, 0, &size);
  CALL(fd_write, fd, &iov, 1, &size);
  CALL(fd_pwrite, fd, &iov, 1, 0, &size);
  CALL(fd_read, fd, &iov, HUGE / 8, &size);
  CALL(fd_write, 99, &iov, HUGE / 8, &size);
  CALL(poll_oneoff, buf, buf, HUGE / 32, &size);
  CALL(path_create_directory, DIR, buf, HUGE);
  CALL(path_filestat_get, DIR, 0, buf, HUGE, buf);
  CALL(path_filestat_set_times, DIR, 0, buf, HUGE, 0, 0, 0);
  CALL(path_link, DIR, 0, buf, HUGE, DIR, P("x"));
  CALL(path_link, DIR, 0, P("x"), DIR, buf, HUGE);
  CALL(path_open, DIR, 0, buf, HUGE, 0, READ, 0, 0, &fd);
  CALL(path_readlink, DIR, buf, HUGE, buf, sizeof buf, &size);
  CALL(path_remove_directory, DIR, buf, HUGE);
  CALL(path_rename, DIR, buf, HUGE, DIR, P("x"));
  CALL(path_rename, DIR, P("x"), DIR, buf, HUGE);
  CALL(path_symlink, buf, HUGE, DIR, P("x"));
  CALL(path_symlink, P("x"), DIR, buf, HUGE);
}
