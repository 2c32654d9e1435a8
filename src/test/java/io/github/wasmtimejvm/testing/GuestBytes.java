package io.github.wasmtimejvm.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Modules of about any size that give one of our parsers as much to do as they can. All are valid,
 * and each has an exported function {@code trap}.
 */
public final class GuestBytes {
  private static final int LONGEST_NAME = 100_000; // what the engine allows
  private static final int MOST_ITEMS = 900_000; // about what the engine allows
  private static final int MOST_PARAMETERS = 1000;

  // Value types of all imports and exports together: less than the engine allows.
  private static final int MOST_VALUES = 900_000;

  /**
   * A kind of modules.
   *
   * @param name what it has much of
   * @param compact whether it needs the compact encoding of imports
   * @param make makes one of about so many bytes
   */
  public record Family(String name, boolean compact, IntFunction<byte[]> make) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** All of them; those about lines are in {@link #LINES}. */
  public static final List<Family> ALL =
      List.of(
          new Family("long names", false, size -> named(size, LONGEST_NAME)),
          new Family("short names", false, size -> named(size, 12)),
          new Family("names of references", false, size -> named(size, 1999)),
          new Family("imports", false, GuestBytes::imports),
          new Family("imports, names and types grouped", true, size -> group(size, true)),
          new Family("imports, names grouped", true, size -> group(size, false)),
          new Family("exports", false, size -> exports(size, 8)),
          new Family("exports of short names", false, size -> exports(size, 3)),
          new Family("one long type", false, GuestBytes::oneLongType),
          new Family("long types", false, GuestBytes::longTypes),
          new Family("types of every kind", false, GuestBytes::everyType),
          new Family("references to types", false, GuestBytes::references),
          new Family("globals", false, GuestBytes::globals),
          new Family("tables", false, GuestBytes::tables),
          new Family("one custom section", false, size -> custom(size, "x", size)),
          new Family("custom sections", false, size -> custom(size, "x", 4)),
          new Family("name sections", false, size -> custom(size, "name", 0)));

  /** Those with hostile tables of lines. */
  public static final List<Family> LINES =
      List.of(
          new Family("lines, a row each", false, size -> lines(size, new int[] {14})),
          new Family("lines, no rows", false, size -> lines(size, new int[] {3, 1})),
          new Family("lines, many operands", false, size -> lines(size, new int[] {7})),
          new Family("lines, many sequences", false, GuestBytes::sequences),
          new Family("lines, many units", false, GuestBytes::units),
          new Family("lines, many files", false, GuestBytes::files));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  GuestBytes() {}

  GuestBytes put(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  GuestBytes put(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  GuestBytes leb(long value) {
    long rest = value;
    for (; rest > 0x7f; rest >>>= 7) {
      out.write((int) (rest & 0x7f) | 0x80);
    }
    return put((int) rest);
  }

  private GuestBytes u32(long value) {
    return put((int) value, (int) (value >> 8), (int) (value >> 16), (int) (value >> 24));
  }

  GuestBytes name(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    return leb(utf8.length).put(utf8);
  }

  private int size() {
    return out.size();
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }

  /** Adds a section; a vector has how many elements before its content. */
  GuestBytes section(int id, long count, GuestBytes content) {
    byte[] head = count < 0 ? new byte[0] : new GuestBytes().leb(count).out.toByteArray();
    put(id).leb(head.length + content.size());
    return put(head).put(content.out.toByteArray());
  }

  private GuestBytes customSection(String name, GuestBytes content) {
    return section(0, -1, new GuestBytes().name(name).put(content.out.toByteArray()));
  }

  static GuestBytes header() {
    return new GuestBytes().put(0, 'a', 's', 'm', 1, 0, 0, 0);
  }

  /** One type more: what traps takes and returns nothing. */
  private static GuestBytes withTrap(GuestBytes module, long types, GuestBytes typeSection) {
    return module.section(1, types + 1, new GuestBytes().put(0x60, 0, 0).append(typeSection));
  }

  private GuestBytes append(GuestBytes other) {
    return put(other.out.toByteArray());
  }

  private static GuestBytes trapFunction() {
    return new GuestBytes().put(3, 0, 0x00, 0x0b);
  }

  private static byte[] end(GuestBytes module, int importedFunctions) {
    return module
        .section(7, 1, new GuestBytes().name("trap").put(0).leb(importedFunctions))
        .section(10, 1, trapFunction())
        .out
        .toByteArray();
  }

  /** A name of its own for each number. */
  static String name(int number, int length) {
    char[] name = new char[length];
    int rest = number;
    for (int i = 0; i < length; i++) {
      name[i] = (char) ('!' + rest % 90);
      rest /= 90;
    }
    return new String(name);
  }

  private static byte[] named(int size, int length) {
    GuestBytes names = new GuestBytes();
    String name = (length == 1999 ? "_Z" : "f") + "S0_T_".repeat(Math.min(size, length) / 5);
    int count = 0;
    while (names.size() < size - 64) {
      names.leb(count++).name(name.substring(0, Math.min(length, name.length())));
    }
    GuestBytes content = new GuestBytes().put(1);
    GuestBytes functions = new GuestBytes().leb(count).append(names);
    content.leb(functions.size()).append(functions);
    GuestBytes module = withTrap(header(), 0, new GuestBytes());
    module.section(3, 1, new GuestBytes().put(0));
    return new GuestBytes().put(end(module, 0)).customSection("name", content).out.toByteArray();
  }

  // A global in each, as functions need code.
  private static byte[] imports(int size) {
    GuestBytes imports = new GuestBytes();
    int count = 0;
    while (imports.size() < size - 64 && count < MOST_ITEMS) {
      imports.name("m").name(name(count++, 4)).put(3, 0x7f, 0);
    }
    return withImports(count, imports);
  }

  private static byte[] withImports(int groups, GuestBytes imports) {
    GuestBytes module = withTrap(header(), 0, new GuestBytes()).section(2, groups, imports);
    return end(module.section(3, 1, new GuestBytes().put(0)), 0);
  }

  private static byte[] group(int size, boolean withTypes) {
    GuestBytes members = new GuestBytes();
    int count = 0;
    while (members.size() < size - 64 && count < MOST_ITEMS) {
      members.name(name(count++, 4));
      if (withTypes) {
        members.put(3, 0x7f, 0);
      }
    }
    GuestBytes imports = new GuestBytes().name("m").put(0, withTypes ? 0x7f : 0x7e);
    if (!withTypes) {
      imports.put(3, 0x7f, 0);
    }
    return withImports(1, imports.leb(count).append(members));
  }

  private static byte[] exports(int size, int length) {
    GuestBytes exports = new GuestBytes().name("trap").put(0, 0);
    int count = 1;
    while (exports.size() < size - 64 && count < MOST_ITEMS) {
      exports.name(name(count++, length)).put(0, 0);
    }
    return withExports(withTrap(header(), 0, new GuestBytes()), count, exports);
  }

  private static byte[] withExports(GuestBytes module, int count, GuestBytes exports) {
    return module
        .section(3, 1, new GuestBytes().put(0))
        .section(7, count, exports)
        .section(10, 1, trapFunction())
        .out
        .toByteArray();
  }

  // Tags, as a function of each type would need code.
  private static byte[] withTags(GuestBytes module, int tags, GuestBytes types, int exported) {
    GuestBytes exports = new GuestBytes().name("trap").put(0, 0);
    for (int i = 0; i < exported; i++) {
      exports.name(name(i, 4) + "!").put(4).leb(i);
    }
    return module
        .section(3, 1, new GuestBytes().put(0))
        .section(13, tags, types)
        .section(7, 1 + exported, exports)
        .section(10, 1, trapFunction())
        .out
        .toByteArray();
  }

  private static byte[] oneLongType(int size) {
    int parameters = Math.min(MOST_PARAMETERS, size / 8);
    GuestBytes type = new GuestBytes().put(0x60).leb(parameters);
    for (int i = 0; i < parameters; i++) {
      type.put(0x64, 0x00); // a reference to the first type
    }
    GuestBytes imports = new GuestBytes();
    int count = 0;
    int most = MOST_VALUES / parameters;
    while (imports.size() + type.size() < size - 64 && count < most) {
      imports.name("").name(name(count++, 4)).put(4, 0, 1);
    }
    GuestBytes module = withTrap(header(), 1, type.put(0)).section(2, count, imports);
    return end(module.section(3, 1, new GuestBytes().put(0)), 0);
  }

  private static byte[] longTypes(int size) {
    GuestBytes types = new GuestBytes();
    GuestBytes tags = new GuestBytes();
    int count = 0;
    while (types.size() < size - 64 - 16 * count && count < MOST_ITEMS / 2) {
      types.put(0x60).leb(MOST_PARAMETERS);
      for (int i = 0; i < MOST_PARAMETERS; i++) {
        types.put(0x7b + (i + count) % 5);
      }
      types.put(0);
      tags.put(0).leb(++count);
    }
    return withTags(
        withTrap(header(), count, types),
        count,
        tags,
        Math.min(count, MOST_VALUES / MOST_PARAMETERS));
  }

  private static byte[] everyType(int size) {
    GuestBytes types = new GuestBytes();
    GuestBytes tags = new GuestBytes();
    int groups = 0;
    for (; types.size() < size - 64 - 16 * groups && groups < MOST_VALUES / 8; groups++) {
      int first = 1 + 4 * groups;
      types.put(0x4e, 4);
      types.put(0x50, 0, 0x5f, 2, 0x78, 1, 0x7e, 0); // a struct
      types.put(0x5e, 0x63).put(signed(first)).put(1); // an array of references to it
      types
          .put(0x60, 3, 0x7f, 0x64)
          .put(signed(first + 1))
          .put(0x70, 0); // a function that takes one
      types.put(0x4f, 0, 0x60, 1, 0x63).put(signed(first + 2)).put(0);
      tags.put(0).leb(first + 2).put(0).leb(first + 3);
    }
    return withTags(withTrap(header(), groups, types), 2 * groups, tags, 2 * groups);
  }

  // As many types as there may be, and references to different ones.
  private static byte[] references(int size) {
    int structs = Math.min(size / 6, MOST_ITEMS - 2000);
    GuestBytes types = new GuestBytes();
    for (int i = 0; i < structs; i++) {
      types.put(0x5f, 0);
    }
    GuestBytes tags = new GuestBytes();
    int count = 0;
    int next = 0;
    for (; next < Math.min(structs, MOST_VALUES) && structs + count < MOST_ITEMS - 2; count++) {
      int parameters = Math.min(MOST_PARAMETERS, structs - next);
      types.put(0x60).leb(parameters);
      for (int i = 0; i < parameters; i++) {
        types.put(0x63).put(signed(1 + next++));
      }
      types.put(0);
      tags.put(0).leb(1 + structs + count);
    }
    return withTags(withTrap(header(), structs + count, types), count, tags, count);
  }

  static byte[] signed(int value) {
    GuestBytes bytes = new GuestBytes();
    int rest = value;
    for (; rest > 63; rest >>= 7) {
      bytes.put(rest & 0x7f | 0x80);
    }
    return bytes.put(rest).out.toByteArray();
  }

  private static byte[] globals(int size) {
    GuestBytes globals = new GuestBytes();
    GuestBytes exports = new GuestBytes().name("trap").put(0, 0);
    int count = 0;
    while (globals.size() + exports.size() < size - 64 && count < MOST_ITEMS - 1) {
      globals.put(0x7f, 1, 0x41, 1, 0x41, 2, 0x6a, 0x0b);
      exports.name(name(count, 4) + "!").put(3).leb(count);
      count++;
    }
    return withTrap(header(), 0, new GuestBytes())
        .section(3, 1, new GuestBytes().put(0))
        .section(6, count, globals)
        .section(7, 1 + count, exports)
        .section(10, 1, trapFunction())
        .out
        .toByteArray();
  }

  // Their number is limited, not what they begin with.
  private static byte[] tables(int size) {
    int count = Math.max(1, Math.min(50, size / 64));
    GuestBytes tables = new GuestBytes();
    GuestBytes exports = new GuestBytes().name("trap").put(0, 0);
    for (int i = 0; i < count; i++) {
      tables.put(0x40, 0, 0x64, 0x6c, 5, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f); // wide, of i31
      tables.put(0x41, 0);
      for (int length = 24; length < size / count; length += 3) {
        tables.put(0x41, 1, 0x6a);
      }
      tables.put(0xfb, 0x1c, 0x0b);
      exports.name(name(i, 4) + "!").put(1).leb(i);
    }
    return withTrap(header(), 0, new GuestBytes())
        .section(3, 1, new GuestBytes().put(0))
        .section(4, count, tables)
        .section(7, 1 + count, exports)
        .section(10, 1, trapFunction())
        .out
        .toByteArray();
  }

  private static byte[] custom(int size, String name, int each) {
    GuestBytes module = withTrap(header(), 0, new GuestBytes());
    module.section(3, 1, new GuestBytes().put(0));
    GuestBytes all = new GuestBytes().put(end(module, 0));
    while (all.size() < size) {
      all.customSection(name, new GuestBytes().put(new byte[Math.max(0, each - 64)]));
    }
    return all.out.toByteArray();
  }

  /** A unit of version 4: its tables end with the header. */
  private static GuestBytes unit(GuestBytes tables, GuestBytes program) {
    GuestBytes header = new GuestBytes().put(1, 1, 1, 0xfb, 14, 13);
    header.put(0, 1, 1, 1, 1, 0, 7, 0, 1, 0, 0, 1).append(tables);
    GuestBytes unit = new GuestBytes().put(4, 0).u32(header.size()).append(header).append(program);
    return new GuestBytes().u32(unit.size()).append(unit);
  }

  private static byte[] withLines(GuestBytes lines) {
    GuestBytes module = withTrap(header(), 0, new GuestBytes());
    module.section(3, 1, new GuestBytes().put(0));
    return new GuestBytes()
        .put(end(module, 0))
        .customSection(".debug_line", lines)
        .out
        .toByteArray();
  }

  private static GuestBytes fileTable() {
    return new GuestBytes().put(0).put('a', '.', 'c', 0, 0, 0, 0).put(0);
  }

  private static GuestBytes sequenceFrom(int address) {
    return new GuestBytes().put(0, 5, 2).u32(address);
  }

  private static GuestBytes endAt(int distance) {
    return new GuestBytes().put(2).leb(distance).put(0, 1, 1);
  }

  // The function's only instruction is at 3 in the code section.
  private static byte[] lines(int size, int[] opcodes) {
    GuestBytes program = sequenceFrom(1).put(1);
    while (program.size() < size - 128) {
      program.put(opcodes);
      if (opcodes[0] == 7) {
        program.put(1, 1, 1, 1, 1, 1, 1);
      }
    }
    return withLines(unit(fileTable(), program.append(endAt(4))));
  }

  private static byte[] sequences(int size) {
    GuestBytes program = new GuestBytes();
    for (int i = 0; program.size() < size - 128; i++) {
      program.append(sequenceFrom(1 + i % 2)).put(1).append(endAt(2));
    }
    return withLines(unit(fileTable(), program));
  }

  private static byte[] units(int size) {
    GuestBytes lines = new GuestBytes();
    GuestBytes unit = unit(fileTable(), sequenceFrom(1).put(1).append(endAt(4)));
    while (lines.size() < size - 128) {
      lines.append(unit);
    }
    return withLines(lines);
  }

  private static byte[] files(int size) {
    GuestBytes tables = new GuestBytes().put(0);
    for (int i = 0; tables.size() < Math.min(size, 1 << 18) - 128; i++) {
      tables.put('a', '.', 'c', 0, 0, 0, 0);
    }
    GuestBytes program = new GuestBytes();
    program.put(4, 0xff, 0xff, 1).append(sequenceFrom(1)).put(1);
    return withLines(unit(tables.put(0), program.append(endAt(4))));
  }
}
