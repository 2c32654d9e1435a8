package io.github.wasmtimejvm;

import org.jspecify.annotations.Nullable;

/**
 * A unit of a {@code .debug_line} section, of the DWARF versions 2 to 5: a table of files, and a
 * program that makes rows of addresses and lines.
 *
 * <p>Every loop takes bytes from the section, so that none runs longer than the section is.
 */
final class LineUnit {
  private static final int LONGEST_TABLES = 1 << 20;
  private static final int LONGEST_PATH = 4096;

  // Of the version 5: what a file or directory is described by, and how.
  private static final int CONTENT_PATH = 1;
  private static final int CONTENT_DIRECTORY = 2;
  private static final int FORM_BLOCK2 = 0x03;
  private static final int FORM_DATA2 = 0x05;
  private static final int FORM_DATA4 = 0x06;
  private static final int FORM_DATA8 = 0x07;
  private static final int FORM_STRING = 0x08;
  private static final int FORM_BLOCK = 0x09;
  private static final int FORM_DATA1 = 0x0b;
  private static final int FORM_STRP = 0x0e;
  private static final int FORM_UDATA = 0x0f;
  private static final int FORM_DATA16 = 0x1e;
  private static final int FORM_LINE_STRP = 0x1f;

  /** What the program calls for every row that it makes. */
  interface Rows {
    /**
     * @param address of an instruction, an unsigned number
     * @param file its file, an index into the unit's table
     * @param line its line, 0 if it has none
     * @param end whether this row says only where the sequence ends
     */
    void row(long address, long file, long line, boolean end);
  }

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
    ByteReader header = unit.take(offset(unit));
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

  private long offset(ByteReader in) {
    return wide ? in.u64() : in.u32();
  }

  /**
   * Runs the program to the end of a sequence.
   *
   * @param in the program at the beginning of the sequence
   * @param rows what takes the rows
   * @throws IndexOutOfBoundsException if it is damaged
   */
  void runSequence(ByteReader in, Rows rows) {
    long address = 0;
    long file = 1;
    long line = 1;
    while (true) {
      int opcode = in.u8();
      if (opcode >= opcodeBase) {
        int n = opcode - opcodeBase;
        address += (long) (n / lineRange) * step;
        line += lineBase + n % lineRange;
        rows.row(address, file, line, false);
        continue;
      }
      switch (opcode) {
        case 0 -> { // an extended opcode
          ByteReader operands = in.take(in.uleb());
          switch (operands.u8()) {
            case 1 -> {
              rows.row(address, file, line, true);
              return;
            }
            case 2 -> address = operands.remaining() == 8 ? operands.u64() : operands.u32();
            default -> {} // says nothing about lines
          }
        }
        case 1 -> rows.row(address, file, line, false); // copy
        case 2 -> address += in.uleb() * step; // advance_pc
        case 3 -> line += in.sleb(); // advance_line
        case 4 -> file = in.uleb(); // set_file
        case 8 -> address += (long) ((255 - opcodeBase) / lineRange) * step; // const_add_pc
        case 9 -> address += in.u16(); // fixed_advance_pc
        default -> skipOperands(in, opcode);
      }
    }
  }

  private void skipOperands(ByteReader in, int opcode) {
    ByteReader lengths = opcodeLengths.copy();
    lengths.skip(opcode - 1L);
    for (int n = lengths.u8(); n > 0; n--) {
      in.uleb();
    }
  }

  /** The strings that the tables of the version 5 refer to. */
  record Strings(ByteReader lineStrings, ByteReader strings) {}

  /**
   * Returns the path of a file as the compiler wrote it, {@code null} if there is no such file.
   *
   * @throws IndexOutOfBoundsException if the table is damaged
   */
  @Nullable String path(long file, Strings strings) {
    return version >= 5 ? path5(file, strings) : path4(file);
  }

  // Directories and files both count from 1; directory 0, the compiler's own, is not in here.
  private @Nullable String path4(long file) {
    ByteReader in = tables.copy();
    while (in.untilNul().remaining() > 0) {}
    ByteReader name = in.untilNul();
    for (long n = 1; name.remaining() > 0; n++) {
      long directory = in.uleb();
      if (n == file) {
        return join(directory == 0 ? "" : directory4(directory), checkedText(name));
      }
      in.uleb(); // time of change
      in.uleb(); // length
      name = in.untilNul();
    }
    return null;
  }

  private String directory4(long directory) {
    ByteReader in = tables.copy();
    ByteReader name = in.untilNul();
    for (long n = 1; n != directory && name.remaining() > 0; n++) {
      name = in.untilNul();
    }
    return checkedText(name);
  }

  private record Entry(@Nullable String path, long directory) {}

  // Directories and files both count from 0; directory 0 is the compiler's own.
  private @Nullable String path5(long file, Strings strings) {
    ByteReader in = tables.copy();
    entry(in, -1, strings);
    Entry found = entry(in, file, strings);
    if (found == null || found.path == null) {
      return null;
    }
    return join(directory5(0, strings), join(directory5(found.directory, strings), found.path));
  }

  private String directory5(long directory, Strings strings) {
    Entry found = entry(tables.copy(), directory, strings);
    return found == null || found.path == null ? "" : found.path;
  }

  // Reads a table to its end, if the entry is not in it.
  private @Nullable Entry entry(ByteReader in, long wanted, Strings strings) {
    int formatCount = in.u8();
    ByteReader formats = in.copy();
    for (int i = 0; i < formatCount; i++) {
      in.uleb();
      in.uleb();
    }
    long count = in.uleb();
    if (formatCount == 0 && count != 0) {
      throw new IndexOutOfBoundsException(); // entries of no bytes could be without number
    }
    for (long n = 0; n != count; n++) {
      Entry entry = readEntry(in, formats.copy(), formatCount, n == wanted ? strings : null);
      if (n == wanted) {
        return entry;
      }
    }
    return null;
  }

  private Entry readEntry(
      ByteReader in, ByteReader formats, int formatCount, @Nullable Strings strings) {
    String path = null;
    long directory = 0;
    for (int i = 0; i < formatCount; i++) {
      long content = formats.uleb();
      long form = formats.uleb();
      if (content == CONTENT_PATH) {
        path = readText(in, form, strings);
      } else {
        long value = readNumber(in, form);
        if (content == CONTENT_DIRECTORY) {
          directory = value;
        }
      }
    }
    return new Entry(path, directory);
  }

  private @Nullable String readText(ByteReader in, long form, @Nullable Strings strings) {
    if (form == FORM_STRING) {
      ByteReader text = in.untilNul();
      return strings == null ? null : checkedText(text);
    }
    if (form != FORM_LINE_STRP && form != FORM_STRP) {
      throw new IndexOutOfBoundsException();
    }
    long offset = offset(in);
    if (strings == null) {
      return null;
    }
    ByteReader section = (form == FORM_STRP ? strings.strings() : strings.lineStrings()).copy();
    section.skip(offset);
    return checkedText(section.untilNul());
  }

  // Each form takes a byte at least.
  private static long readNumber(ByteReader in, long form) {
    switch ((int) form) {
      case FORM_DATA1 -> {
        return in.u8();
      }
      case FORM_DATA2 -> {
        return in.u16();
      }
      case FORM_DATA4 -> {
        return in.u32();
      }
      case FORM_DATA8 -> {
        return in.u64();
      }
      case FORM_UDATA -> {
        return in.uleb();
      }
      case FORM_DATA16 -> in.skip(16);
      case FORM_BLOCK -> in.skip(in.uleb());
      case FORM_BLOCK2 -> in.skip(in.u16());
      default -> throw new IndexOutOfBoundsException();
    }
    return 0;
  }

  private static String checkedText(ByteReader text) {
    if (text.remaining() > LONGEST_PATH) {
      throw new IndexOutOfBoundsException();
    }
    return text.text();
  }

  private static String join(String directory, String path) {
    return directory.isEmpty() || isAbsolute(path) ? path : directory + "/" + path;
  }

  private static boolean isAbsolute(String path) {
    return path.startsWith("/") || path.startsWith("\\") || path.startsWith(":", 1);
  }
}
