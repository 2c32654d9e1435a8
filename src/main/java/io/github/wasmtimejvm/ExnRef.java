package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeExnref;
import io.github.wasmtimejvm.internal.GcRoot;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A WebAssembly exception, a tag with a payload: {@code wasmtime_exnref_t} in C. To throw one from
 * a host function, throw a {@link GuestException}.
 */
public final class ExnRef {
  private final HeapObject object;

  /**
   * @param reference a {@code wasmtime_exnref_t}, whose root is owned from now on
   */
  ExnRef(Store store, MemorySegment reference) {
    this.object = new HeapObject(store, reference, WasmtimeExnref::wasmtime_exnref_unroot);
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
        MemorySegment out = arena.allocate(GcRoot.SIZEOF, 8);
        Failures.check(
            WasmtimeExnref.wasmtime_exnref_new(
                state.context(), tag.nativeHandle(), fields.segment(), types.size(), out));
        return new ExnRef(store, out);
      }
    }
  }

  /** Returns the store that it lives in. Threads: any. */
  public Store store() {
    return object.store();
  }

  /** Returns its tag: {@code wasmtime_exnref_tag}. Threads: the store's. */
  public Tag tag() {
    return object.use(this::tag);
  }

  private Tag tag(MemorySegment context, MemorySegment exception, Arena arena) {
    MemorySegment tag = arena.allocate(Extern.HANDLE_SIZE, 8);
    Failures.check(WasmtimeExnref.wasmtime_exnref_tag(context, exception, tag));
    return new Tag(store(), tag);
  }

  /**
   * Returns what it carries, values as {@link Func#call} returns them: {@code
   * wasmtime_exnref_field_count} and {@code wasmtime_exnref_field}. The list may contain {@code
   * null} and cannot be changed. Threads: the store's.
   */
  public List<@Nullable Object> payload() {
    return object.use(this::payload);
  }

  private List<@Nullable Object> payload(
      MemorySegment context, MemorySegment exception, Arena arena) {
    List<ValType> types = ((TagType) tag(context, exception, arena).describe()).payload().params();
    List<@Nullable Object> payload = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      MemorySegment value = arena.allocate(Values.SIZEOF, 8);
      Failures.check(WasmtimeExnref.wasmtime_exnref_field(context, exception, i, value));
      payload.add(Values.take(store(), types.get(i), value));
    }
    return Collections.unmodifiableList(payload);
  }

  /** Whether both are one exception; within a use of the store. */
  boolean isSame(ExnRef other) {
    return store() == other.store() && toRaw() == other.toRaw();
  }

  private int toRaw() {
    return object.use(
        (context, exception, arena) -> WasmtimeExnref.wasmtime_exnref_to_raw(context, exception));
  }

  /** Makes it the pending exception and returns the {@code wasm_trap_t*} to unwind the guest. */
  MemorySegment raise() {
    return object.use(
        (context, exception, arena) ->
            WasmtimeExnref.wasmtime_context_set_exception(context, exception));
  }

  void write(MemorySegment reference) {
    object.write(reference);
  }
}
