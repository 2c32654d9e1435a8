package io.github.wasmtimejvm;

import org.jspecify.annotations.Nullable;

/** A function of the host's that guests call, with values as objects. */
@FunctionalInterface
public interface HostFunction {
  /**
   * Runs on the guest's thread, which it may keep as long as it likes. It may use the caller's
   * store and call guests in it. Threads: the guest's.
   *
   * @param caller the calling instance; valid until this returns
   * @param args the arguments, as {@link Func#call} describes them
   * @return {@code null} for a type without results, the value for one result, an {@code Object[]}
   *     for several
   * @throws Throwable anything: the guest is unwound, and whoever called it gets the same object.
   *     An {@link ExitException} ends it as if it had exited itself
   */
  @Nullable Object call(Caller caller, @Nullable Object... args) throws Throwable;
}
