package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.HostCalls;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A host function as the engine calls it, with its values in memory. */
record HostCall(FuncType type, HostFunction function) implements HostCalls.Target {
  HostCall {
    Objects.requireNonNull(function, "function");
  }

  @Override
  public void call(StoreState state, long caller, long values, long n) throws Throwable {
    Store store = (Store) state.facade();
    MemorySegment buffer = NativeVector.sized(MemorySegment.ofAddress(values), n * Values.SIZEOF);
    @Nullable Object[] args = Values.read(store, type.params(), buffer);
    Caller who = new Caller(store, caller);
    @Nullable Object returned;
    try {
      returned = function.call(who, args);
    } finally {
      who.end();
    }
    @Nullable Object[] results = Values.unpack(returned, type.results().size());
    Values.write(store, type.results(), results, buffer, "host function result");
  }
}
