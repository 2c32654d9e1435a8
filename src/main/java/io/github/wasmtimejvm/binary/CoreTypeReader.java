package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.List;

/** Reads core types: of those of modules the names are kept, of all others nothing. */
final class CoreTypeReader {
  private static final int MOST = 1_000_000;

  private static final int FUNCTION = 0x60;
  private static final int STRUCT = 0x5f;
  private static final int ARRAY = 0x5e;
  private static final int CONTINUATION = 0x5d;
  private static final int SUB = 0x50;
  private static final int FINAL_SUB = 0x4f;
  private static final int GROUP = 0x4e;
  private static final int MODULE = 0x50;
  private static final int NOT_A_MODULE = 0x00;

  private static final int PACKED_I8 = 0x78;
  private static final int PACKED_I16 = 0x77;
  static final int REFERENCE = 0x64;
  static final int NULLABLE_REFERENCE = 0x63;
  static final int EXACT = 0x62;
  static final int SHARED = 0x65;
  private static final int FIRST_NOT_SINGLE = 0x80;

  private static final int OUTER = 1;
  private static final int TYPE_SORT = 0x10;

  private final ComponentInput in;

  CoreTypeReader(ComponentInput in) {
    this.in = in;
  }

  /** Reads a core type and adds it to the scope. */
  void read(ComponentScope scope) {
    if (in.peek() == MODULE) {
      in.u8();
      scope.addCoreType(moduleType());
      return;
    }
    if (in.peek() == NOT_A_MODULE) {
      in.u8(); // the code of a module's type and that of a subtype are the same
    }
    for (int n = group(); n > 0; n--) {
      scope.addCoreType(null);
    }
  }

  private CoreModuleType moduleType() {
    List<CoreModuleType.Declaration> imports = new ArrayList<>();
    List<CoreModuleType.Declaration> exports = new ArrayList<>();
    for (int n = in.count(MOST); n > 0; n--) {
      int code = in.u8();
      switch (code) {
        case 0 -> {
          String module = in.name();
          imports.add(new CoreModuleType.Declaration(module, in.name(), item()));
        }
        case 1 -> group();
        case 2 -> {
          in.expect(TYPE_SORT, "alias in the type of a module");
          in.expect(OUTER, "alias in the type of a module");
          in.u32();
          in.u32();
        }
        case 3 -> exports.add(new CoreModuleType.Declaration("", in.name(), item()));
        default -> throw in.unknown("declaration of a module", code);
      }
    }
    return new CoreModuleType(List.copyOf(imports), List.copyOf(exports));
  }

  private CoreSort item() {
    CoreSort sort = CoreItemReader.sort(in);
    switch (sort) {
      case FUNCTION -> in.u32();
      case TABLE -> {
        valueType();
        limits();
      }
      case MEMORY -> limits();
      case GLOBAL -> {
        valueType();
        in.flag("mutability");
      }
      case TAG -> {
        in.expect(0, "kind of tag");
        in.u32();
      }
    }
    return sort;
  }

  // A maximum, shared, 64-bit addresses, and a page size: a bit for each.
  private void limits() {
    int flags = in.u8();
    if (flags > 0xf) {
      throw in.unknown("flag of a memory or table", flags);
    }
    u64();
    if ((flags & 1) != 0) {
      u64();
    }
    if ((flags & 8) != 0) {
      in.u32();
    }
  }

  private void u64() {
    for (int i = 0; i < 10; i++) {
      if (in.u8() < FIRST_NOT_SINGLE) {
        return;
      }
    }
    throw in.malformed("A number is too long");
  }

  // Returns how many types were read.
  private int group() {
    if (in.peek() != GROUP) {
      type();
      return 1;
    }
    in.u8();
    int count = in.count(MOST);
    for (int i = 0; i < count; i++) {
      type();
    }
    return count;
  }

  private void type() {
    int code = in.u8();
    if (code == SUB || code == FINAL_SUB) {
      for (int n = in.count(MOST); n > 0; n--) {
        in.u32();
      }
      code = in.u8();
    }
    if (code == SHARED) {
      in.uses(ComponentFeature.THREADS);
      code = in.u8();
    }
    switch (code) {
      case FUNCTION -> {
        valueTypes();
        valueTypes();
      }
      case STRUCT -> {
        for (int n = in.count(MOST); n > 0; n--) {
          field();
        }
      }
      case ARRAY -> field();
      case CONTINUATION -> in.s33();
      default -> throw in.unknown("core type", code);
    }
  }

  private void field() {
    if (in.peek() == PACKED_I8 || in.peek() == PACKED_I16) {
      in.u8();
    } else {
      valueType();
    }
    in.flag("mutability");
  }

  private void valueTypes() {
    for (int n = in.count(MOST); n > 0; n--) {
      valueType();
    }
  }

  /** Reads a type and returns its first byte. */
  int valueType() {
    int code = in.u8();
    if (code == REFERENCE || code == NULLABLE_REFERENCE) {
      if (in.peek() == EXACT) {
        throw in.unknown("core heap type", in.peek());
      }
      if (in.peek() == SHARED) {
        in.uses(ComponentFeature.THREADS);
        in.u8();
      }
      in.s33();
    } else if (code < 0x68 || code > 0x7f) {
      throw in.unknown("core type of a value", code);
    }
    return code;
  }
}
