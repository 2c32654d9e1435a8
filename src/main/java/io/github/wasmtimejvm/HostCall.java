package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.HostCalls;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.StoreSlots;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A host function as the engine calls it.
 *
 * @param type its type
 * @param target what the engine calls
 * @param unchecked whether values are passed as {@link RawValues}, else as {@link Values}
 */
record HostCall(FuncType type, HostCalls.Target target, boolean unchecked) {
  /** A function with values as objects. */
  static HostCall of(FuncType type, HostFunction function) {
    Objects.requireNonNull(function, "function");
    return RawValues.fit(type)
        ? new HostCall(type, unchecked(type, function), true)
        : new HostCall(type, checked(type, function), false);
  }

  private static HostCalls.Target unchecked(FuncType type, HostFunction function) {
    return (slot, caller, args, results) -> {
      Store store = store(slot);
      @Nullable Object[] values =
          call(store, caller, type, function, RawValues.read(type.params(), args));
      RawValues.write(type.results(), values, results, "host function result");
    };
  }

  private static HostCalls.Target checked(FuncType type, HostFunction function) {
    return (slot, caller, args, results) -> {
      Store store = store(slot);
      @Nullable Object[] params = new Object[type.params().size()];
      MemorySegment in = sized(args, params.length);
      for (int i = 0; i < params.length; i++) {
        params[i] = Values.borrow(store, type.params().get(i), in.asSlice(i * Values.SIZEOF));
      }
      @Nullable Object[] values = call(store, caller, type, function, params);
      List<ValType> types = type.results();
      Values.checkCount(types, values, "host function result");
      MemorySegment out = sized(results, values.length);
      for (int i = 0; i < values.length; i++) {
        // The engine takes over the roots.
        Values.put(
            store,
            types.get(i),
            values[i],
            out.asSlice(i * Values.SIZEOF),
            "host function result",
            i);
      }
    };
  }

  private static MemorySegment sized(long address, int count) {
    return NativeVector.sized(MemorySegment.ofAddress(address), count * Values.SIZEOF);
  }

  private static @Nullable Object[] call(
      Store store, long caller, FuncType type, HostFunction function, @Nullable Object[] args)
      throws Throwable {
    Caller who = new Caller(store, caller);
    try {
      return Values.unpack(function.call(who, args), type.results().size());
    } finally {
      who.end();
    }
  }

  /** The store whose guest calls. */
  static Store store(long slot) {
    return (Store) StoreSlots.at(slot).facade();
  }
}
