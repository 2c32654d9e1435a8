package io.github.wasmtimejvm.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slice of the attack by damaged code. */
class CompiledAttackTest {
  private static final int CASES = 15;

  @TempDir private Path folder;

  @Test
  void nothingDamagedIsRun() throws Exception {
    AttackRun run = new AttackRun(List.of(), List.of(), folder);

    Tally tally = Slice.run(run, AttackKind.COMPILED, 1, CASES);

    assertThat(tally.sum(CompiledAttack.REFUSED)).isGreaterThan(10 * CASES);
    assertThat(tally.counts("whole")).hasSizeGreaterThanOrEqualTo(4);
  }
}
