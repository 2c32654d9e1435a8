package io.github.wasmtimejvm;

import io.github.wasmtimejvm.declarations.DeclaredType;
import io.github.wasmtimejvm.declarations.ItemKind;
import io.github.wasmtimejvm.internal.Printable;
import java.util.Objects;

/**
 * Something that a module offers: {@code wasm_exporttype_t} in C. Two are equal if their names and
 * types are. Any thread may use it, also when the module is closed.
 */
public final class ExportType {
  private final String name;
  private final DeclaredType type;

  /**
   * Creates the description of an export. Threads: any.
   *
   * @param name its name
   * @param type what it is
   */
  public ExportType(String name, ExternType type) {
    this.name = Objects.requireNonNull(name, "name");
    this.type = new DeclaredType(Objects.requireNonNull(type, "type"));
  }

  /** An export of a module. */
  ExportType(String name, DeclaredType type) {
    this.name = name;
    this.type = type;
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
    return type.get();
  }

  ItemKind kind() {
    return type.kind();
  }

  /**
   * Returns whether the names and types are equal. Types that cannot be described are equal where
   * they are of the same item of a module. Threads: any.
   */
  @Override
  public boolean equals(Object other) {
    return other == this
        || other instanceof ExportType that && name.equals(that.name) && type.equals(that.type);
  }

  /** {@inheritDoc} */
  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** Returns both; control characters in the name are escaped. Threads: any. */
  @Override
  public String toString() {
    return "ExportType[name=" + Printable.of(name) + ", type=" + type + "]";
  }
}
