package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getByte;
import static io.github.wasmtimejvm.internal.NativeMemory.getInt;
import static io.github.wasmtimejvm.internal.NativeMemory.getLong;
import static io.github.wasmtimejvm.internal.NativeMemory.getShort;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How values become core values where that is the same for all of them: one step for each core
 * value. It does what {@link Layout#flatten} does, faster.
 */
final class Flattening {
  /** What a core value is read from. */
  enum Source {
    U8,
    S8,
    U16,
    S16,
    WORD,
    LONG;

    /** Reads the bits of the core value. */
    long read(long at) {
      return switch (this) {
        case U8 -> Byte.toUnsignedLong(getByte(at));
        case S8 -> Integer.toUnsignedLong(getByte(at));
        case U16 -> Short.toUnsignedLong(getShort(at));
        case S16 -> Integer.toUnsignedLong(getShort(at));
        case WORD -> Integer.toUnsignedLong(getInt(at));
        case LONG -> getLong(at);
      };
    }
  }

  /**
   * A core value.
   *
   * @param offset where it is read
   */
  record Step(Source source, long offset) {}

  private final Source[] sources;
  private final long[] offsets;

  private Flattening(List<Step> steps) {
    this.sources = steps.stream().map(Step::source).toArray(Source[]::new);
    this.offsets = steps.stream().mapToLong(Step::offset).toArray();
  }

  /** Returns that of a layout, {@code null} if it depends on the values. */
  static @Nullable Flattening of(Layout layout) {
    List<Step> steps = new ArrayList<>();
    return layout.addSteps(0, steps) ? new Flattening(steps) : null;
  }

  /**
   * Reads the values.
   *
   * @param at where they are in native memory
   * @param out gets them
   */
  void run(long at, CoreValues out) {
    for (int i = 0; i < sources.length; i++) {
      out.add(sources[i].read(at + offsets[i]));
    }
  }
}
