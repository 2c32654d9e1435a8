package io.github.wasmtimejvm.binary;

import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The source lines of a module, from its {@code .debug_line} section.
 *
 * <p>The engine does not check that section. A damaged section therefore gives fewer lines or none,
 * and never an error. The section is read when a line is first asked for.
 */
public final class DebugLines {
  /** The section with the programs that make lines. */
  static final String SECTION = ".debug_line";

  /** The section with the names of files, in version 5 of the format. */
  static final String STRINGS = ".debug_line_str";

  /** Of each section only so many bytes are kept, from its beginning. */
  static final int MOST_BYTES = 1 << 23;

  // How many answers are kept: a guest that traps again asks for the same places.
  private static final int RECENT = 64;

  /**
   * Where an instruction comes from.
   *
   * @param file the path as the compiler wrote it
   * @param line 0 if the instruction has a file but no line
   */
  public record Line(String file, int line) {}

  private record Found(long address, @Nullable Line line) {}

  private final @Nullable String moduleName;
  private final IntSupplier importedFunctions;
  private final int codeStart;
  private final int codeSize;
  private final int[] bodies;
  private final byte[] lines;
  private final byte[] strings;
  private final @Nullable Found[] recent = new Found[RECENT];
  private volatile @Nullable Index index;
  private volatile int firstBody = -1;

  /**
   * @param moduleName the module's own name
   * @param importedFunctions how many functions the module imports; the number is asked for with
   *     the first line
   * @param codeStart where the content of the code section begins in the module
   * @param codeSize the size of that content
   * @param bodies where each function begins in the module
   * @param lines the section {@link #SECTION}, or its first {@link #MOST_BYTES}
   * @param strings the same of the section {@link #STRINGS}
   */
  DebugLines(
      @Nullable String moduleName,
      IntSupplier importedFunctions,
      int codeStart,
      int codeSize,
      int[] bodies,
      byte[] lines,
      byte[] strings) {
    this.moduleName = moduleName;
    this.importedFunctions = importedFunctions;
    this.codeStart = codeStart;
    this.codeSize = codeSize;
    this.bodies = bodies;
    this.lines = lines;
    this.strings = strings;
  }

  /**
   * Returns where an instruction of this module or of another one comes from, {@code null} if that
   * is not known.
   *
   * @param function the index of the function that has the instruction, imports counted first
   * @param functionOffset where the instruction is in that function
   * @param moduleOffset where the instruction is in the module of that function
   * @param ofModule the name of that module
   */
  public @Nullable Line find(
      int function, long functionOffset, long moduleOffset, @Nullable String ofModule) {
    if (!isOurs(function, moduleOffset - functionOffset, ofModule)) {
      return null;
    }
    long address = moduleOffset - codeStart;
    int slot = (int) (address * 0x9e3779b97f4a7c15L >>> 58);
    Found known = recent[slot]; // two threads may write here, and each writes a right answer
    if (known == null || known.address != address) {
      known = new Found(address, index().find(address));
      recent[slot] = known;
    }
    return known.line;
  }

  private interface Index {
    @Nullable Line find(long address);
  }

  private Index index() {
    Index known = index;
    if (known == null) {
      synchronized (this) {
        known = index;
        if (known == null) {
          LineBudget budget = new LineBudget();
          known =
              budget.takeBytes(lines.length)
                  ? new LineTable(lines, 0, lines.length, strings, codeSize, budget)::find
                  : new LineUnits(lines, strings, codeSize, budget)::find;
          index = known;
        }
      }
    }
    return known;
  }

  // The engine does not say which module a frame belongs to. The module's name and the place of the
  // function in the binary do, unless two modules of one name begin alike.
  private boolean isOurs(int function, long start, @Nullable String ofModule) {
    if (firstBody < 0) {
      firstBody = importedFunctions.getAsInt();
    }
    long body = (long) function - firstBody;
    return body >= 0
        && body < bodies.length
        && bodies[(int) body] == start
        && Objects.equals(ofModule, moduleName);
  }
}
