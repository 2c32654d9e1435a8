package io.github.wasmtimejvm.wasi;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The clocks that guests see, and how they sleep: {@code clock_time_get}, {@code clock_res_get} and
 * {@code poll_oneoff}. Guests of several stores may use one at once.
 */
public interface WasiClock {
  /**
   * Returns the time of day, in nanoseconds since the beginning of 1970 in UTC. Threads: the
   * guest's.
   */
  long realtime();

  /**
   * Returns the time of a clock that never goes back, in nanoseconds since some moment. Threads:
   * the guest's.
   */
  long monotonic();

  /**
   * Waits, on the guest's thread. Threads: the guest's.
   *
   * @param nanos how long at least, in nanoseconds of {@link #monotonic}; positive
   * @throws InterruptedException if the thread is interrupted: the guest is unwound by it, or by a
   *     {@link io.github.wasmtimejvm.StoppedException} where its engine allows interruption
   */
  void sleep(long nanos) throws InterruptedException;

  /**
   * Returns the resolution of both clocks, in nanoseconds, at least 1; 1 by default. Threads: the
   * guest's.
   */
  default long resolution() {
    return 1;
  }

  /**
   * Returns clocks that do not move but for a nanosecond at each look, so that time goes on, and
   * are moved by sleep, which takes no time: programs run the same each time. Threads: any.
   *
   * @param start the time of day at first, from the year 1677 to 2262; the other clock begins at 0
   * @throws IllegalArgumentException if its nanoseconds since 1970 are no {@code long}
   */
  static WasiClock virtual(Instant start) {
    long epoch;
    try {
      epoch = Math.multiplyExact(start.getEpochSecond(), 1_000_000_000L);
      epoch = Math.addExact(epoch, start.getNano());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          start + " cannot be told in nanoseconds: it must be between the years 1678 and 2262", e);
    }
    return virtual(epoch);
  }

  private static WasiClock virtual(long epoch) {
    AtomicLong now = new AtomicLong();
    return new WasiClock() {
      @Override
      public long realtime() {
        return sum(epoch, monotonic());
      }

      @Override
      public long monotonic() {
        return now.getAndAccumulate(1, WasiClock::sum);
      }

      @Override
      public void sleep(long nanos) {
        now.accumulateAndGet(nanos, WasiClock::sum);
      }
    };
  }

  // A guest may sleep longer than there is time.
  private static long sum(long time, long nanos) {
    return time > Long.MAX_VALUE - nanos ? Long.MAX_VALUE : time + nanos;
  }
}
