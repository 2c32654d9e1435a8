#include "wasi.h"

/* Nothing that is open is a socket. */
void test(void) {
  fd_t file = OPEN("file", 0, RW), accepted;
  u32 size;
  u16 flags;
  iovec_t iov = {&flags, 1};
  CALL(sock_accept, file, 0, &accepted);
  CALL(sock_accept, 1, NONBLOCK, &accepted);
  CALL(sock_accept, DIR, 0, &accepted);
  CALL(sock_accept, 99, 0, &accepted);
  CALL(sock_recv, file, &iov, 1, 0, &size, &flags);
  CALL(sock_recv, 99, &iov, 1, 0, &size, &flags);
  CALL(sock_send, file, &iov, 1, 0, &size);
  CALL(sock_send, 99, &iov, 1, 0, &size);
  CALL(sock_shutdown, file, SHUTDOWN_READ | SHUTDOWN_WRITE);
  CALL(sock_shutdown, 0, SHUTDOWN_READ);
  CALL(sock_shutdown, 99, SHUTDOWN_WRITE);
  CALL(sock_shutdown, file, 0);
}
