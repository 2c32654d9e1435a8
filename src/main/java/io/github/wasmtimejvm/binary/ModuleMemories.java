package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The memories that a core module imports, defines and exports. A read beyond the module throws an
 * {@link IndexOutOfBoundsException}.
 *
 * @param imports the imported memories
 * @param flags the flags of the memories that the module defines
 * @param exports the indices of the exported memories, imported ones first
 */
record ModuleMemories(List<Import> imports, IntList flags, Map<String, Integer> exports) {
  static final int SHARED = 2;
  static final int WIDE = 4;

  private static final int HEADER = 8;
  private static final int WITH_MAXIMUM = 1;
  private static final int WITH_PAGE_SIZE = 8;

  /** Flags that say nothing unusual, or something that is asked for by itself. */
  static final int KNOWN = WITH_MAXIMUM | SHARED | WIDE;

  private static final int GROUP_OF_NAMES = 0x7e;
  private static final int GROUP_OF_NAMES_AND_TYPES = 0x7f;

  /** An imported memory by its two names. */
  record Import(String module, String name) {}

  int size() {
    return imports.size() + flags.size();
  }

  static ModuleMemories read(ByteReader in) {
    ModuleMemories memories = new ModuleMemories(new ArrayList<>(), new IntList(), new HashMap<>());
    in.skip(HEADER);
    while (in.remaining() > 0) {
      int id = in.u8();
      ByteReader content = in.take(in.uleb());
      switch (id) {
        case SectionIds.IMPORTS -> memories.readImports(content);
        case SectionIds.MEMORIES -> memories.readMemories(content);
        case SectionIds.EXPORTS -> memories.readExports(content);
        default -> {} // says nothing of memories
      }
    }
    return memories;
  }

  private void readImports(ByteReader in) {
    eachImport(
        in,
        (sort, item) -> {
          if (sort == CoreSort.MEMORY) {
            imports.add(item);
          }
        });
  }

  /** Reads a section of imports. */
  static void eachImport(ByteReader in, BiConsumer<CoreSort, Import> found) {
    String module = "";
    for (int groups = in.count(); groups > 0; groups--) {
      module = in.name(module);
      String name = in.name("");
      int form = in.peek();
      if (!name.isEmpty() || form != GROUP_OF_NAMES && form != GROUP_OF_NAMES_AND_TYPES) {
        found.accept(item(in), new Import(module, name));
        continue;
      }
      in.u8();
      boolean oneType = form == GROUP_OF_NAMES;
      CoreSort sort = oneType ? item(in) : CoreSort.FUNCTION;
      for (int members = in.count(); members > 0; members--) {
        String member = in.name("");
        found.accept(oneType ? sort : item(in), new Import(module, member));
      }
    }
  }

  private void readMemories(ByteReader in) {
    for (int n = in.count(); n > 0; n--) {
      flags.add(limits(in));
    }
  }

  private void readExports(ByteReader in) {
    for (int n = in.count(); n > 0; n--) {
      String name = in.name("");
      int sort = in.u8();
      int index = in.count();
      if (sort == CoreSort.MEMORY.ordinal()) {
        exports.put(name, index);
      }
    }
  }

  // Reads over the type of an import.
  private static CoreSort item(ByteReader in) {
    CoreSort sort = CoreSort.values()[in.u8()];
    switch (sort) {
      case FUNCTION -> in.uleb();
      case TABLE -> {
        valueType(in);
        limits(in);
      }
      case MEMORY -> limits(in);
      case GLOBAL -> {
        valueType(in);
        in.u8();
      }
      case TAG -> {
        in.u8();
        in.uleb();
      }
    }
    return sort;
  }

  private static int limits(ByteReader in) {
    int flags = in.u8();
    in.uleb();
    if ((flags & WITH_MAXIMUM) != 0) {
      in.uleb();
    }
    if ((flags & WITH_PAGE_SIZE) != 0) {
      in.uleb();
    }
    return flags;
  }

  private static void valueType(ByteReader in) {
    int code = in.u8();
    if (code == CoreTypeReader.REFERENCE || code == CoreTypeReader.NULLABLE_REFERENCE) {
      if (in.peek() == CoreTypeReader.EXACT || in.peek() == CoreTypeReader.SHARED) {
        in.u8();
      }
      in.sleb();
    }
  }
}
