package io.github.wasmtimejvm.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Instructions by the type of their result, and the types of values as the binary format has. */
final class Opcodes {
  static final int I32 = 0x7f;
  static final int I64 = 0x7e;
  static final int F32 = 0x7d;
  static final int F64 = 0x7c;
  static final int V128 = 0x7b;
  static final int FUNCREF = 0x70;
  static final int EXTERNREF = 0x6f;
  static final int ANYREF = 0x6e;
  static final int EQREF = 0x6d;
  static final int I31REF = 0x6c;
  static final int STRUCTREF = 0x6b;
  static final int ARRAYREF = 0x6a;
  static final int EXNREF = 0x69;

  /** A nullable reference to the type 0 of the module; those to the others follow. */
  static final int CONCRETE = 0x100;

  /**
   * An instruction that takes its operands from the stack.
   *
   * @param code the whole instruction, with its immediates, except lanes
   * @param lanes how many lanes there are, of which a byte chooses one; 0 for none
   */
  record Operator(byte[] code, int[] operands, int lanes) {}

  /** An access to a memory. */
  record Access(byte[] code, int type, int alignment) {}

  // Result, operands, opcodes from and to; behind a slash the number of lanes.
  private static final String OPERATORS =
      """
      i i 45; i ii 46-4f; i l 50; i ll 51-5a; i ff 5b-60; i dd 61-66; i i 67-69; i ii 6a-78
      l l 79-7b; l ll 7c-8a; f f 8b-91; f ff 92-98; d d 99-9f; d dd a0-a6; i l a7; i f a8-a9
      i d aa-ab; l i ac-ad; l f ae-af; l d b0-b1; f i b2-b3; f l b4-b5; f d b6; d i b7-b8
      d l b9-ba; d f bb; i f bc; l d bd; f i be; d l bf; i i c0-c1; l l c2-c4
      i f fc00-fc01; i d fc02-fc03; l f fc04-fc05; l d fc06-fc07
      v vv fd0e; v i fd0f-fd11; v l fd12; v f fd13; v d fd14
      i v fd15-fd16/16; v vi fd17/16; i v fd18-fd19/8; v vi fd1a/8; i v fd1b/4; v vi fd1c/4
      l v fd1d/2; v vl fd1e/2; f v fd1f/4; v vf fd20/4; d v fd21/2; v vd fd22/2
      v vv fd23-fd4c; v v fd4d; v vv fd4e-fd51; v vvv fd52; i v fd53; v v fd5e-fd5f
      v v fd60-fd62; i v fd63-fd64; v vv fd65-fd66; v v fd67-fd6a; v vi fd6b-fd6d; v vv fd6e-fd73
      v v fd74-fd75; v vv fd76-fd79; v v fd7a; v vv fd7b; v v fd7c-fd81; v vv fd82
      i v fd83-fd84; v vv fd85-fd86; v v fd87-fd8a; v vi fd8b-fd8d; v vv fd8e-fd93; v v fd94
      v vv fd95-fd99; v vv fd9b-fd9f; v v fda0-fda1; i v fda3-fda4; v v fda7-fdaa; v vi fdab-fdad
      v vv fdae; v vv fdb1; v vv fdb5-fdba; v vv fdbc-fdbf; v v fdc0-fdc1; i v fdc3-fdc4
      v v fdc7-fdca; v vi fdcb-fdcd; v vv fdce; v vv fdd1; v vv fdd5-fddf; v v fde0-fde1
      v v fde3; v vv fde4-fdeb; v v fdec-fded; v v fdef; v vv fdf0-fdf7; v v fdf8-fdff
      """;

  private static final String RELAXED =
      """
      v vv fd100; v v fd101-fd104; v vvv fd105-fd10c; v vv fd10d-fd112; v vvv fd113
      """;

  private static final String LOADS =
      """
      i 28 2; l 29 3; f 2a 2; d 2b 3; i 2c-2d 0; i 2e-2f 1; l 30-31 0; l 32-33 1; l 34-35 2
      v fd00 4; v fd01-fd06 3; v fd07 0; v fd08 1; v fd09 2; v fd0a 3; v fd5c 2; v fd5d 3
      """;

  private static final String STORES =
      """
      i 36 2; l 37 3; f 38 2; d 39 3; i 3a 0; i 3b 1; l 3c 0; l 3d 1; l 3e 2; v fd0b 4
      """;

  private static final String ATOMIC_LOADS = "i fe10 2; l fe11 3; i fe12 0; i fe13 1; l fe16 2";

  private static final Map<Integer, List<Operator>> BY_RESULT = new HashMap<>();

  /** Those whose results differ between processors, unless an engine is told otherwise. */
  static final List<Operator> RELAXED_OPERATORS = new ArrayList<>();

  /** 128-bit arithmetic, whose two results are added. */
  static final List<Operator> WIDE_OPERATORS = new ArrayList<>();

  static final List<Access> LOAD = accesses(LOADS);
  static final List<Access> STORE = accesses(STORES);
  static final List<Access> ATOMIC_LOAD = accesses(ATOMIC_LOADS);

  static {
    for (String[] words : words(OPERATORS)) {
      BY_RESULT
          .computeIfAbsent(type(words[0].charAt(0)), _ -> new ArrayList<>())
          .addAll(operators(words));
    }
    for (String[] words : words(RELAXED)) {
      RELAXED_OPERATORS.addAll(operators(words));
    }
    for (int code = 0x13; code <= 0x16; code++) {
      int[] operands = new int[code <= 0x14 ? 4 : 2];
      Arrays.fill(operands, I64);
      WIDE_OPERATORS.add(new Operator(new byte[] {(byte) 0xfc, (byte) code, 0x7c}, operands, 0));
    }
  }

  private Opcodes() {}

  /** The instructions that leave a number or vector of that type. */
  static List<Operator> operators(int result) {
    return BY_RESULT.get(result);
  }

  static boolean isNumber(int type) {
    return type >= V128 && type < CONCRETE;
  }

  static boolean isFloat(int type) {
    return type == F32 || type == F64;
  }

  private static List<String[]> words(String table) {
    List<String[]> all = new ArrayList<>();
    for (String entry : table.split("[;\n]")) {
      if (!entry.isBlank()) {
        all.add(entry.strip().split(" "));
      }
    }
    return all;
  }

  private static List<Operator> operators(String[] words) {
    int slash = words[2].indexOf('/');
    int lanes = slash < 0 ? 0 : Integer.parseInt(words[2].substring(slash + 1));
    int[] operands = words[1].chars().map(Opcodes::type).toArray();
    List<Operator> all = new ArrayList<>();
    for (byte[] code : codes(slash < 0 ? words[2] : words[2].substring(0, slash))) {
      all.add(new Operator(code, operands, lanes));
    }
    return all;
  }

  private static List<Access> accesses(String table) {
    List<Access> all = new ArrayList<>();
    for (String[] words : words(table)) {
      for (byte[] code : codes(words[1])) {
        all.add(new Access(code, type(words[0].charAt(0)), Integer.parseInt(words[2])));
      }
    }
    return all;
  }

  private static List<byte[]> codes(String range) {
    int dash = range.indexOf('-');
    int from = Integer.parseInt(dash < 0 ? range : range.substring(0, dash), 16);
    int to = dash < 0 ? from : Integer.parseInt(range.substring(dash + 1), 16);
    int prefix = range.length() < 3 || dash == 2 ? 0 : Integer.parseInt(range.substring(0, 2), 16);
    int bits = dash < 0 ? 4 * (range.length() - 2) : 4 * (dash - 2);
    List<byte[]> all = new ArrayList<>();
    for (int code = from; code <= to; code++) {
      WasmBytes bytes = new WasmBytes();
      if (prefix == 0) {
        bytes.put(code);
      } else {
        bytes.put(prefix).unsigned(code & ((1 << bits) - 1));
      }
      all.add(bytes.toArray());
    }
    return all;
  }

  private static int type(int letter) {
    return switch (letter) {
      case 'i' -> I32;
      case 'l' -> I64;
      case 'f' -> F32;
      case 'd' -> F64;
      default -> V128;
    };
  }
}
