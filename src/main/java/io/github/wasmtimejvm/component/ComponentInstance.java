package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.capi.WasmtimeComponentComponent;
import io.github.wasmtimejvm.capi.WasmtimeComponentFunc;
import io.github.wasmtimejvm.capi.WasmtimeComponentInstance;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.ScopedPointer;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An instance of a component in a store: {@code wasmtime_component_instance_t} in C.
 *
 * <p>It lives as long as its store and is used by the store's threads. When a component traps,
 * exits, or is unwound by an exception of the host's, the engine lets none of the store be entered
 * again: every later call throws an {@link IllegalStateException} that has the cause.
 */
public final class ComponentInstance {
  private static final long SIZEOF = WasmtimeComponentInstance.wasmtime_component_instance_t.SIZEOF;

  private final PreparedComponent prepared;
  private final ComponentStore store;
  private final MemorySegment instance; // a copy on Java's heap
  private final Map<String, BoundFunction> functions = new HashMap<>(); // by the store's threads
  private final Map<Object, Object> bound = new IdentityHashMap<>(0); // by the store's threads

  private final Map<String, CoreFunction> reallocs = new HashMap<>(0); // by the store's threads
  private final Map<String, CoreFunction> handleFunctions = new HashMap<>(0); // likewise
  private @Nullable DirectInstance direct;

  ComponentInstance(PreparedComponent prepared, ComponentStore store, MemorySegment instance) {
    this.prepared = prepared;
    this.store = store;
    this.instance =
        MemorySegment.ofArray(instance.asSlice(0, SIZEOF).toArray(ValueLayout.JAVA_LONG));
  }

  /** Returns the component. Threads: any. */
  public Component component() {
    return prepared.component();
  }

  /** Returns the store. Threads: any. */
  public Store store() {
    return store.store();
  }

  /**
   * Whether the components of its store can still be called: none of them was unwound. Threads: the
   * store's.
   *
   * @throws IllegalStateException if the store is closed
   */
  public boolean isUsable() {
    try (var _ = store.state().enter()) {
      return store.state().spentBy() == null;
    }
  }

  /** Whether its store is open, can still be called, and is not being called by this thread. */
  boolean isIdle() {
    StoreState.Use use;
    try {
      use = store.state().enter();
    } catch (IllegalStateException storeIsClosed) {
      return false;
    }
    try (use) {
      return !store.state().isBusy() && store.state().spentBy() == null;
    }
  }

  ComponentStore componentStore() {
    return store;
  }

  /**
   * Returns an object whose methods call what the instance exports.
   *
   * <p>An interface with {@link WitName} stands for the exported interface of that name, in any
   * compatible version; one without stands for the exported interface of its simple name, or else,
   * and if the name is empty, for the world: its methods are the functions that the component
   * exports by themselves, and, without parameters, its interfaces. Not all that is exported needs
   * a method.
   *
   * <table>
   * <caption>Which Java type stands for which type of WIT</caption>
   * <tr><th>WIT</th><th>Java</th></tr>
   * <tr><td>bool, s8, s16, s32, s64, f32, f64</td><td>the primitive type of the size</td></tr>
   * <tr><td>u8, u16, u32</td><td>int, int, long, in the range of the type</td></tr>
   * <tr><td>u64</td><td>long, of the same bits</td></tr>
   * <tr><td>char</td><td>int, a code point</td></tr>
   * <tr><td>string</td><td>String</td></tr>
   * <tr><td>list of numbers or bool</td><td>an array of the type of the size (byte[] for list&lt;u8&gt;,
   *     of the same bits), or a List</td></tr>
   * <tr><td>list&lt;u8&gt;, list&lt;s8&gt;</td><td>also MemorySegment and ByteBuffer, see below</td></tr>
   * <tr><td>other lists</td><td>List</td></tr>
   * <tr><td>record</td><td>a record, by the names of its components</td></tr>
   * <tr><td>tuple</td><td>a record, by position</td></tr>
   * <tr><td>variant</td><td>a sealed interface of records with no or one component</td></tr>
   * <tr><td>enum</td><td>an enum</td></tr>
   * <tr><td>flags</td><td>EnumSet or Set of the constants of an enum</td></tr>
   * <tr><td>option</td><td>Optional</td></tr>
   * <tr><td>result, as the result of a function</td><td>the value of success where the method
   *     declares an {@link ErrException}, else {@link Result}</td></tr>
   * <tr><td>other results</td><td>Result</td></tr>
   * <tr><td>map</td><td>Map</td></tr>
   * <tr><td>own and borrow of a guest's resource</td><td>an interface with its methods, whose
   *     close() drops it, or {@link GuestResource}</td></tr>
   * <tr><td>own and borrow of the host's resource</td><td>the Java object</td></tr>
   * <tr><td>any</td><td>Object: the form of {@link ComponentFunc#call}</td></tr>
   * </table>
   *
   * <p>A MemorySegment or ByteBuffer that comes from a guest shows the guest's own memory, where
   * the function is called directly ({@link CallPath}), and may be written to. It ends when a
   * component of the store is entered again, when the store is closed, and, as an argument of a
   * host function, when that returns; a use after that throws an {@link IllegalStateException}.
   * Otherwise it is a copy. The guest frees a result when it has ended, so before the next call.
   *
   * <p>The object is used by the store's threads, its calls throw what {@link ComponentFunc#call}
   * throws. Threads: the store's.
   *
   * @param type a public interface of an exported package
   * @throws IllegalArgumentException if the interface does not fit; the message has the way to what
   *     does not
   */
  public <T> T as(Class<T> type) {
    return as(type, null);
  }

  /**
   * Returns an object for an interface that not everybody sees, as {@link #as(Class)} does.
   * Threads: the store's.
   *
   * @param type an interface
   * @param lookup a lookup of a class that sees the interface and all types in it, {@code null} if
   *     everybody does
   * @throws IllegalArgumentException if the interface does not fit
   */
  public <T> T as(Class<T> type, MethodHandles.@Nullable Lookup lookup) {
    GuestInterface<T> found = prepared.bindings().of(type, lookup);
    try (var _ = store.state().enter()) {
      return found.bind(this);
    }
  }

  /**
   * Returns a function that the component exports by itself. Threads: the store's.
   *
   * @param name its name
   * @throws NoSuchElementException if there is none
   */
  public ComponentFunc func(String name) {
    return func(null, name);
  }

  /**
   * Returns a function of an exported interface. Threads: the store's.
   *
   * @param interfaceName the name of the interface with its version; any compatible one serves
   * @param name the name of the function, as {@code [method]thing.name} for one of a resource
   * @throws NoSuchElementException if there is none
   */
  public ComponentFunc func(@Nullable String interfaceName, String name) {
    Map<String, WitItem> exports = prepared.component().exports();
    String found = interfaceName == null ? null : WitVersions.find(exports.keySet(), interfaceName);
    Map<String, WitItem> items =
        interfaceName == null
            ? exports
            : found != null && exports.get(found) instanceof WitItem.Interface(var inner)
                ? inner
                : Map.of();
    if (!(items.get(name) instanceof WitItem.Function function)) {
      throw new NoSuchElementException(
          WitText.of(
              "the component exports no function %s; there are "
                  .formatted(interfaceName == null ? name : interfaceName + " " + name),
              items.isEmpty() ? exports.keySet() : items.keySet(),
              ""));
    }
    try (var _ = store.state().enter()) {
      return new ComponentFunc(
          this, function, bound(found, name), prepared.component().plan().path(found, name));
    }
  }

  /** Returns a function ready to be called, within a use of the store. */
  BoundFunction bound(@Nullable String interfaceName, String name) {
    return functions.computeIfAbsent(
        (interfaceName == null ? "" : interfaceName) + "\n" + name,
        _ -> lookUp(interfaceName, name));
  }

  /** Returns what is kept with the instance, within a use of the store. */
  @SuppressWarnings("unchecked") // a key always has the same type
  <T> T boundOnce(Object key, Supplier<T> make) {
    Object known = bound.get(key);
    if (known == null) {
      known = make.get();
      bound.put(key, known);
    }
    return (T) known;
  }

  private BoundFunction lookUp(@Nullable String interfaceName, String name) {
    Map<String, WitItem> items =
        interfaceName == null
            ? prepared.component().exports()
            : ((WitItem.Interface)
                    Objects.requireNonNull(prepared.component().exports().get(interfaceName)))
                .items();
    WitItem.Function type = (WitItem.Function) Objects.requireNonNull(items.get(name));
    MemorySegment func =
        store.state().allocate(WasmtimeComponentFunc.wasmtime_component_func_t.SIZEOF);
    if (interfaceName == null) {
      get(MemorySegment.NULL, name, func);
    } else {
      try (ScopedPointer in = index(MemorySegment.NULL, interfaceName)) {
        get(in.pointer(), name, func);
      }
    }
    return new BoundFunction(
        this,
        func.address(),
        type.params().stream().map(param -> prepared.bindings().dynamic(param.type())).toList(),
        type.result() == null ? null : prepared.bindings().dynamic(type.result()),
        prepared.bindings().plan(interfaceName, name));
  }

  /**
   * Returns the address of the {@code wasmtime_component_func_t} of a function that is exported for
   * direct calls, within a use of the store.
   */
  long core(String name) {
    MemorySegment func =
        store.state().allocate(WasmtimeComponentFunc.wasmtime_component_func_t.SIZEOF);
    get(MemorySegment.NULL, name, func);
    return func.address();
  }

  /**
   * Returns a {@code cabi_realloc} that is exported for direct calls, within a use of the store.
   */
  CoreFunction realloc(String name) {
    return reallocs.computeIfAbsent(
        name, _ -> new CoreFunction(core(name), CoreFunction.REALLOC_PARAMETERS, 1));
  }

  /** Returns how handles of a resource of its own become numbers. */
  DirectPlan.Handles handles(ResourceType type) {
    return prepared.component().plan().handles(type);
  }

  /** Returns one of those functions, within a use of the store. */
  CoreFunction handleFunction(String name) {
    return handleFunctions.computeIfAbsent(name, _ -> new CoreFunction(core(name), 1, 1));
  }

  void setDirect(@Nullable DirectInstance direct) {
    this.direct = direct;
  }

  /** Its memory for direct calls, {@code null} if there are none. */
  @Nullable DirectInstance direct() {
    return direct;
  }

  private void get(MemorySegment in, String name, MemorySegment func) {
    try (Arena arena = Arena.ofConfined();
        ScopedPointer index = index(in, name)) {
      if (!WasmtimeComponentInstance.wasmtime_component_instance_get_func(
          pointer(arena), store.state().context(), index.pointer(), func)) {
        throw new AssertionError("the engine knows no function " + name);
      }
    }
  }

  private MemorySegment pointer(Arena arena) {
    return arena.allocate(SIZEOF, Long.BYTES).copyFrom(instance);
  }

  private ScopedPointer index(MemorySegment in, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = NativeVector.utf8(arena, name);
      MemorySegment index =
          WasmtimeComponentInstance.wasmtime_component_instance_get_export_index(
              pointer(arena), store.state().context(), in, text, text.byteSize());
      if (index.address() == 0) {
        throw new AssertionError("the engine knows no export " + name);
      }
      return new ScopedPointer(
          index, WasmtimeComponentComponent::wasmtime_component_export_index_delete);
    }
  }

  GuestBindings bindings() {
    return prepared.bindings();
  }
}
