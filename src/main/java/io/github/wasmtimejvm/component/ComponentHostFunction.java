package io.github.wasmtimejvm.component;

import org.jspecify.annotations.Nullable;

/**
 * A function of the host's without Java types of its own, for {@link ComponentLinker#define(String,
 * String, ComponentHostFunction)}. Its values are those of {@link ComponentFunc#call}.
 */
@FunctionalInterface
public interface ComponentHostFunction {
  /**
   * Runs it. Threads: the one that called the guest.
   *
   * @param args the arguments
   * @return the result, {@code null} if there is none
   * @throws ErrException for the error of a function that returns a {@code result}; it may as well
   *     return a {@link Result}
   * @throws Throwable anything else unwinds the guest, and comes out of the call of the guest as
   *     the same object
   */
  @Nullable Object call(@Nullable Object[] args) throws Throwable;
}
