package io.github.wasmtimejvm.declarations;

import io.github.wasmtimejvm.ExportType;
import io.github.wasmtimejvm.ExternType;
import io.github.wasmtimejvm.GlobalType;
import io.github.wasmtimejvm.ImportType;
import io.github.wasmtimejvm.MemoryType;
import io.github.wasmtimejvm.RefType;
import io.github.wasmtimejvm.TableType;
import io.github.wasmtimejvm.TagType;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.binary.ByteReader;
import io.github.wasmtimejvm.binary.ConstantExpression;
import io.github.wasmtimejvm.binary.IntList;
import io.github.wasmtimejvm.binary.SectionIds;
import io.github.wasmtimejvm.internal.NativeObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What a module declares, read from those sections of its bytes that say so. The engine has found
 * the module valid. Reading takes time that is linear in the bytes, and only what is asked for is
 * read.
 *
 * <p>The place of an item is the position of its kind. Behind the kind an import has its type, and
 * an export the index of what is exported.
 */
public final class BinaryDeclarations extends Declarations implements NativeTypes.Items {
  // Stands in place of an import's kind where a group of imports begins.
  private static final int GROUP_OF_NAMES_AND_TYPES = 0x7f;
  private static final int GROUP_OF_NAMES = 0x7e;

  private static final int WITH_INITIALIZER = 0x40;
  private static final long WIDE = 1L << 32;
  private static final long NO_LIMIT = WIDE - 1; // in the C API too: no table is ever that large
  private static final int DEFAULT_PAGE = 16; // the logarithm of the size of a page

  private final TypeFactory factory;
  private final NativeObject module;
  private final byte[] bytes;
  private final int[] contents = new int[SectionIds.TAGS + 1];
  private final int[] ends = new int[SectionIds.TAGS + 1];
  private volatile @Nullable TypeSection types;

  // The places of the imports and of the exports, in their order. They are known when the lists of
  // imports and exports are. Imports of a group that have one type have one place.
  private volatile int[] importPlaces = {};
  private volatile int[] exportPlaces = {};

  // The last type that was asked for twice in a row: the members of a group of imports share one.
  private @Nullable Known last;
  private int lastPlace = -1;

  private record Known(int where, ExternType type) {}

  // For each kind, by its number, the items of that kind: of functions the indices of their types,
  // of others the positions of their types.
  private final AtomicReferenceArray<int @Nullable []> spaces =
      new AtomicReferenceArray<>(ItemKind.values().length);

  /**
   * @param factory makes the objects for what is found
   * @param module the engine's module
   * @param bytes the declaring sections of that module, each with its head, in any order
   * @throws IndexOutOfBoundsException if the heads are damaged
   */
  public BinaryDeclarations(TypeFactory factory, NativeObject module, byte[] bytes) {
    this.factory = factory;
    this.module = module;
    this.bytes = bytes;
    Arrays.fill(contents, -1);
    ByteReader in = new ByteReader(bytes);
    while (in.remaining() > 0) {
      int id = in.u8();
      int size = in.count();
      contents[id] = in.position();
      in.skip(size);
      ends[id] = in.position();
    }
  }

  /** The sections, from which the same declarations can be made again. */
  public byte[] bytes() {
    return bytes;
  }

  private @Nullable ByteReader section(int id) {
    return contents[id] < 0 ? null : ByteReader.from(bytes, contents[id]);
  }

  private TypeSection types() {
    TypeSection known = types;
    if (known == null) {
      synchronized (this) {
        known = types;
        if (known == null) {
          known =
              new TypeSection(
                  factory, bytes, contents[SectionIds.TYPES], new NativeTypes(module, this));
          types = known;
        }
      }
    }
    return known;
  }

  /** Takes the imports one by one. */
  private interface Imports {
    /**
     * @param where the place of the import
     * @param type the type of the import, if it was read to find the next import
     */
    void take(String module, String name, int where, @Nullable ExternType type);
  }

  @Override
  List<ImportType> readImports() {
    ArrayList<ImportType> found = new ArrayList<>();
    IntList places = new IntList();
    readImports(
        (module, name, where, type) -> {
          found.add(factory.importType(module, name, new DeclaredType(this, where, type)));
          places.add(where);
        });
    found.trimToSize();
    importPlaces = places.toArray();
    return Collections.unmodifiableList(found);
  }

  private void readImports(Imports imports) {
    ByteReader in = section(SectionIds.IMPORTS);
    if (in == null) {
      return;
    }
    String module = "";
    for (int groups = in.count(); groups > 0; groups--) {
      module = in.name(module);
      String name = in.name("");
      int form = in.peek();
      if (!name.isEmpty() || form != GROUP_OF_NAMES && form != GROUP_OF_NAMES_AND_TYPES) {
        int where = in.position();
        imports.take(module, name, where, skipItem(in));
        continue;
      }
      in.u8();
      boolean oneType = form == GROUP_OF_NAMES;
      int where = in.position();
      ExternType type = oneType ? skipItem(in) : null;
      for (int members = in.count(); members > 0; members--) {
        String member = in.name("");
        if (!oneType) {
          where = in.position();
          type = skipItem(in);
        }
        imports.take(module, member, where, type);
      }
    }
  }

  @Override
  List<ExportType> readExports() {
    ByteReader in = section(SectionIds.EXPORTS);
    if (in == null) {
      return List.of();
    }
    int count = in.count();
    ArrayList<ExportType> found = new ArrayList<>(Math.min(count, in.remaining()));
    IntList places = new IntList();
    for (; count > 0; count--) {
      String name = in.name("");
      places.add(in.position());
      found.add(factory.exportType(name, new DeclaredType(this, in.position(), null)));
      ItemKind.of(in.u8());
      in.uleb(); // index
    }
    exportPlaces = places.toArray();
    return Collections.unmodifiableList(found);
  }

  @Override
  ItemKind kind(int where) {
    return ItemKind.of(bytes[where]);
  }

  @Override
  public boolean isImport(int where) {
    return where >= contents[SectionIds.IMPORTS] && where < ends[SectionIds.IMPORTS];
  }

  @Override
  public int number(int where) {
    return Arrays.binarySearch(isImport(where) ? importPlaces() : exportPlaces(), where);
  }

  private int[] importPlaces() {
    imports();
    return importPlaces;
  }

  private int[] exportPlaces() {
    exports();
    return exportPlaces;
  }

  @Override
  ExternType type(int where) {
    Known known = last; // two threads may write it, and each writes a right type
    if (known != null && known.where == where) {
      return known.type;
    }
    ExternType type = read(where);
    if (lastPlace == where) {
      last = new Known(where, type);
    }
    lastPlace = where;
    return type;
  }

  private ExternType read(int where) {
    try {
      ByteReader in = ByteReader.from(bytes, where);
      ItemKind kind = ItemKind.of(in.u8());
      if (isImport(where)) {
        return kind == ItemKind.FUNC ? types().func(in.count(), where) : type(kind, in, where);
      }
      int index = in.count();
      int[] space = space(kind);
      return kind == ItemKind.FUNC
          ? types().func(space[index], where)
          : type(kind, ByteReader.from(bytes, space[index]), where);
    } catch (IndexOutOfBoundsException e) {
      throw new UnsupportedOperationException("it is encoded in a way that is not known here", e);
    }
  }

  private ExternType type(ItemKind kind, ByteReader in, int where) {
    return switch (kind) {
      case FUNC -> throw new IllegalArgumentException();
      case TABLE -> table(in, where);
      case MEMORY -> memory(in);
      case GLOBAL -> {
        GlobalType usual = ValueTypes.global(in);
        if (usual != null) {
          yield usual;
        }
        ValType content = types().value(in, where, 0);
        yield new GlobalType(content, in.u8() != 0);
      }
      case TAG -> {
        in.u8(); // what the tag is used for
        yield new TagType(types().func(in.count(), where));
      }
    };
  }

  private TableType table(ByteReader in, int where) {
    RefType element = (RefType) types().value(in, where, 0);
    int flags = in.u8();
    long minimum = in.uleb();
    long maximum = (flags & 1) == 0 ? NO_LIMIT : in.uleb();
    return new TableType(
        element, minimum, maximum == NO_LIMIT ? OptionalLong.empty() : OptionalLong.of(maximum));
  }

  private static MemoryType memory(ByteReader in) {
    int flags = in.u8();
    long minimum = in.uleb();
    OptionalLong maximum = (flags & 1) == 0 ? OptionalLong.empty() : OptionalLong.of(in.uleb());
    int page = (flags & 8) == 0 ? DEFAULT_PAGE : in.count();
    return new MemoryType(minimum, maximum, (flags & 4) != 0, (flags & 2) != 0, 1L << page);
  }

  private int[] space(ItemKind kind) {
    int[] known = spaces.get(kind.ordinal());
    if (known == null) {
      known = readSpace(kind);
      spaces.set(kind.ordinal(), known);
    }
    return known;
  }

  private int[] readSpace(ItemKind kind) {
    IntList found = new IntList();
    readImports(
        (module, name, where, type) -> {
          if (kind(where) == kind) {
            ByteReader in = ByteReader.from(bytes, where + 1);
            found.add(kind == ItemKind.FUNC ? in.count() : in.position());
          }
        });
    ByteReader in =
        section(
            switch (kind) {
              case FUNC -> SectionIds.FUNCTIONS;
              case TABLE -> SectionIds.TABLES;
              case MEMORY -> SectionIds.MEMORIES;
              case GLOBAL -> SectionIds.GLOBALS;
              case TAG -> SectionIds.TAGS;
            });
    for (int n = in == null ? 0 : in.count(); n > 0; n--) {
      if (kind == ItemKind.FUNC) {
        found.add(in.count());
      } else {
        boolean initialized =
            kind == ItemKind.GLOBAL || kind == ItemKind.TABLE && skipInitializerHead(in);
        found.add(in.position());
        skipType(kind, in);
        if (initialized) {
          ConstantExpression.skip(in);
        }
      }
    }
    return found.toArray();
  }

  private static boolean skipInitializerHead(ByteReader in) {
    if (in.peek() != WITH_INITIALIZER) {
      return false;
    }
    in.skip(2);
    return true;
  }

  // Returns the type of the item where skipping the item has found the type.
  private static @Nullable ExternType skipItem(ByteReader in) {
    ItemKind kind = ItemKind.of(in.u8());
    if (kind == ItemKind.GLOBAL) {
      GlobalType usual = ValueTypes.global(in);
      if (usual != null) {
        return usual;
      }
    }
    skipType(kind, in);
    return null;
  }

  private static void skipType(ItemKind kind, ByteReader in) {
    switch (kind) {
      case FUNC -> in.uleb();
      case TABLE -> {
        ValueTypes.skip(in);
        skipLimits(in);
      }
      case MEMORY -> skipLimits(in);
      case GLOBAL -> {
        ValueTypes.skip(in);
        in.u8(); // whether the global can change
      }
      case TAG -> {
        in.u8();
        in.uleb();
      }
    }
  }

  private static void skipLimits(ByteReader in) {
    int flags = in.u8();
    in.uleb();
    if ((flags & 1) != 0) {
      in.uleb();
    }
    if ((flags & 8) != 0) {
      in.uleb();
    }
  }

  @Override
  public int importedFunctions() {
    int count = 0;
    for (int where : importPlaces()) {
      if (kind(where) == ItemKind.FUNC) {
        count++;
      }
    }
    return count;
  }

  @Override
  boolean mayDefineWideTables() {
    try {
      ByteReader in = section(SectionIds.TABLES);
      for (int n = in == null ? 0 : in.count(); n > 0; n--) {
        boolean initialized = skipInitializerHead(in);
        ValueTypes.skip(in);
        int flags = in.u8();
        if (isWide(in.uleb()) || (flags & 1) != 0 && isWide(in.uleb())) {
          return true;
        }
        if (initialized) {
          ConstantExpression.skip(in);
        }
      }
      return false;
    } catch (IndexOutOfBoundsException e) {
      return true;
    }
  }

  @Override
  public boolean importsWideTables() {
    int[] places = importPlaces();
    for (int i = 0; i < places.length; i++) {
      if (kind(places[i]) == ItemKind.TABLE && isWide(imports().get(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWide(ImportType table) {
    try {
      TableType type = (TableType) table.type();
      return isWide(type.minimum()) || isWide(type.maximum().orElse(0));
    } catch (UnsupportedOperationException e) {
      return true;
    }
  }

  @Override
  Map<String, TableType> readDefinedTables() {
    Map<String, TableType> found = new HashMap<>();
    try {
      int[] places = exportPlaces();
      for (int i = 0; i < places.length; i++) {
        if (kind(places[i]) == ItemKind.TABLE) {
          int index = ByteReader.from(bytes, places[i] + 1).count();
          if (!isImport(space(ItemKind.TABLE)[index])) {
            ExportType export = exports().get(i);
            found.put(export.name(), (TableType) export.type());
          }
        }
      }
    } catch (IndexOutOfBoundsException | UnsupportedOperationException e) {
      // A table that cannot be read is not known.
    }
    return found;
  }

  private static boolean isWide(long limit) {
    return Long.compareUnsigned(limit, WIDE) >= 0;
  }
}
