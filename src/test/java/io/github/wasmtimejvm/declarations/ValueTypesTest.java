package io.github.wasmtimejvm.declarations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.AbstractHeapType;
import io.github.wasmtimejvm.GlobalType;
import io.github.wasmtimejvm.RefType;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.binary.ByteReader;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Value types, byte by byte. */
class ValueTypesTest {
  private static ByteReader in(String hex) {
    return new ByteReader(HexFormat.of().parseHex(hex));
  }

  @Test
  void abstractHeapTypesHaveTheirCodes() {
    AbstractHeapType[] types = {
      AbstractHeapType.EXN,
      AbstractHeapType.ARRAY,
      AbstractHeapType.STRUCT,
      AbstractHeapType.I31,
      AbstractHeapType.EQ,
      AbstractHeapType.ANY,
      AbstractHeapType.EXTERN,
      AbstractHeapType.FUNC,
      AbstractHeapType.NONE,
      AbstractHeapType.NOEXTERN,
      AbstractHeapType.NOFUNC,
      AbstractHeapType.NOEXN,
    };
    for (int i = 0; i < types.length; i++) {
      int code = 0x69 + i;
      assertThat(ValueTypes.ofByte(code)).isEqualTo(new RefType(true, types[i]));
      for (boolean nullable : new boolean[] {true, false}) {
        assertThat(ValueTypes.reference(nullable, code - 0x80))
            .isEqualTo(new RefType(nullable, types[i]));
      }
    }
    for (int none : new int[] {-1, 0, 0x68, 0x75, 0x7a, 0x80, 0xff}) {
      assertThat(ValueTypes.ofByte(none)).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-24, -4, -65, -129, -0x80 - 0x17})
  void thereAreNoOtherHeapTypes(long heap) {
    for (boolean nullable : new boolean[] {true, false}) {
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> ValueTypes.reference(nullable, heap));
    }
  }

  @ParameterizedTest
  @CsvSource({"7f77, 1", "647077, 2", "6385010077, 3", "6380808080087f, 6"})
  void aValueTypeIsSkipped(String hex, int size) {
    ByteReader in = in(hex);
    ValueTypes.skip(in);
    assertThat(in.position()).isEqualTo(size);
  }

  @Test
  void aGlobalOfAnotherTypeIsLeftThere() {
    assertThat(ValueTypes.global(in("7e00"))).isEqualTo(new GlobalType(ValType.I64, false));
    assertThat(ValueTypes.global(in("7001"))).isEqualTo(new GlobalType(ValType.FUNCREF, true));
    ByteReader other = in("640001");
    assertThat(ValueTypes.global(other)).isNull();
    assertThat(other.position()).isZero();
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> ValueTypes.skip(in("40")));
  }
}
