package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeExtern.wasmtime_extern_t;
import io.github.wasmtimejvm.capi.WasmtimeInstance;
import io.github.wasmtimejvm.capi.WasmtimeInstance.wasmtime_instance_t;
import io.github.wasmtimejvm.capi.WasmtimeLinker;
import io.github.wasmtimejvm.internal.HostCalls;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
 * <p>All threads may use a linker at once. Its host functions serve any number of stores; once
 * something that lives in a store is defined too, it serves that store alone.
 */
public final class Linker implements AutoCloseable {
  private static final String WASI_MODULE = "wasi_snapshot_preview1";

  private record Name(String module, String name) {}

  private final Engine engine;
  private final NativeObject object;
  private boolean shadowing; // guarded by this, as all below
  private boolean wasi;
  private final Set<Name> ours = new HashSet<>();
  private @Nullable Store boundTo;

  private Linker(Engine engine) {
    this.engine = engine;
    MemorySegment nativeEngine = engine.object().lease();
    try {
      this.object =
          new NativeObject(
              "linker",
              WasmtimeLinker.wasmtime_linker_new(nativeEngine),
              linker -> {
                WasmtimeLinker.wasmtime_linker_delete(linker);
                HostCalls.drain();
              });
    } finally {
      engine.object().release();
    }
  }

  /**
   * Creates a linker without definitions: {@code wasmtime_linker_new}.
   *
   * @param engine the engine of the modules and stores to link
   */
  public static Linker create(Engine engine) {
    return new Linker(engine);
  }

  /**
   * Sets whether a definition may replace an earlier one of the same name: {@code
   * wasmtime_linker_allow_shadowing}.
   *
   * @param allow false for a new linker
   */
  public synchronized void allowShadowing(boolean allow) {
    MemorySegment linker = object.lease();
    try {
      WasmtimeLinker.wasmtime_linker_allow_shadowing(linker, allow);
      shadowing = allow;
    } finally {
      object.release();
    }
  }

  /**
   * Defines a host function, for any number of stores: {@code
   * wasmtime_linker_define_func_unchecked}.
   *
   * @param module first part of its name
   * @param name second part of its name
   * @param type its type
   * @param function what it does; kept until the linker and all stores that use it are closed
   * @throws IllegalArgumentException if values of the type cannot be passed
   * @throws LinkException if the name is taken
   */
  public synchronized void define(
      String module, String name, FuncType type, HostFunction function) {
    Values.checkPassable(type, "the host function " + module + "." + name);
    MemorySegment linker = object.lease();
    MemorySegment nativeType = null;
    try (Arena arena = Arena.ofConfined()) {
      nativeType = Types.nativeFunc(type);
      MemorySegment module8 = NativeVector.utf8(arena, module);
      MemorySegment name8 = NativeVector.utf8(arena, name);
      MemorySegment env = HostCalls.register(new HostCall(type, function));
      Outcome.checkLink(
          WasmtimeLinker.wasmtime_linker_define_func_unchecked(
              linker,
              module8,
              module8.byteSize(),
              name8,
              name8.byteSize(),
              nativeType,
              HostCalls.callback(),
              env,
              HostCalls.finalizer()));
      ours.add(new Name(module, name));
    } finally {
      if (nativeType != null) {
        Wasm.wasm_functype_delete(nativeType);
      }
      object.release();
    }
  }

  /**
   * Defines something that lives in a store: {@code wasmtime_linker_define}. From then on the
   * linker serves that store alone.
   *
   * @param module first part of its name
   * @param name second part of its name
   * @param item the function, memory or other item
   * @throws IllegalArgumentException if the linker serves another store or engine
   * @throws LinkException if the name is taken
   */
  public void define(String module, String name, Extern item) {
    Store store = item.store();
    StoreState state = store.state();
    state.enter();
    try {
      define(store, module, name, item);
    } finally {
      state.exit();
    }
  }

  private synchronized void define(Store store, String module, String name, Extern item) {
    engine.checkSame(store.engine(), "store");
    checkBinding(store);
    MemorySegment linker = object.lease();
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
      Outcome.checkLink(
          WasmtimeLinker.wasmtime_linker_define(
              linker,
              store.state().context(),
              module8,
              module8.byteSize(),
              name8,
              name8.byteSize(),
              nativeItem));
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
    MemorySegment linker = object.lease();
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
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pre = resolve(store, module, arena);
      try {
        MemorySegment handle = arena.allocate(wasmtime_instance_t.SIZEOF, 8);
        store.note(module);
        state.takeThrown();
        Outcome.check(
            state,
            Shim.enter(
                state.address(),
                Shim.PRE_INSTANTIATE,
                4,
                pre.address(),
                state.context().address(),
                handle.address(),
                state.trapSlot(),
                0,
                0));
        return new Instance(store, module.exportTypes(), handle);
      } finally {
        WasmtimeInstance.wasmtime_instance_pre_delete(pre);
      }
    } finally {
      state.exit();
    }
  }

  // Resolving runs no guest, so the lock is not held while one does: a host function called by the
  // start function may define more, and another thread may instantiate at the same time.
  private synchronized MemorySegment resolve(Store store, Module module, Arena arena) {
    checkBinding(store);
    for (ImportType needed : module.imports()) {
      checkWasi(store, needed.module(), needed.name());
    }
    MemorySegment out = arena.allocate(ADDRESS);
    MemorySegment linker = object.lease();
    try {
      MemorySegment nativeModule = module.object().lease();
      try {
        if (boundTo != null) {
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
  private void refreshSizes(Store store, Module module, MemorySegment linker) {
    WasmtimeLinker.wasmtime_linker_allow_shadowing(linker, true);
    try {
      for (ImportType needed : module.imports()) {
        if (needed.type() instanceof MemoryType || needed.type() instanceof TableType) {
          lookup(store, linker, needed.module(), needed.name())
              .filter(item -> item instanceof Memory || item instanceof Table)
              .ifPresent(item -> define(store, linker, needed.module(), needed.name(), item));
        }
      }
    } finally {
      WasmtimeLinker.wasmtime_linker_allow_shadowing(linker, shadowing);
    }
  }

  // The engine's WASI functions end the process when their store has no configuration.
  private void checkWasi(Store store, String module, String name) {
    if (wasi
        && module.equals(WASI_MODULE)
        && !store.state().hasWasi()
        && !ours.contains(new Name(module, name))) {
      throw new IllegalStateException(
          "%s.%s needs a WASI configuration: call WasiConfig.applyTo(store) first"
              .formatted(module, name));
    }
  }

  private LinkException linkException(
      Store store, Module module, MemorySegment linker, String message) {
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
    MemorySegment linker = object.lease();
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
