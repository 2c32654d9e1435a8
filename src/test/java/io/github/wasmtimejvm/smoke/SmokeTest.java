package io.github.wasmtimejvm.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import org.junit.jupiter.api.Test;

/** {@link Smoke} on this machine; {@code scripts/smoke-aarch64} runs it on an emulated one. */
class SmokeTest {

  @Test
  void theNativesOfThisPlatformWork() {
    ChildJvm.Result result = ChildJvm.run(Smoke.class);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout())
        .as(result.toString())
        .endsWith("smoke: ok" + System.lineSeparator());
    assertThat(result.stderr()).as(result.toString()).isEmpty();
  }
}
