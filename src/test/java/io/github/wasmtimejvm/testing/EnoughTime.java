package io.github.wasmtimejvm.testing;

import java.time.Duration;

/**
 * A time in which something came as far as it had to before the time was up: short where a machine
 * is fast and idle, and as long as it must be elsewhere.
 */
public final class EnoughTime {
  private static final Duration SOON = Duration.ofMillis(20);

  private EnoughTime() {}

  /** What can be done again and again, each time in another time. */
  public interface Attempt {
    /** Does it in that time, and returns whether it came far enough. */
    boolean in(Duration time) throws Throwable;
  }

  /** Attempts it in a short time, and then in ever twice the time until it comes far enough. */
  public static void find(Attempt attempt) throws Throwable {
    Duration time = SOON;
    while (!attempt.in(time)) {
      time = time.multipliedBy(2);
    }
  }
}
