#include "wasi.h"

static void show(u32 lookup, const char *path, u32 len) {
  filestat_t stat;
  must(path_filestat_get(DIR, lookup, path, len, &stat));
  SHOW_AS("mtim", stat.mtim);
}

void test(void) {
  filestat_t stat;
  CALL(path_filestat_set_times, DIR, 0, P("file"), 1500000000, 2000000001, ATIM | MTIM);
  must(path_filestat_get(DIR, 0, P("file"), &stat));
  SHOW_AS("atim", stat.atim), SHOW_AS("mtim", stat.mtim);
  CALL(path_filestat_set_times, DIR, 0, P("file"), 7, 3000000000, MTIM), show(0, P("file"));
  CALL(path_filestat_set_times, DIR, 0, P("file"), 7, 8, 0), show(0, P("file"));
  CALL(path_filestat_set_times, DIR, FOLLOW, P("link"), 7, 4000000000, MTIM), show(0, P("file"));
  CALL(path_filestat_set_times, DIR, 0, P("link"), 7, 5000000000, MTIM), show(0, P("file"));
  show(0, P("link"));
  CALL(path_filestat_set_times, DIR, 0, P("sub"), 7, 6000000000, MTIM), show(0, P("sub"));
  CALL(path_filestat_set_times, DIR, 0, P("file"), 7, 8, ATIM_NOW | MTIM_NOW);
  must(path_filestat_get(DIR, 0, P("file"), &stat));
  SHOW_AS("mtim is now", stat.mtim > 1577836800000000000);
  CALL(path_filestat_set_times, DIR, 0, P("file"), 7, 8, ATIM | ATIM_NOW);
  CALL(path_filestat_set_times, DIR, 0, P("file"), 7, 8, MTIM | MTIM_NOW);
  CALL(path_filestat_set_times, DIR, 0, P("missing"), 7, 8, MTIM);
  CALL(path_filestat_set_times, DIR, FOLLOW, P("dangling"), 7, 8, MTIM);
  CALL(path_filestat_set_times, DIR, 0, P("file/x"), 7, 8, MTIM);
  CALL(path_filestat_set_times, DIR, FOLLOW, P("loop"), 7, 8, MTIM);
}
