package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which line of which unit is found for an address, by {@link LineTable} and {@link LineUnits}. */
class LineIndexTest {
  private static final int CODE_SIZE = 100;
  private static final int NOTHING = 6; // an opcode: negate_stmt
  private static final int ROW = 1;

  private final ByteArrayOutputStream section = new ByteArrayOutputStream();
  private final ByteArrayOutputStream program = new ByteArrayOutputStream();
  private LineBudget budget = new LineBudget();

  private enum Index {
    ALL_AT_ONCE,
    BY_UNITS
  }

  private LongFunction<DebugLines.Line> index(Index kind) {
    byte[] lines = section.toByteArray();
    byte[] strings = {};
    return kind == Index.BY_UNITS
        ? new LineUnits(lines, strings, CODE_SIZE, budget)::find
        : new LineTable(lines, 0, lines.length, strings, CODE_SIZE, budget)::find;
  }

  private void put(int... bytes) {
    for (int b : bytes) {
      program.write(b);
    }
  }

  /** A row at the address, and lines from the first one on. */
  private void start(int address, int line) {
    put(0, 5, 2, address, 0, 0, 0, 3, line - 1, ROW);
  }

  private void advance(int bytes) {
    put(2, bytes);
  }

  private void end(int bytes) {
    advance(bytes);
    put(0, 1, 1);
  }

  /** A row of so many bytes. */
  private void sequence(int address, int line, int bytes) {
    start(address, line);
    end(bytes);
  }

  /** Makes a unit of the program: with one file, whose name is a letter. */
  private void unit(char name) {
    byte[] header = {
      1, 1, 1, -5, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, (byte) name, 0, 0, 0, 0, 0
    };
    byte[] code = program.toByteArray();
    ByteBuffer unit =
        ByteBuffer.allocate(10 + header.length + code.length).order(ByteOrder.LITTLE_ENDIAN);
    unit.putInt(unit.capacity() - 4).putShort((short) 4).putInt(header.length);
    unit.put(header).put(code);
    section.writeBytes(unit.array());
    program.reset();
  }

  private static DebugLines.Line line(char file, int line) {
    return new DebugLines.Line(String.valueOf(file), line);
  }

  @ParameterizedTest
  @EnumSource
  void aRowIsOfAllBytesUpToTheNext(Index kind) {
    start(2, 7);
    advance(3);
    put(3, 1, ROW);
    put(3, 1, ROW); // at the same address: the last one counts
    end(4);
    unit('a');
    LongFunction<DebugLines.Line> index = index(kind);
    for (int address = 0; address < 12; address++) {
      DebugLines.Line expected =
          address < 2 || address >= 9 ? null : line('a', address < 5 ? 7 : 9);
      assertThat(index.apply(address)).as("%s", address).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachUnitHasItsOwnLines(Index kind) {
    for (int i = 19; i >= 0; i--) {
      sequence(4 * i + 1, i + 1, 2);
      unit((char) ('a' + i));
    }
    LongFunction<DebugLines.Line> index = index(kind);
    for (int i = 0; i < 20; i++) {
      DebugLines.Line expected = line((char) ('a' + i), i + 1);
      assertThat(index.apply(4 * i)).as("between").isNull();
      for (int of = 1; of < 3; of++) {
        assertThat(index.apply(4 * i + of)).isEqualTo(expected);
        assertThat(index.apply(4 * i + of)).as("again").isEqualTo(expected);
      }
      assertThat(index.apply(4 * i + 3)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachOfManyRowsOfASequenceIsFound(Index kind) {
    start(1, 1);
    for (int i = 2; i < 90; i++) {
      advance(1);
      put(3, 1, ROW);
    }
    end(1);
    unit('a');
    LongFunction<DebugLines.Line> index = index(kind);
    for (int i = 1; i < 90; i++) {
      assertThat(index.apply(i)).isEqualTo(line('a', i));
    }
    assertThat(index.apply(90)).isNull();
  }

  /** Functions that the linker dropped stand at 0 or beyond the code. */
  @ParameterizedTest
  @EnumSource
  void whatIsNotInTheCodeHidesNothing(Index kind) {
    sequence(0, 40, 8);
    sequence(CODE_SIZE, 41, 8);
    sequence(50, 5, 8);
    unit('a');
    unit('n'); // no program
    sequence(CODE_SIZE + 10, 42, 2);
    sequence(10, 6, 8);
    unit('b');
    LongFunction<DebugLines.Line> index = index(kind);
    assertThat(index.apply(0)).isNull();
    assertThat(index.apply(3)).isNull();
    assertThat(index.apply(12)).isEqualTo(line('b', 6));
    assertThat(index.apply(52)).isEqualTo(line('a', 5));
    assertThat(index.apply(CODE_SIZE)).isNull();
    assertThat(index.apply(CODE_SIZE + 11)).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void aSequenceThatGoesBackOrHasNoBytesHidesNothing(Index kind) {
    start(1, 7);
    advance(5);
    put(3, 1, ROW);
    end(14);
    start(2, 30);
    put(0, 5, 2, 1, 0, 0, 0, ROW); // back
    end(9);
    sequence(9, 31, 0);
    sequence(50, 9, 1);
    unit('a');
    LongFunction<DebugLines.Line> index = index(kind);
    for (int address = 1; address < 20; address++) {
      assertThat(index.apply(address)).isEqualTo(line('a', address < 6 ? 7 : 8));
    }
    assertThat(index.apply(50)).isEqualTo(line('a', 9));
  }

  @ParameterizedTest
  @EnumSource
  void whereTheBudgetIsSpentNothingIsFound(Index kind) {
    sequence(1, 7, 5);
    unit('a');
    assertThat(index(kind).apply(3)).isEqualTo(line('a', 7));
    budget = new LineBudget();
    budget.takeCharacters(1 << 20);
    assertThat(index(kind).apply(3)).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void aSequenceMayEndWithTheCode(Index kind) {
    sequence(90, 3, CODE_SIZE - 90);
    sequence(80, 4, CODE_SIZE - 80 + 1);
    unit('a');
    LongFunction<DebugLines.Line> index = index(kind);
    assertThat(index.apply(CODE_SIZE - 1)).isEqualTo(line('a', 3));
    assertThat(index.apply(85)).isNull();
  }

  /** Names are of one letter here, and 16 characters are taken for each that is looked for. */
  @ParameterizedTest
  @EnumSource
  void eachPathTakesItsLengthOfTheBudget(Index kind) {
    sequence(1, 7, 5);
    unit('a');
    sequence(11, 8, 5);
    unit('b');
    put(4, 9); // a file that there is not
    sequence(21, 9, 5);
    unit('c');
    budget.takeCharacters((1 << 20) - 17 - 16);
    LongFunction<DebugLines.Line> index = index(kind);
    assertThat(index.apply(21)).isNull();
    assertThat(index.apply(3)).isEqualTo(line('a', 7));
    assertThat(index.apply(12)).isNull();
    assertThat(index.apply(3)).as("once found it is there").isEqualTo(line('a', 7));
  }

  @Test
  void ofUnitsOnlyTheOnesWithinTheBudgetAreRead() {
    sequence(1, 7, 5);
    unit('a');
    budget.takeBytes(LineBudget.BYTES - section.size());
    sequence(11, 8, 5);
    unit('b');
    LongFunction<DebugLines.Line> index = index(Index.BY_UNITS);
    assertThat(index.apply(12)).isEqualTo(line('b', 8));
    assertThat(index.apply(3)).isNull();
    assertThat(index.apply(12)).isEqualTo(line('b', 8));
  }

  private void nothing(int opcodes) {
    for (int i = 0; i < opcodes; i++) {
      put(NOTHING);
    }
  }

  /** Where it begins must be seen early. */
  @Test
  void theBeginningOfAUnitIsLookedForInItsFirstOpcodes() {
    nothing(4096 - 3);
    start(1, 7); // an address, a line, a row
    end(5);
    unit('a');
    nothing(4096 - 2);
    sequence(11, 8, 5);
    unit('b');
    LongFunction<DebugLines.Line> index = index(Index.BY_UNITS);
    assertThat(index.apply(3)).isEqualTo(line('a', 7));
    assertThat(index.apply(12)).isNull();
  }

  @Test
  void theBeginningsOfAllUnitsTogetherAreLookedForInSoManyOpcodes() {
    for (int units = 63; units <= 64; units++) {
      section.reset();
      for (int i = 0; i < units; i++) {
        nothing(4096);
        unit('n');
      }
      sequence(1, 7, 5);
      unit('a');
      assertThat(index(Index.BY_UNITS).apply(3)).isEqualTo(units == 63 ? line('a', 7) : null);
    }
  }

  @Test
  void theFirstUnitsCount() {
    for (int i = 0; i < (1 << 14) - 1; i++) {
      unit('n');
    }
    sequence(1, 7, 5);
    unit('a');
    sequence(11, 8, 5);
    unit('b');
    LongFunction<DebugLines.Line> index = index(Index.BY_UNITS);
    assertThat(index.apply(3)).isEqualTo(line('a', 7));
    assertThat(index.apply(12)).isNull();
  }
}
