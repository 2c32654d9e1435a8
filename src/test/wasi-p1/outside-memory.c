#include "wasi.h"

static u8 *const OUT = (u8 *)0x7ffffff0; /* no memory is there */

/* A pointer to where no memory is, or to what only begins in it, or that is not aligned. */
void test(void) {
  const char *which = argument();
  u8 *end = (u8 *)(__builtin_wasm_memory_size(0) * 65536);
  u8 buf[64] = {0};
  u32 size;
  fd_t file = OPEN("file", 0, RW), fd;
  iovec_t outside = {OUT, 4}, across = {end - 3, 4}, iov = {buf, 1};

  CASE("args")(args_get, OUT, buf);
  CASE("args-bytes")(args_get, buf, end - 1);
  CASE("args-sizes")(args_sizes_get, &size, OUT);
  CASE("environ")(environ_get, OUT, buf);
  CASE("environ-bytes")(environ_get, buf, end - 1);
  CASE("environ-sizes")(environ_sizes_get, OUT, &size);
  CASE("clock-res")(clock_res_get, REALTIME, OUT);
  CASE("clock-time")(clock_time_get, REALTIME, 0, end - 4);
  CASE("fdstat")(fd_fdstat_get, file, end - 16);
  CASE("filestat")(fd_filestat_get, file, end - 32);
  CASE("pread")(fd_pread, file, &outside, 1, 0, &size);
  CASE("pread-list")(fd_pread, file, OUT, 1, 0, &size);
  CASE("pread-result")(fd_pread, file, &iov, 1, 0, OUT);
  CASE("prestat")(fd_prestat_get, DIR, OUT);
  CASE("prestat-name")(fd_prestat_dir_name, DIR, end - 2, 4);
  CASE("pwrite")(fd_pwrite, file, &outside, 1, 0, &size);
  CASE("pwrite-list")(fd_pwrite, file, OUT, 1, 0, &size);
  CASE("pwrite-result")(fd_pwrite, file, &iov, 1, 0, OUT);
  CASE("read")(fd_read, file, &outside, 1, &size);
  CASE("read-across")(fd_read, file, &across, 1, &size);
  CASE("read-list")(fd_read, file, OUT, 1, &size);
  CASE("read-list-across")(fd_read, file, end - 4, 1, &size);
  CASE("read-result")(fd_read, file, &iov, 1, OUT);
  CASE("read-stdin")(fd_read, 0, &outside, 1, &size);
  CASE("read-stdin-result")(fd_read, 0, &iov, 1, OUT);
  CASE("read-odd-list")(fd_read, file, buf + 1, 1, &size);
  CASE("read-odd-result")(fd_read, file, &iov, 1, buf + 1);
  CASE("read-bad-list")(fd_read, 99, OUT, 1, &size);
  CASE("readdir")(fd_readdir, DIR, end - 8, 64, 0, &size);
  CASE("readdir-result")(fd_readdir, DIR, buf, 64, 0, OUT);
  CASE("seek")(fd_seek, file, 0, FROM_START, OUT);
  CASE("tell")(fd_tell, file, OUT);
  CASE("tell-odd")(fd_tell, file, buf + 1);
  CASE("write")(fd_write, file, &outside, 1, &size);
  CASE("write-across")(fd_write, file, &across, 1, &size);
  CASE("write-list")(fd_write, file, OUT, 1, &size);
  CASE("write-result")(fd_write, file, &iov, 1, OUT);
  CASE("write-stdout")(fd_write, 1, &outside, 1, &size);
  CASE("write-stdout-across")(fd_write, 1, &across, 1, &size);
  CASE("write-stdout-list")(fd_write, 1, OUT, 1, &size);
  CASE("write-stdout-result")(fd_write, 1, &(iovec_t){"said", 4}, 1, OUT);
  CASE("write-bad-list")(fd_write, 99, OUT, 1, &size);
  CASE("create-directory")(path_create_directory, DIR, OUT, 4);
  CASE("path-filestat")(path_filestat_get, DIR, 0, OUT, 4, buf);
  CASE("path-filestat-result")(path_filestat_get, DIR, 0, P("file"), OUT);
  CASE("path-times")(path_filestat_set_times, DIR, 0, end - 2, 4, 0, 0, 0);
  CASE("link")(path_link, DIR, 0, OUT, 4, DIR, P("x"));
  CASE("link-new")(path_link, DIR, 0, P("file"), DIR, OUT, 4);
  CASE("open")(path_open, DIR, 0, OUT, 4, 0, READ, 0, 0, &fd);
  CASE("open-empty")(path_open, DIR, 0, OUT, 0, 0, READ, 0, 0, &fd);
  CASE("open-result")(path_open, DIR, 0, P("file"), 0, READ, 0, 0, OUT);
  CASE("readlink")(path_readlink, DIR, OUT, 4, buf, 64, &size);
  CASE("readlink-buf")(path_readlink, DIR, P("link"), end - 1, 4, &size);
  CASE("readlink-result")(path_readlink, DIR, P("link"), buf, 64, OUT);
  CASE("remove-directory")(path_remove_directory, DIR, OUT, 4);
  CASE("rename")(path_rename, DIR, OUT, 4, DIR, P("x"));
  CASE("rename-new")(path_rename, DIR, P("file"), DIR, OUT, 4);
  CASE("symlink")(path_symlink, OUT, 4, DIR, P("x"));
  CASE("symlink-new")(path_symlink, P("x"), DIR, OUT, 4);
  CASE("unlink")(path_unlink_file, DIR, OUT, 4);
  CASE("poll")(poll_oneoff, OUT, buf, 1, &size);
  CASE("poll-events")(poll_oneoff, buf, OUT, 1, &size);
  CASE("poll-result")(poll_oneoff, buf, buf, 1, OUT);
  CASE("random")(random_get, end - 4, 8);
  CASE("random-large")(random_get, OUT, 1 << 27);
}
