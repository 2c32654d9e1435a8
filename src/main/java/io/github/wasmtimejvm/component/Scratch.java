package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.internal.NativeMemory;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Native memory for the calls of one store. Calls lie within each other: what a call was given is
 * taken back when the call ends. A small block stays as long as the store; a call that needs more
 * has blocks of its own, which grow with its need.
 */
final class Scratch {
  // Of the block that stays: stores may be many, and need little.
  private static final long SIZE = 2 * 1024;

  private static final long ALIGNMENT = 16;
  private static final long ZEROED_BY_HAND = 1024;

  private static final long SMALLEST_BLOCK = 8 * 1024;
  private static final long LARGEST_BLOCK = 1024 * 1024;
  private static final long LARGE = 64 * 1024; // from here on a part has a block for itself

  /** What the engine makes of a value takes up to so many times the memory of the value here. */
  static final int COPY = 2;

  private record Block(int call, Arena arena, long size) {}

  private final StoreState state;
  private final List<Block> blocks = new ArrayList<>(0); // of the calls under way
  private long top; // of the block in use, as below; 0 until there is one
  private long end;
  private long[] tops = new long[8]; // where each call that is under way began
  private long[] ends = new long[8];
  private int calls;

  Scratch(StoreState state) {
    this.state = state;
  }

  /** Begins a call, which {@link #end} ends. */
  void begin() {
    if (calls == tops.length) {
      tops = Arrays.copyOf(tops, 2 * calls);
    }
    if (calls == ends.length) {
      ends = Arrays.copyOf(ends, 2 * calls);
    }
    tops[calls] = top;
    ends[calls++] = end;
  }

  /** Ends the innermost call, and takes back what it was given. */
  void end() {
    top = tops[--calls];
    end = ends[calls];
    while (!blocks.isEmpty() && blocks.getLast().call() > calls) {
      blocks.removeLast().arena().close();
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
    if (rounded > end - top) {
      return reserveMore(rounded);
    }
    long at = top;
    top = at + rounded;
    return at;
  }

  private long reserveMore(long size) {
    if (end == 0) {
      top = state.allocate(SIZE).address();
      end = top + SIZE;
      Arrays.fill(tops, 0, calls, top);
      Arrays.fill(ends, 0, calls, end);
    } else if (size >= LARGE) {
      return addBlock(size);
    } else {
      long last = blocks.isEmpty() ? 0 : blocks.getLast().size();
      long next = Math.max(size, Math.clamp(4 * last, SMALLEST_BLOCK, LARGEST_BLOCK));
      top = addBlock(next);
      end = top + next;
    }
    return reserve(size);
  }

  /**
   * Throws an {@link OutOfMemoryError} if the engine has no memory to copy what a call was given.
   */
  void checkCopy() {
    if (!blocks.isEmpty() && blocks.getLast().call() == calls) {
      long size = 0;
      for (Block block : blocks) {
        size += block.call() == calls ? block.size() : 0;
      }
      if (size >= LARGE) {
        Shim.checkMemory(COPY * size);
      }
    }
  }

  private long addBlock(long size) {
    Arena arena = Arena.ofConfined();
    boolean kept = false;
    try {
      MemorySegment memory = arena.allocate(size, ALIGNMENT);
      blocks.add(new Block(calls, arena, size));
      kept = true;
      return memory.address();
    } finally {
      if (!kept) {
        arena.close();
      }
    }
  }
}
