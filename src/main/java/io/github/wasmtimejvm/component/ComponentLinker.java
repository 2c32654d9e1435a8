package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.interfaces.InterfaceClass;
import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives components what they import: interfaces that Java objects implement, and WASI. {@code
 * wasmtime_component_linker_t} in C.
 *
 * <pre>{@code
 * ComponentLinker linker = ComponentLinker.create(engine);
 * linker.defineWasi();
 * linker.define(Host.class, new HostImplementation());
 * ComponentInstance instance = linker.instantiate(store, component);
 * }</pre>
 *
 * <p>What is defined belongs to no store. An import takes the definition of the same name, or else
 * that of the newest compatible version. Whether the types fit is found when a component is
 * prepared or instantiated, and all that does not is said at once.
 *
 * <p>All threads may use a linker. There is nothing to close: native memory belongs to the
 * components that it has prepared.
 */
public final class ComponentLinker {
  private final Engine engine;
  private final Map<String, HostDefinition> interfaces = new HashMap<>(); // under this
  private final HostDefinition root = new HostDefinition(); // under this
  private final Map<String, Module> modules = new HashMap<>(); // under this
  private boolean wasi; // under this, as all below
  private boolean wasiHttp;
  private boolean shadowing;
  private boolean trapping;
  private long definitions; // how many there have been

  private ComponentLinker(Engine engine) {
    this.engine = engine;
  }

  /**
   * Creates a linker. Threads: any.
   *
   * @param engine the engine of the components
   */
  public static ComponentLinker create(Engine engine) {
    return new ComponentLinker(Objects.requireNonNull(engine, "engine"));
  }

  /** Returns the engine that the linker was created for. Threads: any. */
  public Engine engine() {
    return engine;
  }

  /**
   * Sets whether a name may be defined again, which replaces what it was. Threads: any.
   *
   * @param allow true to allow it; false at first
   */
  public synchronized void allowShadowing(boolean allow) {
    shadowing = allow;
  }

  /**
   * Defines an interface by a Java object: {@code wasmtime_component_linker_instance_add_func} and
   * {@code wasmtime_component_linker_instance_add_resource}.
   *
   * <p>A method stands for the function of its name. An interface with the empty name has the
   * functions and resources that worlds import by themselves, outside of interfaces. For a
   * resource, {@code newThing} stands for its constructor, and {@code thingName} for its static
   * functions. Its class is a member {@code Thing} of the interface, or one in the signatures that
   * is annotated with the name of the resource; no other object becomes a resource. Guests may call
   * each public method that the class declares itself; of what it inherits, only methods with
   * {@link WitName}. Where the class is {@link AutoCloseable}, an object is closed when the last
   * guest drops it, or else with the store; guests cannot call {@code close()}.
   *
   * <p>Guests call the object on the thread that called them, of all stores. It may call back into
   * guests. What it throws comes out of the call of the guest as the same object; an {@link
   * ErrException} is the error of a {@code result}. Threads: any.
   *
   * @param type a public interface of an exported package, annotated with {@link WitName}
   * @param object the implementation
   * @throws IllegalArgumentException if the interface has no annotation or cannot be used
   * @throws io.github.wasmtimejvm.LinkException if the name is defined already
   */
  public <T> void define(Class<T> type, T object) {
    define(type, null, HostObject.shared(checked(type, object)));
  }

  /**
   * Defines an interface that not everybody sees, as {@link #define(Class, Object)} does. Threads:
   * any.
   *
   * @param type an interface, annotated with {@link WitName}
   * @param lookup a lookup of a class that sees the interface and all types in it
   * @param object the implementation
   * @throws IllegalArgumentException if the interface has no annotation or cannot be used
   * @throws io.github.wasmtimejvm.LinkException if the name is defined already
   */
  public <T> void define(Class<T> type, MethodHandles.Lookup lookup, T object) {
    define(
        type, Objects.requireNonNull(lookup, "lookup"), HostObject.shared(checked(type, object)));
  }

  // A raw type lets anything through.
  private static <T> T checked(Class<T> type, T object) {
    return type.cast(Objects.requireNonNull(object, "object"));
  }

  /**
   * Defines an interface by a Java object for each store, which is made at its first call. Threads:
   * any.
   *
   * @param type an interface, annotated with {@link WitName}
   * @param lookup a lookup of a class that sees the interface and all types in it; {@code null} if
   *     everybody does
   * @param factory makes the implementation for a store, on the thread that called the guest
   * @throws IllegalArgumentException if the interface has no annotation or cannot be used
   * @throws io.github.wasmtimejvm.LinkException if the name is defined already
   */
  public <T> void defineForEachStore(
      Class<T> type, MethodHandles.@Nullable Lookup lookup, Function<Store, ? extends T> factory) {
    define(type, lookup, HostObject.made(Objects.requireNonNull(factory, "factory")));
  }

  private void define(Class<?> type, MethodHandles.@Nullable Lookup lookup, HostObject object) {
    String name = WitNames.given(type);
    if (name == null) {
      throw new IllegalArgumentException(
          type.getName() + " has no @WitName, which says what interface it is");
    }
    InterfaceClass.check(type, lookup);
    synchronized (this) {
      HostDefinition definition = of(name);
      if (definition.hasObject()) {
        checkShadowing(name.isEmpty() ? "an interface for what belongs to none" : name);
      }
      definition.define(type, lookup, object);
      keep(name, definition);
      definitions++;
    }
  }

  /**
   * Defines a function without Java types of its own: {@code
   * wasmtime_component_linker_instance_add_func}. What type it has, each component says that
   * imports it. Threads: any.
   *
   * @param interfaceName the name of the interface with its version, empty for a function that
   *     components import by itself
   * @param name the name of the function
   * @param function the function
   * @throws io.github.wasmtimejvm.LinkException if the name is defined already
   */
  public synchronized void define(
      String interfaceName, String name, ComponentHostFunction function) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(function, "function");
    HostDefinition definition = of(interfaceName);
    if (definition.hasFunction(name)) {
      checkShadowing(interfaceName + " " + name);
    }
    definition.define(name, function);
    keep(interfaceName, definition);
    definitions++;
  }

  /**
   * Defines a core module: {@code wasmtime_component_linker_instance_add_module}. Threads: any.
   *
   * @param name the name that components import it by
   * @param module a module of the same engine, which must stay open while components are prepared
   * @throws io.github.wasmtimejvm.LinkException if the name is defined already
   */
  public synchronized void define(String name, Module module) {
    Objects.requireNonNull(name, "name");
    if (module.engine() != engine) {
      throw new IllegalArgumentException("the module belongs to another engine");
    }
    if (modules.containsKey(name)) {
      checkShadowing(name);
    }
    modules.put(name, module);
    definitions++;
  }

  // A copy: what is prepared keeps the definitions that it was made of.
  private HostDefinition of(String name) {
    if (name.isEmpty()) {
      return root; // which is copied for each component
    }
    HostDefinition known = interfaces.get(name);
    return known == null ? new HostDefinition() : known.copy();
  }

  private void keep(String name, HostDefinition definition) {
    if (definition != root) {
      interfaces.put(name, definition);
    }
  }

  private void checkShadowing(String name) {
    if (!shadowing) {
      throw ComponentStore.ACCESS.linkException(name + " is defined already");
    }
  }

  /**
   * Defines WASI 0.2 by the engine: {@code wasmtime_component_linker_add_wasip2}. Stores need a
   * configuration before a component that imports WASI is instantiated in them ({@code
   * WasiConfig.applyTo}). What Java defines is taken before it. Threads: any.
   */
  public synchronized void defineWasi() {
    wasi = true;
    definitions++;
  }

  /**
   * Defines {@code wasi:http} for requests that components make: {@code
   * wasmtime_component_linker_add_wasi_http}. The configuration of the store must allow it, too
   * ({@code WasiConfig.Builder.allowHttp}). They may reach every host that this process may: the
   * engine knows no list of destinations. A component is no server: nothing calls what it exports
   * of {@code wasi:http}. Threads: any.
   */
  public synchronized void defineWasiHttp() {
    wasiHttp = true;
    definitions++;
  }

  /**
   * Lets components be instantiated that import what nobody defines: calling it throws a {@link
   * io.github.wasmtimejvm.LinkException} that names it. Other than {@code
   * wasmtime_component_linker_define_unknown_imports_as_traps}, this hides nothing that is defined
   * in a compatible version. Threads: any.
   */
  public synchronized void trapUnknownImports() {
    trapping = true;
    definitions++;
  }

  /**
   * Finds what a component imports, so that it can be instantiated often. Later definitions do not
   * change it. Threads: any.
   *
   * @param component a component of the same engine
   * @throws io.github.wasmtimejvm.LinkException if something that it imports is not defined, or
   *     does not fit; the message has all of it
   */
  public PreparedComponent prepare(Component component) {
    if (component.engine() != engine) {
      throw new IllegalArgumentException("the component belongs to another engine");
    }
    return linking(component).prepare();
  }

  private synchronized Linking linking(Component component) {
    return new Linking(
        component,
        Map.copyOf(interfaces),
        root.copy(),
        Map.copyOf(modules),
        wasi,
        wasiHttp,
        trapping);
  }

  private synchronized long definitions() {
    return definitions;
  }

  /**
   * Instantiates a component in a store: {@code wasmtime_component_linker_instantiate}. What {@link
   * #prepare} finds is kept as long as the component and nothing new is defined. Threads: the
   * store's.
   *
   * @param store a store of the same engine
   * @param component a component of the same engine
   * @throws io.github.wasmtimejvm.LinkException if something that it imports is not defined, or
   *     does not fit
   * @throws IllegalStateException if the component imports WASI and the store has no configuration
   *     for it, or one that components cannot have; or if the components of the store cannot be
   *     used any more
   * @throws io.github.wasmtimejvm.WasmtimeException if it fails while it starts
   */
  public ComponentInstance instantiate(Store store, Component component) {
    return component.prepared(this, definitions(), () -> prepare(component)).instantiate(store);
  }
}
