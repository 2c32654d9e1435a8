#include "wasi.h"

void test(void) {
  static char a[4], b[8];
  fd_t file = OPEN("file", 0, READ), writer = OPEN("file", 0, WRITE);
  u32 size = 9;
  u64 at;
  iovec_t two[] = {{a, sizeof a}, {b, sizeof b}};
  iovec_t empty_first[] = {{a, 0}, {b, 3}};
  must(fd_seek(file, 2, FROM_START, &at));
  CALL(fd_pread, file, two, 2, 10, &size), SHOW(size), show_bytes(a, 4), show_bytes(b, 8);
  CALL(fd_pread, file, empty_first, 2, 0, &size), SHOW(size), show_bytes(b, 3);
  CALL(fd_pread, file, two + 1, 1, 18, &size), SHOW(size), show_bytes(b, size);
  CALL(fd_pread, file, two, 2, 20, &size), SHOW(size);
  CALL(fd_pread, file, two, 2, 1000, &size), SHOW(size);
  CALL(fd_tell, file, &at), SHOW(at);
  CALL(fd_pread, file, two, 0, 0, &size);
  CALL(fd_pread, file, empty_first, 1, 0, &size);
  CALL(fd_pread, file, two, 2, -1ull, &size);
  CALL(fd_pread, writer, two, 2, 0, &size);
  CALL(fd_pread, 0, two, 2, 0, &size);
  CALL(fd_pread, 1, two, 2, 0, &size);
  CALL(fd_pread, DIR, two, 2, 0, &size);
}
