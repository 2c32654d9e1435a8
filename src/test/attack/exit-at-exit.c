/* Exits while it exits. */
#include <stdlib.h>
#include <unistd.h>

static void again(void) { _exit(200); }

int main(void) {
  atexit(again);
  exit(1);
}
