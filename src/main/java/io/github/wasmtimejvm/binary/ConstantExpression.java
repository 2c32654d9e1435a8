package io.github.wasmtimejvm.binary;

/** The initial value of a global or of a table's elements, in the binary format. */
public final class ConstantExpression {
  private static final int END = 0x0b;

  private ConstantExpression() {}

  /**
   * Skips an expression and the instruction that ends it.
   *
   * @throws IndexOutOfBoundsException if the expression has an instruction that is not known here
   */
  public static void skip(ByteReader in) {
    for (int opcode = in.u8(); opcode != END; opcode = in.u8()) {
      switch (opcode) {
        case 0x23, 0x41, 0x42, 0xd0, 0xd2 -> in.uleb(); // global.get, consts, ref.null, ref.func
        case 0x43 -> in.skip(4); // f32.const
        case 0x44 -> in.skip(8); // f64.const
        case 0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e -> {} // integer add, sub, mul
        case 0xfb -> aggregate((int) in.uleb(), in);
        case 0xfd -> { // v128.const
          in.uleb();
          in.skip(16);
        }
        default -> throw new IndexOutOfBoundsException("constant instruction " + opcode);
      }
    }
  }

  private static void aggregate(int opcode, ByteReader in) {
    switch (opcode) {
      case 0, 1, 6, 7 -> in.uleb(); // struct.new, struct.new_default, array.new, array.new_default
      case 8 -> { // array.new_fixed
        in.uleb();
        in.uleb();
      }
      case 26, 27, 28 -> {} // any.convert_extern, extern.convert_any, ref.i31
      default -> throw new IndexOutOfBoundsException("constant instruction 0xfb " + opcode);
    }
  }
}
