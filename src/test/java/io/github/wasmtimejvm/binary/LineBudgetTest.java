package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineBudgetTest {
  private final LineBudget budget = new LineBudget();

  @Test
  void bytesAreThereToTheLastOne() {
    assertThat(budget.takeBytes(LineBudget.BYTES + 1)).isFalse();
    assertThat(budget.takeBytes(LineBudget.BYTES - 10)).isTrue();
    assertThat(budget.takeBytes(11)).isFalse();
    assertThat(budget.takeBytes(10)).isTrue();
    assertThat(budget.takeBytes(1)).isFalse();
    assertThat(budget.takeBytes(0)).isTrue();
  }

  /** Whoever begins with some left gets all of his. */
  @Test
  void charactersAreThereAsLongAsAnyAreLeft() {
    assertThat(budget.takeCharacters((1 << 20) - 1)).isTrue();
    assertThat(budget.takeCharacters(5)).isTrue();
    assertThat(budget.takeCharacters(1)).isFalse();
    assertThat(budget.takeCharacters(0)).isFalse();
  }
}
