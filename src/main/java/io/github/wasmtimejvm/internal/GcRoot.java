package io.github.wasmtimejvm.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * A root that keeps an object of the guests' heap alive as long as Java can reach this: what is
 * kept in a {@code wasmtime_anyref_t} and its like. The Cleaner gives it back, which any thread may
 * do, also after the store is gone.
 */
public final class GcRoot {
  /** Size of the C API's reference structs in bytes. */
  public static final long SIZEOF = 24;

  private final long word0;
  private final long word1;
  private final long word2;

  /**
   * @param reference the C API's struct, whose root is owned from now on
   * @param unroot the C function that gives it back
   */
  public GcRoot(MemorySegment reference, Consumer<MemorySegment> unroot) {
    long first = reference.get(JAVA_LONG, 0);
    long second = reference.get(JAVA_LONG, 8);
    long third = reference.get(JAVA_LONG, 16);
    this.word0 = first;
    this.word1 = second;
    this.word2 = third;
    NativeObject.cleaner()
        .register(
            this,
            () -> {
              try (Arena arena = Arena.ofConfined()) {
                MemorySegment copy = arena.allocate(SIZEOF, 8);
                write(copy, first, second, third);
                unroot.accept(copy);
              }
            });
  }

  /** Writes the C API's struct, which borrows the root: keep this reachable. */
  public void write(MemorySegment reference) {
    write(reference, word0, word1, word2);
  }

  /** Returns the C API's struct, which borrows the root: keep this reachable. */
  public MemorySegment in(Arena arena) {
    MemorySegment reference = arena.allocate(SIZEOF, 8);
    write(reference);
    return reference;
  }

  private static void write(MemorySegment reference, long word0, long word1, long word2) {
    reference.set(JAVA_LONG, 0, word0);
    reference.set(JAVA_LONG, 8, word1);
    reference.set(JAVA_LONG, 16, word2);
  }
}
