#include "wasi.h"

/* Standard input at its end is ready: for a read that gives nothing. */
void test(void) {
  event_t event;
  u32 size = 0;
  char byte;
  subscription_t sub = {.userdata = 1, .tag = FD_READ};
  CALL(fd_read, 0, &(iovec_t){&byte, 1}, 1, &size), SHOW(size);
  CALL(poll_oneoff, &sub, &event, 1, &size), SHOW(size), SHOW(event.nbytes), SHOW(event.flags);
}
