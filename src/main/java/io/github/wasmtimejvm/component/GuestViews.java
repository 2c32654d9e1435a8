package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Segments that show a part of a guest's memory as it is. They end as soon as a component of the
 * store is entered again, since its memory may move and what is there may be freed; a function's
 * own end, which frees its result, waits for that.
 */
final class GuestViews {
  private final StoreState state;
  private @Nullable Arena arena; // of those that have not ended
  private final List<Returned> returned = new ArrayList<>(0);

  /**
   * A function whose end waits.
   *
   * @param bits what its core function returned
   */
  private record Returned(DirectFunction function, long bits) {}

  GuestViews(StoreState state) {
    this.state = state;
  }

  /** Whether there are segments that have not ended. */
  boolean isEmpty() {
    return arena == null;
  }

  /** Returns a part of the memory, whose bounds have been checked. */
  @SuppressWarnings("restricted") // what has been checked
  MemorySegment of(long address, long length) {
    Arena all = arena;
    if (all == null) {
      all = state.passingViews();
      arena = all;
    }
    return MemorySegment.ofAddress(address).reinterpret(length, all, null);
  }

  /** Whether a segment is one of these. */
  boolean has(MemorySegment segment) {
    return arena != null && segment.scope().equals(arena.scope());
  }

  /**
   * Has the end of a function wait until the segments of its result have ended.
   *
   * @param bits what its core function returned
   */
  void endLater(DirectFunction function, long bits) {
    returned.add(new Returned(function, bits));
  }

  /**
   * Ends all segments, and the function whose result they show.
   *
   * @throws IllegalStateException if another thread copies from one of them just now; nothing has
   *     ended then
   */
  void end() {
    if (arena == null) {
      return;
    }
    state.endPassingViews();
    arena = null;
    List<Returned> all = List.copyOf(returned);
    returned.clear();
    for (Returned one : all) {
      if (state.spentBy() == null) {
        one.function().endLate(one.bits());
      }
    }
  }
}
