package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.github.wasmtimejvm.capi.WasmtimeInstance;
import io.github.wasmtimejvm.capi.WasmtimeLinker;
import io.github.wasmtimejvm.declarations.ItemKind;
import io.github.wasmtimejvm.internal.Handles;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
  private static final String START = "_start";
  private static final String INITIALIZE = "_initialize";

  private final Engine engine;
  private final NativeLinker object;
  private boolean shadowing; // under the lock, as all below
  private WasiImports wasi = new WasiImports();
  private boolean sharesMemory; // whether a shared memory was defined by itself

  // Whether the engine's own functions of WASI are used, whatever a store intercepts.
  private boolean plainWasi;

  private Linker(Engine engine, MemorySegment linker, @Nullable Store boundTo) {
    this.engine = engine;
    this.object = new NativeLinker(engine, linker, boundTo);
  }

  /**
   * Creates a linker without definitions: {@code wasmtime_linker_new}. Threads: any.
   *
   * @param engine the engine of the modules and stores to link
   */
  public static Linker create(Engine engine) {
    MemorySegment nativeEngine = engine.object().lease();
    try {
      return new Linker(engine, WasmtimeLinker.wasmtime_linker_new(nativeEngine), null);
    } finally {
      engine.object().release();
    }
  }

  /** Creates a linker with the engine's own functions of WASI, for interceptors that call them. */
  static Linker createPlainWasi(Engine engine) {
    Linker linker = create(engine);
    linker.defineWasi();
    linker.plainWasi = true;
    return linker;
  }

  /**
   * Sets whether a definition may replace an earlier one of the same name: {@code
   * wasmtime_linker_allow_shadowing}. Threads: any.
   *
   * @param allow false for a new linker
   */
  public void allowShadowing(boolean allow) {
    try (NativeLinker.Locked locked = object.lock()) {
      WasmtimeLinker.wasmtime_linker_allow_shadowing(locked.linker, allow);
      shadowing = allow;
    }
  }

  /**
   * Defines a host function, for any number of stores: {@code
   * wasmtime_linker_define_func_unchecked}, or {@code wasmtime_linker_define_func} where its type
   * has references. Threads: any.
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
   * other class for an external reference; an object of another class than that ends the guest with
   * a {@link ClassCastException}. All references may be {@code null}. Several results are a record
   * with a component for each. A first parameter of class {@link Caller} is no parameter of the
   * type. Threads: any.
   *
   * @param module first part of its name
   * @param name second part of its name
   * @param shape a public functional interface of an exported package
   * @param function what it does; kept until the linker and all stores that use it are closed
   * @throws IllegalArgumentException if the interface is none that can be called
   * @throws LinkException if the name is taken
   */
  public <T> void define(String module, String name, Class<T> shape, T function) {
    define(module, name, HostInterface.of(shape, null).call(null, function));
  }

  /**
   * Defines a host function whose type the interface alone does not say; see {@link #define(String,
   * String, Class, Object)}. Several results may be an array then. Threads: any.
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
    define(module, name, HostInterface.of(shape, lookup).call(type, function));
  }

  private void define(String module, String name, HostCall call) {
    try (NativeLinker.Locked locked = object.lock()) {
      LinkerItems.define(locked.linker, engine, module, name, call);
      wasi.noteOurs(module, name);
    }
  }

  /**
   * Defines something that lives in a store, or a shared memory: {@code wasmtime_linker_define}.
   * The linker serves that store alone from then on; a shared memory alone serves any number of
   * stores. Threads: the store's where the item lives in one, else any.
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
      case StoreItem stored -> define(stored.store(), module, name, item);
      case SharedMemory memory -> define(module, name, memory);
    }
  }

  private void define(String module, String name, SharedMemory memory) {
    engine.checkSame(memory.engine(), "shared memory");
    // The C function wants a store but leaves nothing in it.
    try (Store store = Store.create(engine);
        NativeLinker.Locked locked = object.lock()) {
      LinkerItems.define(locked.linker, store, module, name, memory);
      sharesMemory = true;
      wasi.noteOurs(module, name);
    }
  }

  private void define(Store store, String module, String name, Extern item) {
    try (NativeLinker.Locked locked = object.lock(store)) {
      object.bindWhile(store, () -> LinkerItems.define(locked.linker, store, module, name, item));
      wasi.noteOurs(module, name);
    }
  }

  /**
   * Defines all exports of an instance, or none where it throws, as {@code
   * wasmtime_linker_define_instance} does. From then on the linker serves its store alone. Threads:
   * the store's.
   *
   * @param module first part of their names; the second is the export's
   * @param instance the instance
   * @throws IllegalArgumentException if the linker serves another store or engine
   * @throws LinkException if a name is taken
   */
  public void defineInstance(String module, Instance instance) {
    NativeVector.utf8(module); // before anything is changed
    Store store = instance.store();
    Map<String, Extern> exports = instance.exports();
    Consumer<MemorySegment> definitions =
        linker ->
            exports.forEach((name, item) -> LinkerItems.define(linker, store, module, name, item));
    try (NativeLinker.Locked locked = object.lock(store)) {
      if (!shadowing) { // else no name is ever taken
        LinkerItems.tryOnCopy(locked.linker, definitions);
      }
      object.bindWhile(store, () -> definitions.accept(locked.linker));
      exports.keySet().forEach(name -> wasi.noteOurs(module, name));
    }
  }

  /**
   * Defines the functions of WASI preview 1, {@code wasi_snapshot_preview1}: {@code
   * wasmtime_linker_define_wasi}. Their stores need a configuration: {@link
   * io.github.wasmtimejvm.wasi.WasiConfig#applyTo}.
   *
   * <p>{@code proc_exit} is ours: the engine's refuses a status of 126 and above and loses the
   * number. A store's configuration may have Java intercept others of these functions in the
   * store's instances. Threads: any.
   *
   * @throws LinkException if a name is taken; nothing is defined then
   */
  public void defineWasi() {
    try (NativeLinker.Locked locked = object.lock()) {
      Consumer<MemorySegment> definition =
          linker -> Failures.checkLink(WasmtimeLinker.wasmtime_linker_define_wasi(linker));
      if (!shadowing && !wasi.isEmpty()) { // else no name can be taken
        LinkerItems.tryOnCopy(locked.linker, definition);
      }
      wasi.noteEngines();
      definition.accept(locked.linker);
      WasmtimeLinker.wasmtime_linker_allow_shadowing(locked.linker, true);
      try {
        define(
            WasiImports.MODULE,
            WasiImports.EXIT,
            FuncType.of(ValType.I32),
            (caller, args) -> {
              throw new ExitException((Integer) args[0]);
            });
        wasi.noteExit();
      } finally {
        WasmtimeLinker.wasmtime_linker_allow_shadowing(locked.linker, shadowing);
      }
    }
  }

  /**
   * Makes an instance of a module and runs its start function, as {@code
   * wasmtime_linker_instantiate} does: {@code wasmtime_linker_instantiate_pre} and {@code
   * wasmtime_instance_pre_instantiate}. Threads: the store's.
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
    try (var _ = state.enter()) {
      // No lock is held while the guest runs: a host function called by the start function may
      // define more, and another thread may instantiate at the same time.
      MemorySegment pre;
      try (NativeLinker.Locked locked = object.lock(store)) {
        Set<String> intercepted = interceptedNames(store, module);
        pre =
            intercepted.isEmpty()
                ? resolve(locked.linker, store, module)
                : resolveIntercepted(intercepted, locked.linker, store, module);
      }
      try {
        return InstancePre.instantiate(store, state, module, pre);
      } finally {
        WasmtimeInstance.wasmtime_instance_pre_delete(pre);
      }
    }
  }

  /**
   * Resolves the imports of a module once, for instances in any number of stores: {@code
   * wasmtime_linker_instantiate_pre}. What is defined afterwards does not change it. Threads: any,
   * or the store's if the linker serves one.
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
      Store bound = object.boundTo();
      if (bound == null) {
        made = pre(null, module);
      } else {
        StoreState state = bound.state();
        try (var _ = state.enter()) {
          made = pre(bound, module);
        }
      }
    }
    return made;
  }

  // Null if the linker serves another store by now. What is resolved and what is noted of it must
  // be of one moment.
  private @Nullable InstancePre pre(@Nullable Store bound, Module module) {
    try (NativeLinker.Locked locked = object.lock()) {
      if (object.boundTo() != bound) {
        return null;
      }
      boolean needed = wasi.areNeededBy(module);
      boolean imported = wasi.areImportedBy(module);
      MemorySegment pre = resolve(locked.linker, bound, module);
      return new InstancePre(engine, module, pre, bound, needed, imported ? copy() : null);
    }
  }

  /** The functions of WASI that the store intercepts and the module imports. */
  Set<String> interceptedNames(Store store, Module module) {
    return plainWasi ? Set.of() : wasi.among(store.interceptors().keySet(), module);
  }

  /**
   * Resolves the imports of a module for stores that intercept functions of WASI.
   *
   * @param names which functions are intercepted
   * @return a {@code wasmtime_instance_pre_t*}, owned by the caller
   */
  MemorySegment resolveIntercepted(Set<String> names, Store store, Module module) {
    try (NativeLinker.Locked locked = object.lock(store)) {
      return resolveIntercepted(names, locked.linker, store, module);
    }
  }

  private MemorySegment resolveIntercepted(
      Set<String> names, MemorySegment linker, Store store, Module module) {
    MemorySegment copy = WasmtimeLinker.wasmtime_linker_clone(linker);
    try {
      WasiImports.intercept(names, copy, store, shadowing);
      return resolve(copy, store, module);
    } finally {
      WasmtimeLinker.wasmtime_linker_delete(copy);
      Handles.drain();
    }
  }

  private MemorySegment resolve(MemorySegment linker, @Nullable Store given, Module module) {
    if (given != null) {
      for (ImportType needed : module.imports()) {
        wasi.check(given, needed.module(), needed.name());
      }
    }
    MemorySegment nativeModule = module.object().lease();
    try (Arena arena = Arena.ofConfined()) {
      if (object.boundTo() != null || sharesMemory) {
        inStore(given, store -> LinkerItems.refreshSizes(linker, store, module, shadowing));
      }
      MemorySegment out = arena.allocate(ADDRESS);
      MemorySegment error =
          WasmtimeLinker.wasmtime_linker_instantiate_pre(linker, nativeModule, out);
      if (error.address() != 0) {
        String message = Failures.takeMessage(error);
        // Host functions that are looked at stay in the store that they are looked at in.
        inStore(
            object.boundTo() == null && engine.isOpen() ? null : given,
            store -> {
              throw ImportCheck.exception(linker, store, module, message);
            });
      }
      return out.get(ADDRESS, 0);
    } finally {
      module.object().release();
    }
  }

  // What a linker has can only be seen in a store; if none is given, one for the moment will do.
  private void inStore(@Nullable Store given, Consumer<Store> action) {
    if (given != null) {
      action.accept(given);
    } else {
      try (Store store = Store.create(engine)) {
        action.accept(store);
      }
    }
  }

  /**
   * Defines what a module exports, all of it or nothing where it throws, as {@code
   * wasmtime_linker_module} does. From then on the linker serves the store alone.
   *
   * <p>A module that exports {@code _start} is a command: each call of one of its functions makes a
   * new instance and runs that; {@code _start} may have parameters and results as others. Any other
   * module is a reactor: it is instantiated here, its {@code _initialize} is called if there is
   * one, and its exports are defined. Threads: the store's.
   *
   * @param store the store that its instances live in
   * @param name first part of the names; the second is the export's
   * @param module the module; its imports must be defined already
   * @throws IllegalArgumentException if something belongs to another engine, or the linker serves
   *     another store
   * @throws IllegalStateException if the module uses WASI and the store has no configuration for it
   * @throws LinkException if an import is missing or has the wrong type, it lists all of them; or
   *     if a name of a reactor's is taken, whose functions have run then
   * @throws EngineException if a name of a command's is taken, the module is neither, or its {@code
   *     _initialize} has parameters or results; no guest has run then
   * @throws WasmtimeException whatever the start function or {@code _initialize} ends with
   */
  public void defineModule(Store store, String name, Module module) {
    engine.checkSame(module.engine(), "module");
    NativeVector.utf8(name); // before any guest runs
    Optional<ExportType> initialize = exported(module, INITIALIZE);
    initialize.ifPresent(Linker::checkInitialize);
    if (exported(module, START).isPresent()
        || initialize.filter(export -> export.kind() != ItemKind.FUNC).isPresent()) {
      defineCommand(store, name, module);
      return;
    }
    // The engine's own function would run the guest in the middle of a use of the linker, which no
    // other thread could use so long.
    try (var _ = store.state().enter()) {
      Instance instance = instantiate(store, module);
      if (initialize.isPresent()) {
        instance.func(INITIALIZE).call();
      }
      defineInstance(name, instance);
    }
  }

  // The engine's own function says so too, but after the start function has run.
  private static void checkInitialize(ExportType export) {
    if (export.kind() == ItemKind.FUNC && !export.type().equals(FuncType.of())) {
      throw new EngineException(
          "the function "
              + INITIALIZE
              + " of a reactor has no parameters and results: "
              + export.type(),
          List.of());
    }
  }

  private static Optional<ExportType> exported(Module module, String name) {
    return module.declarations().exports().stream()
        .filter(export -> export.name().equals(name))
        .findFirst();
  }

  // Runs no guest. The engine says what is neither a command nor a reactor.
  private void defineCommand(Store store, String name, Module module) {
    try (NativeLinker.Locked locked = object.lock(store);
        Arena arena = Arena.ofConfined()) {
      MemorySegment name8 = NativeVector.utf8(arena, name);
      // This throws if an import is missing.
      WasmtimeInstance.wasmtime_instance_pre_delete(resolve(locked.linker, store, module));
      MemorySegment nativeModule = module.object().lease();
      try {
        Set<String> intercepted = interceptedNames(store, module);
        Consumer<MemorySegment> definitions =
            linker -> {
              // In the linker itself for good: it serves no other store.
              WasiImports.intercept(intercepted, linker, store, shadowing);
              GuestEntry.enter(
                  store.state(),
                  Shim.LINKER_MODULE,
                  linker.address(),
                  store.state().context().address(),
                  name8.address(),
                  name8.byteSize(),
                  nativeModule.address());
            };
        LinkerItems.tryOnCopy(locked.linker, definitions);
        store.note(module);
        object.bindWhile(store, () -> definitions.accept(locked.linker));
        module.exports().forEach(export -> wasi.noteOurs(name, export.name()));
      } finally {
        module.object().release();
      }
    }
  }

  /**
   * Defines every function that a module imports and that is not defined yet as one that traps, and
   * leaves other imports alone: {@code wasmtime_linker_define_unknown_imports_as_traps}. Threads:
   * any.
   *
   * @param module the module
   * @throws IllegalArgumentException if the module belongs to another engine
   */
  public void defineUnknownImportsAsTraps(Module module) {
    engine.checkSame(module.engine(), "module");
    try (NativeLinker.Locked locked = object.lock()) {
      MemorySegment nativeModule = module.object().lease();
      try {
        Failures.checkLink(
            WasmtimeLinker.wasmtime_linker_define_unknown_imports_as_traps(
                locked.linker, nativeModule));
        wasi.noteUnknown(module);
      } finally {
        module.object().release();
      }
    }
  }

  /**
   * Defines every import of a module that is not defined yet as something of its type with default
   * values, in the store, or none where it throws; functions return zeros and {@code null}: {@code
   * wasmtime_linker_define_unknown_imports_as_default_values}. From then on the linker serves the
   * store alone. Threads: the store's.
   *
   * @param store the store that the items live in
   * @param module the module
   * @throws IllegalArgumentException if something belongs to another engine, or the linker serves
   *     another store
   * @throws LinkException if a type has no default value, or a limit of the store is in the way
   */
  public void defineUnknownImportsAsDefaults(Store store, Module module) {
    engine.checkSame(module.engine(), "module");
    try (NativeLinker.Locked locked = object.lock(store)) {
      object.bindWhile(
          store, () -> LinkerItems.defineUnknownAsDefaults(locked.linker, store, module));
      wasi.noteUnknown(module);
    }
  }

  /**
   * Returns the default function of a module that was defined with {@link #defineModule}: its
   * export {@code ""} or {@code _start}, else one that does nothing: {@code
   * wasmtime_linker_get_default}. Threads: the store's.
   *
   * @param store the store
   * @param module first part of the names
   * @throws IllegalArgumentException if the linker serves another store or engine
   * @throws LinkException if it is not a function
   */
  public Func getDefault(Store store, String module) {
    try (NativeLinker.Locked locked = object.lock(store);
        Arena arena = Arena.ofConfined()) {
      MemorySegment module8 = NativeVector.utf8(arena, module);
      MemorySegment func = arena.allocate(Extern.HANDLE_SIZE, 8);
      Failures.checkLink(
          WasmtimeLinker.wasmtime_linker_get_default(
              locked.linker, store.state().context(), module8, module8.byteSize(), func));
      return new Func(store, func);
    }
  }

  /**
   * Returns a new linker with the same definitions: {@code wasmtime_linker_clone}. Both can be
   * changed and closed on their own. Threads: any.
   */
  public Linker copy() {
    try (NativeLinker.Locked locked = object.lock()) {
      Linker copy =
          new Linker(engine, WasmtimeLinker.wasmtime_linker_clone(locked.linker), object.boundTo());
      copy.shadowing = shadowing;
      copy.wasi = wasi.copy();
      copy.sharesMemory = sharesMemory;
      copy.plainWasi = plainWasi;
      return copy;
    }
  }

  /**
   * Returns what is defined under a name, as an item of a store: {@code wasmtime_linker_get}. Each
   * call makes a new item of a host function, which the store keeps. A function of WASI is the
   * engine's own, also where the store's configuration intercepts that function. Threads: the
   * store's.
   *
   * @param store the store
   * @param module first part of the name
   * @param name second part of the name
   * @throws IllegalArgumentException if the linker serves another store or engine
   * @throws IllegalStateException if it is a WASI function and the store has no configuration for
   *     it
   */
  public Optional<Extern> get(Store store, String module, String name) {
    try (NativeLinker.Locked locked = object.lock(store)) {
      if (!plainWasi) {
        wasi.check(store, module, name);
      }
      return LinkerItems.find(locked.linker, store, module, name);
    }
  }

  /**
   * Closes the linker: {@code wasmtime_linker_delete}. Closing it again does nothing. Threads: any.
   */
  @Override
  public void close() {
    object.close();
  }
}
