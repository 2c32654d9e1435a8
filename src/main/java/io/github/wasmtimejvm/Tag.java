package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeTag;
import io.github.wasmtimejvm.internal.ScopedPointer;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What tells one kind of exception from another: {@code wasmtime_tag_t} in C.
 *
 * <p>Two objects are equal if they stand for one tag.
 */
public final class Tag extends StoreItem {
  Tag(Store store, MemorySegment handle) {
    super(store, WasmtimeExtern.WASMTIME_EXTERN_TAG, handle);
  }

  /**
   * Creates a tag: {@code wasmtime_tag_new}. Threads: the store's.
   *
   * @param store the store that it lives in
   * @param type its type, whose payload has no results
   * @throws IllegalArgumentException if the type has results, or a type in it belongs to another
   *     engine
   * @throws IllegalStateException if the engine was built without {@link EngineBuilder#gcSupport}
   */
  public static Tag create(Store store, TagType type) {
    if (!type.payload().results().isEmpty()) {
      throw new IllegalArgumentException("the type of a tag has no results: " + type.payload());
    }
    store.engine().requireGc();
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined();
        ScopedPointer nativeType = Types.nativeTag(type, store.engine())) {
      MemorySegment handle = arena.allocate(HANDLE_SIZE, 8);
      Failures.check(WasmtimeTag.wasmtime_tag_new(state.context(), nativeType.pointer(), handle));
      return new Tag(store, handle);
    }
  }

  /** Returns its type: {@code wasmtime_tag_type}. Threads: the store's. */
  public TagType type() {
    StoreState state = store().state();
    try (var _ = state.enter()) {
      return (TagType) describe();
    }
  }

  /**
   * Whether both stand for one tag, as {@code wasmtime_tag_eq} tells; any thread may ask. Threads:
   * any.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    // What the C function compares too, without the padding behind the numbers.
    return other instanceof Tag tag
        && word0 == tag.word0
        && (int) word1 == (int) tag.word1
        && (int) word2 == (int) tag.word2;
  }

  @Override
  public int hashCode() {
    return Objects.hash(word0, (int) word1, (int) word2);
  }
}
