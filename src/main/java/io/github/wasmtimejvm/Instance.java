package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeExtern.wasmtime_extern_t;
import io.github.wasmtimejvm.capi.WasmtimeInstance;
import io.github.wasmtimejvm.capi.WasmtimeInstance.wasmtime_instance_t;
import io.github.wasmtimejvm.declarations.Declarations;
import io.github.wasmtimejvm.internal.Events;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.Printable;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A module at work in a store, with its own memory and state: {@code wasmtime_instance_t} in C. It
 * ends with its store.
 */
public final class Instance {
  private static final int NAMES_IN_HINT = 20;

  // The instance names its exports by number too, but counts from the first each time.
  private final Declarations declarations;

  private final Store store;
  private final long word0;
  private final long word1;

  Instance(Store store, Declarations declarations, MemorySegment handle) {
    this.store = store;
    this.declarations = declarations;
    this.word0 = handle.get(JAVA_LONG, 0);
    this.word1 = handle.get(JAVA_LONG, 8);
  }

  /**
   * Makes an instance and runs its start function: {@code wasmtime_instance_new}. Mostly a {@link
   * Linker} is handier, which finds the imports by name. Threads: the store's.
   *
   * @param store the store that it lives in
   * @param module the module
   * @param imports what the module imports, in its order; all of {@code store}, or shared memories
   * @throws IllegalArgumentException if something belongs to another engine or store, or the number
   *     of imports is wrong
   * @throws EngineException if an import has the wrong type
   * @throws ExitException if the start function exits
   * @throws TrapException if the start function traps
   */
  public static Instance create(Store store, Module module, Extern... imports) {
    store.engine().checkSame(module.engine(), "module");
    imports = imports.clone(); // what is checked must be what is used
    if (imports.length != module.imports().size()) {
      throw new IllegalArgumentException(
          "the module has %s imports, %s given".formatted(module.imports().size(), imports.length));
    }
    for (Extern item : imports) {
      item.checkUsable(store, "import");
    }
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      MemorySegment items = arena.allocate(wasmtime_extern_t.SIZEOF * (imports.length + 1), 8);
      Object event = Events.beginInstantiate();
      try {
        for (int i = 0; i < imports.length; i++) {
          imports[i].write(items.asSlice(i * wasmtime_extern_t.SIZEOF));
        }
        return create(store, state, module, items, imports.length, arena);
      } finally {
        for (int i = 0; i < imports.length; i++) {
          WasmtimeExtern.wasmtime_extern_delete(items.asSlice(i * wasmtime_extern_t.SIZEOF));
        }
        Events.endInstantiate(event, module.customSections().moduleName());
      }
    }
  }

  private static Instance create(
      Store store, StoreState state, Module module, MemorySegment items, int count, Arena arena) {
    MemorySegment handle = arena.allocate(wasmtime_instance_t.SIZEOF, 8);
    MemorySegment nativeModule = module.object().lease();
    try {
      store.note(module);
      GuestEntry.enter(
          state,
          Shim.INSTANCE_NEW,
          state.context().address(),
          nativeModule.address(),
          items.address(),
          count,
          handle.address(),
          state.trapSlot());
    } finally {
      module.object().release();
    }
    return new Instance(store, module.declarations(), handle);
  }

  /** Returns the store that it lives in. Threads: any. */
  public Store store() {
    return store;
  }

  /**
   * Returns an export, empty if there is none of that name: {@code wasmtime_instance_export_get}.
   * Threads: the store's.
   *
   * @param name the name
   */
  public Optional<Extern> export(String name) {
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      MemorySegment utf8 = NativeVector.utf8(arena, name);
      MemorySegment item = arena.allocate(wasmtime_extern_t.SIZEOF, 8);
      if (!WasmtimeInstance.wasmtime_instance_export_get(
          state.context(), handle(arena), utf8, utf8.byteSize(), item)) {
        return Optional.empty();
      }
      Extern found = Extern.of(store, item);
      if (found instanceof Table table && store.hasWideTables()) {
        table.declare(declarations.definedTable(name));
      }
      return Optional.of(found);
    }
  }

  /**
   * Returns all exports by name, in the module's order: {@code wasmtime_instance_export_get}.
   * Threads: the store's.
   */
  public Map<String, Extern> exports() {
    Map<String, Extern> exports = new LinkedHashMap<>();
    for (ExportType type : declarations.exports()) {
      exports.put(type.name(), export(type.name()).orElseThrow());
    }
    return exports;
  }

  /**
   * Returns an exported function. Threads: the store's.
   *
   * @param name the name
   * @throws NoSuchElementException if there is no function of that name
   */
  public Func func(String name) {
    return Extern.require(export(name), Func.class, name, this::exportsHint);
  }

  /**
   * Returns an exported memory. Threads: the store's.
   *
   * @param name the name
   * @throws NoSuchElementException if there is no memory of that name
   */
  public Memory memory(String name) {
    return Extern.require(export(name), Memory.class, name, this::exportsHint);
  }

  /**
   * Returns an exported shared memory. Threads: the store's.
   *
   * @param name the name
   * @throws NoSuchElementException if there is no shared memory of that name
   */
  public SharedMemory sharedMemory(String name) {
    return Extern.require(export(name), SharedMemory.class, name, this::exportsHint);
  }

  /**
   * Returns an exported table. Threads: the store's.
   *
   * @param name the name
   * @throws NoSuchElementException if there is no table of that name
   */
  public Table table(String name) {
    return Extern.require(export(name), Table.class, name, this::exportsHint);
  }

  /**
   * Returns an exported global. Threads: the store's.
   *
   * @param name the name
   * @throws NoSuchElementException if there is no global of that name
   */
  public Global global(String name) {
    return Extern.require(export(name), Global.class, name, this::exportsHint);
  }

  /**
   * Returns an exported tag. Threads: the store's.
   *
   * @param name the name
   * @throws NoSuchElementException if there is no tag of that name
   */
  public Tag tag(String name) {
    return Extern.require(export(name), Tag.class, name, this::exportsHint);
  }

  /**
   * Returns the instance as an object of an interface, whose methods stand for its exports of the
   * same name, or of the name in their {@link Export} annotation:
   *
   * <pre>{@code
   * public interface Calculator {
   *   int add(int a, int b);
   *   @Export("sub-float") double subtract(double a, double b);
   *   Memory memory();
   * }
   * int sum = instance.as(Calculator.class).add(1, 2);
   * }</pre>
   *
   * <p>A method stands for a function as {@link Func#as} says, or without parameters for the
   * memory, shared memory, table, global or tag that it returns. Exports without a method are left
   * alone. Threads: the store's.
   *
   * @param shape a public interface of an exported package
   * @throws NoSuchElementException if there is no export for a method
   * @throws IllegalArgumentException if a method does not fit its export; the message says both
   *     types. If the interface cannot be implemented from here: the overload with a lookup can
   */
  public <T> T as(Class<T> shape) {
    return as(null, shape);
  }

  /**
   * Returns the instance as an object of any interface that the caller can implement; see {@link
   * #as(Class)}. Threads: the store's.
   *
   * @param lookup {@code MethodHandles.lookup()} of the caller, with full access
   * @param shape an interface
   * @throws NoSuchElementException if there is no export for a method
   * @throws IllegalArgumentException if a method does not fit its export; the message says both
   *     types
   */
  public <T> T as(MethodHandles.@Nullable Lookup lookup, Class<T> shape) {
    return InterfaceBinding.of(shape, lookup).bind(this::export);
  }

  private Extern export(Method method) {
    Export named = method.getAnnotation(Export.class);
    String name = named == null ? method.getName() : named.value();
    return Extern.require(export(name), Extern.class, name, this::exportsHint);
  }

  private String exportsHint() {
    List<ExportType> exports = declarations.exports();
    List<String> names =
        exports.stream().map(export -> Printable.of(export.name())).limit(NAMES_IN_HINT).toList();
    return "; its exports are "
        + names
        + (names.size() < exports.size()
            ? " and " + (exports.size() - names.size()) + " more"
            : "");
  }

  MemorySegment handle(Arena arena) {
    MemorySegment handle = arena.allocate(wasmtime_instance_t.SIZEOF, 8);
    handle.set(JAVA_LONG, 0, word0);
    handle.set(JAVA_LONG, 8, word1);
    return handle;
  }
}
