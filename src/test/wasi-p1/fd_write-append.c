#include "wasi.h"

/* In append mode all goes to the end, fd_pwrite too, and the place follows. */
void test(void) {
  fd_t file;
  u32 size;
  u64 at;
  iovec_t x = {"X", 1}, yz = {"YZ", 2};
  CALL(path_open, DIR, 0, P("file"), 0, RW, 0, APPEND, &file);
  CALL(fd_tell, file, &at), SHOW(at);
  CALL(fd_write, file, &x, 1, &size), SHOW(size), show_file(P("file"));
  CALL(fd_tell, file, &at), SHOW(at);
  CALL(fd_seek, file, 0, FROM_START, &at), SHOW(at);
  CALL(fd_write, file, &yz, 1, &size), SHOW(size), show_file(P("file"));
  CALL(fd_seek, file, 1, FROM_START, &at), SHOW(at);
  CALL(fd_pwrite, file, &x, 1, 0, &size), SHOW(size), show_file(P("file"));
  CALL(fd_tell, file, &at), SHOW(at);
}
