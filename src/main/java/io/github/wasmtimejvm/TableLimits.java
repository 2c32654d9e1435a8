package io.github.wasmtimejvm;

/**
 * Refuses modules whose table types the C API cannot describe: {@code wasm_tabletype_limits} ends
 * the process when a table with 64-bit indices has limits beyond 32 bits.
 *
 * <p>It reads the imports and tables of a module that the engine has found valid.
 */
final class TableLimits {
  private static final int IMPORTS = 2;
  private static final int TABLES = 4;
  private static final long LARGEST = 0xffff_ffffL;

  private final byte[] wasm;
  private int at = 8; // behind magic and version

  private TableLimits(byte[] wasm) {
    this.wasm = wasm;
  }

  /**
   * @param wasm a valid module in the binary format
   * @throws CompileException if a table's limits do not fit the C API
   */
  static void check(byte[] wasm) {
    try {
      new TableLimits(wasm).sections();
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new CompileException("the types of the module's tables cannot be read: " + e);
    }
  }

  private void sections() {
    while (at < wasm.length) {
      int id = next();
      int end = Math.toIntExact(leb()) + at;
      if (id == IMPORTS) {
        imports();
      } else if (id == TABLES) {
        tables();
      }
      at = end;
    }
  }

  private void imports() {
    for (long n = leb(); n > 0; n--) {
      skip(leb());
      skip(leb());
      int kind = next();
      switch (kind) {
        case 0 -> leb(); // function: its type
        case 1 -> table();
        case 2 -> memory();
        case 3 -> {
          type();
          next(); // mutability
        }
        case 4 -> {
          next(); // attribute
          leb(); // its type
        }
        default -> throw new IndexOutOfBoundsException("import of kind " + kind);
      }
    }
  }

  private void tables() {
    for (long n = leb(); n > 0; n--) {
      boolean initialized = wasm[at] == 0x40;
      if (initialized) {
        skip(2);
      }
      table();
      if (initialized) {
        expression();
      }
    }
  }

  private void table() {
    type();
    int flags = next();
    long minimum = leb();
    long maximum = (flags & 1) != 0 ? leb() : 0;
    if (Long.compareUnsigned(minimum, LARGEST) > 0 || Long.compareUnsigned(maximum, LARGEST) > 0) {
      throw new CompileException(
          "a table with limits beyond 32 bits cannot be described by the Wasmtime C API");
    }
  }

  private void memory() {
    int flags = next();
    leb(); // minimum
    if ((flags & 1) != 0) {
      leb(); // maximum
    }
    if ((flags & 8) != 0) {
      leb(); // page size
    }
  }

  private void type() {
    int type = next();
    if (type == 0x63 || type == 0x64) { // a reference with an explicit heap type
      leb();
    }
  }

  // A constant expression, up to its end.
  private void expression() {
    for (int opcode = next(); opcode != 0x0b; opcode = next()) {
      switch (opcode) {
        case 0x23, 0x41, 0x42, 0xd0, 0xd2 -> leb(); // global.get, i32/i64.const, ref.null, ref.func
        case 0x43 -> skip(4); // f32.const
        case 0x44 -> skip(8); // f64.const
        case 0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e -> {} // integer add, sub, mul
        case 0xfb -> aggregate((int) leb());
        case 0xfd -> { // v128.const
          leb();
          skip(16);
        }
        default -> throw new IndexOutOfBoundsException("constant instruction " + opcode);
      }
    }
  }

  private void aggregate(int opcode) {
    switch (opcode) {
      case 0, 1, 6, 7 -> leb(); // struct.new, struct.new_default, array.new, array.new_default
      case 8 -> { // array.new_fixed
        leb();
        leb();
      }
      case 26, 27, 28 -> {} // any.convert_extern, extern.convert_any, ref.i31
      default -> throw new IndexOutOfBoundsException("constant instruction 0xfb " + opcode);
    }
  }

  private int next() {
    return wasm[at++] & 0xff;
  }

  private void skip(long bytes) {
    at = Math.addExact(at, Math.toIntExact(bytes));
  }

  // Signed and unsigned numbers have the same length; only unsigned ones are looked at.
  private long leb() {
    long value = 0;
    int shift = 0;
    int b;
    do {
      b = next();
      value |= (long) (b & 0x7f) << shift;
      shift += 7;
    } while ((b & 0x80) != 0);
    return value;
  }
}
