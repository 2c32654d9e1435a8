package io.github.wasmtimejvm.declarations;

import io.github.wasmtimejvm.ExportType;
import io.github.wasmtimejvm.ExternType;
import io.github.wasmtimejvm.ImportType;
import io.github.wasmtimejvm.TableType;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a module imports and exports. Names are read when one of the lists is first asked for, and a
 * type when it is: a guest can name a few long types in very many places.
 */
public abstract sealed class Declarations permits BinaryDeclarations, NativeDeclarations {
  private volatile @Nullable List<ImportType> imports;
  private volatile @Nullable List<ExportType> exports;
  private volatile @Nullable Boolean wideTables;
  private volatile @Nullable Map<String, TableType> definedTables;

  /** What the module needs, in its order. */
  public final List<ImportType> imports() {
    List<ImportType> known = imports;
    if (known == null) {
      known = read(this::readImports);
      imports = known;
    }
    return known;
  }

  /** What the module offers, in its order. */
  public final List<ExportType> exports() {
    List<ExportType> known = exports;
    if (known == null) {
      known = read(this::readExports);
      exports = known;
    }
    return known;
  }

  // The engine has taken the module; so this is for an encoding that only the engine knows.
  private static <T> List<T> read(Supplier<List<T>> section) {
    try {
      return section.get();
    } catch (IndexOutOfBoundsException e) {
      throw new UnsupportedOperationException(
          "what the module declares is encoded in a way that is not known here", e);
    }
  }

  abstract List<ImportType> readImports();

  abstract List<ExportType> readExports();

  /**
   * What kind of item stands at a place.
   *
   * @param where what the item was made with
   */
  abstract ItemKind kind(int where);

  /**
   * Decodes the type of the item at a place.
   *
   * @param where what the item was made with
   * @throws UnsupportedOperationException if it cannot be described
   */
  abstract ExternType type(int where);

  /** How many functions the module imports. */
  public abstract int importedFunctions();

  /** Whether the module may define a table with limits beyond 32 bits. */
  public final boolean definesWideTables() {
    Boolean known = wideTables;
    if (known == null) {
      known = mayDefineWideTables();
      wideTables = known;
    }
    return known;
  }

  abstract boolean mayDefineWideTables();

  /** Whether the module imports a table with limits beyond 32 bits. */
  public abstract boolean importsWideTables();

  /** The type of a table that is exported and that the module defines, as far as that is known. */
  public final @Nullable TableType definedTable(String export) {
    Map<String, TableType> known = definedTables;
    if (known == null) {
      known = readDefinedTables();
      definedTables = known;
    }
    return known.get(export);
  }

  /** The types of such tables, by the names of the exports. */
  abstract Map<String, TableType> readDefinedTables();
}
