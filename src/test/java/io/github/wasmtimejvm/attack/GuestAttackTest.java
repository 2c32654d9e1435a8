package io.github.wasmtimejvm.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few cases of hostile guests, among them each guest; {@code scripts/attack} has many. */
class GuestAttackTest {
  private static final Path PROJECT = Path.of(System.getProperty("basedir", "")).toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void everyGuestEndsAsItMay() throws Exception {
    ChildJvm.Result built =
        ChildProcess.in(PROJECT).run(List.of("bash", "scripts/build-wasi-suite"));
    assertThat(built.exitCode()).as(built.toString()).isZero();
    Path programs = PROJECT.resolve("target/wasi-attack");
    List<String> names = GuestAttack.families(programs).stream().map(Guest.Family::name).toList();
    long cases = 3L * names.size();

    AttackRun run =
        new AttackRun(List.of("-D" + Programs.FOLDER + "=" + programs), List.of(), folder);
    Tally tally = Slice.run(run, AttackKind.GUESTS, 0, cases);

    assertThat(tally.counts("guest")).containsOnlyKeys(names);
    Map<String, Long> untimed = tally.counts(GuestAttack.UNTIMED);
    assertThat(untimed.get("entered")).isGreaterThan(untimed.get("cases") / 2);
  }
}
