/* Vectors of buffers outside memory, and more of them than there may be. */
#include <limits.h>
#include <stdint.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void) {
  struct iovec wild[] = {{(void *)(uintptr_t)0xfffffff0u, 100}, {(void *)8, 0xffffffffu}};
  for (int count = 0; count < 3; count++) writev(1, wild, count);
  writev(1, (struct iovec *)(uintptr_t)0xffffff00u, 1000);
  writev(1, wild, INT_MAX);
  readv(0, wild, 2);
  readv(-1, wild, 2);
  pwritev(3, wild, 2, INT64_MAX);
  return 0;
}
