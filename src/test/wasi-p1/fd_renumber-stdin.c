#include "wasi.h"

/* Standard input under another number, and a file in its place. */
void test(void) {
  fd_t fd = OPEN("file", 0, READ), opened = 9;
  char bytes[4];
  iovec_t buf = {bytes, 4};
  event_t event;
  subscription_t sub = {.userdata = 1, .tag = FD_READ};
  fdstat_t stat;
  u32 size;
  u64 at;
  CALL(fd_renumber, 0, fd);
  CALL(fd_read, 0, &buf, 1, &size);
  CALL(fd_read, fd, &buf, 1, &size), show_bytes(bytes, size);
  CALL(fd_fdstat_get, fd, &stat), SHOW(stat.filetype);
  CALL(fd_tell, fd, &at);
  sub.u.fd = fd;
  CALL(poll_oneoff, &sub, &event, 1, &size), SHOW(size), SHOW(event.error);
  CALL(path_open, DIR, 0, P("file"), 0, READ, 0, 0, &opened), SHOW(opened);
  CALL(fd_read, 0, &buf, 1, &size), show_bytes(bytes, size);
  CALL(fd_tell, 0, &at), SHOW(at);
  CALL(fd_renumber, fd, 0);
  CALL(fd_read, 0, &buf, 1, &size), show_bytes(bytes, size);
  CALL(fd_tell, 0, &at);
}
