package io.github.wasmtimejvm.wasi;

/** A clock of Java's in place of the engine's. */
final class Clocks {
  private static final int REALTIME = 0;
  private static final int MONOTONIC = 1;

  private Clocks() {}

  /** Intercepts {@code clock_time_get}. */
  static int time(WasiCall call, WasiClock clock) throws Throwable {
    int id = call.intArg(0);
    int result = call.intArg(2);
    if ((id != REALTIME && id != MONOTONIC) || !isUsable(call, result)) {
      return call.proceed(); // the engine refuses it
    }
    return answer(call, result, id == REALTIME ? clock.realtime() : clock.monotonic());
  }

  /** Intercepts {@code clock_res_get}. */
  static int resolution(WasiCall call, WasiClock clock) throws Throwable {
    int id = call.intArg(0);
    int result = call.intArg(1);
    return (id == REALTIME || id == MONOTONIC) && isUsable(call, result)
        ? answer(call, result, clock.resolution())
        : call.proceed();
  }

  private static boolean isUsable(WasiCall call, int address) {
    return address % Long.BYTES == 0 && call.memory().contains(address, Long.BYTES);
  }

  private static int answer(WasiCall call, int address, long value) {
    call.memory().writeLong(address, value);
    return Errno.SUCCESS;
  }
}
