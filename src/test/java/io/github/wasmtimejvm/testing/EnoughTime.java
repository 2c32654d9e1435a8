package io.github.wasmtimejvm.testing;

import java.time.Duration;

/**
 * A time in which something came as far as it had to before the time was up: short where a machine
 * is fast and idle, and as long as it must be elsewhere.
 */
public final class EnoughTime {
  private static final Duration SOON = Duration.ofMillis(20);

  // Longer than any machine takes: what has not come by then never will.
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private EnoughTime() {}

  /** What can be done again and again, each time in another time. */
  public interface Attempt {
    /** Does it in that time, and returns whether it came far enough. */
    boolean in(Duration time) throws Throwable;
  }

  /**
   * Attempts it in a short time, and then in ever twice the time until it comes far enough.
   *
   * @throws AssertionError if it does not in minutes either
   */
  public static void find(Attempt attempt) throws Throwable {
    Duration time = SOON;
    while (!attempt.in(time)) {
      if (time.compareTo(LONGEST) > 0) {
        throw new AssertionError("in " + time + " it did not come as far as it had to");
      }
      time = time.multipliedBy(2);
    }
  }
}
