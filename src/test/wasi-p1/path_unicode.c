#include "wasi.h"

/* Names beyond ASCII go through as they are. */
void test(void) {
  static u8 buf[128];
  filestat_t stat;
  fd_t dir;
  u32 size;
  must(path_create_directory(DIR, P("d\xc3\xa9")));
  CALL(path_open, DIR, 0, P("d\xc3\xa9"), DIR_ONLY, READ, 0, 0, &dir);
  must(fd_close(open_in(dir, P("\xe4\xb8\x96"), CREAT, RW)));
  CALL(path_filestat_get, DIR, 0, P("d\xc3\xa9/\xe4\xb8\x96"), &stat), SHOW(stat.filetype);
  CALL(fd_readdir, dir, buf, sizeof buf, 2, &size), show_bytes(buf + sizeof(dirent_t), size - 24);
  CALL(path_symlink, P("\xe4\xb8\x96"), dir, P("link"));
  CALL(path_readlink, dir, P("link"), buf, sizeof buf, &size), show_bytes(buf, size);
}
