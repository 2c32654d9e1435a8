/* A local array as large as no stack. */
#include <alloca.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  (void)argv;
  size_t size = (size_t)argc << 28;
  volatile char *local = alloca(size);
  memset((void *)local, 1, 100000);
  return local[99999] == 1 ? 0 : 3;
}
