#include "wasi.h"

static subscription_t on(u64 userdata, u8 tag, fd_t fd) {
  subscription_t sub = {.userdata = userdata, .tag = tag};
  sub.u.fd = fd;
  return sub;
}

static void show(const event_t *events, u32 count) {
  SHOW(count);
  for (u32 i = 0; i < count; i++) {
    SHOW_AS("userdata", events[i].userdata);
    SHOW_AS("error", events[i].error);
    SHOW_AS("type", events[i].type);
    SHOW_AS("nbytes", events[i].nbytes);
    SHOW_AS("flags", events[i].flags);
  }
}

void test(void) {
  event_t events[4];
  u32 size = 0;
  u64 at;
  char byte;
  fd_t file = OPEN("file", 0, RW), reader = OPEN("file", 0, READ), writer = OPEN("file", 0, WRITE);
  subscription_t subs[4] = {on(1, FD_READ, 0)};
  CALL(poll_oneoff, subs, events, 1, &size), show(events, size);
  must(fd_read(0, &(iovec_t){&byte, 1}, 1, &size));
  CALL(poll_oneoff, subs, events, 1, &size), show(events, size);
  subs[0] = on(2, FD_WRITE, 1);
  CALL(poll_oneoff, subs, events, 1, &size), show(events, size);
  subs[0] = on(3, FD_WRITE, 2);
  CALL(poll_oneoff, subs, events, 1, &size), show(events, size);
  subs[0] = on(4, FD_READ, file);
  CALL(poll_oneoff, subs, events, 1, &size), show(events, size);
  must(fd_seek(file, 0, FROM_END, &at));
  CALL(poll_oneoff, subs, events, 1, &size), show(events, size);
  subs[0] = on(5, FD_WRITE, file);
  CALL(poll_oneoff, subs, events, 1, &size), show(events, size);
  subs[0] = on(6, FD_READ, writer);
  CALL(poll_oneoff, subs, events, 1, &size), show(events, size);
  subs[0] = on(7, FD_WRITE, reader);
  CALL(poll_oneoff, subs, events, 1, &size), show(events, size);
  subs[0] = (subscription_t){.userdata = 8, .tag = CLOCK};
  subs[0].u.clock.id = MONOTONIC;
  subs[0].u.clock.timeout = 3600ull * 1000000000;
  subs[1] = on(9, FD_READ, file);
  CALL(poll_oneoff, subs, events, 2, &size), show(events, size);
  subs[1] = on(10, FD_WRITE, 1);
  CALL(poll_oneoff, subs, events, 2, &size), show(events, size);
  subs[0] = on(11, FD_WRITE, 0);
  CALL(poll_oneoff, subs, events, 1, &size);
  subs[0] = on(12, FD_READ, 1);
  CALL(poll_oneoff, subs, events, 1, &size);
  subs[0] = on(13, FD_READ, DIR);
  CALL(poll_oneoff, subs, events, 1, &size);
  subs[0] = on(14, FD_WRITE, 99);
  CALL(poll_oneoff, subs, events, 2, &size);
  must(path_open(4, 0, P("file"), 0, READ, 0, 0, &reader));
  subs[0] = on(15, FD_WRITE, reader);
  CALL(poll_oneoff, subs, events, 1, &size);
}
