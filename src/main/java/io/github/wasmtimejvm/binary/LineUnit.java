package io.github.wasmtimejvm.binary;

/**
 * A unit of a {@code .debug_line} section, of the DWARF versions 2 to 5: a table of files, and a
 * program that makes rows of addresses and lines.
 *
 * <p>Every loop takes bytes from the section, so that none runs longer than the section is.
 */
final class LineUnit {
  private static final int LONGEST_TABLES = 1 << 18;

  private final int version;
  private final boolean wide; // offsets have 64 bits
  private final int step; // bytes of an instruction, at least
  private final int lineBase;
  private final int lineRange;
  private final int opcodeBase;
  private final ByteReader opcodeLengths;
  private final ByteReader tables;
  private final ByteReader program;

  /**
   * Takes a unit from a section.
   *
   * @throws IndexOutOfBoundsException if it is damaged
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
      header.skip(1); // operations of an instruction
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

  /** The program, a sequence after the other. */
  ByteReader program() {
    return program.copy();
  }

  /**
   * The files that rows refer to.
   *
   * @throws IndexOutOfBoundsException if their table is damaged
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

  /** What a sequence has come to, and its last row. */
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

    /** Of an instruction, an unsigned number. */
    long address() {
      return address;
    }

    /** An index into the unit's table; -1 if it is too large for one. */
    int file() {
      return file == (int) file ? (int) file : -1;
    }

    /** The line, 0 if it is none. */
    int line() {
      return line == (int) line ? (int) line : 0;
    }

    /** The file of the last row. */
    int rowFile() {
      return rowFile;
    }

    /** The line of the last row, 0 if it has none. */
    int rowLine() {
      return rowLine;
    }

    /** Whether the last row was the one that says where the sequence ends. */
    boolean ended() {
      return ended;
    }

    /**
     * Takes an opcode.
     *
     * @param in the program, from where it has come to
     * @return whether there is a row for it
     * @throws IndexOutOfBoundsException if it is damaged
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
