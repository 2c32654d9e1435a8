package io.github.wasmtimejvm.internal;

import java.lang.ref.WeakReference;
import java.util.Arrays;

/** The numbers of stores, by which callbacks find them. */
public final class StoreSlots {
  private static final Object LOCK = new Object();

  // Weak, so that a store that its user forgot can be reclaimed; while a guest runs, the calling
  // frame holds it.
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  private static volatile WeakReference<StoreState>[] slots = new WeakReference[16];

  private static int used; // under LOCK
  private static int[] free = new int[16]; // under LOCK
  private static int freeCount; // under LOCK

  private StoreSlots() {}

  /** Returns the store of a number that a host function was given. */
  public static StoreState at(long slot) {
    StoreState store = slots[(int) slot].get();
    if (store == null) {
      throw new IllegalStateException("a guest runs in a store that is gone");
    }
    return store;
  }

  /** Gives a store a number, to be released when it is deleted. */
  static int take(StoreState store) {
    WeakReference<StoreState> reference = new WeakReference<>(store);
    synchronized (LOCK) {
      int slot = freeCount > 0 ? free[--freeCount] : used;
      if (slot == used) {
        if (used == slots.length) { // before the count goes up: the copies may fail
          free = Arrays.copyOf(free, 2 * used);
          slots = Arrays.copyOf(slots, 2 * used);
        }
        used++;
      }
      WeakReference<StoreState>[] table = slots;
      table[slot] = reference;
      slots = table; // publishes the element to readers without the lock
      return slot;
    }
  }

  static void release(int slot) {
    synchronized (LOCK) {
      free[freeCount++] = slot;
    }
  }
}
