package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.testing.Guests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines of a compiler's sections, whole, cut off and damaged. */
class DebugLinesTest {
  private static final String DWARF2 = "lines-dwarf2.wat";
  private static final String DWARF4 = "lines-dwarf4.wat";
  private static final String DWARF5 = "lines-dwarf5.wat";

  private static byte[] guest(String file) {
    try {
      return Module.wat2wasm(Files.readString(Guests.file(Engine.class, file)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {DWARF2, DWARF4, DWARF5})
  void aSectionThatIsNotDamagedHasALineForEveryPlace(String file) {
    Sections sections = Sections.of(guest(file));

    assertThat(sections.linesFound(sections.lines))
        .containsExactlyInAnyOrder(0, 4, 5, 9, 10, 11, 13, 14, 15);
  }

  @Test
  void importedFunctionsAreCountedFirst() {
    Sections sections = Sections.of(guest(DWARF4));
    Set<Integer> all = sections.linesFound(sections.lines);

    assertThat(sections.linesFound(sections.lines, 2, 2)).isEqualTo(all);
    for (int other : new int[] {0, 1, 3, 4}) {
      assertThat(sections.linesFound(sections.lines, 2, other)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {DWARF2, DWARF4, DWARF5})
  void aSectionThatIsCutOffGivesFewerLines(String file) {
    Sections sections = Sections.of(guest(file));
    Set<Integer> all = sections.linesFound(sections.lines);
    assertThat(sections.linesFound(new byte[0])).isEmpty();
    for (int i = 1; i < sections.lines.length; i++) {
      // There is one unit, which is there as a whole or not.
      assertThat(sections.linesFound(Arrays.copyOf(sections.lines, i))).isEmpty();
      // Two, of which the other is.
      byte[] two = Arrays.copyOf(sections.lines, sections.lines.length + i);
      System.arraycopy(sections.lines, 0, two, sections.lines.length, i);
      assertThat(sections.linesFound(two)).isEqualTo(all);
    }
  }

  /** A sequence that does not end is none, and those before it count. */
  @ParameterizedTest
  @ValueSource(strings = {DWARF2, DWARF4, DWARF5})
  void aProgramThatIsCutOffGivesFewerLines(String file) {
    Sections sections = Sections.of(guest(file));
    Set<Integer> all = sections.linesFound(sections.lines);
    Set<Integer> sizes = new HashSet<>();
    for (int cut = 1; cut < sections.lines.length - 100; cut++) {
      byte[] shorter = Arrays.copyOf(sections.lines, sections.lines.length - cut);
      setLength(shorter);
      Set<Integer> found = sections.linesFound(shorter);
      assertThat(all).containsAll(found);
      assertThat(found).hasSizeLessThan(all.size());
      sizes.add(found.size());
    }
    assertThat(sizes).contains(0);
  }

  private static void setLength(byte[] unit) {
    ByteBuffer.wrap(unit).order(ByteOrder.LITTLE_ENDIAN).putInt(0, unit.length - 4);
  }

  /** Of a large section only the units are read that are asked for. */
  @ParameterizedTest
  @ValueSource(strings = {DWARF2, DWARF4, DWARF5})
  void aUnitIsFoundAmongMegabytes(String file) {
    Sections sections = Sections.of(guest(file));
    Set<Integer> all = sections.linesFound(sections.lines);
    byte[] filler = unitWithout(sections.lines, 3_000_000);
    byte[] large = Arrays.copyOf(filler, 2 * filler.length + sections.lines.length);
    System.arraycopy(sections.lines, 0, large, filler.length, sections.lines.length);
    System.arraycopy(filler, 0, large, filler.length + sections.lines.length, filler.length);

    assertThat(sections.linesFound(large)).isEqualTo(all);
  }

  /** One that would take long to read is not read. */
  @Test
  void aVeryLargeUnitHasNoLines() {
    Sections sections = Sections.of(guest(DWARF4));
    byte[] padded = Arrays.copyOf(sections.lines, 1_000_000);
    setLength(padded);
    assertThat(sections.linesFound(padded)).isEqualTo(sections.linesFound(sections.lines));

    byte[] large = Arrays.copyOf(sections.lines, 1_100_000);
    setLength(large);
    assertThat(sections.linesFound(large)).isEmpty();
  }

  /** A unit with the same head, whose program is without an end. */
  private static byte[] unitWithout(byte[] lines, int length) {
    ByteBuffer unit = ByteBuffer.wrap(lines).order(ByteOrder.LITTLE_ENDIAN);
    boolean five = unit.getShort(4) >= 5;
    int program = (five ? 12 : 10) + unit.getInt(five ? 8 : 6);
    byte[] without = Arrays.copyOf(lines, length);
    Arrays.fill(without, program, length, (byte) 6); // negate_stmt
    setLength(without);
    return without;
  }

  // A bit that is another one may be a line that is another one, too.
  @ParameterizedTest
  @ValueSource(strings = {DWARF2, DWARF4, DWARF5})
  void aDamagedSectionGivesOtherLinesOrNoneButNoError(String file) {
    Sections sections = Sections.of(guest(file));
    Set<Integer> whole = sections.linesFound(sections.lines);
    int same = 0;
    int none = 0;
    int fewer = 0;
    for (int i = 0; i < sections.lines.length; i++) {
      byte[] damaged = sections.lines.clone();
      for (int bit = 0; bit < 8; bit++) {
        damaged[i] = (byte) (sections.lines[i] ^ 1 << bit);
        Set<Integer> lines = sections.linesFound(damaged);
        same += lines.equals(whole) ? 1 : 0;
        none += lines.isEmpty() ? 1 : 0;
        fewer += !lines.isEmpty() && lines.size() < whole.size() ? 1 : 0;
      }
    }
    int bits = 8 * sections.lines.length;
    assertThat(same).isBetween(1, bits / 2);
    assertThat(none).isBetween(bits / 20, bits - same);
    assertThat(fewer).isPositive();
  }

  @Test
  void damagedStringsGiveFewerLinesButNoError() {
    Sections sections = Sections.of(guest(DWARF5));
    for (int length = 0; length < sections.lineStrings.length; length++) {
      assertThat(
              sections.with(Arrays.copyOf(sections.lineStrings, length)).linesFound(sections.lines))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x01, 0x02, 0x03, 0x04, 0x08, 0x0d, 0x7f, 0x80, 0xff})
  @Timeout(600)
  void aLargeProgramOfOneOpcodeOnlyEnds(int opcode) {
    Sections sections = Sections.of(guest(DWARF4));
    byte[] large = Arrays.copyOf(sections.lines, 20_000_000);
    Arrays.fill(large, sections.lines.length, large.length, (byte) opcode);
    setLength(large);

    assertThat(sections.linesFound(large)).isEmpty();
  }

  @Test
  @Timeout(600)
  void tablesOfCountlessEntriesEnd() {
    Sections sections = Sections.of(guest(DWARF5));
    ByteArrayOutputStream unit = new ByteArrayOutputStream();
    // The version, sizes, then where the tables are, and what the program has to know.
    unit.writeBytes(new byte[] {5, 0, 4, 0, 0, 0, 0, 0, 1, 1, 1, -5, 14, 1});
    unit.write(0); // no formats for
    unit.writeBytes(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 127}); // so many directories
    byte[] header = unit.toByteArray();
    header[4] = (byte) (header.length - 8);
    unit.reset();
    unit.writeBytes(new byte[] {0, 0, 0, 0});
    unit.writeBytes(header);
    unit.writeBytes(new byte[] {0, 5, 2, 1, 0, 0, 0}); // address 1
    unit.writeBytes(new byte[] {1, 2, 127, 0, 1, 1}); // a row, 127 bytes on, the end
    byte[] lines = unit.toByteArray();
    lines[0] = (byte) (lines.length - 4);

    assertThat(sections.linesFound(lines)).isEmpty();
  }

  /** The sections of a module that have to do with lines. */
  private record Sections(byte[] wasm, byte[] lines, byte[] lineStrings) {
    static Sections of(byte[] wasm) {
      return new Sections(
          wasm, custom(wasm, ".debug_line").toArray(), custom(wasm, ".debug_line_str").toArray());
    }

    Sections with(byte[] otherLineStrings) {
      return new Sections(wasm, lines, otherLineStrings);
    }

    private static ByteReader custom(byte[] wasm, String name) {
      ByteReader in = new ByteReader(wasm);
      in.skip(8);
      while (in.remaining() > 0) {
        int id = in.u8();
        ByteReader content = in.take(in.uleb());
        if (id == 0 && content.take(content.uleb()).text().equals(name)) {
          return content;
        }
      }
      return in;
    }

    private ByteReader code() {
      ByteReader in = new ByteReader(wasm);
      in.skip(8);
      while (in.u8() != 10) {
        in.skip(in.uleb());
      }
      return in.take(in.uleb());
    }

    private static int[] bodies(ByteReader code) {
      int[] bodies = new int[code.count()];
      for (int i = 0; i < bodies.length; i++) {
        long size = code.uleb();
        bodies[i] = code.position();
        code.skip(size);
      }
      return bodies;
    }

    /** Asks for the line of every byte of every function. */
    Set<Integer> linesFound(byte[] lines) {
      return linesFound(lines, 0, 0);
    }

    /** The same where so many functions are imported and the first of the others has a number. */
    Set<Integer> linesFound(byte[] lines, int imported, int first) {
      ByteReader code = code();
      DebugLines found =
          new DebugLines(
              null,
              () -> imported,
              code.position(),
              code.remaining(),
              bodies(code.copy()),
              lines,
              lineStrings);
      Set<Integer> all = new HashSet<>();
      int functions = (int) code.uleb();
      for (int function = 0; function < functions; function++) {
        ByteReader body = code.take(code.uleb());
        int length = body.remaining();
        for (int offset = 0; offset < length; offset++) {
          DebugLines.Line line =
              found.find(first + function, offset, body.position() + offset, null);
          if (line != null) {
            all.add(line.line());
          }
        }
      }
      return all;
    }
  }
}
