package io.github.wasmtimejvm.testing;

import java.util.List;
import java.util.function.IntFunction;

/** Modules that have very many imports of one kind, and nothing else but their types. */
public final class GuestImports {
  private static final int LONGEST_NAME = 100_000; // what the engine allows
  private static final int MOST_PARAMETERS = 1_000;
  private static final int DIGITS = 6; // for as many types as there may be
  private static final int[] VALUES = {0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f};

  /** What one is, as a module has it behind the name. */
  private interface Item {
    GuestBytes of(int number);
  }

  /**
   * A kind of imports.
   *
   * @param name what they are
   * @param manyTypes whether each has a type of its own, which takes the engine long to compile
   * @param make makes a module of about so many
   */
  public record Kind(String name, boolean manyTypes, IntFunction<byte[]> make) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final Item GLOBAL = number -> bytes(3, 0x7f, 0);
  private static final Item FUNCTION = number -> bytes(0).leb(number);
  private static final Item TAG = number -> bytes(4, 0).leb(number);
  private static final Item REFERENCE =
      number -> bytes(3, 0x63).put(GuestBytes.signed(number)).put(0);

  /** All of them. */
  public static final List<Kind> ALL =
      List.of(
          new Kind("globals", false, n -> module(bytes(), 0, imports(n, 4, GLOBAL), n)),
          new Kind(
              "functions of one type", false, n -> module(type(0), 1, imports(n, 4, first()), n)),
          new Kind(
              "functions of many types",
              true,
              n -> module(types(n), n, imports(n, 4, FUNCTION), n)),
          new Kind(
              "functions of references",
              true,
              n -> module(referring(n), 2 * n, imports(n, 4, i -> FUNCTION.of(n + i)), n)),
          new Kind(
              "functions of a long type",
              false,
              n -> module(longType(), 1, imports(n / 110, 4, first()), n / 110)),
          new Kind("tags of many types", true, n -> module(types(n), n, imports(n, 4, TAG), n)),
          new Kind(
              "references to types", true, n -> module(types(n), n, imports(n, 4, REFERENCE), n)),
          new Kind(
              "references to structs",
              true,
              n -> module(structs(n), n, imports(n, 4, REFERENCE), n)),
          new Kind("one name", true, n -> module(types(n), n, imports(n, 0, FUNCTION), n)),
          new Kind(
              "long names",
              false,
              n -> module(bytes(), 0, imports(n / 100, LONGEST_NAME / 100, GLOBAL), n / 100)),
          new Kind("names grouped", false, n -> module(type(0), 1, group(n, null), 1)),
          new Kind(
              "names and types grouped", true, n -> module(types(n), n, group(n, FUNCTION), 1)));

  private GuestImports() {}

  private static GuestBytes bytes(int... bytes) {
    return new GuestBytes().put(bytes);
  }

  private static Item first() {
    return number -> FUNCTION.of(0);
  }

  private static byte[] module(GuestBytes types, int typeCount, GuestBytes imports, int groups) {
    return GuestBytes.header()
        .section(1, typeCount, types)
        .section(2, groups, imports)
        .toByteArray();
  }

  private static GuestBytes imports(int count, int nameLength, Item item) {
    GuestBytes imports = new GuestBytes();
    for (int i = 0; i < count; i++) {
      imports.name("m").name(GuestBytes.name(i, nameLength)).put(item.of(i).toByteArray());
    }
    return imports;
  }

  private static GuestBytes group(int count, Item item) {
    GuestBytes group = new GuestBytes().name("m").put(0, item == null ? 0x7e : 0x7f);
    if (item == null) {
      group.put(0, 0);
    }
    group.leb(count);
    for (int i = 0; i < count; i++) {
      group.name(GuestBytes.name(i, 4));
      if (item != null) {
        group.put(item.of(i).toByteArray());
      }
    }
    return group;
  }

  /** A function type of its own for each number. */
  private static GuestBytes type(int number) {
    GuestBytes type = bytes(0x60, DIGITS);
    int rest = number;
    for (int i = 0; i < DIGITS; i++) {
      type.put(VALUES[rest % VALUES.length]);
      rest /= VALUES.length;
    }
    return type.put(0);
  }

  private static GuestBytes types(int count) {
    GuestBytes types = new GuestBytes();
    for (int i = 0; i < count; i++) {
      types.put(type(i).toByteArray());
    }
    return types;
  }

  private static GuestBytes structs(int count) {
    GuestBytes structs = new GuestBytes();
    for (int i = 0; i < count; i++) {
      byte[] type = type(i).toByteArray();
      structs.put(0x5f, DIGITS);
      for (int field = 2; field < 2 + DIGITS; field++) {
        structs.put(type[field], 0);
      }
    }
    return structs;
  }

  /** Functions that take a reference to a type of their own each, behind these types. */
  private static GuestBytes referring(int count) {
    GuestBytes types = types(count);
    for (int i = 0; i < count; i++) {
      types.put(0x60, 1, 0x63).put(GuestBytes.signed(i)).put(0);
    }
    return types;
  }

  private static GuestBytes longType() {
    GuestBytes type = bytes(0x60).leb(MOST_PARAMETERS);
    for (int i = 0; i < MOST_PARAMETERS; i++) {
      type.put(0x7f);
    }
    return type.put(0);
  }
}
