package io.github.wasmtimejvm.binary;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The units of a {@code .debug_line} section that is too large to be read at once. A linker keeps
 * the functions of a unit together. An address therefore belongs to the last unit that begins
 * before the address, and only that unit is read.
 */
final class LineUnits {
  private static final int MOST_UNITS = 1 << 14;

  // How many opcodes are run to find the address that a unit begins at: of all units together, and
  // of each. More than one is needed, as a linker may have dropped the first functions of a unit.
  private static final int MOST_OPCODES = 1 << 18;
  private static final int OPCODES = 1 << 12;

  private final byte[] lines;
  private final byte[] strings;
  private final int codeSize;
  private final LineBudget budget;
  private final int[] units; // where each unit is in the section, and where the last one ends
  private final long[] starts; // lowest address and number of each unit, sorted
  private final @Nullable LineTable[] tables;

  LineUnits(byte[] lines, byte[] strings, int codeSize, LineBudget budget) {
    this.lines = lines;
    this.strings = strings;
    this.codeSize = codeSize;
    this.budget = budget;
    IntList found = new IntList();
    long[] begins = new long[16];
    int count = 0;
    int left = MOST_OPCODES;
    ByteReader section = new ByteReader(lines);
    try {
      while (section.remaining() > 0 && found.size() < MOST_UNITS) {
        int at = section.position();
        LineUnit unit = new LineUnit(section);
        LineUnit.State state = unit.start();
        ByteReader program = unit.program();
        boolean first = true; // row of a sequence
        for (int n = Math.min(left, OPCODES); n > 0 && program.remaining() > 0; n--, left--) {
          if (state.step(program) && first) {
            if (state.address() > 0 && state.address() < codeSize) {
              if (count == begins.length) {
                begins = Arrays.copyOf(begins, 2 * count);
              }
              begins[count++] = state.address() << 32 | found.size();
              break;
            }
            first = false; // a function that was dropped, with all its rows
          }
          if (state.ended()) {
            state = unit.start();
            first = true;
          }
        }
        found.add(at);
      }
    } catch (IndexOutOfBoundsException e) {
      // The section is damaged or cut off. The units that were found count.
    }
    this.tables = new LineTable[found.size()];
    found.add(section.position());
    this.units = found.toArray();
    this.starts = Arrays.copyOf(begins, count);
    Arrays.sort(starts);
  }

  /** Returns where the instruction at an address comes from, {@code null} if that is not known. */
  synchronized DebugLines.@Nullable Line find(long address) {
    int at = Arrays.binarySearch(starts, address + 1 << 32);
    int place = (at < 0 ? -at - 1 : at) - 1;
    int number = place < 0 ? tables.length : (int) starts[place];
    if (number >= tables.length) {
      return null;
    }
    LineTable table = tables[number];
    if (table == null) {
      if (!budget.takeBytes(units[number + 1] - units[number])) {
        return null;
      }
      table = new LineTable(lines, units[number], units[number + 1], strings, codeSize, budget);
      tables[number] = table;
    }
    return table.find(address);
  }
}
