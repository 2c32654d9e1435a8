package io.github.wasmtimejvm.binary;

/**
 * A unit of a {@code .debug_line} section, of the DWARF versions 2 to 5: a table of files, and a
 * program that makes rows of addresses and lines.
 *
 * <p>Every loop takes bytes from the section, so that no loop runs longer than the section is.
 */
final class LineUnit {
  private static final int LONGEST_TABLES = 1 << 18;

  private final int version;
  private final boolean wide; // offsets have 64 bits
  private final int step; // the least size of an instruction in bytes
  private final int lineBase;
  private final int lineRange;
  private final int opcodeBase;
  private final ByteReader opcodeLengths;
  private final ByteReader tables;
  private final ByteReader program;

  /**
   * Takes a unit from a section.
   *
   * @throws IndexOutOfBoundsException if the unit is damaged
   */
  LineUnit(ByteReader section) {
    long length = section.u32();
    this.wide = length == 0xffff_ffffL;
    ByteReader unit = section.take(wide ? section.u64() : length);
    this.version = unit.u16();
    if (version >= 5) {
      unit.skip(2); // sizes of an address and of a segment selector
    }
    ByteReader header = unit.take(wide ? unit.u64() : unit.u32());
    this.program = unit;
    this.step = header.u8();
    if (version >= 4) {
      header.skip(1); // how many operations an instruction has
    }
    header.skip(1); // whether rows begin a statement
    this.lineBase = header.s8();
    this.lineRange = header.u8();
    this.opcodeBase = header.u8();
    this.opcodeLengths = header.take(opcodeBase - 1L);
    this.tables = header;
    if (version < 2 || version > 5 || lineRange == 0 || header.remaining() > LONGEST_TABLES) {
      throw new IndexOutOfBoundsException();
    }
  }

  /** The program: sequences, one after the other. */
  ByteReader program() {
    return program.copy();
  }

  /**
   * The files that rows refer to.
   *
   * @throws IndexOutOfBoundsException if the table of files is damaged
   */
  LineFiles files() {
    return new LineFiles(tables.copy(), version, wide);
  }

  /** The state at the beginning of a sequence. */
  State start() {
    return new State(0, 1, 1);
  }

  /** The state in the midst of a sequence. */
  State resume(long address, int file, int line) {
    return new State(address, file, line);
  }

  /** The state of a program in a sequence, and the last row that the program has made. */
  final class State {
    private long address;
    private long file;
    private long line;
    private int rowFile;
    private int rowLine;
    private boolean ended;

    private State(long address, long file, long line) {
      this.address = address;
      this.file = file;
      this.line = line;
    }

    /** The address of an instruction, an unsigned number. */
    long address() {
      return address;
    }

    /** An index into the unit's table of files; -1 if the number is too large for an index. */
    int file() {
      return file == (int) file ? (int) file : -1;
    }

    /** The line; 0 if the number is too large for a line. */
    int line() {
      return line == (int) line ? (int) line : 0;
    }

    /** The file of the last row. */
    int rowFile() {
      return rowFile;
    }

    /** The line of the last row, 0 if that row has none. */
    int rowLine() {
      return rowLine;
    }

    /** Whether the last row was the one that ends the sequence. */
    boolean ended() {
      return ended;
    }

    /**
     * Runs an opcode.
     *
     * @param in the program, from the opcode on
     * @return whether the opcode made a row
     * @throws IndexOutOfBoundsException if the opcode is damaged
     */
    boolean step(ByteReader in) {
      int opcode = in.u8();
      if (opcode >= opcodeBase) {
        int n = opcode - opcodeBase;
        address += (long) (n / lineRange) * step;
        line += lineBase + n % lineRange;
        return row();
      }
      switch (opcode) {
        case 0 -> { // an extended opcode
          ByteReader operands = in.take(in.uleb());
          switch (operands.u8()) {
            case 1 -> {
              ended = true;
              return row();
            }
            case 2 -> address = operands.remaining() == 8 ? operands.u64() : operands.u32();
            default -> {} // says nothing about lines
          }
        }
        case 1 -> { // copy
          return row();
        }
        case 2 -> address += in.uleb() * step; // advance_pc
        case 3 -> line += in.sleb(); // advance_line
        case 4 -> file = in.uleb(); // set_file
        case 8 -> address += (long) ((255 - opcodeBase) / lineRange) * step; // const_add_pc
        case 9 -> address += in.u16(); // fixed_advance_pc
        default -> {
          for (int n = opcodeLengths.ahead(opcode - 1); n > 0; n--) {
            in.uleb();
          }
        }
      }
      return false;
    }

    private boolean row() {
      rowFile = file();
      rowLine = Math.max(line(), 0);
      return true;
    }
  }
}
