#include "wasi.h"

/* Standard output and error, each under the number of the other. */
void test(void) {
  fd_t spare = OPEN("file", 0, READ), filler;
  u32 size;
  iovec_t text = {"to standard output", 18};
  CALL(fd_renumber, 1, spare);
  CALL(fd_renumber, 2, 1);
  CALL(path_open, DIR, 0, P("file"), 0, READ, 0, 0, &filler), SHOW(filler);
  CALL(fd_renumber, 2, 1);
  transcript = 1;
  CALL(path_open, DIR, 0, P("file"), 0, READ, 0, 0, &filler), SHOW(filler);
  CALL(fd_renumber, spare, 2);
  CALL(fd_write, 2, &text, 1, &size), SHOW(size);
  CALL(fd_write, spare, &text, 1, &size);
}
