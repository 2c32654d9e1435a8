#include "wasi.h"

/* Every call takes the first buffer that is not empty, the others are for the next call. */
void test(void) {
  fd_t file = OPEN("file", CREAT, RW), reader = OPEN("file", 0, READ), dir;
  u32 size = 9;
  u64 at;
  iovec_t two[] = {{"one", 3}, {"two", 3}};
  iovec_t empty_first[] = {{"x", 0}, {"", 0}, {"three", 5}, {"four", 4}};
  CALL(fd_write, file, two, 2, &size), SHOW(size), show_file(P("file"));
  CALL(fd_write, file, empty_first, 4, &size), SHOW(size), show_file(P("file"));
  CALL(fd_write, file, empty_first, 2, &size), SHOW(size);
  CALL(fd_write, file, two, 0, &size), SHOW(size);
  CALL(fd_tell, file, &at), SHOW(at);
  must(fd_seek(file, 10, FROM_START, &at));
  CALL(fd_write, file, two, 1, &size), SHOW(size), show_file(P("file"));
  must(fd_seek(file, 0x7fffffffffffffff, FROM_START, &at));
  CALL(fd_write, file, two, 1, &size);
  CALL(fd_write, reader, two, 2, &size);
  CALL(fd_write, 0, two, 2, &size);
  CALL(fd_write, DIR, two, 2, &size);
  must(path_open(DIR, 0, P("sub"), DIR_ONLY, READ, 0, 0, &dir));
  CALL(fd_write, dir, two, 2, &size);
}
