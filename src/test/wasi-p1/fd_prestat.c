#include "wasi.h"

void test(void) {
  char name[] = "0123456789abcdef";
  prestat_t prestat = {7, 7};
  fd_t dir;
  CALL(fd_prestat_get, 3, &prestat), SHOW(prestat.tag), SHOW(prestat.name_len);
  CALL(fd_prestat_dir_name, 3, name, prestat.name_len), show_bytes(name, 16);
  CALL(fd_prestat_get, 4, &prestat), SHOW(prestat.tag), SHOW(prestat.name_len);
  CALL(fd_prestat_dir_name, 4, name, 16), show_bytes(name, 16);
  CALL(fd_prestat_dir_name, 4, name, prestat.name_len - 1);
  CALL(fd_prestat_dir_name, 4, name, 0);
  CALL(fd_prestat_get, 5, &prestat);
  CALL(fd_prestat_dir_name, 5, name, 16);
  CALL(fd_prestat_get, 0, &prestat);
  CALL(fd_prestat_dir_name, 0, name, 16);
  must(path_open(3, 0, P("."), DIR_ONLY, READ, 0, 0, &dir));
  CALL(fd_prestat_get, dir, &prestat);
  CALL(fd_prestat_dir_name, dir, name, 16);
}
