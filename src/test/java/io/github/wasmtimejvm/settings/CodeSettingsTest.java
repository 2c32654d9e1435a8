package io.github.wasmtimejvm.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodeSettingsTest {
  @Test
  void settingsThatDifferAreNamed() {
    assertThat(CodeSettings.refusal("a=1\nb=2", "a=1\nb=2")).isNull();
    assertThat(CodeSettings.refusal("a=1\nb=2", "a=1\nb=3\nc=4"))
        .isEqualTo(
            "the compiled module was compiled with b=2, the engine has b=3, c=4: compile it anew");
    assertThat(CodeSettings.refusal("a=1", "a=1\nb=3"))
        .contains("compiled with no more, the engine has b=3");
  }
}
