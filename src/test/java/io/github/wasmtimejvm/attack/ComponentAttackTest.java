package io.github.wasmtimejvm.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A slice of the attacks on components, always of the same cases. */
class ComponentAttackTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "COMPONENT_API, 80",
    "COMPONENT_GUESTS, 45",
    "COMPONENT_LIES, 400",
    "COMPONENT_FUZZ, 100",
    "COMPONENT_COMPILED, 10"
  })
  void nothingEndsTheProcess(AttackKind kind, long cases) throws IOException, InterruptedException {
    AttackRun run = new AttackRun(List.of(), List.of(), folder);
    run.run(kind, 1, cases, Long.MAX_VALUE);

    assertThat(run.deaths()).isEmpty();
    Tally tally = run.tally();
    assertThat(tally.examples()).isEmpty();
    assertThat(tally.counts(Tally.UNEXPECTED)).isEmpty();
    assertThat(tally.sum(Tally.CASE)).isEqualTo(cases);
    // Most that is changed is refused.
    assertThat(tally.sum(Tally.ENTERED)).isGreaterThan(cases / 8);
  }
}
