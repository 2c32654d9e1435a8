#include "wasi.h"

/* A number or a flag that the specification does not have. */
void test(void) {
  const char *which = argument();
  fd_t file = OPEN("file", 0, RW), fd;
  u8 buf[64];
  u32 size;
  u64 time;
  u16 flags;
  iovec_t iov = {buf, 1};

  CASE("clock-res")(clock_res_get, 4, &time);
  CASE("clock-time")(clock_time_get, -1, 0, &time);
  CASE("advice")(fd_advise, file, 0, 0, 6);
  CASE("advice-bad-descriptor")(fd_advise, 99, 0, 0, 6);
  CASE("set-flags")(fd_fdstat_set_flags, file, 32);
  CASE("set-flags-high")(fd_fdstat_set_flags, file, 1 << 16);
  CASE("set-rights")(fd_fdstat_set_rights, file, 1ull << 40, 0);
  CASE("set-rights-inheriting")(fd_fdstat_set_rights, file, 0, 1ull << 40);
  CASE("set-times")(fd_filestat_set_times, file, 5, 6, 16);
  CASE("whence")(fd_seek, file, 0, 3, &time);
  CASE("path-filestat")(path_filestat_get, DIR, 2, P("file"), buf);
  CASE("path-times-lookup")(path_filestat_set_times, DIR, 2, P("file"), 5, 6, MTIM);
  CASE("path-times")(path_filestat_set_times, DIR, 0, P("file"), 5, 6, 16);
  CASE("link")(path_link, DIR, 2, P("file"), DIR, P("x"));
  CASE("open-lookup")(path_open, DIR, 2, P("file"), 0, READ, 0, 0, &fd);
  CASE("open-oflags")(path_open, DIR, 0, P("file"), 16, READ, 0, 0, &fd);
  CASE("open-rights")(path_open, DIR, 0, P("file"), 0, 1ull << 40, 0, 0, &fd);
  CASE("open-inheriting")(path_open, DIR, 0, P("file"), 0, READ, -1ull, 0, &fd);
  CASE("open-fdflags")(path_open, DIR, 0, P("file"), 0, READ, 0, 32, &fd);
  CASE("raise")(proc_raise, 31);
  CASE("accept")(sock_accept, file, 32, &fd);
  CASE("recv")(sock_recv, file, &iov, 1, 4, &size, &flags);
  CASE("send")(sock_send, file, &iov, 1, 1, &size);
  CASE("shutdown")(sock_shutdown, file, 4);
}
