package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeExnref;
import io.github.wasmtimejvm.internal.Root;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A WebAssembly exception, a tag with a payload: {@code wasmtime_exnref_t} in C. To throw one from
 * a host function, throw a {@link GuestException}.
 */
public final class ExnRef {
  private final Store store;
  private final Root root;

  /**
   * @param reference a {@code wasmtime_exnref_t}, whose root is owned from now on
   */
  ExnRef(Store store, MemorySegment reference) {
    this.store = store;
    this.root = new Root(reference, WasmtimeExnref::wasmtime_exnref_unroot);
  }

  /**
   * Creates an exception, which is not thrown yet: {@code wasmtime_exnref_new}. Threads: the
   * store's.
   *
   * @param tag its tag, whose store it lives in
   * @param payload what it carries, values as {@link Func#call} takes them
   * @throws IllegalArgumentException if the payload does not fit the tag
   * @throws IllegalStateException if the engine was built without {@link EngineBuilder#gcSupport}
   * @throws EngineException if a value is not of the tag's concrete type
   * @throws GcHeapOutOfMemoryException if the heap is full
   */
  public static ExnRef create(Tag tag, @Nullable Object... payload) {
    Store store = tag.store();
    store.engine().requireGc();
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      List<ValType> types = ((TagType) tag.describe()).payload().params();
      try (OwnedValues fields = OwnedValues.of(store, types, payload, arena, "payload value")) {
        MemorySegment out = arena.allocate(Root.SIZEOF, 8);
        Failures.check(
            WasmtimeExnref.wasmtime_exnref_new(
                state.context(), tag.nativeHandle(), fields.segment(), types.size(), out));
        return new ExnRef(store, out);
      }
    }
  }

  /** Returns the store that it lives in. Threads: any. */
  public Store store() {
    return store;
  }

  /** Returns its tag: {@code wasmtime_exnref_tag}. Threads: the store's. */
  public Tag tag() {
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      return tagWithin(state, arena);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private Tag tagWithin(StoreState state, Arena arena) {
    MemorySegment tag = arena.allocate(Extern.HANDLE_SIZE, 8);
    Failures.check(WasmtimeExnref.wasmtime_exnref_tag(state.context(), root.in(arena), tag));
    return new Tag(store, tag);
  }

  /**
   * Returns what it carries, values as {@link Func#call} returns them: {@code
   * wasmtime_exnref_field_count} and {@code wasmtime_exnref_field}. The list may contain {@code
   * null} and cannot be changed. Threads: the store's.
   */
  public List<@Nullable Object> payload() {
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      List<ValType> types = ((TagType) tagWithin(state, arena).describe()).payload().params();
      MemorySegment exception = root.in(arena);
      List<@Nullable Object> payload = new ArrayList<>();
      for (int i = 0; i < types.size(); i++) {
        MemorySegment value = arena.allocate(Values.SIZEOF, 8);
        Failures.check(WasmtimeExnref.wasmtime_exnref_field(state.context(), exception, i, value));
        payload.add(Values.take(store, types.get(i), value));
      }
      return Collections.unmodifiableList(payload);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Whether both are one exception; within a use of the store. */
  boolean isSame(ExnRef other) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment context = store.state().context();
      return store == other.store
          && WasmtimeExnref.wasmtime_exnref_to_raw(context, root.in(arena))
              == WasmtimeExnref.wasmtime_exnref_to_raw(context, other.root.in(arena));
    } finally {
      Reference.reachabilityFence(this);
      Reference.reachabilityFence(other);
    }
  }

  /** Makes it the pending exception and returns the {@code wasm_trap_t*} to unwind the guest. */
  MemorySegment raise() {
    try (Arena arena = Arena.ofConfined()) {
      return WasmtimeExnref.wasmtime_context_set_exception(store.state().context(), root.in(arena));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  void write(MemorySegment reference) {
    root.write(reference);
  }
}
