/* Recursion with frames that are larger than the stack's end. */
#include <string.h>

static volatile int sum;

static int deep(int n) {
  volatile char frame[60000];
  memset((void *)frame, n, sizeof frame);
  return deep(n + 1) + frame[n & 0xff];
}

int main(void) {
  sum = deep(0);
  return 0;
}
