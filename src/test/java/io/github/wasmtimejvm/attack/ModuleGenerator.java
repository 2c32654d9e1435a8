package io.github.wasmtimejvm.attack;

import static io.github.wasmtimejvm.attack.Opcodes.ANYREF;
import static io.github.wasmtimejvm.attack.Opcodes.ARRAYREF;
import static io.github.wasmtimejvm.attack.Opcodes.CONCRETE;
import static io.github.wasmtimejvm.attack.Opcodes.EQREF;
import static io.github.wasmtimejvm.attack.Opcodes.EXNREF;
import static io.github.wasmtimejvm.attack.Opcodes.EXTERNREF;
import static io.github.wasmtimejvm.attack.Opcodes.F32;
import static io.github.wasmtimejvm.attack.Opcodes.F64;
import static io.github.wasmtimejvm.attack.Opcodes.FUNCREF;
import static io.github.wasmtimejvm.attack.Opcodes.I31REF;
import static io.github.wasmtimejvm.attack.Opcodes.I32;
import static io.github.wasmtimejvm.attack.Opcodes.I64;
import static io.github.wasmtimejvm.attack.Opcodes.STRUCTREF;
import static io.github.wasmtimejvm.attack.Opcodes.V128;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes random modules that are valid; what is in them is chosen first. */
final class ModuleGenerator {
  /**
   * What may be in a module.
   *
   * @param floats floating-point numbers, whose NaNs may differ between compilers
   * @param vectors vectors
   * @param latest what came after WebAssembly 2: objects, exceptions, tail calls, several memories
   * @param atomics atomic instructions
   * @param bounded whether it ends by itself, after a number of loops and calls
   */
  record Options(
      boolean floats, boolean vectors, boolean latest, boolean atomics, boolean bounded) {
    static Options random(Random random) {
      boolean latest = random.nextInt(3) > 0;
      return new Options(
          random.nextInt(3) > 0,
          random.nextInt(3) == 0,
          latest,
          latest && random.nextInt(6) == 0,
          random.nextInt(4) > 0);
    }

    /** Whether there may be values of a type of numbers or vectors. */
    boolean allows(int type) {
      return type == V128 ? vectors : floats || !Opcodes.isFloat(type);
    }
  }

  /** The types of a function, or of the payload of a tag. */
  record Signature(int index, int[] params, int[] results) {}

  /** A struct with fields, or an array with elements, which has one field here. */
  record Aggregate(int index, boolean array, int[] storage, boolean[] mutable) {}

  /** A function, and whether another module gives it. */
  record Function(Signature signature, boolean imported) {}

  /** A global. */
  record Variable(int type, boolean mutable, boolean imported) {}

  /** A memory. */
  record Space(boolean is64, int pages) {}

  /** A table. */
  record Slots(int type, int size) {}

  static final int I8 = 0x78;
  static final int I16 = 0x77;

  private static final int LOOPS = 2000;
  private static final int MOST_VALUES = 1000; // parameters, and results, of a function

  // Parts of names that have a meaning where names are demangled.
  private static final List<String> NAME_PARTS =
      List.of(
          "_Z", "_ZN", "_R", "3abc", "E", "S_", "T_", "S0_", "I", "J", "17h0123", "\u00e4", "\0");

  final Random random;
  final Options options;
  final List<byte[]> types = new ArrayList<>();
  final List<Signature> signatures = new ArrayList<>();
  final List<Aggregate> aggregates = new ArrayList<>();
  final List<Function> functions = new ArrayList<>();
  final List<Variable> globals = new ArrayList<>();
  final List<Space> memories = new ArrayList<>();
  final List<Slots> tables = new ArrayList<>();
  final List<Signature> tags = new ArrayList<>();

  /** How many elements or bytes each segment has. */
  final List<Integer> elements = new ArrayList<>();

  final List<Integer> data = new ArrayList<>();

  /** The global that counts how long a bounded module may still run, or -1. */
  int counter = -1;

  private final List<Integer> valueTypes = new ArrayList<>();
  private final List<byte[]> imports = new ArrayList<>();

  private ModuleGenerator(Random random, Options options) {
    this.random = random;
    this.options = options;
  }

  static byte[] generate(Random random, Options options) {
    return new ModuleGenerator(random, options).module();
  }

  private byte[] module() {
    types();
    final List<byte[]> functionSection = declareFunctions();
    final List<byte[]> tableSection = declareTables();
    final List<byte[]> memorySection = declareMemories();
    final List<byte[]> tagSection = declareTags();
    final List<byte[]> globalSection = declareGlobals();
    final List<byte[]> elementSection = elementSegments();
    final List<byte[]> dataSection = dataSegments();
    final List<byte[]> code = new ArrayList<>();
    for (Function function : functions) {
      if (!function.imported()) {
        code.add(new BodyGenerator(this, function.signature()).body());
      }
    }
    WasmBytes module = new WasmBytes().put(0, 'a', 's', 'm', 1, 0, 0, 0);
    module.section(1, typeSection());
    module.section(2, imports).section(3, functionSection).section(4, tableSection);
    module.section(5, memorySection).section(13, tagSection).section(6, globalSection);
    module.section(7, exports());
    for (int i = 0; i < functions.size(); i++) {
      Signature signature = functions.get(i).signature();
      if (signature.params().length + signature.results().length == 0 && random.nextInt(3) == 0) {
        module.put(8).sized(new WasmBytes().unsigned(i).toArray());
        break;
      }
    }
    module.section(9, elementSection);
    module.put(12).sized(new WasmBytes().unsigned(dataSection.size()).toArray());
    module.section(10, code).section(11, dataSection);
    return oneIn(4) ? module.put(0).sized(names()).toArray() : module.toArray();
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  // The section that has the functions' names.
  private byte[] names() {
    WasmBytes names = new WasmBytes().unsigned(functions.size());
    for (int i = 0; i < functions.size(); i++) {
      StringBuilder name = new StringBuilder();
      for (int n = random.nextInt(oneIn(10) ? 200 : 10); n > 0; n--) {
        name.append(NAME_PARTS.get(random.nextInt(NAME_PARTS.size())));
      }
      names.unsigned(i).name(name.toString());
    }
    return new WasmBytes().name("name").put(1).sized(names.toArray()).toArray();
  }

  // Types that are defined together are others than those that are defined alone.
  private List<byte[]> typeSection() {
    if (!options.latest() || !oneIn(20)) {
      return types;
    }
    WasmBytes group = new WasmBytes().put(0x4e).unsigned(types.size());
    types.forEach(group::put);
    return List.of(group.toArray());
  }

  /** Any type that a value may have in this module; all have a default. */
  int anyType() {
    return valueTypes.get(random.nextInt(valueTypes.size()));
  }

  int[] anyTypes(int most) {
    return random.ints(random.nextInt(most + 1), 0, 1).map(_ -> anyType()).toArray();
  }

  /** Writes a type, or the heap type where {@code heap} is set. */
  static void type(WasmBytes out, int type, boolean heap) {
    if (type < CONCRETE) {
      out.put(type);
    } else {
      if (!heap) {
        out.put(0x63);
      }
      out.signed(type - CONCRETE);
    }
  }

  private void types() {
    valueTypes.addAll(List.of(I32, I32, I64, I64, FUNCREF, EXTERNREF));
    if (options.floats()) {
      valueTypes.addAll(List.of(F32, F64));
    }
    if (options.vectors()) {
      valueTypes.addAll(List.of(V128, V128));
    }
    if (options.latest()) {
      for (int n = random.nextInt(5); n > 0; n--) {
        aggregate();
      }
      valueTypes.addAll(List.of(ANYREF, EQREF, I31REF, STRUCTREF, ARRAYREF, EXNREF));
    }
    signature(new int[0], new int[0]);
    for (int n = 1 + random.nextInt(6); n > 0; n--) {
      int most = oneIn(20) ? oneIn(4) ? MOST_VALUES : 30 : 4;
      signature(anyTypes(most), anyTypes(oneIn(100) ? most : random.nextInt(3) + 1));
    }
  }

  private void aggregate() {
    boolean array = random.nextBoolean();
    int fields = array ? 1 : random.nextInt(5);
    int[] storage = new int[fields];
    boolean[] mutable = new boolean[fields];
    WasmBytes out = new WasmBytes();
    boolean open = random.nextInt(3) == 0;
    Aggregate parent = null;
    for (Aggregate other : aggregates) {
      byte[] written = types.get(other.index());
      if (!array && !other.array() && written[0] == 0x50 && random.nextBoolean()) {
        parent = other;
      }
    }
    if (parent != null) {
      fields = parent.storage().length + random.nextInt(3);
      storage = java.util.Arrays.copyOf(parent.storage(), fields);
      mutable = java.util.Arrays.copyOf(parent.mutable(), fields);
      out.put(0x50, 1).unsigned(parent.index());
    } else if (open) {
      out.put(0x50, 0);
    }
    out.put(array ? 0x5e : 0x5f);
    if (!array) {
      out.unsigned(fields);
    }
    for (int i = 0; i < fields; i++) {
      if (parent == null || i >= parent.storage().length) {
        storage[i] =
            switch (random.nextInt(6)) {
              case 0 -> I8;
              case 1 -> I16;
              default -> anyType();
            };
        mutable[i] = random.nextInt(4) > 0;
      }
      type(out, storage[i], false);
      out.put(mutable[i] ? 1 : 0);
    }
    aggregates.add(new Aggregate(types.size(), array, storage, mutable));
    valueTypes.add(CONCRETE + types.size());
    types.add(out.toArray());
  }

  private Signature signature(int[] params, int[] results) {
    WasmBytes out = new WasmBytes().put(0x60).unsigned(params.length);
    for (int type : params) {
      type(out, type, false);
    }
    out.unsigned(results.length);
    for (int type : results) {
      type(out, type, false);
    }
    Signature signature = new Signature(types.size(), params, results);
    signatures.add(signature);
    types.add(out.toArray());
    return signature;
  }

  Signature anySignature() {
    return signatures.get(random.nextInt(signatures.size()));
  }

  private void imported(WasmBytes description) {
    String name = "i" + imports.size();
    imports.add(new WasmBytes().name("m").name(name).put(description.toArray()).toArray());
  }

  private List<byte[]> declareFunctions() {
    for (int n = random.nextInt(4); n > 0; n--) {
      Signature signature = anySignature();
      imported(new WasmBytes().put(0).unsigned(signature.index()));
      functions.add(new Function(signature, true));
    }
    List<byte[]> section = new ArrayList<>();
    for (int n = 1 + random.nextInt(5); n > 0; n--) {
      Signature signature = anySignature();
      functions.add(new Function(signature, false));
      section.add(new WasmBytes().unsigned(signature.index()).toArray());
    }
    return section;
  }

  private List<byte[]> declareTables() {
    List<byte[]> section = new ArrayList<>();
    boolean fromOutside = random.nextInt(4) == 0;
    for (int i = 0, n = 1 + random.nextInt(3); i < n; i++) {
      int type = i == 0 || random.nextBoolean() ? FUNCREF : EXTERNREF;
      int size = i == 0 ? 10 + random.nextInt(10) : random.nextInt(20);
      WasmBytes out = new WasmBytes();
      type(out, type, false);
      if (random.nextBoolean()) {
        out.put(0).unsigned(size);
      } else {
        out.put(1).unsigned(size).unsigned(size + random.nextInt(100));
      }
      if (fromOutside && i == 0) {
        imported(new WasmBytes().put(1).put(out.toArray()));
      } else {
        section.add(out.toArray());
      }
      tables.add(new Slots(type, size));
    }
    return section;
  }

  private List<byte[]> declareMemories() {
    List<byte[]> section = new ArrayList<>();
    boolean fromOutside = random.nextInt(4) == 0;
    int count = options.latest() ? random.nextInt(4) : random.nextInt(4) == 0 ? 0 : 1;
    for (int i = 0; i < count; i++) {
      boolean is64 = options.latest() && random.nextInt(5) == 0;
      int pages = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(3);
      WasmBytes out = new WasmBytes();
      int flags = is64 ? 4 : 0;
      if (random.nextBoolean()) {
        out.put(flags).unsigned(pages);
      } else {
        out.put(flags | 1).unsigned(pages).unsigned(pages + random.nextInt(10));
      }
      if (fromOutside && i == 0) {
        imported(new WasmBytes().put(2).put(out.toArray()));
      } else {
        section.add(out.toArray());
      }
      memories.add(new Space(is64, pages));
    }
    return section;
  }

  private List<byte[]> declareTags() {
    List<byte[]> section = new ArrayList<>();
    for (int n = options.latest() ? random.nextInt(3) : 0; n > 0; n--) {
      int[] payload = anyTypes(3);
      Signature signature = signature(payload, new int[0]);
      // A handler's block has what the exception carries as its results.
      signature(new int[0], payload);
      WasmBytes out = new WasmBytes().put(0).unsigned(signature.index());
      if (section.isEmpty() && random.nextInt(3) == 0) {
        imported(new WasmBytes().put(4).put(out.toArray()));
      } else {
        section.add(out.toArray());
      }
      tags.add(signature);
    }
    return section;
  }

  private List<byte[]> declareGlobals() {
    for (int n = random.nextInt(3); n > 0; n--) {
      int type = anyType();
      boolean mutable = random.nextBoolean();
      WasmBytes out = new WasmBytes().put(3);
      type(out, type, false);
      imported(out.put(mutable ? 1 : 0));
      globals.add(new Variable(type, mutable, true));
    }
    List<byte[]> section = new ArrayList<>();
    for (int n = random.nextInt(6); n > 0; n--) {
      int type = anyType();
      boolean mutable = random.nextInt(4) > 0;
      WasmBytes out = new WasmBytes();
      type(out, type, false);
      out.put(mutable ? 1 : 0);
      initial(out, type);
      section.add(out.put(0x0b).toArray());
      globals.add(new Variable(type, mutable, false));
    }
    if (options.bounded()) {
      counter = globals.size();
      globals.add(new Variable(I32, false, false)); // no other code sets it
      section.add(new WasmBytes().put(I32, 1, 0x41).signed(LOOPS).put(0x0b).toArray());
    }
    return section;
  }

  private void initial(WasmBytes out, int type) {
    for (int i = 0; i < globals.size(); i++) {
      Variable variable = globals.get(i);
      if (variable.type() == type && !variable.mutable() && variable.imported()) {
        out.put(0x23).unsigned(i);
        return;
      }
    }
    if (type == FUNCREF && random.nextBoolean()) {
      out.put(0xd2).unsigned(random.nextInt(functions.size()));
    } else if (options.latest() && (type == I31REF || type == EQREF || type == ANYREF)) {
      constant(out, I32);
      out.put(0xfb, 28);
    } else {
      constant(out, type);
    }
  }

  /** Writes a constant, the null reference for a reference. */
  void constant(WasmBytes out, int type) {
    switch (type) {
      case I32 -> out.put(0x41).signed((int) number());
      case I64 -> out.put(0x42).signed(number());
      case F32 -> out.put(0x43).littleEndian(bits(Float.floatToRawIntBits(real()), 32), 4);
      case F64 -> out.put(0x44).littleEndian(bits(Double.doubleToRawLongBits(real()), 64), 8);
      case V128 -> out.put(0xfd, 12).littleEndian(number(), 8).littleEndian(number(), 8);
      default -> type(out.put(0xd0), type, true);
    }
  }

  private long number() {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> random.nextBoolean() ? Integer.MIN_VALUE : Integer.MAX_VALUE;
      case 3 -> random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE;
      case 4 -> 1L << random.nextInt(64);
      case 5 -> random.nextLong();
      default -> random.nextInt(300);
    };
  }

  private float real() {
    return switch (random.nextInt(6)) {
      case 0 -> -0.0f;
      case 1 -> Float.POSITIVE_INFINITY;
      case 2 -> Float.NaN;
      case 3 -> Float.MIN_VALUE;
      default -> random.nextInt(1000) / 8f - 10;
    };
  }

  // Mostly as they are, at times any.
  private long bits(long bits, int size) {
    return random.nextInt(8) == 0 ? random.nextLong() >>> 64 - size : bits;
  }

  private List<byte[]> elementSegments() {
    List<byte[]> section = new ArrayList<>();
    // What ref.func refers to must be named somewhere.
    WasmBytes all = new WasmBytes().put(3, 0).unsigned(functions.size());
    for (int i = 0; i < functions.size(); i++) {
      all.unsigned(i);
    }
    section.add(all.toArray());
    elements.add(0);
    for (int n = random.nextInt(4); n > 0; n--) {
      WasmBytes out = new WasmBytes();
      int count = random.nextInt(6);
      if (random.nextInt(3) > 0) {
        out.put(0, 0x41).signed(random.nextInt(random.nextInt(20) == 0 ? 20 : 4)).put(0x0b);
      } else {
        out.put(1, 0);
      }
      out.unsigned(count);
      for (int i = 0; i < count; i++) {
        out.unsigned(random.nextInt(functions.size()));
      }
      section.add(out.toArray());
      elements.add(count);
    }
    return section;
  }

  private List<byte[]> dataSegments() {
    List<byte[]> section = new ArrayList<>();
    for (int n = random.nextInt(4); n > 0; n--) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      WasmBytes out = new WasmBytes();
      int memory = memories.isEmpty() ? -1 : random.nextInt(memories.size());
      if (memory >= 0 && memories.get(memory).pages() > 0 && random.nextBoolean()) {
        out.put(2).unsigned(memory).put(memories.get(memory).is64() ? 0x42 : 0x41);
        out.signed(random.nextInt(65536 - (random.nextInt(20) == 0 ? 0 : 40))).put(0x0b);
      } else {
        out.put(1);
      }
      section.add(out.sized(bytes).toArray());
      data.add(bytes.length);
    }
    return section;
  }

  private List<byte[]> exports() {
    List<byte[]> section = new ArrayList<>();
    int[] counts = {functions.size(), tables.size(), memories.size(), globals.size(), tags.size()};
    for (int kind = 0; kind < counts.length; kind++) {
      for (int i = 0; i < counts[kind]; i++) {
        if (kind == 0 || random.nextInt(4) > 0) {
          section.add(
              new WasmBytes().name("" + "ftmge".charAt(kind) + i).put(kind).unsigned(i).toArray());
        }
      }
    }
    return section;
  }
}
