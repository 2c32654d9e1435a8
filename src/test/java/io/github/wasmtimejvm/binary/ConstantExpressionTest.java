package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Initial values, instruction by instruction. */
class ConstantExpressionTest {
  private static ByteReader in(String hex) {
    return new ByteReader(HexFormat.of().parseHex(hex));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0b", // nothing
        "2385010b", // global.get
        "41ff000b", // i32.const
        "4280808080100b", // i64.const
        "d0700b", // ref.null
        "d285010b", // ref.func
        "430b0b0b0b0b", // f32.const
        "440b0b0b0b0b0b0b0b0b", // f64.const
        "4101410b6a6b6c7c7d7e0b", // arithmetic
        "fb000b0b", // struct.new 11
        "fb010b0b",
        "fb060b0b",
        "fb070b0b",
        "fb080b0b0b", // array.new_fixed
        "fb1afb1bfb1c0b",
        "fd0c0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", // v128.const
      })
  void anExpressionIsSkippedToItsEnd(String hex) {
    ByteReader in = in(hex + "77");
    ConstantExpression.skip(in);
    assertThat(in.toArray()).containsExactly(0x77);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "000b", "6d0b", "fb020b", "fb1d0b", "4100", "43000b", "fd0c000b"})
  void anUnknownOrShortExpressionIsOutside(String hex) {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> ConstantExpression.skip(in(hex)));
  }
}
