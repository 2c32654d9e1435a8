package io.github.wasmtimejvm.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A slice of what {@code scripts/attack} does, always of the same cases. */
class AttackTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"-Xmx1g", "-Xmx64m"})
  void randomCallsNeverEndTheProcess(String flag) throws IOException, InterruptedException {
    AttackRun run = new AttackRun(List.of(flag), List.of(), folder);

    Slice.run(run, AttackKind.API, 1, 300);
  }

  /** Else the attack would find nothing of ours either; the other guards take it longer. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "HOST_CALL_CATCH",
        "STORE_OWNER",
        "STORE_RUNNING",
        "STORE_VIEWS",
        "SAME_STORE",
        "CLOSED_OBJECT",
        "CALLER",
        "WASI",
        "ARITY",
        "TABLE_TYPES",
        "INTERPRETER",
        "HASH"
      })
  void withoutAGuardTheyDo(Guard guard) throws IOException, InterruptedException {
    Path changed = folder.resolve("changed");
    guard.leaveOut(changed);
    AttackRun run = new AttackRun(guard.flags(), List.of(changed), folder);

    Optional<AttackRun.Death> crash = run.untilCrash(guard.kind(), 1, 1000);

    assertThat(crash).as(run.deaths().toString()).isPresent();
  }

  @Test
  void nothingOfThePublicApiIsLeftOut() throws IOException, ClassNotFoundException {
    assertThat(PublicApi.executables().stream().map(PublicApi::name))
        .contains(
            "Func.call(Object[])",
            "Store.close()",
            "WasiConfig$Builder.build()",
            "ExitStatus.new(int)")
        .noneMatch(name -> name.contains(".trustCompiled"));
  }
}
