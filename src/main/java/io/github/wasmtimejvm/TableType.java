package io.github.wasmtimejvm;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * The type of a table: {@code wasm_tabletype_t} in C.
 *
 * <p>The C API does not tell whether a table's indices have 32 or 64 bits, so it is not in here:
 * two tables that differ in nothing else have equal types.
 *
 * @param element type of its elements
 * @param minimum elements that it has at least; {@link Table#create} takes 0 to 4,294,967,294, and
 *     in a module it may be any number, to be read as an unsigned one
 * @param maximum elements that it has at most, not below the minimum, and unsigned like that; empty
 *     without such a limit, and for one of 4,294,967,295
 */
public record TableType(RefType element, long minimum, OptionalLong maximum) implements ExternType {
  /** Creates a table type. Threads: any. */
  public TableType {
    Objects.requireNonNull(element, "element");
    Objects.requireNonNull(maximum, "maximum");
  }

  /**
   * Returns the type of a table without a maximum. Threads: any.
   *
   * @param element type of its elements
   * @param minimum its initial number of elements, from 0 to 4,294,967,294
   */
  public static TableType of(RefType element, long minimum) {
    return new TableType(element, minimum, OptionalLong.empty());
  }

  /**
   * Returns the type of a table. Threads: any.
   *
   * @param element type of its elements
   * @param minimum its initial number of elements, from 0 to 4,294,967,294
   * @param maximum its largest number of elements, from the minimum to 4,294,967,294
   */
  public static TableType of(RefType element, long minimum, long maximum) {
    return new TableType(element, minimum, OptionalLong.of(maximum));
  }

  /**
   * Returns the type in the text format, for example {@code (table 1 10 (ref null func))}, as far
   * as {@link RefType#toString} does; without {@code i64}, also if it has 64-bit indices. Threads:
   * any.
   */
  @Override
  public String toString() {
    return "(table "
        + Long.toUnsignedString(minimum)
        + (maximum.isPresent() ? " " + Long.toUnsignedString(maximum.getAsLong()) : "")
        + " "
        + element
        + ")";
  }
}
