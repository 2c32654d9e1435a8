package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeGlobal;
import io.github.wasmtimejvm.internal.ScopedPointer;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A global variable: {@code wasmtime_global_t} in C. */
public final class Global extends StoreItem {
  // Never changes; under the store's rules for threads.
  private @Nullable GlobalType type;

  Global(Store store, MemorySegment handle) {
    super(store, WasmtimeExtern.WASMTIME_EXTERN_GLOBAL, handle);
  }

  /**
   * Creates a global: {@code wasmtime_global_new}. Threads: the store's.
   *
   * @param store the store that it lives in
   * @param type its type
   * @param value its value, as {@link Func#call} takes them
   * @throws IllegalArgumentException if the value does not fit, or something belongs to another
   *     engine or store
   * @throws EngineException if the value is not of the concrete type
   */
  public static Global create(Store store, GlobalType type, @Nullable Object value) {
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined();
        ScopedPointer nativeType = Types.nativeGlobal(type, store.engine());
        OwnedValues vals = OwnedValues.of(store, type.content(), value, arena, "value")) {
      MemorySegment handle = arena.allocate(HANDLE_SIZE, 8);
      Failures.check(
          WasmtimeGlobal.wasmtime_global_new(
              state.context(), nativeType.pointer(), vals.segment(), handle));
      return new Global(store, handle);
    }
  }

  /** Returns its type: {@code wasmtime_global_type}. Threads: the store's. */
  public GlobalType type() {
    StoreState state = store().state();
    try (var _ = state.enter()) {
      return typeWithin();
    }
  }

  private GlobalType typeWithin() {
    GlobalType known = type;
    if (known == null) {
      known = (GlobalType) describe();
      type = known;
    }
    return known;
  }

  /**
   * Returns its value, as {@link Func#call} returns them: {@code wasmtime_global_get}. Threads: the
   * store's.
   */
  public @Nullable Object get() {
    StoreState state = store().state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(Values.SIZEOF, 8);
      WasmtimeGlobal.wasmtime_global_get(state.context(), nativeHandle(), value);
      return Values.take(store(), typeWithin().content(), value);
    }
  }

  /**
   * Changes its value: {@code wasmtime_global_set}. Threads: the store's.
   *
   * @param value the new value
   * @throws IllegalStateException if it cannot be changed
   * @throws IllegalArgumentException if the value does not fit the type or belongs to another store
   * @throws EngineException if the value is not of the concrete type
   */
  public void set(@Nullable Object value) {
    StoreState state = store().state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      GlobalType type = typeWithin();
      if (!type.mutable()) {
        throw new IllegalStateException("the global cannot be changed");
      }
      try (OwnedValues vals = OwnedValues.of(store(), type.content(), value, arena, "value")) {
        Failures.check(
            WasmtimeGlobal.wasmtime_global_set(state.context(), nativeHandle(), vals.segment()));
      }
    }
  }
}
