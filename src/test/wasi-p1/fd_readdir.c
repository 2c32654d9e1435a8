#include "wasi.h"

static u8 buf[256];

static void show_entries(u32 size) {
  SHOW(size);
  for (u32 at = 0; at + sizeof(dirent_t) <= size;) {
    dirent_t entry;
    __builtin_memcpy(&entry, buf + at, sizeof entry);
    show_bytes(buf + at + sizeof entry, entry.namlen);
    SHOW_AS("type", entry.type);
    SHOW_AS("next", entry.next);
    at += sizeof entry + entry.namlen;
  }
}

void test(void) {
  fd_t file = OPEN("sub/file", 0, READ), dir, empty;
  u32 size = 0;
  filestat_t stat;
  must(path_open(DIR, 0, P("sub"), DIR_ONLY, READ, 0, 0, &dir));
  must(path_open(DIR, 0, P("empty"), DIR_ONLY, READ, 0, 0, &empty));
  CALL(fd_readdir, dir, buf, sizeof buf, 0, &size), show_entries(size);
  must(path_filestat_get(dir, 0, P("file"), &stat));
  SHOW_AS("same ino", ((dirent_t *)(buf + 2 * sizeof(dirent_t) + 3))->ino == stat.ino);
  CALL(fd_readdir, dir, buf, sizeof buf, 1, &size), show_entries(size);
  CALL(fd_readdir, dir, buf, sizeof buf, 3, &size), show_entries(size);
  CALL(fd_readdir, dir, buf, sizeof buf, -1ull, &size), show_entries(size);
  CALL(fd_readdir, empty, buf, sizeof buf, 0, &size), show_entries(size);
  CALL(fd_readdir, DIR, buf, sizeof buf, 2, &size), SHOW(size > 0);
  CALL(fd_readdir, dir, buf, 24, 2, &size), SHOW(size);
  CALL(fd_readdir, dir, buf, 26, 2, &size), SHOW(size), show_bytes(buf + 24, 2);
  CALL(fd_readdir, dir, buf, 10, 0, &size), SHOW(size);
  CALL(fd_readdir, dir, buf, 0, 0, &size), SHOW(size);
  must(path_remove_directory(DIR, P("empty")));
  CALL(fd_readdir, empty, buf, sizeof buf, 0, &size), SHOW(size);
  CALL(fd_readdir, file, buf, sizeof buf, 0, &size);
  CALL(fd_readdir, 0, buf, sizeof buf, 0, &size);
}
