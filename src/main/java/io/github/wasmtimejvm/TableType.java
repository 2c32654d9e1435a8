package io.github.wasmtimejvm;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * The type of a table: {@code wasm_tabletype_t} in C.
 *
 * @param element type of its elements
 * @param minimum elements that it has at least
 * @param maximum elements that it has at most
 */
public record TableType(RefType element, long minimum, OptionalLong maximum) implements ExternType {
  /** Creates a table type. */
  public TableType {
    Objects.requireNonNull(element, "element");
    Objects.requireNonNull(maximum, "maximum");
  }

  /**
   * Returns the type of a table without a maximum.
   *
   * @param element type of its elements
   * @param minimum its initial number of elements
   */
  public static TableType of(RefType element, long minimum) {
    return new TableType(element, minimum, OptionalLong.empty());
  }

  /**
   * Returns the type of a table.
   *
   * @param element type of its elements
   * @param minimum its initial number of elements
   * @param maximum its largest number of elements
   */
  public static TableType of(RefType element, long minimum, long maximum) {
    return new TableType(element, minimum, OptionalLong.of(maximum));
  }

  /** Returns the type in the text format, for example {@code (table 1 10 (ref null func))}. */
  @Override
  public String toString() {
    return "(table "
        + minimum
        + (maximum.isPresent() ? " " + maximum.getAsLong() : "")
        + " "
        + element
        + ")";
  }
}
