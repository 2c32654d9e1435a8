package io.github.wasmtimejvm.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
  @Test
  void controlCharactersAreEscaped() {
    assertThat(Printable.of("a\nb\rc\td\0e\u001b[1m\u007f\u0085\u2028\u202e"))
        .isEqualTo("a\\nb\\rc\\td\\u0000e\\u001b[1m\\u007f\\u0085\\u2028\\u202e");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "main", "_ZN4core", "größe", "日本語", "a\\nb", "$0 {1} %s", "👩‍💻"})
  void allElseStaysAsItIs(String text) {
    assertThat(Printable.of(text)).isSameAs(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "failed to compile\n\nCaused by:\n    type mismatch",
        "failed\n\nCaused by:\n    0: one\n    1: two\n\nStack backtrace:\n   0: a\n",
        "expected `(`\n     --> <anon>:1:1\n      |\n    1 | word\n      | ^",
        "error while executing at wasm backtrace:\n    0:     0x3a - a!b"
      })
  void theEnginesOwnLinesStay(String message) {
    assertThat(Printable.message(message)).isEqualTo(message);
  }

  @Test
  void otherLinesOfTheEnginesMessagesAreNotBegun() {
    assertThat(Printable.message("no `a\nb\n\tat c` here\n\nCaused by:\n    `d\ne`"))
        .isEqualTo("no `a\\nb\\n\\tat c` here\n\nCaused by:\n    `d\\ne`");
    // Such as this, of a log with columns.
    assertThat(Printable.message("no `a\n2026 | b\n| c` here"))
        .isEqualTo("no `a\\n2026 | b\\n| c` here");
  }
}
