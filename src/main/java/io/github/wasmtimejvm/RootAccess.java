package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.Access;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** This package's side of {@link Access}. */
final class RootAccess extends Access {
  @Override
  public StoreState state(Object store) {
    return ((Store) store).state();
  }

  @Override
  public void check(MemorySegment error) {
    Outcome.check(error, "");
  }

  @Override
  public void checkReady(@Nullable String refusal) {
    Outcome.checkReady(refusal);
  }

  @Override
  public void setInFront(Object store, Map<String, ?> functions) {
    Map<String, HostFunction> inFront = new HashMap<>();
    functions.forEach((name, function) -> inFront.put(name, (HostFunction) function));
    ((Store) store).setInFront(inFront);
  }

  @Override
  public void setUnwindingExit(Object store, boolean unwinding) {
    Store owner = (Store) store;
    if (!unwinding) {
      owner.setExitTag(null);
    } else if (owner.exitTag() == null) {
      owner.engine().requireGc();
      owner.setExitTag(Tag.create(owner, new TagType(FuncType.of(ValType.I32))));
    }
  }

  @Override
  public Object plainWasi(Object engine) {
    return Linker.createPlainWasi((Engine) engine);
  }

  @Override
  public boolean isInterruptible(Object store) {
    return ((Store) store).engine().ticker() != null;
  }

  @Override
  public Object attachment(Object engine, Supplier<?> make) {
    return ((Engine) engine).attachment(make);
  }

  @Override
  public RuntimeException stopped(int reason) {
    return Outcome.stopped(reason, List.of());
  }

  @Override
  protected long trap(StoreState state, Throwable thrown) {
    ExnRef exception =
        switch (thrown) {
          case GuestException guest -> guest.exception();
          case ExitException exit -> exit.asGuestException((Store) state.facade());
          default -> null;
        };
    return exception != null && exception.store().state() == state
        ? exception.raise().address()
        : 0;
  }
}
