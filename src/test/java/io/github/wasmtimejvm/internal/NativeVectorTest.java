package io.github.wasmtimejvm.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeVectorTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "?", "é?", "größer 🎈", "why? 🎈 because?", "\0\u007f\u0080\uffff"})
  void aTextBecomesItsBytes(String text) {
    for (int length = 0; length < 20; length++) {
      String padded = "x".repeat(length) + text + "y".repeat(length / 2);
      assertThat(NativeVector.utf8(padded)).isEqualTo(padded.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void halfOfAPairIsRefusedWhereverItIs() {
    for (String half : new String[] {"\ud800", "\udbff", "\udc00", "\udfff"}) {
      for (String around : new String[] {"", "x", "?", "é", "🎈"}) {
        for (int before = 0; before < 20; before++) {
          String text = around.repeat(before) + half + around.repeat(20 - before);
          int place = around.length() * before;
          assertThatIllegalArgumentException()
              .as(around + before)
              .isThrownBy(() -> NativeVector.utf8(text))
              .withMessageContaining("its character " + place + " is half of a surrogate pair");
        }
      }
    }
  }
}
