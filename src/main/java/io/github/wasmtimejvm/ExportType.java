package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.Printable;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that a module offers: {@code wasm_exporttype_t} in C. Two are equal if their names and
 * types are. Any thread may use it, also when the module is closed.
 */
public final class ExportType {
  private final String name;
  private final @Nullable Declarations declarations;
  private final int where;
  private @Nullable ExternType type; // where two threads decode it, they do so alike

  /**
   * Creates the description of an export. Threads: any.
   *
   * @param name its name
   * @param type what it is
   */
  public ExportType(String name, ExternType type) {
    this.name = Objects.requireNonNull(name, "name");
    this.type = Objects.requireNonNull(type, "type");
    this.declarations = null;
    this.where = 0;
  }

  /** An export whose type is decoded when it is asked for. */
  ExportType(String name, Declarations declarations, int where) {
    this.name = name;
    this.declarations = declarations;
    this.where = where;
  }

  /** Returns its name. Threads: any. */
  public String name() {
    return name;
  }

  /**
   * Returns what it is: {@code wasm_exporttype_type}. It is decoded when this is first called.
   * Threads: any.
   *
   * @throws UnsupportedOperationException if the type cannot be described; the message says why
   * @throws IllegalStateException if it names a type that the module defines, and the module was
   *     closed before this was first called
   */
  public ExternType type() {
    ExternType known = type;
    if (known == null) {
      known = Objects.requireNonNull(declarations).type(where);
      type = known;
    }
    return known;
  }

  ItemKind kind() {
    return declarations == null ? ItemKind.of(type()) : declarations.kind(where);
  }

  int where() {
    return where;
  }

  /**
   * Returns whether the names and types are equal. Types that cannot be described are equal where
   * they are of the same item of a module. Threads: any.
   */
  @Override
  public boolean equals(Object other) {
    return other == this
        || other instanceof ExportType that
            && name.equals(that.name)
            && (declarations != null && declarations == that.declarations && where == that.where
                || same(this::type, that::type));
  }

  /** {@inheritDoc} */
  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** Returns both; control characters in the name are escaped. Threads: any. */
  @Override
  public String toString() {
    return "ExportType[name=" + Printable.of(name) + ", type=" + text(this::type) + "]";
  }

  /** Whether two types are equal, which those that cannot be described are not. */
  static boolean same(Supplier<ExternType> type, Supplier<ExternType> other) {
    try {
      return type.get().equals(other.get());
    } catch (UnsupportedOperationException | IllegalStateException e) {
      return false;
    }
  }

  /** A type for people, who may also learn that it cannot be described. */
  static String text(Supplier<ExternType> type) {
    try {
      return type.get().toString();
    } catch (UnsupportedOperationException | IllegalStateException e) {
      return "? (" + e.getMessage() + ")";
    }
  }
}
