package io.github.wasmtimejvm.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A slice of the attack by the environment: a case of each kind; the script has many. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the limits are Linux's")
class EnvironmentAttackTest {
  @TempDir private Path folder;

  @Test
  void noEnvironmentEndsTheProcess() throws Exception {
    AttackRun run = new AttackRun(List.of(), List.of(), folder);
    long cases = Environment.values().length;

    run.run(AttackKind.ENVIRONMENT, 0, cases, Long.MAX_VALUE);

    assertThat(run.deaths()).isEmpty();
    Tally tally = run.tally();
    assertThat(tally.examples()).isEmpty();
    assertThat(tally.sum(EnvironmentAttack.ENDED)).isEqualTo(cases);
    assertThat(tally.counts(EnvironmentAttack.ENDED).keySet())
        .extracting(name -> name.substring(0, name.indexOf('\t')))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Environment.values()).map(Environment::toString).toList());
  }

  /** The other guards of the kind take it longer. */
  @ParameterizedTest
  @EnumSource(names = {"COMPILER_THREADS", "LIBRARY_SIZE", "LIBRARY_COPY"})
  void withoutAGuardOneDoes(Guard guard) throws Exception {
    Path changed = folder.resolve("changed");
    guard.leaveOut(changed);
    AttackRun run = new AttackRun(guard.flags(), List.of(changed), folder);

    Optional<AttackRun.Death> crash = run.untilCrash(guard.kind(), 3, 100);

    assertThat(crash).as(run.deaths().toString()).isPresent();
  }
}
