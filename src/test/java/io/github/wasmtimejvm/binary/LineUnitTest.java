package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A unit of lines, opcode by opcode; {@link DebugLinesTest} has those of a compiler. */
class LineUnitTest {
  private static final int LINE_BASE = -3;
  private static final int LINE_RANGE = 12;
  private static final int OPCODE_BASE = 11;
  private static final int STEP = 2;

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static void write(ByteArrayOutputStream out, long number, int size) {
    for (int i = 0; i < size; i++) {
      out.write((int) (number >>> 8 * i));
    }
  }

  /** A unit with three bytes of tables, and the rest of the section behind it. */
  private static byte[] unit(int version, boolean wide, int lineRange, String program) {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.write(STEP);
    if (version >= 4) {
      head.write(1);
    }
    head.write(1);
    head.write(LINE_BASE);
    head.write(lineRange);
    head.write(OPCODE_BASE);
    head.writeBytes(bytes("00 01 01 01 00 00 00 01 00 02")); // operands of the opcodes 1 to 10
    head.writeBytes(bytes("aabbcc"));
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    write(content, version, 2);
    if (version >= 5) {
      content.writeBytes(bytes("0400"));
    }
    write(content, head.size(), wide ? 8 : 4);
    content.writeBytes(head.toByteArray());
    content.writeBytes(bytes(program));
    ByteArrayOutputStream unit = new ByteArrayOutputStream();
    if (wide) {
      write(unit, 0xffff_ffffL, 4);
    }
    write(unit, content.size(), wide ? 8 : 4);
    unit.writeBytes(content.toByteArray());
    unit.write(0x77);
    return unit.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({"2, false", "3, true", "4, false", "4, true", "5, false", "5, true"})
  void aUnitOfEachVersionIsTakenWhole(int version, boolean wide) {
    ByteReader section = new ByteReader(unit(version, wide, LINE_RANGE, "01 02"));
    LineUnit unit = new LineUnit(section);

    assertThat(section.toArray()).containsExactly(0x77);
    assertThat(unit.program().toArray()).containsExactly(1, 2);
    assertThat(unit.program().toArray()).containsExactly(1, 2);
  }

  @ParameterizedTest
  @CsvSource({"1, 12", "6, 12", "0, 12", "4, 0"})
  void aUnitThatIsUnknownIsDamaged(int version, int lineRange) {
    byte[] unit = unit(version, false, lineRange, "");
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> new LineUnit(new ByteReader(unit)));
  }

  /** Every opcode, then address, file and line, and "row" or "end" if there is one. */
  @ParameterizedTest
  @CsvSource({
    "01, 0 1 1 row",
    "02 8501, 266 1 1",
    "03 3f, 0 1 64",
    "03 7f, 0 1 0",
    "04 07, 0 7 1",
    "04 ffffffff0f, 0 -1 1",
    "05 09 0500, 5 1 1", // set_column, which has no operands here
    "06, 0 1 1",
    "08, 40 1 1",
    "09 0201, 258 1 1",
    "0a 8001 02 01, 0 1 1 row", // an opcode of two operands
    "0b, 0 1 -2 row",
    "ff, 40 1 2 row",
    "17, 2 1 -2 row",
    "16, 0 1 9 row",
    "00 01 01, 0 1 1 end",
    "00 02 0105, 0 1 1 end",
    "00 05 02 04030201, 16909060 1 1",
    "00 09 02 0100000001000000, 4294967297 1 1",
    "00 03 04 0203, 0 1 1",
    "00 8100 01, 0 1 1 end",
    "03 ffffffff7f 01, 0 1 0 row",
    "03 8080808010, 0 1 0", // a line that is too large
  })
  void everyOpcodeDoesWhatItSays(String program, String expected) {
    LineUnit unit = new LineUnit(new ByteReader(unit(4, false, LINE_RANGE, program)));
    ByteReader in = unit.program();
    LineUnit.State state = unit.start();
    boolean row = false;
    while (in.remaining() > 0) {
      row = state.step(in);
    }
    String end = state.ended() ? " end" : row ? " row" : "";
    assertThat(state.address() + " " + state.file() + " " + state.line() + end).isEqualTo(expected);
    assertThat(state.rowLine()).isEqualTo(row ? Math.max(state.line(), 0) : 0);
    assertThat(state.rowFile()).isEqualTo(row ? state.file() : 0);
    assertThat(row || !state.ended()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"02", "03 80", "09 01", "00 05 02", "00 00", "00 03 02 01", "0a 01"})
  void anOpcodeThatIsCutOffIsDamage(String program) {
    LineUnit unit = new LineUnit(new ByteReader(unit(4, false, LINE_RANGE, program)));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> unit.start().step(unit.program()));
  }

  @Test
  void aSequenceGoesOnWhereItWas() {
    LineUnit unit = new LineUnit(new ByteReader(unit(3, false, LINE_RANGE, "17 17")));
    LineUnit.State state = unit.resume(1000, 5, 100);
    List<Long> rows = new ArrayList<>();
    for (ByteReader in = unit.program(); in.remaining() > 0; ) {
      state.step(in);
      rows.add(state.address() * 10_000 + state.rowFile() * 1000 + state.rowLine());
    }
    assertThat(rows).containsExactly(10_025_097L, 10_045_094L);
  }
}
