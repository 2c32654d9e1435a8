package io.github.wasmtimejvm.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CodeSettingsTest {
  @Test
  void settingsThatDifferAreNamed() {
    assertThat(CodeSettings.refusal("module", "a=1\nb=2", "a=1\nb=2")).isNull();
    assertThat(CodeSettings.refusal("module", "a=1\nb=2", "a=1\nb=3\nc=4"))
        .isEqualTo(
            "the compiled module was compiled with b=2, the engine has b=3, c=4: compile it anew");
    assertThat(CodeSettings.refusal("module", "a=1", "a=1\nb=3"))
        .contains("compiled with no more, the engine has b=3");
  }

  @Test
  void settingsUpToTheBoundAreQuotedWhole() {
    String longest = "c=" + "4".repeat(998);

    assertThat(CodeSettings.refusal("module", longest, "a=2"))
        .contains("compiled with " + longest + ", the");
    assertThat(CodeSettings.refusal("module", longest + "5", "a=2")).contains(longest + "..., the");
  }

  // A file says what settings it was compiled with, and anybody can write one.
  @Test
  void settingsOfAForgedFileAreQuotedUpToABound() {
    String one = "c=" + "4".repeat(1 << 20);
    String many = "c=4\n".repeat(1 << 20);

    for (String forged : List.of(one, many)) {
      assertThat(CodeSettings.refusal("module", "a=1\n" + forged, "a=2"))
          .hasSizeLessThan(2000)
          .startsWith("the compiled module was compiled with a=1, c=4")
          .endsWith("..., the engine has a=2: compile it anew");
    }
  }
}
