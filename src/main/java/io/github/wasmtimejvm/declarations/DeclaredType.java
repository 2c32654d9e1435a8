package io.github.wasmtimejvm.declarations;

import io.github.wasmtimejvm.ExternType;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The type of an import or export: known, or at a place of a module's declarations, where it is
 * decoded when it is first asked for. Any thread may use it. Two are equal if they are of the same
 * place, or can both be described and are the same type.
 */
public final class DeclaredType {
  private final @Nullable Declarations declarations;
  private final int where;
  private @Nullable ExternType known; // where two threads decode it, they do so alike

  public DeclaredType(ExternType known) {
    this.declarations = null;
    this.where = 0;
    this.known = known;
  }

  /**
   * @param known the type, if it is known already
   */
  DeclaredType(Declarations declarations, int where, @Nullable ExternType known) {
    this.declarations = declarations;
    this.where = where;
    this.known = known;
  }

  /**
   * Returns the type.
   *
   * @throws UnsupportedOperationException if it cannot be described
   * @throws IllegalStateException if it names a type that the module defines, and the module was
   *     closed before this was first called
   */
  public ExternType get() {
    ExternType type = known;
    if (type == null) {
      type = Objects.requireNonNull(declarations).type(where);
      known = type;
    }
    return type;
  }

  public ItemKind kind() {
    return declarations == null ? ItemKind.of(get()) : declarations.kind(where);
  }

  @Override
  public boolean equals(Object other) {
    return other == this
        || other instanceof DeclaredType that
            && (declarations != null && declarations == that.declarations && where == that.where
                || isSame(that));
  }

  private boolean isSame(DeclaredType that) {
    try {
      return get().equals(that.get());
    } catch (UnsupportedOperationException | IllegalStateException e) {
      return false;
    }
  }

  // The same for all: to decode the type may take long, or fail.
  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return text(this::get);
  }

  /** A type for people, who may also learn that it cannot be described. */
  public static String text(Supplier<ExternType> type) {
    try {
      return type.get().toString();
    } catch (UnsupportedOperationException | IllegalStateException e) {
      return "? (" + e.getMessage() + ")";
    }
  }
}
