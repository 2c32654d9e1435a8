package io.github.wasmtimejvm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The source lines of a module, from its {@code .debug_line} section.
 *
 * <p>The engine has not looked at that section: a damaged one gives fewer lines or none, never an
 * error. It is read when a line is first asked for.
 */
final class DebugLines {
  // A compiler makes a sequence of each function or of each file. Whoever makes more or longer ones
  // wants to keep us busy: a sequence is run again for every line that is asked for.
  private static final int MOST_SEQUENCES = 1 << 20;
  private static final int LONGEST_SEQUENCE = 1 << 20;

  /**
   * Where an instruction comes from.
   *
   * @param file the path as the compiler wrote it
   * @param line 0 if the instruction has a file but no line
   */
  record Line(String file, int line) {}

  /** Instructions from {@code low} to before {@code high}, and where their rows are made. */
  private record Sequence(int low, int high, int unit, int program) {}

  private final @Nullable String moduleName;
  private final int importedFunctions;
  private final int codeStart;
  private final int codeSize;
  private final int[] bodies;
  private final byte[] lines;
  private final LineUnit.Strings strings;
  private volatile @Nullable List<Sequence> sequences;

  /**
   * @param moduleName the module's own name
   * @param importedFunctions how many functions the module imports, which are counted first
   * @param code the content of the code section, in the module
   * @param lines the section {@code .debug_line}
   * @param strings the sections that it refers to
   * @throws IndexOutOfBoundsException if the code section is damaged
   */
  DebugLines(
      @Nullable String moduleName,
      int importedFunctions,
      ByteReader code,
      byte[] lines,
      LineUnit.Strings strings) {
    this.moduleName = moduleName;
    this.importedFunctions = importedFunctions;
    this.codeStart = code.position();
    this.codeSize = code.remaining();
    this.bodies = bodies(code);
    this.lines = lines;
    this.strings = strings;
  }

  private static int[] bodies(ByteReader code) {
    int[] bodies = new int[(int) code.uleb()];
    for (int i = 0; i < bodies.length; i++) {
      long size = code.uleb();
      bodies[i] = code.position();
      code.skip(size);
    }
    return bodies;
  }

  /**
   * Returns where the instruction of a frame comes from, {@code null} if that is not known.
   *
   * @param frame a frame of this module or of another one
   */
  @Nullable Line find(WasmFrame frame) {
    if (!isOurs(frame)) {
      return null;
    }
    long address = frame.moduleOffset().getAsLong() - codeStart;
    List<Sequence> known = sequences;
    if (known == null) {
      known = readSequences();
      sequences = known;
    }
    Sequence sequence = sequenceOf(known, address);
    return sequence == null ? null : run(sequence, address);
  }

  // The engine does not say which module a frame belongs to. Its name and the place of the function
  // in the binary do, unless two modules of one name begin alike.
  private boolean isOurs(WasmFrame frame) {
    if (frame.moduleOffset().isEmpty() || frame.functionOffset().isEmpty()) {
      return false;
    }
    long body = (long) frame.functionIndex() - importedFunctions;
    long start = frame.moduleOffset().getAsLong() - frame.functionOffset().getAsLong();
    return body >= 0
        && body < bodies.length
        && bodies[(int) body] == start
        && Objects.equals(frame.moduleName(), moduleName);
  }

  private List<Sequence> readSequences() {
    List<Sequence> found = new ArrayList<>();
    ByteReader section = new ByteReader(lines);
    try {
      while (section.remaining() > 0) {
        int at = section.position();
        readSequences(at, new LineUnit(section), found);
      }
    } catch (IndexOutOfBoundsException e) {
      // Damaged: what was found before counts.
    }
    found.sort(Comparator.comparingInt(Sequence::low));
    return List.copyOf(found);
  }

  private void readSequences(int at, LineUnit unit, List<Sequence> found) {
    ByteReader program = unit.program();
    while (program.remaining() > 0) {
      int start = program.position();
      Range range = new Range();
      unit.runSequence(program, range);
      if (program.position() - start <= LONGEST_SEQUENCE && range.isIn(codeSize)) {
        if (found.size() == MOST_SEQUENCES) {
          throw new IndexOutOfBoundsException();
        }
        found.add(new Sequence((int) range.low, (int) range.high, at, start));
      }
    }
  }

  private static final class Range implements LineUnit.Rows {
    private long low = Long.MAX_VALUE;
    private long high;

    @Override
    public void row(long address, long file, long line, boolean end) {
      low = Math.min(low, address);
      high = address;
    }

    // A function that the linker dropped stands at 0, where no instruction is, or beyond the code.
    boolean isIn(int codeSize) {
      return 0 < low && low < high && high <= codeSize;
    }
  }

  private static @Nullable Sequence sequenceOf(List<Sequence> sorted, long address) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.get(middle).low <= address) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    Sequence last = low == 0 ? null : sorted.get(low - 1);
    return last != null && address < last.high ? last : null;
  }

  private @Nullable Line run(Sequence sequence, long address) {
    try {
      ByteReader section = new ByteReader(lines);
      section.skip(sequence.unit);
      LineUnit unit = new LineUnit(section);
      ByteReader program = unit.program();
      program.skip(sequence.program - program.position());
      Search search = new Search(address);
      unit.runSequence(program, search);
      String path = search.found ? unit.path(search.file, strings) : null;
      return path == null ? null : new Line(path, search.line());
    } catch (IndexOutOfBoundsException e) {
      return null;
    }
  }

  /** Looks for the last row at or before an address. */
  private static final class Search implements LineUnit.Rows {
    private final long wanted;
    private boolean before; // whether the row before this one may be it
    private long lastFile;
    private long lastLine;
    private boolean found;
    private long file;
    private long line;

    Search(long wanted) {
      this.wanted = wanted;
    }

    @Override
    public void row(long address, long file, long line, boolean end) {
      if (before && wanted < address && !found) {
        found = true;
        this.file = lastFile;
        this.line = lastLine;
      }
      before = address <= wanted;
      lastFile = file;
      lastLine = line;
    }

    int line() {
      return line > 0 && line <= Integer.MAX_VALUE ? (int) line : 0;
    }
  }
}
