#include "wasi.h"

void test(void) {
  fd_t file = OPEN("file", 0, RW), reader = OPEN("file", 0, READ), read_only;
  filestat_t stat;
  u64 at;
  must(fd_seek(file, 6, FROM_START, &at));
  CALL(fd_filestat_set_size, file, 8), show_file(P("file"));
  CALL(fd_filestat_set_size, file, 2), show_file(P("file"));
  CALL(fd_tell, file, &at), SHOW(at);
  CALL(fd_filestat_set_size, file, 2);
  CALL(fd_filestat_set_size, file, 1ull << 40);
  CALL(fd_filestat_get, file, &stat), SHOW(stat.size);
  CALL(fd_filestat_set_size, file, 0);
  CALL(fd_filestat_set_size, file, -1ull);
  CALL(fd_filestat_set_size, file, 1ull << 63);
  CALL(fd_filestat_set_size, reader, 0);
  CALL(fd_filestat_set_size, DIR, 0);
  CALL(fd_filestat_set_size, 1, 0);
  must(path_open(4, 0, P("file"), 0, READ, 0, 0, &read_only));
  CALL(fd_filestat_set_size, read_only, 0);
}
