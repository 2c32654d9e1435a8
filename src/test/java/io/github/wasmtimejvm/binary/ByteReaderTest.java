package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading of bytes that nobody has checked, and the list of numbers beside it. */
class ByteReaderTest {
  private static ByteReader of(String hex) {
    return new ByteReader(HexFormat.of().parseHex(hex));
  }

  private static void assertOutside(ThrowingCallable read) {
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(read);
  }

  @Test
  void longerNumbersAreRefused() {
    assertOutside(() -> of("8080808080808080808001").uleb());
    assertOutside(() -> of("808080808080808080807f").sleb());
  }

  @ParameterizedTest
  @CsvSource({
    "00, 0, 0",
    "3f, 63, 63",
    "40, 64, -64",
    "7f, 127, -1",
    "8000, 0, 0",
    "e58e26, 624485, 624485",
    "c0bb78, 1973696, -123456",
    "ffffffff0f, 4294967295, 4294967295",
    "ffffffff7f, 34359738367, -1",
    "80808080808080808001, -9223372036854775808, -9223372036854775808",
    "8080808080808080807f, -9223372036854775808, -9223372036854775808",
    "ffffffffffffffffff01, -1, -1",
  })
  void numbersOfUpToTenBytesAreReadWhole(String hex, long unsigned, long signed) {
    ByteReader in = of(hex + "55");
    ByteReader other = in.copy();

    assertThat(in.uleb()).isEqualTo(unsigned);
    assertThat(other.sleb()).isEqualTo(signed);
    assertThat(List.of(in.u8(), other.u8())).containsOnly(0x55);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "80", "ffff"})
  void aNumberWithoutAnEndIsOutside(String hex) {
    assertOutside(() -> of(hex).uleb());
    assertOutside(() -> of(hex).sleb());
    assertOutside(() -> of(hex).count());
  }

  @Test
  void aCountIsAnIntThatIsNotNegative() {
    assertThat(of("ffffffff07").count()).isEqualTo(Integer.MAX_VALUE);
    assertThat(of("00").count()).isZero();
    assertOutside(() -> of("8080808008").count());
    assertOutside(() -> of("ffffffffffffffffff01").count());
  }

  @Test
  void numbersOfAFixedSizeHaveTheLowestByteFirst() {
    ByteReader in = of("fffe0102fcfdfeff0102030405060788fe");

    assertThat(in.peek()).isEqualTo(0xff);
    assertThat(in.ahead(1)).isEqualTo(0xfe);
    assertThat(in.s8()).isEqualTo(-1);
    assertThat(in.u8()).isEqualTo(0xfe);
    assertThat(in.u16()).isEqualTo(0x0201);
    assertThat(in.u32()).isEqualTo(0xfffefdfcL);
    assertThat(in.u64()).isEqualTo(0x8807060504030201L);
    assertThat(in.position()).isEqualTo(16);
    assertThat(in.remaining()).isEqualTo(1);
    assertOutside(in::u16);
  }

  @Test
  void nothingIsReadBehindTheEndOfARange() {
    ByteReader whole = of("0a0b0c0d");
    whole.skip(1);
    ByteReader part = whole.take(2);

    assertThat(whole.position()).isEqualTo(3);
    assertThat(part.toArray()).containsExactly(0x0b, 0x0c);
    assertOutside(() -> part.skip(3));
    assertOutside(() -> part.skip(-1));
    assertOutside(() -> part.take(1L << 32));
    assertThat(part.ahead(1)).isEqualTo(0x0c);
    assertOutside(() -> part.ahead(2));
    assertOutside(() -> part.ahead(-1));
    part.skip(2);
    assertOutside(part::peek);
    assertOutside(part::u8);
    assertOutside(part::uleb);
    assertThat(part.remaining()).isZero();
    part.skip(0);
  }

  @Test
  void aReaderCanBeginElsewhere() {
    byte[] bytes = {1, 2, 3, 4};
    assertThat(ByteReader.from(bytes, 3).toArray()).containsExactly(4);
    assertThat(ByteReader.from(bytes, 4).remaining()).isZero();
    assertOutside(() -> ByteReader.from(bytes, 5));
    assertOutside(() -> ByteReader.from(bytes, -1));
    ByteReader part = new ByteReader(bytes).take(3);
    assertThat(part.at(1).toArray()).containsExactly(2, 3);
    assertOutside(() -> part.at(4));
  }

  @Test
  void aTextThatIsTheLikelyOneIsThatVeryText() {
    byte[] bytes = {3, 'e', 'n', 'v', 3, 'e', 'n', 'w', 2, (byte) 0xc3, (byte) 0xa9, 0, 9, 'x'};
    String likely = new String("env".getBytes(StandardCharsets.US_ASCII), StandardCharsets.UTF_8);
    ByteReader in = new ByteReader(bytes);

    assertThat(in.name(likely)).isSameAs(likely);
    assertThat(in.name(likely)).isEqualTo("enw");
    assertThat(in.name("\uffc3\uffa9")).isEqualTo("é");
    assertThat(in.name(likely)).isEmpty();
    assertOutside(() -> in.name(likely));
  }

  @Test
  void aTextEndsAtTheNul() {
    ByteReader in = new ByteReader(new byte[] {'a', 'b', 0, 0, 'c', 'd'});

    assertThat(in.untilNul().text()).isEqualTo("ab");
    assertThat(in.untilNul().remaining()).isZero();
    ByteReader rest = in.copy();
    assertThat(rest.text()).isEqualTo("cd");
    assertThat(rest.remaining()).isZero();
    assertOutside(in::untilNul);
  }

  @Test
  void aListOfNumbersGrowsAndIsCutOff() {
    IntList list = new IntList();
    for (int i = 0; i < 40; i++) {
      list.add(i);
      assertThat(list.get(i)).isEqualTo(i);
      assertThat(list.size()).isEqualTo(i + 1);
    }
    list.truncate(2);
    list.addAll(7, 8, 9);
    assertThat(list.toArray()).containsExactly(0, 1, 7, 8, 9);
    assertOutside(() -> list.get(5));
    assertOutside(() -> list.get(-1));
  }
}
