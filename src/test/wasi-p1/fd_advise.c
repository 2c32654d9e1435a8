#include "wasi.h"

void test(void) {
  fd_t file = OPEN("file", 0, READ);
  CALL(fd_advise, file, 0, 0, ADVICE_NORMAL);
  CALL(fd_advise, file, 0, 4, SEQUENTIAL);
  CALL(fd_advise, file, 2, 2, RANDOM);
  CALL(fd_advise, file, 100, 100, WILLNEED);
  CALL(fd_advise, file, 0, 10, DONTNEED);
  CALL(fd_advise, file, 0, 10, NOREUSE);
  CALL(fd_advise, file, 0, -1ull, ADVICE_NORMAL);
  CALL(fd_advise, file, -1ull, 1, ADVICE_NORMAL);
  CALL(fd_advise, 0, 0, 0, ADVICE_NORMAL);
  CALL(fd_advise, 1, 0, 0, ADVICE_NORMAL);
  CALL(fd_advise, DIR, 0, 0, ADVICE_NORMAL);
}
