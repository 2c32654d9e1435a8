package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeLinker;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The {@code wasmtime_linker_t} of a {@link Linker}, which one thread may use at a time, and the
 * store that it serves once something of a store is defined in it.
 */
final class NativeLinker {
  private final Engine engine;
  private final NativeObject object;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Store boundTo; // may be read without the lock

  /**
   * @param linker the native linker, owned from now on
   * @param boundTo the store that the linker serves, {@code null} if it serves any
   */
  NativeLinker(Engine engine, MemorySegment linker, @Nullable Store boundTo) {
    this.engine = engine;
    this.object = new NativeObject("linker", linker, WasmtimeLinker::wasmtime_linker_delete);
    this.boundTo = boundTo;
  }

  /** The native linker while this thread holds the lock, and a use of a store if one is given. */
  final class Locked implements AutoCloseable {
    final MemorySegment linker;
    private final StoreState.@Nullable Use use;

    private Locked(StoreState.@Nullable Use use) {
      this.use = use;
      this.linker = object.lease();
    }

    @Override
    public void close() {
      try {
        object.release();
      } finally {
        lock.unlock();
        if (use != null) {
          use.close();
        }
      }
    }
  }

  /**
   * Waits for the lock.
   *
   * @throws IllegalStateException if the linker is closed
   */
  Locked lock() {
    return locked(null, null);
  }

  /**
   * Begins a use of a store and waits for the lock.
   *
   * @throws IllegalArgumentException if the linker serves another store or engine
   * @throws IllegalStateException if the linker or the store is closed
   */
  Locked lock(Store store) {
    engine.checkSame(store.engine(), "store");
    StoreState.Use use = store.state().enter();
    try {
      return locked(store, use);
    } catch (Throwable e) {
      use.close();
      throw e;
    }
  }

  private Locked locked(@Nullable Store store, StoreState.@Nullable Use use) {
    lock.lock();
    try {
      Store bound = boundTo;
      if (store != null && bound != null) {
        store.checkSame(bound, "linker");
      }
      return new Locked(use);
    } catch (Throwable e) {
      lock.unlock();
      throw e;
    }
  }

  /** The store that the linker serves, {@code null} if it serves any; without the lock, too. */
  @Nullable Store boundTo() {
    return boundTo;
  }

  /**
   * Defines items of a store, under the lock. The linker is bound first, so that nothing can leave
   * an item of a store in an unbound linker; definitions that are refused define nothing.
   */
  void bindWhile(Store store, Runnable definitions) {
    Store before = boundTo;
    boundTo = store;
    try {
      definitions.run();
    } catch (RuntimeException | Error e) {
      boundTo = before;
      throw e;
    }
  }

  void close() {
    object.close();
  }
}
