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
   * which. Empty for a clash, where a reference type is wrong in a way that only the engine can
   * tell (the message is the engine's then), and after deserialization. Threads: any.
   */
  public List<ImportType> unsatisfied() {
    return unsatisfied == null ? List.of() : unsatisfied;
  }
}
