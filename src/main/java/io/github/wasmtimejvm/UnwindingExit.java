package io.github.wasmtimejvm;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How exits leave the guests of a store whose handlers are to run: as WebAssembly exceptions with a
 * tag of the store's own.
 */
final class UnwindingExit {
  private final Tag tag;
  private boolean on = true;

  // The exit that left a host function last, and the exception that the guests see of it.
  private @Nullable ExitException last;
  private @Nullable ExnRef exception;

  UnwindingExit(Store store) {
    this.tag = Tag.create(store, new TagType(FuncType.of(ValType.I32)));
  }

  /** Sets whether exits that leave a host function from now on are such exceptions. */
  void set(boolean on) {
    this.on = on;
  }

  boolean isOn() {
    return on;
  }

  /** Returns the exception that stands for an exit; for the same exit as before, the same. */
  ExnRef exception(ExitException exit) {
    ExnRef known = exception;
    if (known == null || last != exit) {
      known = ExnRef.create(tag, exit.status());
      exception = known;
      last = exit;
    }
    return known;
  }

  /**
   * Returns the exit that an exception stands for, {@code null} if it is none of this tag.
   *
   * @param uncaught an exception that no guest has caught
   * @param raised what a host function threw into the guest last
   * @param frames where the exception left the guest
   */
  @Nullable ExitException exit(
      ExnRef uncaught, @Nullable Throwable raised, List<WasmFrame> frames) {
    if (raised instanceof ExitException exit
        && exit == last
        && Objects.requireNonNull(exception).isSame(uncaught)) {
      last = null;
      exception = null;
      return exit;
    }
    if (!uncaught.tag().equals(tag)) {
      return null;
    }
    // A handler caught this exit and threw it again later.
    int status = (Integer) Objects.requireNonNull(uncaught.payload().get(0));
    return new ExitException(status, frames);
  }
}
