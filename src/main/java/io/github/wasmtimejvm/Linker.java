package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeExtern.wasmtime_extern_t;
import io.github.wasmtimejvm.capi.WasmtimeInstance;
import io.github.wasmtimejvm.capi.WasmtimeLinker;
import io.github.wasmtimejvm.internal.Handles;
import io.github.wasmtimejvm.internal.HostCalls;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the imports of modules by name and makes instances: {@code wasmtime_linker_t} in C.
 *
 * <pre>{@code
 * linker.define("host", "log", FuncType.of(ValType.I32), (caller, args) -> {
 *   System.out.println(args[0]);
 *   return null;
 * });
 * Instance instance = linker.instantiate(store, module);
 * }</pre>
 *
 * <p>All threads may use a linker at once. Its host functions and shared memories serve any number
 * of stores; once something that lives in a store is defined too, it serves that store alone.
 */
public final class Linker implements AutoCloseable {
  private static final String WASI_MODULE = "wasi_snapshot_preview1";

  private record Name(String module, String name) {}

  private final Engine engine;
  private final NativeObject object;
  private boolean shadowing; // guarded by this, as all below
  private boolean linking;
  private boolean wasi;
  private final Set<Name> ours = new HashSet<>();
  private @Nullable Store boundTo;
  private boolean sharesMemory; // whether a shared memory was defined by itself

  private Linker(Engine engine, MemorySegment linker) {
    this.engine = engine;
    this.object =
        new NativeObject(
            "linker",
            linker,
            pointer -> {
              WasmtimeLinker.wasmtime_linker_delete(pointer);
              Handles.drain();
            });
  }

  /**
   * Creates a linker without definitions: {@code wasmtime_linker_new}.
   *
   * @param engine the engine of the modules and stores to link
   */
  public static Linker create(Engine engine) {
    MemorySegment nativeEngine = engine.object().lease();
    try {
      return new Linker(engine, WasmtimeLinker.wasmtime_linker_new(nativeEngine));
    } finally {
      engine.object().release();
    }
  }

  /**
   * Sets whether a definition may replace an earlier one of the same name: {@code
   * wasmtime_linker_allow_shadowing}.
   *
   * @param allow false for a new linker
   */
  public synchronized void allowShadowing(boolean allow) {
    MemorySegment linker = lease();
    try {
      WasmtimeLinker.wasmtime_linker_allow_shadowing(linker, allow);
      shadowing = allow;
    } finally {
      object.release();
    }
  }

  // A use of the native linker, under this object's lock. A module that is linked by name runs its
  // start function in the middle of one, which must not meet another.
  private MemorySegment lease() {
    if (linking) {
      throw new IllegalStateException("the linker is in the middle of defineModule");
    }
    return object.lease();
  }

  /**
   * Defines a host function, for any number of stores: {@code
   * wasmtime_linker_define_func_unchecked}, or {@code wasmtime_linker_define_func} where its type
   * has references.
   *
   * @param module first part of its name
   * @param name second part of its name
   * @param type its type
   * @param function what it does; kept until the linker and all stores that use it are closed
   * @throws IllegalArgumentException if a type in it belongs to another engine
   * @throws LinkException if the name is taken
   */
  public void define(String module, String name, FuncType type, HostFunction function) {
    define(module, name, HostCall.of(type, function));
  }

  /**
   * Defines a host function whose values are not boxed, for any number of stores:
   *
   * <pre>{@code
   * linker.define("host", "add", IntBinaryOperator.class, (a, b) -> a + b);
   * }</pre>
   *
   * <p>The interface's method says the type: {@code int}, {@code long}, {@code float}, {@code
   * double}, {@link V128}, {@link Func}, {@link AnyRef} and those below it, {@link ExnRef}, and any
   * other class for an external reference. All references may be {@code null}. Several results are
   * a record with a component for each. A first parameter of class {@link Caller} is no parameter
   * of the type.
   *
   * @param module first part of its name
   * @param name second part of its name
   * @param shape a public functional interface of an exported package
   * @param function what it does; kept until the linker and all stores that use it are closed
   * @throws IllegalArgumentException if the interface is none that can be called
   * @throws LinkException if the name is taken
   */
  public <T> void define(String module, String name, Class<T> shape, T function) {
    define(module, name, HostShape.of(shape, null).call(null, function));
  }

  /**
   * Defines a host function whose type the interface alone does not say; see {@link #define(String,
   * String, Class, Object)}. Several results may be an array then.
   *
   * @param module first part of its name
   * @param name second part of its name
   * @param type its type
   * @param lookup {@code MethodHandles.lookup()} of the caller where the interface is not public,
   *     else {@code null}
   * @param shape a functional interface
   * @param function what it does; kept until the linker and all stores that use it are closed
   * @throws IllegalArgumentException if the interface does not fit the type; the message says both.
   *     If the interface is none that can be called
   * @throws LinkException if the name is taken
   */
  public <T> void define(
      String module,
      String name,
      FuncType type,
      MethodHandles.@Nullable Lookup lookup,
      Class<T> shape,
      T function) {
    define(module, name, HostShape.of(shape, lookup).call(type, function));
  }

  private synchronized void define(String module, String name, HostCall call) {
    MemorySegment linker = lease();
    MemorySegment nativeType = null;
    try (Arena arena = Arena.ofConfined()) {
      nativeType = Types.nativeFunc(call.type(), engine);
      MemorySegment module8 = NativeVector.utf8(arena, module);
      MemorySegment name8 = NativeVector.utf8(arena, name);
      MemorySegment env = Handles.register(call.target());
      Outcome.checkLink(
          call.unchecked()
              ? WasmtimeLinker.wasmtime_linker_define_func_unchecked(
                  linker,
                  module8,
                  module8.byteSize(),
                  name8,
                  name8.byteSize(),
                  nativeType,
                  HostCalls.callback(),
                  env,
                  Handles.finalizer())
              : WasmtimeLinker.wasmtime_linker_define_func(
                  linker,
                  module8,
                  module8.byteSize(),
                  name8,
                  name8.byteSize(),
                  nativeType,
                  HostCalls.checkedCallback(),
                  env,
                  Handles.finalizer()));
      ours.add(new Name(module, name));
    } finally {
      if (nativeType != null) {
        Wasm.wasm_functype_delete(nativeType);
      }
      object.release();
    }
  }

  /**
   * Defines something that lives in a store, or a shared memory: {@code wasmtime_linker_define}.
   * The linker serves that store alone from then on; a shared memory alone serves any number of
   * stores.
   *
   * @param module first part of its name
   * @param name second part of its name
   * @param item the function, memory or other item
   * @throws IllegalArgumentException if the linker serves another store or engine
   * @throws IllegalStateException if it is a shared memory and that or the engine is closed
   * @throws LinkException if the name is taken
   */
  public void define(String module, String name, Extern item) {
    switch (item) {
      case StoreItem stored -> {
        StoreState state = stored.store().state();
        state.enter();
        try {
          define(stored.store(), module, name, item);
        } finally {
          state.exit();
        }
      }
      case SharedMemory memory -> define(module, name, memory);
    }
  }

  private synchronized void define(String module, String name, SharedMemory memory) {
    engine.checkSame(memory.engine(), "shared memory");
    // The C function wants a store but leaves nothing in it.
    try (Store store = Store.create(engine)) {
      MemorySegment linker = lease();
      try {
        define(store, linker, module, name, memory);
        sharesMemory = true;
        ours.add(new Name(module, name));
      } finally {
        object.release();
      }
    }
  }

  private synchronized void define(Store store, String module, String name, Extern item) {
    engine.checkSame(store.engine(), "store");
    checkBinding(store);
    MemorySegment linker = lease();
    try {
      Store before = boundTo;
      boundTo = store; // first, so that nothing can leave an item of a store in an unbound linker
      try {
        define(store, linker, module, name, item);
      } catch (LinkException e) {
        boundTo = before;
        throw e;
      }
      ours.add(new Name(module, name));
    } finally {
      object.release();
    }
  }

  private static void define(
      Store store, MemorySegment linker, String module, String name, Extern item) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment module8 = NativeVector.utf8(arena, module);
      MemorySegment name8 = NativeVector.utf8(arena, name);
      MemorySegment nativeItem = arena.allocate(wasmtime_extern_t.SIZEOF, 8);
      item.write(nativeItem);
      MemorySegment error =
          WasmtimeLinker.wasmtime_linker_define(
              linker,
              store.state().context(),
              module8,
              module8.byteSize(),
              name8,
              name8.byteSize(),
              nativeItem);
      WasmtimeExtern.wasmtime_extern_delete(nativeItem);
      Outcome.checkLink(error);
    }
  }

  /**
   * Defines all exports of an instance, one after the other, as {@code
   * wasmtime_linker_define_instance} does. From then on the linker serves its store alone.
   *
   * @param module first part of their names; the second is the export's
   * @param instance the instance
   * @throws IllegalArgumentException if the linker serves another store or engine
   * @throws LinkException if a name is taken; the exports before it are defined then
   */
  public void defineInstance(String module, Instance instance) {
    instance.exports().forEach((name, item) -> define(module, name, item));
  }

  private void checkBinding(Store store) {
    if (boundTo != null) {
      store.checkSame(boundTo, "linker");
    }
  }

  /**
   * Defines the functions of WASI preview 1, {@code wasi_snapshot_preview1}: {@code
   * wasmtime_linker_define_wasi}. Their stores need a configuration: {@link
   * io.github.wasmtimejvm.wasi.WasiConfig#applyTo}.
   *
   * <p>{@code proc_exit} is ours: the engine's refuses a status of 126 and above and loses the
   * number.
   *
   * @throws LinkException if a name is taken
   */
  public synchronized void defineWasi() {
    MemorySegment linker = lease();
    try {
      // First what makes us careful: the definition may fail half-way.
      wasi = true;
      ours.removeIf(name -> name.module().equals(WASI_MODULE)); // shadowed by the engine's
      Outcome.checkLink(WasmtimeLinker.wasmtime_linker_define_wasi(linker));
      WasmtimeLinker.wasmtime_linker_allow_shadowing(linker, true);
      try {
        define(
            WASI_MODULE,
            "proc_exit",
            FuncType.of(ValType.I32),
            (caller, args) -> {
              throw new ExitException((Integer) args[0]);
            });
      } finally {
        WasmtimeLinker.wasmtime_linker_allow_shadowing(linker, shadowing);
      }
    } finally {
      object.release();
    }
  }

  /**
   * Makes an instance of a module and runs its start function, as {@code
   * wasmtime_linker_instantiate} does: {@code wasmtime_linker_instantiate_pre} and {@code
   * wasmtime_instance_pre_instantiate}.
   *
   * @param store the store that it lives in
   * @param module the module
   * @throws IllegalArgumentException if something belongs to another engine, or the linker serves
   *     another store
   * @throws IllegalStateException if the module uses WASI and the store has no configuration for it
   * @throws LinkException if an import is missing or has the wrong type; it lists all of them
   * @throws ExitException if the start function exits
   * @throws TrapException if the start function traps
   */
  public Instance instantiate(Store store, Module module) {
    engine.checkSame(store.engine(), "store");
    engine.checkSame(module.engine(), "module");
    StoreState state = store.state();
    state.enter();
    try {
      MemorySegment pre = resolve(store, module);
      try {
        return InstancePre.instantiate(store, state, module, pre);
      } finally {
        WasmtimeInstance.wasmtime_instance_pre_delete(pre);
      }
    } finally {
      state.exit();
    }
  }

  /**
   * Resolves the imports of a module once, for instances in any number of stores: {@code
   * wasmtime_linker_instantiate_pre}. What is defined afterwards does not change it.
   *
   * @param module the module
   * @throws IllegalArgumentException if the module belongs to another engine
   * @throws LinkException if an import is missing or has the wrong type; it lists all of them
   * @throws WrongThreadException if something that lives in a store of another thread was defined
   */
  public InstancePre instantiatePre(Module module) {
    engine.checkSame(module.engine(), "module");
    InstancePre made = null;
    while (made == null) {
      Store bound = boundStore();
      if (bound == null) {
        made = pre(null, module);
      } else {
        StoreState state = bound.state();
        state.enter();
        try {
          made = pre(bound, module);
        } finally {
          state.exit();
        }
      }
    }
    return made;
  }

  // Null if the linker serves another store by now. What is resolved and what is noted of it must
  // be of one moment.
  private synchronized @Nullable InstancePre pre(@Nullable Store bound, Module module) {
    return boundTo == bound
        ? new InstancePre(engine, module, resolve(bound, module), bound, needsWasi(module))
        : null;
  }

  private synchronized @Nullable Store boundStore() {
    return boundTo;
  }

  private boolean needsWasi(Module module) {
    return module.imports().stream()
        .anyMatch(needed -> isEngineWasi(needed.module(), needed.name()));
  }

  // Resolving runs no guest, so the lock is not held while one does: a host function called by the
  // start function may define more, and another thread may instantiate at the same time.
  private synchronized MemorySegment resolve(@Nullable Store store, Module module) {
    if (store != null) {
      checkBinding(store);
      for (ImportType needed : module.imports()) {
        checkWasi(store, needed.module(), needed.name());
      }
    } else if (boundTo != null) {
      throw new IllegalStateException("another thread has just bound the linker to a store");
    }
    MemorySegment linker = lease();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      MemorySegment nativeModule = module.object().lease();
      try {
        if (boundTo != null || sharesMemory) {
          refreshSizes(store, module, linker);
        }
        MemorySegment error =
            WasmtimeLinker.wasmtime_linker_instantiate_pre(linker, nativeModule, out);
        if (error.address() != 0) {
          throw linkException(store, module, linker, Outcome.takeMessage(error));
        }
        return out.get(ADDRESS, 0);
      } finally {
        module.object().release();
      }
    } finally {
      object.release();
    }
  }

  // An import is compared with the size that a memory or table had when it was defined. It may have
  // grown since; defining it again tells the linker.
  private void refreshSizes(@Nullable Store given, Module module, MemorySegment linker) {
    if (given == null) {
      try (Store store = Store.create(engine)) {
        refreshSizes(store, module, linker);
        return;
      }
    }
    Store store = given;
    WasmtimeLinker.wasmtime_linker_allow_shadowing(linker, true);
    try {
      for (ImportType needed : module.imports()) {
        if (needed.type() instanceof MemoryType || needed.type() instanceof TableType) {
          lookup(store, linker, needed.module(), needed.name())
              .ifPresent(item -> refresh(store, linker, needed, item));
        }
      }
    } finally {
      WasmtimeLinker.wasmtime_linker_allow_shadowing(linker, shadowing);
    }
  }

  private static void refresh(Store store, MemorySegment linker, ImportType needed, Extern item) {
    switch (item) {
      case Memory _, Table _ -> define(store, linker, needed.module(), needed.name(), item);
      case SharedMemory memory -> {
        try (memory) {
          define(store, linker, needed.module(), needed.name(), memory);
        }
      }
      default -> {} // of a wrong kind, which is told later
    }
  }

  // The engine's WASI functions end the process when their store has no configuration.
  private void checkWasi(Store store, String module, String name) {
    if (isEngineWasi(module, name) && !store.state().hasWasi()) {
      throw new IllegalStateException(
          "%s.%s needs a WASI configuration: call WasiConfig.applyTo(store) first"
              .formatted(module, name));
    }
  }

  private boolean isEngineWasi(String module, String name) {
    return wasi && module.equals(WASI_MODULE) && !ours.contains(new Name(module, name));
  }

  private LinkException linkException(
      @Nullable Store given, Module module, MemorySegment linker, String message) {
    if (given == null) {
      // What the linker has can only be seen in a store.
      try (Store store = Store.create(engine)) {
        StoreState state = store.state();
        state.enter();
        try {
          return linkException(store, module, linker, message);
        } finally {
          state.exit();
        }
      }
    }
    Store store = given;
    StringBuilder all = new StringBuilder();
    List<ImportType> unsatisfied = new ArrayList<>();
    for (ImportType needed : module.imports()) {
      Optional<Extern> found = lookup(store, linker, needed.module(), needed.name());
      String offered = found.isEmpty() ? "nothing" : ImportCheck.misfit(found.get(), needed.type());
      if (offered != null) {
        unsatisfied.add(needed);
        all.append(
            "%n  %s.%s: needs %s, the linker has %s"
                .formatted(needed.module(), needed.name(), needed.type(), offered));
      }
    }
    return new LinkException(
        unsatisfied.isEmpty() ? message : "unsatisfied imports:" + all, unsatisfied);
  }

  /**
   * Defines what a module exports, as {@code wasmtime_linker_module} does. From then on the linker
   * serves the store alone.
   *
   * <p>A module that exports {@code _start} is a command: each call of one of its functions makes a
   * new instance and runs that. Any other is a reactor: it is instantiated here, its {@code
   * _initialize} is called if there is one, and its exports are defined.
   *
   * @param store the store that its instances live in
   * @param name first part of the names; the second is the export's
   * @param module the module; its imports must be defined already
   * @throws IllegalArgumentException if something belongs to another engine, or the linker serves
   *     another store
   * @throws IllegalStateException if the module uses WASI and the store has no configuration for
   *     it, or its start function uses this linker
   * @throws LinkException if an import is missing or has the wrong type; it lists all of them
   * @throws EngineException if a name is taken
   * @throws WasmtimeException whatever the start function ends with
   */
  public void defineModule(Store store, String name, Module module) {
    engine.checkSame(store.engine(), "store");
    engine.checkSame(module.engine(), "module");
    StoreState state = store.state();
    state.enter();
    try {
      // Here is told what is missing.
      WasmtimeInstance.wasmtime_instance_pre_delete(resolve(store, module));
      defineModule(store, state, name, module);
    } finally {
      state.exit();
    }
  }

  private synchronized void defineModule(
      Store store, StoreState state, String name, Module module) {
    checkBinding(store);
    MemorySegment linker = lease();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment nativeModule = module.object().lease();
      boundTo = store;
      linking = true;
      try {
        MemorySegment name8 = NativeVector.utf8(arena, name);
        store.note(module);
        Entry.enter(
            state,
            Shim.LINKER_MODULE,
            linker.address(),
            state.context().address(),
            name8.address(),
            name8.byteSize(),
            nativeModule.address());
        module.exportTypes().forEach(export -> ours.add(new Name(name, export.name())));
      } finally {
        linking = false;
        module.object().release();
      }
    } finally {
      object.release();
    }
  }

  /**
   * Defines every function that a module imports and that is not defined yet as one that traps, and
   * leaves other imports alone: {@code wasmtime_linker_define_unknown_imports_as_traps}.
   *
   * @param module the module
   * @throws IllegalArgumentException if the module belongs to another engine
   */
  public synchronized void defineUnknownImportsAsTraps(Module module) {
    engine.checkSame(module.engine(), "module");
    MemorySegment linker = lease();
    try {
      MemorySegment nativeModule = module.object().lease();
      try {
        Outcome.checkLink(
            WasmtimeLinker.wasmtime_linker_define_unknown_imports_as_traps(linker, nativeModule));
      } finally {
        module.object().release();
      }
    } finally {
      object.release();
    }
  }

  /**
   * Defines every import of a module that is not defined yet as something of its type with default
   * values, in the store; functions return zeros and {@code null}: {@code
   * wasmtime_linker_define_unknown_imports_as_default_values}. From then on the linker serves the
   * store alone.
   *
   * @param store the store that the items live in
   * @param module the module
   * @throws IllegalArgumentException if something belongs to another engine, or the linker serves
   *     another store
   * @throws LinkException if a type has no default value
   */
  public void defineUnknownImportsAsDefaults(Store store, Module module) {
    engine.checkSame(store.engine(), "store");
    engine.checkSame(module.engine(), "module");
    StoreState state = store.state();
    state.enter();
    try {
      defineDefaults(store, module);
    } finally {
      state.exit();
    }
  }

  private synchronized void defineDefaults(Store store, Module module) {
    checkBinding(store);
    MemorySegment linker = lease();
    try {
      MemorySegment nativeModule = module.object().lease();
      boundTo = store;
      try {
        Outcome.checkLink(
            WasmtimeLinker.wasmtime_linker_define_unknown_imports_as_default_values(
                linker, store.state().context(), nativeModule));
      } finally {
        module.object().release();
      }
    } finally {
      object.release();
    }
  }

  /**
   * Returns the default function of a module that was defined with {@link #defineModule}: its
   * export {@code ""} or {@code _start}, else one that does nothing: {@code
   * wasmtime_linker_get_default}.
   *
   * @param store the store
   * @param module first part of the names
   * @throws IllegalArgumentException if the linker serves another store or engine
   * @throws LinkException if it is not a function
   */
  public Func getDefault(Store store, String module) {
    engine.checkSame(store.engine(), "store");
    StoreState state = store.state();
    state.enter();
    try {
      return defaultLocked(store, module);
    } finally {
      state.exit();
    }
  }

  private synchronized Func defaultLocked(Store store, String module) {
    checkBinding(store);
    MemorySegment linker = lease();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment module8 = NativeVector.utf8(arena, module);
      MemorySegment func = arena.allocate(Extern.HANDLE_SIZE, 8);
      Outcome.checkLink(
          WasmtimeLinker.wasmtime_linker_get_default(
              linker, store.state().context(), module8, module8.byteSize(), func));
      return new Func(store, func);
    } finally {
      object.release();
    }
  }

  /**
   * Returns a new linker with the same definitions: {@code wasmtime_linker_clone}. Both can be
   * changed and closed on their own.
   */
  public synchronized Linker copy() {
    MemorySegment linker = lease();
    try {
      Linker copy = new Linker(engine, WasmtimeLinker.wasmtime_linker_clone(linker));
      copy.shadowing = shadowing;
      copy.wasi = wasi;
      copy.ours.addAll(ours);
      copy.boundTo = boundTo;
      copy.sharesMemory = sharesMemory;
      return copy;
    } finally {
      object.release();
    }
  }

  /**
   * Returns what is defined under a name, as an item of a store: {@code wasmtime_linker_get}. Each
   * call makes a new item of a host function, which the store keeps.
   *
   * @param store the store
   * @param module first part of the name
   * @param name second part of the name
   * @throws IllegalArgumentException if the linker serves another store or engine
   * @throws IllegalStateException if it is a WASI function and the store has no configuration for
   *     it
   */
  public Optional<Extern> get(Store store, String module, String name) {
    engine.checkSame(store.engine(), "store");
    StoreState state = store.state();
    state.enter();
    try {
      return getLocked(store, module, name);
    } finally {
      state.exit();
    }
  }

  private synchronized Optional<Extern> getLocked(Store store, String module, String name) {
    checkBinding(store);
    checkWasi(store, module, name);
    MemorySegment linker = lease();
    try {
      return lookup(store, linker, module, name);
    } finally {
      object.release();
    }
  }

  private static Optional<Extern> lookup(
      Store store, MemorySegment linker, String module, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment module8 = NativeVector.utf8(arena, module);
      MemorySegment name8 = NativeVector.utf8(arena, name);
      MemorySegment item = arena.allocate(wasmtime_extern_t.SIZEOF, 8);
      return WasmtimeLinker.wasmtime_linker_get(
              linker,
              store.state().context(),
              module8,
              module8.byteSize(),
              name8,
              name8.byteSize(),
              item)
          ? Optional.of(Extern.of(store, item))
          : Optional.empty();
    }
  }

  /** Closes the linker: {@code wasmtime_linker_delete}. Closing it again does nothing. */
  @Override
  public void close() {
    object.close();
  }
}
