package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.Access;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The world that instances, functions and memories live in: {@code wasmtime_store_t} and its {@code
 * wasmtime_context_t} in C.
 *
 * <p>Everything in a store is given back when the store is closed, not before; make one for each
 * task, not one for all. Nothing of one store can be used with another: that is an {@link
 * IllegalArgumentException}.
 *
 * <p>A store belongs to the thread that created it. A <em>shared</em> one may be used by any
 * thread; a lock makes them take turns, for the whole time that a guest runs.
 */
public final class Store implements AutoCloseable {
  static {
    Access.install(new RootAccess());
  }

  private final Engine engine;
  private final StoreState state;

  // Of the modules that were instantiated here; under the state's rules for threads.
  private final Set<DebugLines> lines = Collections.newSetFromMap(new IdentityHashMap<>());

  private Store(Engine engine, boolean shared) {
    this.engine = engine;
    MemorySegment nativeEngine = engine.object().lease();
    try {
      this.state = new StoreState(nativeEngine, engine.maxWasmStack(), shared, this);
    } finally {
      engine.object().release();
    }
  }

  /**
   * Creates a store that belongs to the calling thread: {@code wasmtime_store_new}.
   *
   * @param engine its engine, which may be closed before the store
   */
  public static Store create(Engine engine) {
    return new Store(engine, false);
  }

  /**
   * Creates a store that any thread may use, one at a time: {@code wasmtime_store_new}.
   *
   * @param engine its engine, which may be closed before the store
   */
  public static Store createShared(Engine engine) {
    return new Store(engine, true);
  }

  /** Returns the engine that the store was created from. */
  public Engine engine() {
    return engine;
  }

  StoreState state() {
    return state;
  }

  /** Notes that an instance of a module is made, so that the lines of its frames are found. */
  void note(Module module) {
    DebugLines found = module.customSections().lines();
    if (found != null) {
      lines.add(found);
    }
  }

  /** Returns the frame with its source line; as it is where that is not known for certain. */
  WasmFrame withLine(WasmFrame frame) {
    DebugLines.@Nullable Line line = null;
    for (DebugLines module : lines) {
      DebugLines.Line found = module.find(frame);
      if (found != null) {
        if (line != null && !line.equals(found)) {
          return frame;
        }
        line = found;
      }
    }
    return line == null ? frame : frame.at(line);
  }

  /** Throws unless {@code other} is this store. */
  void checkSame(Store other, String what) {
    if (other != this) {
      throw new IllegalArgumentException("the " + what + " belongs to another store");
    }
  }

  /**
   * Ends the store and all that lives in it: {@code wasmtime_store_delete}. Closing it again does
   * nothing.
   *
   * @throws IllegalStateException if its guest is running, or another thread is using a view of one
   *     of its memories
   * @throws WrongThreadException if it belongs to another thread
   */
  @Override
  public void close() {
    state.close();
  }
}
