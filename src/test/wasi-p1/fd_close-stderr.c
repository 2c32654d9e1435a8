#include "wasi.h"

/* Standard error may be closed; the transcript stands on standard output. */
void test(void) {
  iovec_t text = {"text", 4};
  fdstat_t stat;
  u32 size;
  transcript = 1;
  CALL(fd_close, 2);
  CALL(fd_write, 2, &text, 1, &size);
  CALL(fd_fdstat_get, 2, &stat);
  CALL(fd_close, 2);
}
