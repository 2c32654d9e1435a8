#include "wasi.h"

/* Every call gives the first buffer that is not empty, the others are for the next call. */
void test(void) {
  static char a[4], b[8], c[100];
  fd_t file = OPEN("file", 0, READ), writer = OPEN("file", 0, WRITE), dir;
  u32 size = 9;
  u64 at;
  iovec_t two[] = {{a, sizeof a}, {b, sizeof b}};
  iovec_t empty_first[] = {{a, 0}, {b, 0}, {c, 3}, {a, 4}};
  CALL(fd_read, file, two, 2, &size), SHOW(size), show_bytes(a, 4), show_bytes(b, 8);
  CALL(fd_read, file, empty_first, 4, &size), SHOW(size), show_bytes(c, 3);
  CALL(fd_read, file, empty_first, 2, &size), SHOW(size);
  CALL(fd_read, file, two, 0, &size), SHOW(size);
  CALL(fd_tell, file, &at), SHOW(at);
  CALL(fd_read, file, &(iovec_t){c, 100}, 1, &size), SHOW(size), show_bytes(c, size);
  CALL(fd_read, file, &(iovec_t){c, 100}, 1, &size), SHOW(size);
  must(fd_seek(file, 1000, FROM_START, &at));
  CALL(fd_read, file, &(iovec_t){c, 100}, 1, &size), SHOW(size);
  must(fd_seek(file, 0x7fffffffffffffff, FROM_START, &at));
  CALL(fd_read, file, &(iovec_t){c, 100}, 1, &size), SHOW(size);
  CALL(fd_read, writer, two, 2, &size);
  CALL(fd_read, 1, two, 2, &size);
  CALL(fd_read, 2, two, 2, &size);
  CALL(fd_read, DIR, two, 2, &size);
  must(path_open(DIR, 0, P("sub"), DIR_ONLY, READ, 0, 0, &dir));
  CALL(fd_read, dir, two, 2, &size);
}
