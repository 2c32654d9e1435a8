#include "wasi.h"

void test(void) {
  fd_t file = OPEN("file", 0, RW), reader = OPEN("file", 0, READ);
  u32 size = 9;
  u64 at;
  iovec_t two[] = {{"XY", 2}, {"ZZ", 2}};
  CALL(fd_pwrite, file, two, 2, 1, &size), SHOW(size), show_file(P("file"));
  CALL(fd_pwrite, file, two, 2, 6, &size), SHOW(size), show_file(P("file"));
  CALL(fd_pwrite, file, two, 0, 2, &size), SHOW(size), show_file(P("file"));
  CALL(fd_tell, file, &at), SHOW(at);
  CALL(fd_pwrite, file, two, 2, -1ull, &size);
  CALL(fd_pwrite, file, two, 2, 0x7fffffffffffffff, &size);
  CALL(fd_pwrite, reader, two, 2, 0, &size);
  CALL(fd_pwrite, DIR, two, 2, 0, &size);
  CALL(fd_pwrite, 0, two, 2, 0, &size);
}
