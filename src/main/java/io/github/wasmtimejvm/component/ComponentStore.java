package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.access.Access;
import io.github.wasmtimejvm.internal.ComponentState;
import io.github.wasmtimejvm.internal.Rethrow;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreSlots;
import io.github.wasmtimejvm.internal.StoreState;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to the components in one store: memory for calls, the host's resources, and who is
 * being called. It is used within uses of the store only.
 */
final class ComponentStore implements ComponentState {
  static final Access ACCESS = Access.get();

  private final Store store;
  private final StoreState state;
  private final Scratch scratch;
  private final HostTable table = new HostTable();
  private final Transfers transfers = new Transfers(this);
  private final Space arguments = new Space.Arguments(this);
  private final Space results = new Space.Results(this);
  private final DirectWriter writer = new DirectWriter(this);
  private final StoreNumbers numbers;
  private final GuestViews views;
  private long entries;
  private final Map<Object, Object> made = new IdentityHashMap<>(0); // by factories
  private final Map<Object, Object> kept = new IdentityHashMap<>(0);
  private @Nullable ComponentInstance[] callees = new ComponentInstance[8]; // of each call

  private ComponentStore(StoreState state) {
    this.store = (Store) state.facade();
    this.state = state;
    this.scratch = new Scratch(state);
    this.numbers = new StoreNumbers(state);
    this.views = new GuestViews(state);
  }

  /** Returns what belongs to the components of a store, within a use of it. */
  static ComponentStore of(StoreState state) {
    return state.components(ComponentStore.class, ComponentStore::new);
  }

  /** Returns that of the store whose guest calls. */
  static ComponentStore at(long slot) {
    return of(StoreSlots.at(slot));
  }

  Store store() {
    return store;
  }

  StoreState state() {
    return state;
  }

  Scratch scratch() {
    return scratch;
  }

  /** The host's resources that guests hold. */
  HostTable table() {
    return table;
  }

  /** What the values of calls under way hold of resources. */
  Transfers transfers() {
    return transfers;
  }

  /** What calls under way put into guests' memories. */
  DirectWriter writer() {
    return writer;
  }

  /** What shows memories of guests. */
  GuestViews views() {
    return views;
  }

  /** The numbers of the store's core instances. */
  StoreNumbers numbers() {
    return numbers;
  }

  /**
   * How often a component of the store has been entered and left: memories may have moved since.
   */
  long entries() {
    return entries;
  }

  /** The space of arguments for guests. */
  Space arguments() {
    return arguments;
  }

  /** The space of results for guests. */
  Space results() {
    return results;
  }

  /** Keeps what guests of the store may call. */
  void keep(Object object) {
    kept.put(object, object);
  }

  /** Returns the object that a factory makes once for this store. */
  Object made(Function<Store, ?> factory) {
    Object known = made.get(factory);
    if (known == null) {
      known = factory.apply(store);
      if (known == null) {
        throw new NullPointerException("the factory returned no object");
      }
      made.put(factory, known);
    }
    return known;
  }

  /**
   * Begins a call, within a use of the store; {@link #end} follows.
   *
   * @param callee the instance that is called; {@code null} if Java is
   */
  void begin(@Nullable ComponentInstance callee) {
    int depth = scratch.depth();
    if (depth == callees.length) {
      callees = Arrays.copyOf(callees, 2 * depth);
    }
    if (callees[depth] != callee) { // mostly it was the one before, too, and writing costs more
      callees[depth] = callee;
    }
    scratch.begin();
  }

  /** Ends the innermost call. */
  void end() {
    scratch.end();
  }

  /** Ends the innermost call, which is of Java: the guest runs on, and its memory may move. */
  void endOfJava() {
    try {
      views.end();
    } finally {
      end();
    }
  }

  /** How many calls are under way. */
  int depth() {
    return scratch.depth();
  }

  /** The instance that the innermost call is of; {@code null} if Java is called. */
  @Nullable ComponentInstance callee() {
    return callees[depth() - 1];
  }

  /**
   * @throws IllegalStateException if no component of the store can be entered any more
   */
  void checkUsable() {
    Throwable cause = state.spentBy();
    if (cause != null) {
      throw new IllegalStateException(
          "the components of this store cannot be used any more, because one of them was unwound:"
              + " make a new store and instantiate the component in it. The cause was "
              + cause,
          cause);
    }
  }

  /** Calls a C function that may run a component. */
  void enter(long function, int argc, long a, long b, long c, long d, long e, long f) {
    if (!views.isEmpty()) {
      views.end();
    }
    if (transfers.isEmpty()) {
      enterCounted(function, argc, a, b, c, d, e, f);
      return;
    }
    Transfers.Batch batch = transfers.take(depth());
    Throwable thrown = null;
    try {
      enterCounted(function, argc, a, b, c, d, e, f);
    } catch (Throwable t) {
      thrown = t;
    }
    try {
      batch.settle(thrown == null || state.spentBy() != null);
    } catch (Throwable t) {
      thrown = Transfers.first(thrown, t);
    }
    if (thrown != null) {
      throw Rethrow.unchecked(thrown);
    }
  }

  // What was looked up by calls within this one is old when the guest has run on.
  private void enterCounted(
      long function, int argc, long a, long b, long c, long d, long e, long f) {
    entries++;
    try {
      ACCESS.enterComponent(state, function, argc, a, b, c, d, e, f);
    } finally {
      entries++;
    }
  }

  /**
   * Runs code of ours with fuel of its own, within a use of the store: the guests' stays as it is.
   *
   * @param fuel how much there is for it
   */
  <T> T withFuel(long fuel, Supplier<T> code) {
    if (!ACCESS.consumesFuel(store.engine())) {
      return code.get();
    }
    long before = store.fuel();
    store.setFuel(fuel);
    try {
      return code.get();
    } finally {
      store.setFuel(before);
    }
  }

  /**
   * Drops a handle of the guest's, which may run the resource's destructor.
   *
   * @param instance that defines its type, {@code null} if no instance of Java's does
   */
  void drop(long resource, @Nullable ComponentInstance instance) {
    begin(instance); // what the call around it holds stays that call's
    try {
      enter(Shim.RESOURCE_DROP, 2, state.context().address(), resource, 0, 0, 0, 0);
    } finally {
      end();
    }
  }

  @Override
  public boolean isBusy() {
    return scratch.depth() > 0;
  }

  /** The store has been closed: whatever guests still held of the host's resources ends. */
  @Override
  public void storeClosed() {
    table.closeAll();
  }
}
