package io.github.wasmtimejvm.internal;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
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
  // struct wjvm_handle of native/shim.c
  private static final long ID = 16;

  private static final Object LOCK = new Object();

  // Read without the lock by calls: a use of an object can only follow its registration.
  private static volatile @Nullable Object[] objects = new Object[64];
  private static int used; // under LOCK
  private static final Deque<Integer> free = new ArrayDeque<>(); // under LOCK

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
      Integer id = free.poll();
      if (id == null) {
        if (used == objects.length) { // before the count goes up: the copy may fail
          objects = Arrays.copyOf(objects, 2 * used);
        }
        id = used++;
      }
      MemorySegment handle = Shim.handleNew(id);
      @Nullable Object[] table = objects;
      table[id] = object;
      objects = table; // publishes the element
      return handle;
    }
  }

  /** The finalizer of everything registered. */
  public static MemorySegment finalizer() {
    return Shim.hostDrop();
  }

  /** Gives back what was registered but never reached the engine. */
  public static void drop(MemorySegment handle) {
    Shim.dropHandle(handle);
  }

  /** Returns the object that a pointer of ours stands for; the engine must hold it still. */
  public static Object object(MemorySegment handle) {
    return Objects.requireNonNull(object(Raw.getLong(handle.address() + ID)));
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
      return used - free.size();
    }
  }

  private static void releaseDropped() {
    for (long id = Shim.nextDropped(); id >= 0; id = Shim.nextDropped()) {
      objects[(int) id] = null;
      free.add((int) id);
    }
  }
}
