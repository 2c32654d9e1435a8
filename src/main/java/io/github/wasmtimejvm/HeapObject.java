package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.GcRoot;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What references to structs, arrays and exceptions on the guests' heap have in common. */
final class HeapObject {
  private final Store store;
  private final GcRoot root;

  /** Something to do with an object, within a use of its store. */
  @FunctionalInterface
  interface Action<T extends @Nullable Object> {
    /**
     * @param context the {@code wasmtime_context_t*}
     * @param reference the C API's struct for the object, in the arena
     * @param arena for anything else, until the action returns
     */
    T on(MemorySegment context, MemorySegment reference, Arena arena);
  }

  /**
   * @param reference the C API's struct, whose root is owned from now on
   * @param unroot the C function that gives the root back
   */
  HeapObject(Store store, MemorySegment reference, Consumer<MemorySegment> unroot) {
    this.store = store;
    this.root = new GcRoot(reference, unroot);
  }

  Store store() {
    return store;
  }

  /** Uses the store and the object, which stays rooted until the action returns. */
  <T extends @Nullable Object> T use(Action<T> action) {
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      return action.on(state.context(), root.in(arena), arena);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Writes the C API's struct, which borrows the root: keep this reachable. */
  void write(MemorySegment reference) {
    root.write(reference);
  }
}
