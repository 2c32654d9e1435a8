package io.github.wasmtimejvm;

import java.util.List;

/** A module cannot be linked, or a definition clashes with another. */
public final class LinkException extends WasmtimeException {
  private static final long serialVersionUID = 1;

  private final transient List<ImportType> unsatisfied;

  LinkException(String message, List<ImportType> unsatisfied) {
    super(message, List.of());
    this.unsatisfied = List.copyOf(unsatisfied);
  }

  /**
   * Returns every import that nothing was found for, or something of another type; the message says
   * which. Empty for a clash and after deserialization.
   *
   * <p>Two things are left out where something else is wrong too, since the C API does not tell
   * them: a table whose elements are of a concrete type and which has 64-bit indices where 32-bit
   * ones are needed, or the reverse; and what is wrong only in the references of more imports than
   * the engine is asked about, some two thousand. Threads: any.
   */
  public List<ImportType> unsatisfied() {
    return unsatisfied == null ? List.of() : unsatisfied;
  }
}
