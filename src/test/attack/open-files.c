/* Opens files until it fails, and leaves them open. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  char name[32];
  int opened = 0;
  for (int i = 0; i < 300; i++) {
    snprintf(name, sizeof name, "/folder/f%d", i % 7);
    if (open(name, O_CREAT | O_RDWR, 0600) >= 0) opened++;
  }
  for (int fd = 0; fd < 1000; fd += 3) close(fd);
  return opened > 0 ? 0 : 1;
}
