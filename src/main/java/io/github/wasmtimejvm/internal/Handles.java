package io.github.wasmtimejvm.internal;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Java objects that the engine holds, each under a number: host functions, epoch callbacks, and
 * what external references refer to.
 *
 * <p>The engine gets a small native struct with the number. When it drops one, at whatever depth of
 * the stack on whatever thread, the shim puts the struct on a list; Java takes it off later.
 */
public final class Handles {
  private static final Object LOCK = new Object();

  // Read without the lock: the engine can only call a handle after register has returned it, and
  // register publishes the array last.
  private static volatile @Nullable Object[] objects = new Object[64];
  private static int used; // under LOCK

  // The numbers below `used` that nothing has, as many as `freeCount`; under LOCK. It has room for
  // all of them, so that none is lost where there is no memory left.
  private static int[] free = new int[64];
  private static int freeCount;

  // The wjvm_java that the handles refer to: kept by the first while there are any, and still found
  // by the second until the garbage collector comes. Nothing of the engine's is in the stub when
  // there is no handle: a store outlives the calls of its guests, and its functions live with it.
  private static @Nullable MemorySegment java; // under LOCK
  private static WeakReference<MemorySegment> last = new WeakReference<>(null); // under LOCK

  private Handles() {}

  /**
   * Registers an object and returns the pointer to give to the engine, together with {@link
   * #finalizer()}. The engine owns it from then on: it calls the finalizer when it needs the object
   * no more.
   */
  public static MemorySegment register(Object object) {
    Objects.requireNonNull(object);
    synchronized (LOCK) {
      releaseDropped();
      int id = freeCount == 0 ? used : free[freeCount - 1];
      if (id == objects.length) {
        free = Arrays.copyOf(free, 2 * id);
        objects = Arrays.copyOf(objects, 2 * id);
      }
      MemorySegment handle = Shim.handleNew(wayBack(), id);
      if (id == used) { // after what may fail
        used++;
      } else {
        freeCount--;
      }
      @Nullable Object[] table = objects;
      table[id] = object;
      objects = table; // publishes the element
      return handle;
    }
  }

  private static MemorySegment wayBack() {
    MemorySegment known = java;
    if (known == null) {
      known = last.get();
      if (known == null) {
        known = HostCalls.wayBack();
        last = new WeakReference<>(known);
      }
      java = known;
    }
    return known;
  }

  /**
   * Makes what the first registration needs, while there is stack and heap enough: a class that
   * could not be initialized stays unusable.
   */
  static void prepare() {
    synchronized (LOCK) {
      wayBack();
      releaseDropped();
    }
  }

  /** The finalizer of everything registered. */
  public static MemorySegment finalizer() {
    return Shim.hostDrop();
  }

  /** Gives back a handle that only Java and the shim hold. */
  public static void drop(MemorySegment handle) {
    Shim.dropHandle(handle);
  }

  /** Returns the object that a pointer of ours stands for; the engine must hold it still. */
  public static Object object(MemorySegment handle) {
    return Objects.requireNonNull(
        object(NativeMemory.getLong(handle.address() + ShimStructs.Handle.ID)));
  }

  static @Nullable Object object(long id) {
    return objects[(int) id];
  }

  /** Forgets the objects that the engine has dropped since. */
  public static void drain() {
    synchronized (LOCK) {
      releaseDropped();
    }
  }

  /** How many objects the engine holds; what it dropped counts until the next drain. */
  public static int registered() {
    synchronized (LOCK) {
      return used - freeCount;
    }
  }

  /** The way back into Java that was made last, if it is there still. */
  static WeakReference<MemorySegment> last() {
    synchronized (LOCK) {
      return last;
    }
  }

  private static void releaseDropped() {
    MemorySegment dropped = java;
    if (dropped == null) {
      return;
    }
    for (long id = Shim.nextDropped(dropped); id >= 0; id = Shim.nextDropped(dropped)) {
      objects[(int) id] = null;
      free[freeCount++] = (int) id;
    }
    if (freeCount == used) {
      java = null;
    }
  }
}
