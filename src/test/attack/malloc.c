/* All the memory that there is. */
#include <stdlib.h>
#include <string.h>

int main(void) {
  size_t blocks = 0;
  for (size_t size = 1 << 20; size > 64; size /= 2) {
    for (char *volatile block; (block = malloc(size)) != NULL; blocks++) memset(block, 1, size);
  }
  return blocks > 0 ? 0 : 1;
}
