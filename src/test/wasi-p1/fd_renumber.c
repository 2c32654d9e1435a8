#include "wasi.h"

void test(void) {
  fd_t first = OPEN("first", 0, READ), second = OPEN("second", 0, READ), opened;
  char byte;
  u32 size;
  u64 at;
  iovec_t one = {&byte, 1};
  CALL(fd_renumber, first, second);
  CALL(fd_tell, first, &at);
  CALL(fd_read, second, &one, 1, &size), show_bytes(&byte, 1);
  CALL(fd_renumber, second, second);
  CALL(fd_read, second, &one, 1, &size), show_bytes(&byte, 1);
  CALL(fd_renumber, second, first);
  CALL(fd_renumber, first, second);
  CALL(fd_renumber, second, 99);
  CALL(fd_renumber, 99, second);
  CALL(fd_renumber, 99, 99);
  CALL(fd_tell, second, &at), SHOW(at);
  CALL(path_open, DIR, 0, P("second"), 0, READ, 0, 0, &opened), SHOW(opened == first);
}
