#include "wasi.h"

static subscription_t clock(u64 userdata, u32 id, u64 timeout, u16 flags) {
  subscription_t sub = {.userdata = userdata, .tag = CLOCK};
  sub.u.clock.id = id;
  sub.u.clock.timeout = timeout;
  sub.u.clock.flags = flags;
  return sub;
}

static void show(const event_t *event) {
  SHOW_AS("userdata", event->userdata);
  SHOW_AS("error", event->error);
  SHOW_AS("type", event->type);
}

/* Clocks that come at once, and none before its time. */
void test(void) {
  const u64 HOUR = 3600ull * 1000000000;
  event_t events[2];
  subscription_t subs[2];
  u32 size = 0;
  u64 before, after;
  must(clock_time_get(MONOTONIC, 0, &before));
  subs[0] = clock(7, MONOTONIC, 20000000, 0);
  CALL(poll_oneoff, subs, events, 1, &size), SHOW(size), show(events);
  must(clock_time_get(MONOTONIC, 0, &after));
  SHOW_AS("slept", after - before >= 20000000);
  subs[0] = clock(8, MONOTONIC, after + 20000000, ABSTIME);
  CALL(poll_oneoff, subs, events, 1, &size), SHOW(size), show(events);
  must(clock_time_get(MONOTONIC, 0, &before));
  SHOW_AS("slept", before - after >= 20000000);
  subs[0] = clock(9, MONOTONIC, 1, ABSTIME);
  CALL(poll_oneoff, subs, events, 1, &size), SHOW(size), show(events);
  subs[0] = clock(10, REALTIME, 1000000, 0);
  CALL(poll_oneoff, subs, events, 1, &size), SHOW(size), show(events);
  subs[0] = clock(11, REALTIME, 1, ABSTIME);
  CALL(poll_oneoff, subs, events, 1, &size), SHOW(size), show(events);
  subs[0] = clock(12, MONOTONIC, HOUR, 0);
  subs[1] = clock(13, MONOTONIC, 1000000, 0);
  CALL(poll_oneoff, subs, events, 2, &size), SHOW(size), show(events);
  subs[0] = clock(14, MONOTONIC, 1, ABSTIME);
  subs[1] = clock(15, REALTIME, 1, ABSTIME);
  CALL(poll_oneoff, subs, events, 2, &size), SHOW(size), show(events), show(events + 1);
  subs[0] = clock(16, PROCESS_CPUTIME, 1, 0);
  CALL(poll_oneoff, subs, events, 1, &size);
  subs[0] = clock(17, PROCESS_CPUTIME, 1, ABSTIME);
  CALL(poll_oneoff, subs, events, 1, &size);
  subs[0] = clock(18, THREAD_CPUTIME, 1, ABSTIME);
  CALL(poll_oneoff, subs, events, 1, &size);
  subs[0] = clock(19, 4, 1, 0); /* no such clock */
  CALL(poll_oneoff, subs, events, 1, &size);
  subs[0] = clock(20, MONOTONIC, 1, 2); /* no such flag */
  CALL(poll_oneoff, subs, events, 1, &size);
  subs[0].tag = 3; /* no such event */
  CALL(poll_oneoff, subs, events, 1, &size);
  CALL(poll_oneoff, subs, events, 0, &size);
}
