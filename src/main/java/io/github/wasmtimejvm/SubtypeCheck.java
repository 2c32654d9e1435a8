package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.ScopedPointer;

/**
 * Asks the engine whether one type is a subtype of another, which the C API has no function for.
 *
 * <p>The engine lets a global of type {@code (ref (func (result B)))} have a function that returns
 * {@code A} as its value where {@code A} is a subtype of {@code B}.
 */
final class SubtypeCheck {
  private static final HostFunction NEVER_CALLED = (caller, args) -> null;

  private final Store store;

  /**
   * @param store where functions and globals may be left behind, on this thread
   */
  SubtypeCheck(Store store) {
    this.store = store;
  }

  /**
   * Whether a value of one type can be used where the other is wanted.
   *
   * @throws IllegalStateException if the engine is closed
   */
  boolean isSubtype(ValType type, ValType supertype) {
    Func returning = Func.create(store, FuncType.of().returns(type), NEVER_CALLED);
    GlobalType wants = new GlobalType(new RefType(false, returning(supertype)), false);
    try {
      Global.create(store, wants, returning);
      return true;
    } catch (EngineException e) {
      return false;
    }
  }

  private HeapType returning(ValType type) {
    try (ScopedPointer nativeType = Types.nativeFunc(FuncType.of().returns(type), store.engine())) {
      return OtherHeapType.func(store.engine(), nativeType.pointer());
    }
  }
}
