#include "wasi.h"

static u8 *const OUT = (u8 *)0x7ffffff0; /* no memory is there */

/* What lies outside of the memory, or leads out of it, does no harm where it is not needed. */
void test(void) {
  u8 *end = (u8 *)(__builtin_wasm_memory_size(0) * 65536);
  fd_t file = OPEN("file", 0, RW), fd;
  u32 size = 9;
  iovec_t outside = {OUT, 4}, nothing = {OUT, 0}, across = {end - 3, 4};
  iovec_t second_outside[] = {{"XY", 2}, {OUT, 4}};
  CALL(fd_write, file, second_outside, 2, &size), SHOW(size);
  CALL(fd_write, file, &nothing, 1, &size), SHOW(size);
  CALL(fd_write, file, OUT, 0, &size), SHOW(size);
  CALL(fd_write, 1, second_outside, 2, &size), SHOW(size);
  CALL(fd_write, 1, &nothing, 1, &size), SHOW(size);
  CALL(fd_write, 1, OUT, 0, &size), SHOW(size);
  CALL(fd_read, file, &nothing, 1, &size), SHOW(size);
  CALL(fd_read, file, OUT, 0, &size), SHOW(size);
  CALL(fd_read, 0, OUT, 0, &size);
  CALL(fd_read, 0, &across, 1, &size), SHOW(size), show_bytes(end - 3, size);
  CALL(fd_read, 0, &across, 1, &size), SHOW(size);
  CALL(fd_read, 0, &outside, 1, &size), SHOW(size);
  CALL(fd_pread, file, &across, 1, 3, &size), SHOW(size), show_bytes(end - 3, size);
  CALL(fd_pread, file, &outside, 1, 100, &size), SHOW(size);
  iovec_t *list = (iovec_t *)(end - sizeof(iovec_t));
  list->buf = "Z";
  list->len = 1;
  CALL(fd_write, file, list, 2, &size), SHOW(size);
  CALL(fd_write, 1, list, 2, &size), SHOW(size);
  CALL(fd_prestat_dir_name, DIR, end - 4, 64);
  CALL(path_readlink, DIR, P("link"), end - 4, 64, &size), SHOW(size);
  CALL(random_get, OUT, 0);
  /* An error comes first. */
  CALL(fd_read, 99, &outside, 1, OUT);
  CALL(fd_write, 99, &outside, 1, OUT);
  CALL(fd_tell, 0, OUT);
  CALL(fd_fdstat_get, 99, OUT);
  CALL(fd_readdir, file, OUT, 64, 0, OUT);
  CALL(fd_prestat_dir_name, 0, OUT, 64);
  CALL(path_open, 99, 0, P("file"), 0, READ, 0, 0, OUT);
  CALL(path_create_directory, 99, OUT, 4);
  CALL(path_filestat_get, DIR, 0, P("missing"), OUT);
  CALL(path_readlink, DIR, P("file"), OUT, 64, OUT);
  CALL(poll_oneoff, OUT, OUT, 0, OUT);
  CALL(sock_accept, file, 0, OUT);
  CALL(sock_recv, file, OUT, 1, 0, OUT, OUT);
  CALL(sock_send, file, OUT, 1, 0, OUT);
  CALL(clock_time_get, PROCESS_CPUTIME, 0, OUT);
  CALL(path_open, DIR, 0, P("file"), 0, READ, 0, 0, &fd), SHOW(fd == file + 1);
}
