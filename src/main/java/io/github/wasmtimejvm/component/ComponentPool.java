package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.internal.Rethrow;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Instances of a component for many callers: never more at once than the pool allows, each in a
 * store of its own, and each new, so that no caller sees what another one has left behind.
 *
 * <pre>{@code
 * try (ComponentPool.Lease lease = pool.take()) {
 *   lease.instance().as(Greeter.class).greet("world");
 * }
 * }</pre>
 *
 * <p>A pool that {@link #reusing} made hands an instance out again, unless its store's components
 * cannot be used any more. That is for callers that trust each other.
 *
 * <p>All threads may use a pool.
 */
public final class ComponentPool implements AutoCloseable {
  private final PreparedComponent component;
  private final Consumer<Store> preparation;
  private final boolean reuse;
  private final Semaphore permits;
  private final Deque<ComponentInstance> idle = new ArrayDeque<>(); // under this, as below
  private boolean closed;

  private ComponentPool(
      PreparedComponent component, int size, Consumer<Store> preparation, boolean reuse) {
    if (size < 1) {
      throw new IllegalArgumentException("a pool has at least one instance, not " + size);
    }
    this.component = Objects.requireNonNull(component, "component");
    this.preparation = Objects.requireNonNull(preparation, "preparation");
    this.reuse = reuse;
    this.permits = new Semaphore(size, true);
  }

  /**
   * Creates a pool of which each caller gets a new instance. Threads: any.
   *
   * @param component the component, which must stay open while the pool is used
   * @param size how many instances there may be at once, from 1 on
   * @param preparation what to do to each new store first: a WASI configuration, limits, a timeout
   */
  public static ComponentPool fresh(
      PreparedComponent component, int size, Consumer<Store> preparation) {
    return new ComponentPool(component, size, preparation, false);
  }

  /**
   * Creates a pool whose instances are handed out again and again. Threads: any.
   *
   * @param component the component, which must stay open while the pool is used
   * @param size how many instances there may be at once, from 1 on
   * @param preparation what to do to each new store first: a WASI configuration, limits, a timeout
   */
  public static ComponentPool reusing(
      PreparedComponent component, int size, Consumer<Store> preparation) {
    return new ComponentPool(component, size, preparation, true);
  }

  /**
   * Takes an instance, and waits for one to be given back if all are out. Threads: any.
   *
   * @throws InterruptedException if the thread is interrupted while it waits
   * @throws IllegalStateException if the pool is closed
   * @throws io.github.wasmtimejvm.WasmtimeException if the component fails while it starts
   */
  public Lease take() throws InterruptedException {
    permits.acquire();
    return lease();
  }

  /**
   * Takes an instance, and waits no longer than that for one to be given back. Threads: any.
   *
   * @param longest how long to wait
   * @throws InterruptedException if the thread is interrupted while it waits
   * @throws TimeoutException if all are still out then
   * @throws IllegalStateException if the pool is closed
   * @throws io.github.wasmtimejvm.WasmtimeException if the component fails while it starts
   */
  public Lease take(Duration longest) throws InterruptedException, TimeoutException {
    long nanos = TimeUnit.NANOSECONDS.convert(longest); // at most about 292 years
    if (!permits.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
      throw new TimeoutException("all instances of the pool are out");
    }
    return lease();
  }

  private Lease lease() {
    boolean taken = false;
    try {
      ComponentInstance known = idle();
      Lease lease = new Lease(known == null ? create() : known);
      taken = true;
      return lease;
    } finally {
      if (!taken) {
        permits.release();
      }
    }
  }

  private synchronized @Nullable ComponentInstance idle() {
    if (closed) {
      throw new IllegalStateException("the pool is closed");
    }
    return idle.pollLast();
  }

  private ComponentInstance create() {
    Store store = Store.createShared(component.component().engine());
    try {
      preparation.accept(store);
      return component.instantiate(store);
    } catch (Throwable thrown) {
      close(store, thrown);
      throw thrown;
    }
  }

  /**
   * Closes a store.
   *
   * @param failure what was thrown before
   * @return what was thrown first
   */
  private static @Nullable Throwable close(Store store, @Nullable Throwable failure) {
    try {
      store.close();
    } catch (Throwable thrown) {
      return Transfers.first(failure, thrown);
    }
    return failure;
  }

  private void giveBack(Lease lease) {
    ComponentInstance instance = lease.instance;
    boolean back = false;
    try {
      if (!keep(instance)) {
        instance.store().close();
      }
      back = true;
    } finally {
      if (back || isClosed(instance)) {
        permits.release();
      } else {
        synchronized (this) {
          lease.given = false; // it takes the pool's room until its store is closed
        }
      }
    }
  }

  private boolean keep(ComponentInstance instance) {
    // Asked before the pool is locked: it waits for the store, whose guest may wait for the pool.
    if (!reuse || !instance.isIdle()) {
      return false;
    }
    synchronized (this) {
      if (!closed) {
        idle.add(instance);
      }
      return !closed;
    }
  }

  private static boolean isClosed(ComponentInstance instance) {
    try {
      instance.isUsable();
      return false;
    } catch (IllegalStateException storeIsClosed) {
      return true;
    }
  }

  /**
   * Closes the pool and the stores of the instances that are not out; the others are closed when
   * they are given back. Closing it again does nothing. Threads: any.
   *
   * @throws IllegalStateException what {@link Store#close} of the first store threw that could not
   *     be closed well; those of others are suppressed in it. All stores were tried then
   */
  @Override
  public void close() {
    Deque<ComponentInstance> left;
    synchronized (this) {
      closed = true;
      left = new ArrayDeque<>(idle);
      idle.clear();
    }
    Throwable failure = null;
    for (ComponentInstance instance : left) {
      failure = close(instance.store(), failure);
    }
    if (failure != null) {
      throw Rethrow.unchecked(failure);
    }
  }

  /** An instance that is out, until it is closed. */
  public final class Lease implements AutoCloseable {
    private final ComponentInstance instance;
    private boolean given; // under the pool

    private Lease(ComponentInstance instance) {
      this.instance = instance;
    }

    /**
     * Returns the instance, which is not to be used after the lease is closed. Threads: any.
     *
     * @throws IllegalStateException if the lease is closed
     */
    public ComponentInstance instance() {
      synchronized (ComponentPool.this) {
        if (given) {
          throw new IllegalStateException("the lease is closed");
        }
        return instance;
      }
    }

    /**
     * Gives the instance back. Closing it again does nothing. Threads: any.
     *
     * @throws IllegalStateException if a call of the instance is under way on this thread: then the
     *     instance stays out, and is to be given back later. Or if its store is closed, and {@link
     *     Store#close} says that something failed: then it is given back
     */
    @Override
    public void close() {
      synchronized (ComponentPool.this) {
        if (given) {
          return;
        }
        given = true;
      }
      giveBack(this);
    }
  }
}
