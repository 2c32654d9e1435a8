#include "wasi.h"

void test(void) {
  const u64 YEAR_2020 = 1577836800000000000;
  u64 resolution = 0, time = 0, later = 0;
  CALL(clock_res_get, REALTIME, &resolution), SHOW(resolution - 1 < 1000000000);
  CALL(clock_res_get, MONOTONIC, &resolution), SHOW(resolution - 1 < 1000000000);
  CALL(clock_res_get, PROCESS_CPUTIME, &resolution);
  CALL(clock_res_get, THREAD_CPUTIME, &resolution);
  CALL(clock_time_get, REALTIME, 0, &time), SHOW(time > YEAR_2020);
  CALL(clock_time_get, REALTIME, -1ull, &time), SHOW(time > YEAR_2020);
  CALL(clock_time_get, MONOTONIC, 0, &time);
  CALL(clock_time_get, MONOTONIC, 1000, &later), SHOW(later >= time);
  CALL(clock_time_get, PROCESS_CPUTIME, 0, &time);
  CALL(clock_time_get, THREAD_CPUTIME, 0, &time);
}
