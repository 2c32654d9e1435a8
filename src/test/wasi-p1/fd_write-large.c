#include "wasi.h"

static u8 block[300000];

/* More than the engine hands on at once: whole in one call, to a file and to a stream. */
void test(void) {
  fd_t file = OPEN("file", CREAT, RW);
  iovec_t iov = {block, sizeof block};
  u32 size = 0, wrong = 0;
  u64 at;
  for (u32 i = 0; i < sizeof block; i++) {
    block[i] = (u8)('0' + i % 10);
  }
  CALL(fd_write, file, &iov, 1, &size), SHOW(size);
  CALL(fd_write, 1, &iov, 1, &size), SHOW(size);
  for (u32 i = 0; i < sizeof block; i++) {
    block[i] = 0;
  }
  must(fd_seek(file, 0, FROM_START, &at));
  CALL(fd_read, file, &iov, 1, &size), SHOW(size);
  for (u32 i = 0; i < sizeof block; i++) {
    wrong += block[i] != (u8)('0' + i % 10);
  }
  SHOW(wrong);
}
