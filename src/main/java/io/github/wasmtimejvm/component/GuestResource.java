package io.github.wasmtimejvm.component;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A handle for a resource that a guest, or the engine's WASI, has made: {@code
 * wasmtime_component_resource_any_t} in C. Functions that take one for a time are given it, and
 * functions that take it over end it.
 *
 * <p>Whoever is given one owns it, and closes it: that runs the resource's destructor in the guest,
 * on the calling thread. What is not closed stays in the guest until the store is closed.
 */
public final class GuestResource implements AutoCloseable {
  private enum State {
    HELD("is held"),
    MOVED("was moved to a component"),
    DROPPED("is closed"),
    EXPIRED("was lent for the time of a call, which is over");

    private final String text;

    State(String text) {
      this.text = text;
    }
  }

  private final ComponentStore store;
  private final ResourceType type;
  private final @Nullable ComponentInstance instance; // that defines the type
  private final boolean owned;
  private final NativeObject object;
  private State state = State.HELD;
  private int lent; // to calls under way

  private GuestResource(
      ComponentStore store,
      ResourceType type,
      @Nullable ComponentInstance instance,
      boolean owned,
      MemorySegment resource) {
    this.store = store;
    this.type = type;
    this.instance = instance;
    this.owned = owned;
    this.object =
        new NativeObject(
            "resource", resource, WasmtimeComponentVal::wasmtime_component_resource_any_delete);
  }

  /**
   * Takes a resource out of a value of the engine's.
   *
   * @param pointer the address of the pointer in the value, which stays the value's
   */
  static GuestResource lift(long pointer, ResourceType type, boolean owned, ComponentStore store) {
    MemorySegment copy =
        WasmtimeComponentVal.wasmtime_component_resource_any_clone(
            io.github.wasmtimejvm.internal.NativeVector.sized(
                    MemorySegment.ofAddress(pointer), ADDRESS.byteSize())
                .get(ADDRESS, 0));
    GuestResource resource =
        new GuestResource(
            store, type, type.importedFrom() == null ? store.callee() : null, owned, copy);
    if (!owned) {
      store.transfers().add(_ -> resource.expire());
    }
    return resource;
  }

  /** The instance that defines its type, {@code null} if the type is imported. */
  @Nullable ComponentInstance instance() {
    return instance;
  }

  /** Returns its type. Threads: any. */
  public ResourceType type() {
    return type;
  }

  /**
   * Whether it must be closed; a lent one ends with the call that it was lent for. Threads: any.
   */
  public boolean isOwned() {
    return owned;
  }

  /**
   * Moves it to a guest with the innermost call, or lends it.
   *
   * @param expected the type that the guest expects
   * @param move whether the guest takes it over
   * @return the {@code wasmtime_component_resource_any_t*}
   * @throws MisfitException if it cannot be had
   */
  long give(ResourceType expected, boolean move, ComponentStore to) {
    if (to != store) {
      throw new MisfitException("the resource " + type.name() + " belongs to another store");
    }
    if (type != expected
        && (type.importedFrom() == null
            || !type.importedFrom().equals(expected.importedFrom())
            || !type.name().equals(expected.name()))) {
      throw new MisfitException(
          "expected a resource %s, got a %s".formatted(expected.name(), type.name()));
    }
    if (instance != null && instance != to.callee()) {
      throw new MisfitException(
          "the resource %s belongs to another instance of the component".formatted(type.name()));
    }
    checkHeld();
    if (move) {
      if (!owned || lent > 0) {
        throw new MisfitException(
            "the resource %s is lent, and cannot be moved".formatted(type.name()));
      }
      state = State.MOVED;
      to.transfers().add(this::moved);
    } else {
      lent++;
      to.transfers().add(_ -> lent--);
    }
    try {
      return object.lease().address();
    } finally {
      object.release(); // what a call holds is not closed
    }
  }

  private void checkHeld() {
    if (state != State.HELD) {
      throw new MisfitException("the resource %s %s".formatted(type.name(), state.text));
    }
  }

  private void moved(boolean done) {
    if (done) {
      object.close();
    } else {
      state = State.HELD;
    }
  }

  /**
   * Has it dropped at the end of the innermost call, whose result it is a part of, if that fails.
   */
  void arrive() {
    store.transfers().add(this::arrived);
  }

  private void arrived(boolean done) {
    if (!done && state == State.HELD && lent == 0) {
      state = State.DROPPED;
      drop();
    }
  }

  private void expire() {
    if (state == State.HELD) {
      state = State.EXPIRED;
      drop();
    }
  }

  private void drop() {
    boolean refused = store.state().spentBy() == null;
    try {
      if (refused) {
        long resource = object.lease().address();
        try {
          store.drop(resource, instance);
          refused = false;
        } finally {
          object.release();
        }
      }
    } finally {
      // What failed in the guest has spent the store; else the guest was not even entered.
      if (refused && owned && store.state().spentBy() == null) {
        state = State.HELD;
      } else {
        object.close();
      }
    }
  }

  /**
   * Drops the resource, which runs its destructor: {@code wasmtime_component_resource_any_drop}.
   * Does nothing if it is closed or moved already, if it was lent, or if its store is closed or its
   * components cannot be used any more. Threads: the store's.
   *
   * @throws IllegalStateException if a call under way holds it
   * @throws io.github.wasmtimejvm.WasmtimeException if its destructor fails; or if the guest cannot
   *     be entered now, as its time is up or the stack too short: then it is not closed
   */
  @Override
  public void close() {
    if (state != State.HELD || !owned) {
      return;
    }
    StoreState.Use use;
    try {
      use = store.state().enter();
    } catch (IllegalStateException storeIsClosed) {
      state = State.DROPPED;
      object.close();
      return;
    }
    try (use) {
      if (state != State.HELD) {
        return; // by another thread meanwhile
      }
      if (lent > 0) {
        throw new IllegalStateException(
            "the resource %s is lent to a call that is under way".formatted(type.name()));
      }
      state = State.DROPPED;
      drop();
    }
  }

  @Override
  public String toString() {
    return "resource " + type.name();
  }
}
