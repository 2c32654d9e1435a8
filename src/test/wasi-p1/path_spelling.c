#include "wasi.h"

static char long_name[300], long_path[5000];

/* Paths that no file has: empty, not UTF-8, with a zero, with a name or in all too long. */
static void each(const char *path, u32 len) {
  filestat_t stat;
  fd_t fd;
  char buf[16];
  u32 size;
  CALL(path_open, DIR, 0, path, len, CREAT, RW, 0, 0, &fd), show_bytes(path, len > 20 ? 20 : len);
  CALL(path_create_directory, DIR, path, len);
  CALL(path_filestat_get, DIR, 0, path, len, &stat);
  CALL(path_filestat_set_times, DIR, 0, path, len, 5, 6, MTIM);
  CALL(path_link, DIR, 0, path, len, DIR, P("new"));
  CALL(path_link, DIR, 0, P("file"), DIR, path, len);
  CALL(path_readlink, DIR, path, len, buf, sizeof buf, &size);
  CALL(path_remove_directory, DIR, path, len);
  CALL(path_rename, DIR, path, len, DIR, P("new"));
  CALL(path_rename, DIR, P("file"), DIR, path, len);
  CALL(path_symlink, path, len, DIR, P("target"));
  CALL(path_symlink, P("file"), DIR, path, len);
  CALL(path_unlink_file, DIR, path, len);
}

void test(void) {
  for (u32 i = 0; i < sizeof long_name; i++) {
    long_name[i] = 'n';
  }
  for (u32 i = 0; i < sizeof long_path; i++) {
    long_path[i] = i % 2 == 0 ? '.' : '/';
  }
  each(P(""));
  each(P("\xff"));
  each(P("a\0b"));
  each(long_name, sizeof long_name);
  each(long_path, sizeof long_path);
}
