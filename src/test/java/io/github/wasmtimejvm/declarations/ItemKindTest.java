package io.github.wasmtimejvm.declarations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers of the kinds of items in the binary format. */
class ItemKindTest {
  @ParameterizedTest
  @CsvSource({"0, FUNC", "1, TABLE", "2, MEMORY", "3, GLOBAL", "4, TAG", "32, FUNC"})
  void kindsHaveTheirNumbers(int number, ItemKind kind) {
    assertThat(ItemKind.of(number)).isEqualTo(kind);
  }

  @Test
  void thereIsNoOtherKind() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> ItemKind.of(5));
  }
}
