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
 * What a module imports and exports. The names are read when one of the lists is first asked for. A
 * type is decoded when that type is asked for, as a guest can name a few long types in very many
 * places.
 */
public abstract sealed class Declarations permits BinaryDeclarations, NativeDeclarations {
  private volatile @Nullable List<ImportType> imports;
  private volatile @Nullable List<ExportType> exports;
  private volatile @Nullable Boolean wideTables;
  private volatile @Nullable Map<String, TableType> definedTables;

  /** What the module needs, in the order of the module. */
  public final List<ImportType> imports() {
    List<ImportType> known = imports;
    if (known == null) {
      known = read(this::readImports);
      imports = known;
    }
    return known;
  }

  /** What the module offers, in the order of the module. */
  public final List<ExportType> exports() {
    List<ExportType> known = exports;
    if (known == null) {
      known = read(this::readExports);
      exports = known;
    }
    return known;
  }

  // The engine has found the module valid. What cannot be read here is therefore not damaged, but
  // encoded in a way that only the engine knows.
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
   * Returns what kind of item is at a place.
   *
   * @param where the place that the item's {@link DeclaredType} was made with
   */
  abstract ItemKind kind(int where);

  /**
   * Decodes the type of the item at a place.
   *
   * @param where the place that the item's {@link DeclaredType} was made with
   * @throws UnsupportedOperationException if the type cannot be described
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

  /**
   * Returns the type of a table that the module defines and exports.
   *
   * @param export the name of the export
   * @return {@code null} if there is no such table, or the type is not known
   */
  public final @Nullable TableType definedTable(String export) {
    Map<String, TableType> known = definedTables;
    if (known == null) {
      known = readDefinedTables();
      definedTables = known;
    }
    return known.get(export);
  }

  /** The types of the tables that the module defines and exports, by the names of the exports. */
  abstract Map<String, TableType> readDefinedTables();
}
