/* Reads and writes where no memory is. */
#include <stdint.h>

int main(int argc, char **argv) {
  (void)argv;
  volatile int *wild = (volatile int *)(uintptr_t)(0xfffffff0u * (unsigned)argc);
  *wild = 1;
  return *wild;
}
