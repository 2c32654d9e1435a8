package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeFunc;
import io.github.wasmtimejvm.interfaces.InterfaceClass;
import io.github.wasmtimejvm.internal.Handles;
import io.github.wasmtimejvm.internal.HostCalls;
import io.github.wasmtimejvm.internal.ScopedPointer;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A function, of a guest or of the host: {@code wasmtime_func_t} in C.
 *
 * <pre>{@code
 * int sum = (int) instance.func("add").call(1, 2);
 * }</pre>
 */
public final class Func extends StoreItem {
  private @Nullable FuncType type;
  private @Nullable BoundFunc bound;

  Func(Store store, MemorySegment handle) {
    super(store, WasmtimeExtern.WASMTIME_EXTERN_FUNC, handle);
  }

  /**
   * Creates a function of the host's in one store: {@code wasmtime_func_new_unchecked}, or {@code
   * wasmtime_func_new} where its type has references. For any number of stores define it in a
   * {@link Linker}. Threads: the store's.
   *
   * @param store the store that it lives in
   * @param type its type
   * @param function what it does; kept until the store is closed
   * @throws IllegalArgumentException if a type in it belongs to another engine
   */
  public static Func create(Store store, FuncType type, HostFunction function) {
    return create(store, HostCall.of(type, function));
  }

  /**
   * Creates a function of the host's, whose type follows from the interface as {@link
   * Linker#define(String, String, Class, Object)} says. Threads: the store's.
   *
   * @param store the store that it lives in
   * @param shape a functional interface
   * @param function what it does; kept until the store is closed
   * @throws IllegalArgumentException if the interface is none that can be called
   */
  public static <T> Func create(Store store, Class<T> shape, T function) {
    return create(store, HostInterface.of(shape, null).call(null, function));
  }

  private static Func create(Store store, HostCall call) {
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined();
        ScopedPointer type = Types.nativeFunc(call.type(), store.engine())) {
      MemorySegment out = arena.allocate(HANDLE_SIZE, 8);
      MemorySegment env = Handles.register(call.target());
      if (call.unchecked()) {
        WasmtimeFunc.wasmtime_func_new_unchecked(
            state.context(), type.pointer(), HostCalls.callback(), env, Handles.finalizer(), out);
      } else {
        WasmtimeFunc.wasmtime_func_new(
            state.context(),
            type.pointer(),
            HostCalls.checkedCallback(),
            env,
            Handles.finalizer(),
            out);
      }
      return new Func(store, out);
    }
  }

  /** Returns its type: {@code wasmtime_func_type}. Threads: the store's. */
  public FuncType type() {
    StoreState state = store().state();
    try (var _ = state.enter()) {
      return knownType();
    }
  }

  private FuncType knownType() {
    FuncType known = type;
    if (known == null) {
      known = (FuncType) describe();
      type = known;
    }
    return known;
  }

  /**
   * Calls the function: {@code wasmtime_func_call}, or {@code wasmtime_func_call_unchecked} with
   * the checks made here where its type has no references.
   *
   * <p>A value is of exactly the class that stands for its type, as nothing is converted:
   *
   * <ul>
   *   <li>{@code Integer}, {@code Long}, {@code Float}, {@code Double}, {@link V128} for numbers
   *       and vectors,
   *   <li>{@link Func} for functions,
   *   <li>any {@code Object} for external references: the guest gives back the same object, and
   *       holds it only as long as it can reach it,
   *   <li>{@link AnyRef} for the guests' own objects, which are {@link StructRef}, {@link ArrayRef}
   *       or {@link I31},
   *   <li>{@link ExnRef} for exceptions,
   *   <li>{@code null} for the null reference where the type has one.
   * </ul>
   *
   * <p>Threads: the store's.
   *
   * @param args the arguments
   * @return {@code null} for a type without results, the value for one result, an {@code Object[]}
   *     for several
   * @throws NullPointerException if {@code args} itself is {@code null}
   * @throws IllegalArgumentException if the arguments do not fit the type or belong to another
   *     store
   * @throws ExitException if the guest exits, with whatever status
   * @throws TrapException if the guest traps, also for want of stack on this thread
   * @throws StoppedException if the guest is stopped from outside
   * @throws GuestException if the guest throws an exception that is not caught
   * @throws EngineException if an argument is not of the parameter's concrete type
   * @throws GcHeapOutOfMemoryException if the heap of collected objects has no room for what the
   *     guest makes, or for an argument that is an external reference
   */
  public @Nullable Object call(@Nullable Object... args) {
    Objects.requireNonNull(
        args,
        "no array of arguments: call() is for none, call((Object) null) for a null reference");
    return Values.pack(callForAll(args));
  }

  /** Calls the function and returns an array of its results, however many. */
  @Nullable Object[] callForAll(@Nullable Object[] args) {
    StoreState state = store().state();
    try (var _ = state.enter()) {
      FuncType known = knownType();
      BoundFunc unchecked = bound(state, known);
      if (unchecked == null) {
        return callChecked(state, known, args);
      }
      RawValues.write(known.params(), args, unchecked.values(), "argument");
      unchecked.call();
      return RawValues.read(known.results(), unchecked.values());
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  // A store keeps one for each function, however many Java objects refer to the function.
  private @Nullable BoundFunc bound(StoreState state, FuncType known) {
    if (bound == null && RawValues.fit(known)) {
      bound = (BoundFunc) state.bound(word1, () -> BoundFunc.of(this, known));
    }
    return bound;
  }

  private @Nullable Object[] callChecked(
      StoreState state, FuncType known, @Nullable Object[] args) {
    try (Arena arena = Arena.ofConfined();
        OwnedValues values = OwnedValues.of(store(), known.params(), args, arena, "argument")) {
      int count = known.results().size();
      MemorySegment results = arena.allocate((count + 1) * Values.SIZEOF, 8);
      MemorySegment handle = arena.allocate(HANDLE_SIZE, 8);
      writeHandle(handle);
      GuestEntry.enter(
          state,
          Shim.FUNC_CALL,
          state.context().address(),
          handle.address(),
          values.segment().address(),
          args.length,
          results.address(),
          count,
          state.trapSlot());
      @Nullable Object[] taken = new Object[count];
      for (int i = 0; i < count; i++) {
        taken[i] = Values.take(store(), known.results().get(i), results.asSlice(i * Values.SIZEOF));
      }
      return taken;
    }
  }

  /**
   * Returns the function as a method handle, whose type has {@code int}, {@code long}, {@code
   * float}, {@code double}, {@link V128} and reference classes for the types of the values. Several
   * results are an {@code Object[]}. Nothing is boxed where there are numbers only.
   *
   * <p>It throws what {@link #call} throws, and follows the rules of its store. Threads: the
   * store's.
   *
   * @throws IllegalArgumentException if the function has more parameters than a Java method can
   *     have: some 250, where {@code long} and {@code double} count twice
   */
  public MethodHandle handle() {
    return TypedCalls.handle(this, JavaTypes.signature(type()));
  }

  /**
   * Returns the function as an object of a functional interface, for calls without boxing:
   *
   * <pre>{@code
   * IntBinaryOperator add = instance.func("add").as(IntBinaryOperator.class);
   * int sum = add.applyAsInt(1, 2);
   * }</pre>
   *
   * <p>The interface's method has {@code int}, {@code long}, {@code float}, {@code double}, {@link
   * V128} or reference classes as {@link #call} describes them. Several results are a record with a
   * component for each, an array of their primitive type if they are all the same, or an {@code
   * Object[]}. The method throws what {@link #call} throws; a checked exception of a host function
   * comes out as it is, declared or not. A reference to a Java object of another class than the
   * method says is a {@link ClassCastException}. Threads: the store's.
   *
   * @param shape a public functional interface of an exported package
   * @throws IllegalArgumentException if the interface's method does not fit the function's type;
   *     the message says both. If the interface cannot be implemented from here: the overload with
   *     a lookup can
   */
  public <T> T as(Class<T> shape) {
    return as(null, shape);
  }

  /**
   * Returns the function as an object of any functional interface that the caller can implement;
   * see {@link #as(Class)}. Threads: the store's.
   *
   * @param lookup {@code MethodHandles.lookup()} of the caller, with full access
   * @param shape a functional interface
   * @throws IllegalArgumentException if the interface's method does not fit the function's type;
   *     the message says both
   */
  public <T> T as(MethodHandles.@Nullable Lookup lookup, Class<T> shape) {
    InterfaceClass.onlyMethod(shape);
    return InterfaceBinding.of(shape, lookup).bind(method -> this);
  }

  BoundFunc bound() {
    StoreState state = store().state();
    try (var _ = state.enter()) {
      BoundFunc unchecked = bound(state, knownType());
      if (unchecked == null) {
        throw new IllegalStateException("a function with references has no unchecked calls");
      }
      return unchecked;
    }
  }
}
