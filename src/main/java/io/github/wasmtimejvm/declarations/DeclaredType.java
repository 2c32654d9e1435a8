package io.github.wasmtimejvm.declarations;

import io.github.wasmtimejvm.ExternType;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The type of an import or export. Either the type is known, or a place in a module's declarations
 * is, and the type is decoded there when it is first asked for. Any thread may do so. Two declared
 * types are equal if they have the same place, or if both can be described and are the same type.
 */
public final class DeclaredType {
  private final @Nullable Declarations declarations;
  private final int where;
  private @Nullable ExternType known; // two threads may decode the type, with the same result

  public DeclaredType(ExternType known) {
    this.declarations = null;
    this.where = 0;
    this.known = known;
  }

  /**
   * @param where the place of the item in the declarations
   * @param known the type, if the type is known already
   */
  DeclaredType(Declarations declarations, int where, @Nullable ExternType known) {
    this.declarations = declarations;
    this.where = where;
    this.known = known;
  }

  /**
   * Returns the type.
   *
   * @throws UnsupportedOperationException if the type cannot be described
   * @throws IllegalStateException if the type names one that the module defines, and the module was
   *     closed before this method was first called
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

  // The same number for all, because decoding a type may take long, or fail.
  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return text(this::get);
  }

  /** Returns a type as text for people, or why the type cannot be described. */
  public static String text(Supplier<ExternType> type) {
    try {
      return type.get().toString();
    } catch (UnsupportedOperationException | IllegalStateException e) {
      return "? (" + e.getMessage() + ")";
    }
  }
}
