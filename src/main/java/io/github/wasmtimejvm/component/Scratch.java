package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.internal.NativeMemory;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * Native memory for the calls of one store. Calls lie within each other: what a call was given is
 * taken back when the call ends. What is too large for the common block has a block of its own
 * until then.
 */
final class Scratch {
  private static final long SIZE = 8 * 1024; // of the common block
  private static final long ALIGNMENT = 16;
  private static final long ZEROED_BY_HAND = 256;

  /** What the engine makes of a value takes up to so many times the memory of the value here. */
  static final int COPY = 2;

  private record Large(int call, Arena arena, long size) {}

  private final StoreState state;
  private final ArrayList<Large> large = new ArrayList<>(0);
  private long top; // of the common block, as below; 0 until there is one
  private long end;
  private long[] tops = new long[8]; // where each call that is under way began
  private int calls;

  Scratch(StoreState state) {
    this.state = state;
  }

  /** Begins a call, which {@link #end} ends. */
  void begin() {
    if (calls == tops.length) {
      tops = Arrays.copyOf(tops, 2 * calls);
    }
    tops[calls++] = top;
  }

  /** Ends the innermost call, and takes back what it was given. */
  void end() {
    top = tops[--calls];
    while (!large.isEmpty() && large.getLast().call() > calls) {
      large.removeLast().arena().close();
    }
  }

  /** How many calls are under way. */
  int depth() {
    return calls;
  }

  /** Returns zeroed memory for the innermost call. */
  long allocate(long size) {
    long at = reserve(size);
    if (size > ZEROED_BY_HAND) {
      NativeVector.sized(MemorySegment.ofAddress(at), size).fill((byte) 0);
    } else {
      for (long zeroed = at; zeroed < at + size; zeroed += Long.BYTES) {
        NativeMemory.putLong(zeroed, 0);
      }
    }
    return at;
  }

  /** Returns memory for the innermost call, in which anything may stand. */
  long reserve(long size) {
    long rounded = (size + ALIGNMENT - 1) & -ALIGNMENT;
    long at = top;
    if (rounded > end - at) {
      return end == 0 ? allocateFirst(rounded) : allocateLarge(rounded);
    }
    top = at + rounded;
    return at;
  }

  private long allocateFirst(long size) {
    top = state.allocate(SIZE).address();
    end = top + SIZE;
    Arrays.fill(tops, 0, calls, top);
    return reserve(size);
  }

  /**
   * Throws an {@link OutOfMemoryError} if the engine has no memory to copy what a call was given.
   */
  void checkCopy() {
    if (!large.isEmpty() && large.getLast().call() == calls) {
      long size = 0;
      for (Large block : large) {
        size += block.call() == calls ? block.size() : 0;
      }
      Shim.checkMemory(COPY * size);
    }
  }

  private long allocateLarge(long size) {
    Arena arena = Arena.ofConfined();
    boolean kept = false;
    try {
      MemorySegment memory = arena.allocate(size, ALIGNMENT);
      large.add(new Large(calls, arena, size));
      kept = true;
      return memory.address();
    } finally {
      if (!kept) {
        arena.close();
      }
    }
  }
}
