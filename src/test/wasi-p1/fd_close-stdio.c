#include "wasi.h"

/* Standard input and output may be closed; what is opened next takes their numbers. */
void test(void) {
  fd_t opened = 0;
  char bytes[4];
  iovec_t text = {"text", 4}, buf = {bytes, 4};
  u32 size = 0;
  CALL(fd_close, 0);
  CALL(fd_read, 0, &buf, 1, &size);
  CALL(fd_close, 1);
  CALL(fd_write, 1, &text, 1, &size);
  CALL(fd_renumber, DIR, 1);
  CALL(path_open, DIR, 0, P("file"), CREAT, WRITE, 0, 0, &opened), SHOW(opened);
  CALL(fd_write, 1, &text, 1, &size), SHOW(size);
  CALL(path_open, DIR, 0, P("file"), 0, READ, 0, 0, &opened), SHOW(opened);
  CALL(fd_read, 0, &buf, 1, &size), show_bytes(bytes, size);
  CALL(fd_close, 0);
  CALL(fd_close, 1);
  CALL(fd_close, 1);
}
