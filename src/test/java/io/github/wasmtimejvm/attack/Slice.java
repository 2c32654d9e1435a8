package io.github.wasmtimejvm.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** A slice of what {@code scripts/attack} does, always of the same cases. */
final class Slice {
  private Slice() {}

  /**
   * Runs cases and returns what was counted, after it has asserted that none of them ended its
   * process or did what nothing foresees, and that a guest ran in most of those that were not
   * stopped before, as many are on a busy machine.
   */
  static Tally run(AttackRun run, AttackKind kind, long first, long cases)
      throws IOException, InterruptedException {
    run.run(kind, first, cases, Long.MAX_VALUE);

    assertThat(run.deaths()).isEmpty();
    Tally tally = run.tally();
    assertThat(tally.examples()).isEmpty();
    assertThat(tally.counts(Tally.UNEXPECTED)).isEmpty();
    // A process that is ended for a deadlock of the caller's takes with it what it counted last.
    if (tally.counts("deadlocks").isEmpty()) {
      assertThat(tally.sum(Tally.CASE)).isEqualTo(cases);
    }
    assertThat(tally.sum(Tally.ENTERED))
        .isGreaterThan((cases - tally.sum(Tally.STOPPED_BEFORE)) / 2);
    return tally;
  }
}
