#include "wasi.h"

/* Files in place of the standard descriptors, and standard output under another number. */
void test(void) {
  fd_t out = OPEN("out", CREAT, RW), in = OPEN("in", 0, READ);
  char bytes[4];
  u32 size;
  u64 at;
  iovec_t text = {"text", 4};
  CALL(fd_renumber, in, 0);
  CALL(fd_read, 0, &(iovec_t){bytes, 4}, 1, &size), show_bytes(bytes, size);
  CALL(fd_seek, 0, 1, FROM_START, &at), SHOW(at);
  CALL(fd_renumber, 1, DIR);
  CALL(fd_write, DIR, &text, 1, &size), SHOW(size);
  CALL(fd_write, 1, &text, 1, &size);
  CALL(fd_seek, DIR, 0, FROM_HERE, &at);
  CALL(fd_renumber, 2, out);
  transcript = out;
  CALL(fd_write, 2, &text, 1, &size);
}
