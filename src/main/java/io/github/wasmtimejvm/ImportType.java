package io.github.wasmtimejvm;

import io.github.wasmtimejvm.declarations.DeclaredType;
import io.github.wasmtimejvm.declarations.ItemKind;
import io.github.wasmtimejvm.internal.Printable;
import java.util.Objects;

/**
 * Something that a module needs: {@code wasm_importtype_t} in C. Two are equal if their names and
 * types are. Any thread may use it, also when the module is closed.
 */
public final class ImportType {
  private final String module;
  private final String name;
  private final DeclaredType type;

  /**
   * Creates the description of an import. Threads: any.
   *
   * @param module first part of its name
   * @param name second part of its name
   * @param type what it must be
   */
  public ImportType(String module, String name, ExternType type) {
    this.module = Objects.requireNonNull(module, "module");
    this.name = Objects.requireNonNull(name, "name");
    this.type = new DeclaredType(Objects.requireNonNull(type, "type"));
  }

  /** An import of a module. */
  ImportType(String module, String name, DeclaredType type) {
    this.module = module;
    this.name = name;
    this.type = type;
  }

  /** Returns the first part of its name. Threads: any. */
  public String module() {
    return module;
  }

  /** Returns the second part of its name. Threads: any. */
  public String name() {
    return name;
  }

  /**
   * Returns what it must be: {@code wasm_importtype_type}. It is decoded when this is first called.
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
        || other instanceof ImportType that
            && module.equals(that.module)
            && name.equals(that.name)
            && type.equals(that.type);
  }

  /** {@inheritDoc} */
  @Override
  public int hashCode() {
    return 31 * module.hashCode() + name.hashCode();
  }

  /** Returns all three; control characters in the names are escaped. Threads: any. */
  @Override
  public String toString() {
    return "ImportType[module="
        + Printable.of(module)
        + ", name="
        + Printable.of(name)
        + ", type="
        + type
        + "]";
  }
}
