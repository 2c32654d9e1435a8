#include "wasi.h"

/* A directory read in pieces, each from the cookie of the last whole entry: every name once. */
void test(void) {
  static u8 buf[300];
  u32 seen[100] = {0}, names = 0, reads = 0, size = 0;
  u64 cookie = 0;
  for (u32 i = 0; i < 100; i++) {
    char name[] = {'n', (char)('0' + i / 10), (char)('0' + i % 10)};
    must(fd_close(open_in(DIR, name, 3, CREAT, RW)));
  }
  do {
    must(fd_readdir(DIR, buf, sizeof buf, cookie, &size));
    reads++;
    for (u32 at = 0; at + sizeof(dirent_t) <= size;) {
      dirent_t entry;
      __builtin_memcpy(&entry, buf + at, sizeof entry);
      u8 *name = buf + at + sizeof entry;
      at += sizeof entry + entry.namlen;
      if (at > size) {
        break;
      }
      cookie = entry.next;
      if (entry.namlen == 3) {
        seen[(name[1] - '0') * 10 + name[2] - '0']++;
        names++;
      }
    }
  } while (size == sizeof buf);
  u32 once = 0;
  for (u32 i = 0; i < 100; i++) {
    once += seen[i] == 1;
  }
  CALL(fd_readdir, DIR, buf, sizeof buf, cookie, &size), SHOW(size);
  SHOW(cookie);
  SHOW(names);
  SHOW(once);
  SHOW(reads > 5);
}
