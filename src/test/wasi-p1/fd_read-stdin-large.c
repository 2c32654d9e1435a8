#include "wasi.h"

static char buf[70000];

/* All of a long input, whatever the sizes of its pieces. */
void test(void) {
  u32 size = 1, total = 0, wrong = 0;
  iovec_t iov = {buf, sizeof buf};
  while (size > 0) {
    must(fd_read(0, &iov, 1, &size));
    for (u32 i = 0; i < size; i++) {
      wrong += buf[i] != (char)('0' + (total + i) % 10);
    }
    total += size;
  }
  CALL(fd_read, 0, &iov, 1, &size), SHOW(size), SHOW(total), SHOW(wrong);
}
