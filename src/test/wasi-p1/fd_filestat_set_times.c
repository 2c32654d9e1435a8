#include "wasi.h"

static void show(fd_t fd) {
  filestat_t stat;
  must(fd_filestat_get(fd, &stat));
  SHOW_AS("atim", stat.atim);
  SHOW_AS("mtim", stat.mtim);
}

void test(void) {
  fd_t file = OPEN("file", 0, RW), reader = OPEN("file", 0, READ), read_only;
  filestat_t stat;
  CALL(fd_filestat_set_times, file, 1500000000, 2000000001, ATIM | MTIM), show(file);
  CALL(fd_filestat_set_times, file, 7000000007, 9, ATIM), show(file);
  CALL(fd_filestat_set_times, file, 9, 8000000008, MTIM), show(file);
  CALL(fd_filestat_set_times, file, 9, 9, 0), show(file);
  CALL(fd_filestat_set_times, reader, 5, 6, ATIM | MTIM), show(file);
  CALL(fd_filestat_set_times, file, 9, 9, ATIM_NOW | MTIM_NOW);
  must(fd_filestat_get(file, &stat));
  SHOW_AS("atim is now", stat.atim > 1577836800000000000);
  SHOW_AS("mtim is now", stat.mtim > 1577836800000000000);
  CALL(fd_filestat_set_times, DIR, 5, 6, ATIM | MTIM), show(DIR);
  CALL(fd_filestat_set_times, file, 5, 6, ATIM | ATIM_NOW);
  CALL(fd_filestat_set_times, file, 5, 6, MTIM | MTIM_NOW);
  CALL(fd_filestat_set_times, 0, 5, 6, ATIM);
  CALL(fd_filestat_set_times, 1, 5, 6, ATIM);
  must(path_open(4, 0, P("file"), 0, READ, 0, 0, &read_only));
  CALL(fd_filestat_set_times, read_only, 5, 6, ATIM);
  CALL(fd_filestat_set_times, 4, 5, 6, ATIM);
}
