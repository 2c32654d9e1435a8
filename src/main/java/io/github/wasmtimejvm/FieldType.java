package io.github.wasmtimejvm;

import java.util.Objects;

/**
 * The type of a struct's field or an array's elements: {@code wasmtime_field_type_t} in C.
 *
 * @param storage what it stores
 * @param mutable whether it can be changed
 */
public record FieldType(StorageType storage, boolean mutable) {
  /** Creates a field type. Threads: any. */
  public FieldType {
    Objects.requireNonNull(storage, "storage");
  }

  /**
   * Returns the type of a field that can be changed. Threads: any.
   *
   * @param storage what it stores
   */
  public static FieldType mutable(StorageType storage) {
    return new FieldType(storage, true);
  }

  /**
   * Returns the type of a field that keeps its first value. Threads: any.
   *
   * @param storage what it stores
   */
  public static FieldType constant(StorageType storage) {
    return new FieldType(storage, false);
  }

  /** Returns the type of the value that stands for it outside: {@code i32} for a packed one. */
  ValType value() {
    return storage instanceof ValType value ? value : ValType.I32;
  }

  /**
   * Returns the type in the text format, for example {@code (mut i8)}, as far as {@link
   * RefType#toString} does. Threads: any.
   */
  @Override
  public String toString() {
    return mutable ? "(mut " + storage + ")" : storage.toString();
  }
}
