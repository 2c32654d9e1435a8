#include "wasi.h"

/* A number that was closed is bad until it is given again. */
void test(void) {
  fd_t first = OPEN("file", 0, READ), second = OPEN("file", 0, READ), dir, again;
  u64 at;
  must(path_open(DIR, 0, P("sub"), DIR_ONLY, READ, 0, 0, &dir));
  CALL(fd_close, first);
  CALL(fd_close, first);
  CALL(fd_tell, first, &at);
  CALL(fd_tell, second, &at);
  CALL(fd_close, dir);
  CALL(path_open, dir, 0, P("x"), 0, READ, 0, 0, &again);
  CALL(path_open, DIR, 0, P("file"), 0, READ, 0, 0, &again), SHOW(again == dir);
  CALL(path_open, DIR, 0, P("file"), 0, READ, 0, 0, &again), SHOW(again == first);
  CALL(path_open, DIR, 0, P("file"), 0, READ, 0, 0, &again), SHOW(again == second + 2);
}
