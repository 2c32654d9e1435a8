package io.github.wasmtimejvm.binary;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An index of units of a {@code .debug_line} section. The index has all sequences, and for every
 * few opcodes a mark with the state of the program there, so that a search runs few opcodes. The
 * index is made by running all programs once.
 */
final class LineTable {
  // A compiler makes one sequence for each function or for each file.
  private static final int MOST_SEQUENCES = 1 << 15;

  /** Opcodes between two marks, at most. */
  private static final int DISTANCE = 64;

  /** Bytes between two marks, at most: an opcode can have many operands. */
  private static final int DISTANCE_BYTES = 512;

  private static final int EACH_PATH = 16; // characters that a path counts besides its own

  // The numbers of a sequence: the address at its end, the place of its unit, and its first mark.
  private static final int SEQUENCE = 3;

  // The numbers of a mark: the last row, then the state of the program.
  private static final int ROW_ADDRESS = 0;
  private static final int ROW_FILE = 1;
  private static final int ROW_LINE = 2;
  private static final int ADDRESS = 3;
  private static final int FILE = 4;
  private static final int LINE = 5;
  private static final int POSITION = 6;
  private static final int MARK = 7;

  private final byte[] lines;
  private final byte[] strings;
  private final int codeSize;
  private final long[] starts; // lowest address and number of each sequence, sorted
  private final int[] sequences; // in the order of the section; behind them only a first mark
  private final int[] marks;
  private final Map<Long, String> paths = new HashMap<>();
  private final Map<Integer, @Nullable LineFiles> files = new HashMap<>();
  private final LineBudget budget;

  /**
   * @param lines the section, which never changes
   * @param from where the units begin in the section
   * @param to where the units end
   * @param strings the section {@code .debug_line_str}
   * @param codeSize the end of the addresses of instructions
   */
  LineTable(byte[] lines, int from, int to, byte[] strings, int codeSize, LineBudget budget) {
    this.budget = budget;
    this.lines = lines;
    this.strings = strings;
    this.codeSize = codeSize;
    Index index = new Index();
    ByteReader section = ByteReader.from(lines, from);
    try {
      while (section.position() < to) {
        int at = section.position();
        index.add(at, new LineUnit(section));
      }
    } catch (IndexOutOfBoundsException e) {
      // The section is damaged, or has too many sequences. Those that were found count.
    }
    index.sequences.addAll(0, 0, index.marks.size());
    this.sequences = index.sequences.toArray();
    this.marks = index.marks.toArray();
    this.starts = Arrays.copyOf(index.starts, index.count);
    Arrays.sort(starts);
  }

  /** The index while programs run. */
  private final class Index {
    final IntList sequences = new IntList();
    final IntList marks = new IntList();
    long[] starts = new long[16];
    int count;

    void add(int at, LineUnit unit) {
      ByteReader program = unit.program();
      while (program.remaining() > 0) {
        int firstMark = marks.size();
        long start = -1;
        try {
          start = addMarks(unit.start(), program);
        } finally {
          if (start < 0) {
            marks.truncate(firstMark);
          }
        }
        if (start >= 0) {
          if (count == MOST_SEQUENCES) {
            throw new IndexOutOfBoundsException();
          }
          if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
          }
          starts[count] = start << 32 | count;
          sequences.addAll(marks.get(marks.size() - MARK + ROW_ADDRESS), at, firstMark);
          count++;
        }
      }
    }

    // Returns the lowest address of the sequence, or -1 where the sequence belongs to no
    // instruction. A linker leaves the sequences of functions that it dropped, at the address 0 or
    // beyond the code.
    private long addMarks(LineUnit.State state, ByteReader program) {
      long low = -1;
      long last = 0;
      boolean right = true;
      int opcodes = 0;
      int marked = 0;
      while (!state.ended()) {
        boolean row = state.step(program);
        // Checked between rows too, as a mark may be made there.
        right &= state.address() >= 0 && state.address() <= codeSize;
        if (row) {
          right &= state.address() > 0 && state.address() >= last;
          last = state.address();
        }
        opcodes++;
        boolean far = opcodes >= DISTANCE || program.position() - marked >= DISTANCE_BYTES;
        if (right && (row && low < 0 || low >= 0 && far || state.ended())) {
          if (low < 0) {
            low = state.address();
          }
          opcodes = 0;
          marked = program.position();
          marks.addAll((int) last, state.rowFile(), state.rowLine());
          marks.addAll((int) state.address(), state.file(), state.line());
          marks.add(program.position());
        }
      }
      return right && low >= 0 && low < last ? low : -1;
    }
  }

  /** Returns where the instruction at an address comes from, {@code null} if that is not known. */
  DebugLines.@Nullable Line find(long address) {
    int at = Arrays.binarySearch(starts, (address + 1) << 32);
    int number = (at < 0 ? -at - 1 : at) - 1;
    if (number < 0) {
      return null;
    }
    int sequence = (int) starts[number] * SEQUENCE;
    if (address >= sequences[sequence]) {
      return null;
    }
    int unit = sequences[sequence + 1];
    try {
      return find(address, unit, sequences[sequence + 2], sequences[sequence + SEQUENCE + 2]);
    } catch (IndexOutOfBoundsException e) {
      return null;
    }
  }

  private DebugLines.@Nullable Line find(long address, int unitAt, int from, int to) {
    int low = 0;
    int high = (to - from) / MARK - 1;
    while (low < high) { // the last mark whose row is at the address or before the address
      int middle = (low + high + 1) >>> 1;
      if (marks[from + middle * MARK + ROW_ADDRESS] <= address) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    int mark = from + low * MARK;
    int file = marks[mark + ROW_FILE];
    int line = marks[mark + ROW_LINE];
    LineUnit unit = new LineUnit(ByteReader.from(lines, unitAt));
    LineUnit.State state =
        unit.resume(marks[mark + ADDRESS], marks[mark + FILE], marks[mark + LINE]);
    ByteReader program = ByteReader.from(lines, marks[mark + POSITION]);
    while (true) {
      if (state.step(program)) {
        if (state.address() > address) {
          break;
        }
        file = state.rowFile();
        line = state.rowLine();
      }
    }
    String path = path(unitAt, unit, file);
    return path == null ? null : new DebugLines.Line(path, line);
  }

  // A path that was asked for is kept, so that a guest that traps again and again costs one path.
  private synchronized @Nullable String path(int unitAt, LineUnit unit, int file) {
    long key = (long) unitAt << 32 | file;
    String known = paths.get(key);
    if (known != null) {
      return known.isEmpty() ? null : known;
    }
    if (!budget.takeCharacters(EACH_PATH)) {
      return null;
    }
    String path = null;
    try {
      LineFiles table = files(unitAt, unit);
      path = table == null ? null : table.path(file, strings);
    } catch (IndexOutOfBoundsException e) {
      // The table of files is damaged.
    }
    paths.put(key, path == null ? "" : path);
    budget.takeCharacters(path == null ? 0 : path.length());
    return path;
  }

  private @Nullable LineFiles files(int unitAt, LineUnit unit) {
    LineFiles known = files.get(unitAt);
    if (known == null && !files.containsKey(unitAt)) {
      files.put(unitAt, null); // what stays where the table is damaged
      known = unit.files();
      files.put(unitAt, known);
    }
    return known;
  }
}
