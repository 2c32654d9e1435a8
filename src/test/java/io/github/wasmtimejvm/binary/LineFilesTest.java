package io.github.wasmtimejvm.binary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that a unit of lines refers to. */
class LineFilesTest {
  private static final int PATH = 1;
  private static final int DIRECTORY = 2;
  private static final int OTHER = 5;
  private static final int STRING = 0x08;
  private static final int DATA1 = 0x0b;
  private static final int STRP = 0x0e;
  private static final int LINE_STRP = 0x1f;

  private final ByteArrayOutputStream tables = new ByteArrayOutputStream();

  private void put(int... bytes) {
    for (int b : bytes) {
      tables.write(b);
    }
  }

  private void put(String text) {
    tables.writeBytes(text.getBytes(UTF_8));
    tables.write(0);
  }

  private LineFiles files(int version, boolean wide) {
    return new LineFiles(new ByteReader(tables.toByteArray()), version, wide);
  }

  private String path(int file) {
    return files(5, false).path(file, new byte[0]);
  }

  @Test
  void ofTheVersion4AllCountFromOne() {
    put("src");
    put("/abs");
    put(0);
    for (String each : new String[] {"a.c 0", "b.c 1", "c.c 2", "/d.c 1", "e.c 3"}) {
      put(each.substring(0, each.length() - 2));
      put(each.charAt(each.length() - 1) - '0', 0x82, 0x03, 0x84, 0x05); // and time and length
    }
    put(0);
    LineFiles files = files(4, false);
    String[] expected = {null, "a.c", "src/b.c", "/abs/c.c", "/d.c", "e.c", null};
    for (int i = 0; i < expected.length; i++) {
      assertThat(files.path(i, new byte[0])).as("file %s", i).isEqualTo(expected[i]);
    }
    assertThat(files.path(-1, new byte[0])).isNull();
  }

  private void putDirectories() {
    put(1, PATH, STRING, 3);
    put("/root");
    put("sub");
    put("/abs");
  }

  /** How the number of a directory stands there, and which path is the file's then. */
  @ParameterizedTest
  @CsvSource({
    "0b, 01, /root/sub/f.c",
    "0b, 00, /root/f.c",
    "0b, 02, /abs/f.c",
    "0b, 03, /root/f.c", // there is none
    "05, 0100, /root/sub/f.c",
    "05, 0001, /root/f.c",
    "06, 01000000, /root/sub/f.c",
    "07, 0200000000000000, /abs/f.c",
    "07, ffffffffffffffff, /root/f.c",
    "0f, 01, /root/sub/f.c",
    "0f, 8100, /root/sub/f.c",
  })
  void ofTheVersion5AllCountFromZero(String form, String number, String expected) {
    putDirectories();
    byte[] bytes = HexFormat.of().parseHex(number);
    put(2, PATH, STRING, DIRECTORY, Integer.parseInt(form, 16), 2);
    for (String name : new String[] {"f.c", "/g.c"}) {
      put(name);
      tables.writeBytes(bytes);
    }
    assertThat(path(0)).isEqualTo(expected);
    assertThat(path(1)).isEqualTo("/g.c");
    assertThat(path(2)).isNull();
    assertThat(path(-1)).isNull();
  }

  /** What is said of a file beside that, in each form that it may have. */
  @ParameterizedTest
  @CsvSource({
    "1e, 00112233445566778899aabbccddeeff",
    "09, 03020202",
    "03, 0200aabb",
    "08, 616200",
    "0e, 01020304",
    "1f, 01020304",
    "0b, 02",
    "05, 0202",
    "06, 02020202",
    "07, 0202020202020202",
    "0f, 8202",
  })
  void whatIsNotAskedForIsSkipped(String form, String bytes) {
    putDirectories();
    put(3, OTHER, Integer.parseInt(form, 16), DIRECTORY, DATA1, PATH, STRING, 2);
    for (String name : new String[] {"f.c", "g.c"}) {
      tables.writeBytes(HexFormat.of().parseHex(bytes));
      put(1);
      put(name);
    }
    assertThat(path(0)).isEqualTo("/root/sub/f.c");
    assertThat(path(1)).isEqualTo("/root/sub/g.c");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pathsStandInASectionOfTheirOwn(boolean wide) {
    byte[] strings = "x\0/dir\0name.c\0".getBytes(UTF_8);
    put(1, PATH, LINE_STRP, 1);
    putOffset(2, wide);
    put(1, PATH, LINE_STRP, 2);
    putOffset(7, wide);
    putOffset(14, wide);
    LineFiles files = files(5, wide);
    assertThat(files.path(0, strings)).isEqualTo("/dir/name.c");
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> files.path(1, strings));
  }

  private void putOffset(int offset, boolean wide) {
    put(offset, 0, 0, 0);
    if (wide) {
      put(0, 0, 0, 0);
    }
  }

  /** Those of the section of all strings are not kept. */
  @Test
  void aPathThatIsNotKeptIsNone() {
    put(1, PATH, STRP, 1, 0, 0, 0, 0);
    put(2, PATH, STRP, DIRECTORY, DATA1, 1, 0, 0, 0, 0, 0);
    assertThat(path(0)).isNull();

    tables.reset();
    put(1, PATH, STRP, 1, 0, 0, 0, 0);
    put(1, PATH, STRING, 1);
    put("f.c");
    assertThat(path(0)).isEqualTo("f.c");
  }

  @Test
  void aPathIsNotLongerThanPathsAre() {
    put(1, PATH, STRING, 0);
    put(1, PATH, STRING, 2);
    put("x".repeat(4096));
    put("x".repeat(4097));
    assertThat(path(0)).hasSize(4096);
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> path(1));
  }
}
