#include "wasi.h"

/* Buffers, lists and results that end where the memory ends. */
void test(void) {
  u8 *end = (u8 *)(__builtin_wasm_memory_size(0) * 65536);
  fd_t file = OPEN("file", 0, RW);
  u32 size;
  u64 at;
  iovec_t last = {end - 3, 3}, empty_at_end = {end, 0};
  CALL(fd_read, file, &last, 1, end - 4), show_bytes(end - 4, 4);
  CALL(fd_pread, file, &last, 1, 3, &size), show_bytes(end - 3, size);
  CALL(fd_write, file, &last, 1, &size), show_file(P("file"));
  CALL(fd_read, file, &empty_at_end, 1, &size), SHOW(size);
  CALL(fd_write, file, &empty_at_end, 1, &size), SHOW(size);
  CALL(fd_write, file, end, 0, &size), SHOW(size);
  iovec_t *list = (iovec_t *)(end - sizeof(iovec_t));
  list->buf = "Z";
  list->len = 1;
  CALL(fd_pwrite, file, list, 1, 0, &size), show_file(P("file"));
  CALL(fd_write, 1, list, 1, &size), SHOW(size);
  CALL(fd_tell, file, end - 8);
  CALL(fd_fdstat_get, file, end - sizeof(fdstat_t));
  CALL(fd_filestat_get, file, end - sizeof(filestat_t)), SHOW_AS("size", ((filestat_t *)end)[-1].size);
  CALL(fd_prestat_get, DIR, end - sizeof(prestat_t));
  CALL(fd_prestat_dir_name, DIR, end - 4, 4), show_bytes(end - 4, 4);
  CALL(path_filestat_get, DIR, 0, end - 4, 0, &at);
  __builtin_memcpy(end - 4, "file", 4);
  CALL(path_open, DIR, 0, end - 4, 4, 0, READ, 0, 0, &file);
  CALL(path_readlink, DIR, P("link"), end - 4, 4, &size), show_bytes(end - 4, 4);
  CALL(random_get, end, 0);
  CALL(random_get, end - 1, 1);
  CALL(clock_time_get, MONOTONIC, 0, end - 8);
  CALL(fd_readdir, DIR, end - 24, 24, 0, &size), SHOW(size);
}
