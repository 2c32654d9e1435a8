package io.github.wasmtimejvm.component;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.access.Access;
import io.github.wasmtimejvm.binary.MalformedComponentException;
import io.github.wasmtimejvm.capi.WasmtimeComponentComponent;
import io.github.wasmtimejvm.internal.Events;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.StackRoom;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;

/**
 * A compiled component: {@code wasmtime_component_t} in C. Other than a {@link Module} it has types
 * for texts, lists and records, and modules inside.
 *
 * <p>All threads may use it at once, to make instances of it in any number of stores. Instances
 * live on when it is closed.
 */
public final class Component implements AutoCloseable {
  private static final byte[] MAGIC = {0, 'a', 's', 'm'};

  private final Engine engine;
  private final NativeObject object;
  private final Map<String, WitItem> imports;
  private final Map<String, WitItem> exports;

  // Each has the host's objects, which may refer to this component: they go when it is closed.
  private final Set<NativeObject> linkers =
      Collections.newSetFromMap(new WeakHashMap<>()); // under this, as below
  private final Map<ComponentLinker, Prepared> prepared = new WeakHashMap<>();

  private record Prepared(long definitions, PreparedComponent component) {}

  private Component(
      Engine engine, NativeObject object, io.github.wasmtimejvm.binary.Component declared) {
    this.engine = engine;
    this.object = object;
    WitTypes types = new WitTypes(declared.imports(), declared.exports());
    this.imports = types.items(declared.imports());
    this.exports = types.items(declared.exports());
  }

  /**
   * Compiles a component in the binary format: {@code wasmtime_component_new}. Threads: any.
   *
   * @param engine the engine to compile for
   * @param wasm the component
   * @throws io.github.wasmtimejvm.CompileException if it is not a valid component for this engine
   * @throws io.github.wasmtimejvm.EngineException if the system refuses the compiler its threads
   */
  public static Component fromBytes(Engine engine, byte[] wasm) {
    byte[] ours = wasm.clone(); // what is looked at is what is compiled
    Access access = Access.get();
    Object event = Events.beginCompile();
    NativeObject nativeEngine = access.object(engine);
    MemorySegment leased = nativeEngine.lease();
    try (Arena arena = Arena.ofShared()) {
      access.checkCompiler(engine);
      // An array of no bytes has no address.
      MemorySegment bytes =
          ours.length == 0 ? arena.allocate(1).asSlice(0, 0) : arena.allocateFrom(JAVA_BYTE, ours);
      MemorySegment out = arena.allocate(ADDRESS);
      access.checkCompile(
          StackRoom.call(
              () ->
                  WasmtimeComponentComponent.wasmtime_component_new(
                      leased, bytes, bytes.byteSize(), out)));
      return own(engine, out.get(ADDRESS, 0), ours);
    } finally {
      nativeEngine.release();
      Events.endCompile(event, ours.length);
    }
  }

  private static Component own(Engine engine, MemorySegment component, byte[] wasm) {
    NativeObject object =
        new NativeObject(
            "component", component, WasmtimeComponentComponent::wasmtime_component_delete);
    boolean complete = false;
    try {
      Component done =
          new Component(
              engine,
              object,
              StackRoom.call(() -> io.github.wasmtimejvm.binary.Component.read(wasm)));
      complete = true;
      return done;
    } catch (MalformedComponentException e) {
      throw Access.get()
          .compileException("this library cannot read the component: " + e.getMessage());
    } finally {
      if (!complete) {
        object.close();
      }
    }
  }

  /**
   * Compiles a component in the text format: {@code wasmtime_wat2wasm} and {@code
   * wasmtime_component_new}. Threads: any.
   *
   * @param engine the engine to compile for
   * @param wat the component
   * @throws IllegalArgumentException if it has a half of a surrogate pair
   * @throws io.github.wasmtimejvm.CompileException if it is not a valid component for this engine
   * @throws io.github.wasmtimejvm.EngineException if the system refuses the compiler its threads
   */
  public static Component fromWat(Engine engine, String wat) {
    return fromBytes(engine, Module.wat2wasm(wat));
  }

  /**
   * Compiles the component in a file, in the binary or the text format. Threads: any.
   *
   * @param engine the engine to compile for
   * @param file the file
   * @throws IOException if the file cannot be read
   * @throws io.github.wasmtimejvm.CompileException if it is not a valid component for this engine
   * @throws io.github.wasmtimejvm.EngineException if the system refuses the compiler its threads
   */
  public static Component fromFile(Engine engine, Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return fromBytes(engine, Access.get().binary(bytes));
  }

  /** Returns the engine. Threads: any. */
  public Engine engine() {
    return engine;
  }

  NativeObject object() {
    return object;
  }

  /**
   * Notes a native linker that was made for this component.
   *
   * @throws IllegalStateException if the component is closed; the linker is, too, then
   */
  synchronized void own(NativeObject linker) {
    linkers.add(linker);
    if (!object.isOpen()) {
      linker.close();
      object.checkOpen();
    }
  }

  /**
   * Returns what a linker has prepared last, if it has no new definitions since.
   *
   * @param definitions how many the linker has had
   */
  PreparedComponent prepared(
      ComponentLinker linker, long definitions, Supplier<PreparedComponent> prepare) {
    synchronized (this) {
      Prepared known = prepared.get(linker);
      if (known != null && known.definitions() == definitions) {
        return known.component();
      }
    }
    PreparedComponent made = prepare.get();
    synchronized (this) {
      prepared.put(linker, new Prepared(definitions, made));
    }
    return made;
  }

  /**
   * Returns what it imports, by names and in order: {@code wasmtime_component_type}. Threads: any.
   */
  public Map<String, WitItem> imports() {
    return imports;
  }

  /**
   * Returns what it exports, by names and in order: {@code wasmtime_component_type}. Threads: any.
   */
  public Map<String, WitItem> exports() {
    return exports;
  }

  /**
   * Closes it, and what linkers have prepared of it: {@code wasmtime_component_delete} and {@code
   * wasmtime_component_linker_delete}. Closing it again does nothing. Threads: any.
   */
  @Override
  public void close() {
    object.close();
    synchronized (this) {
      linkers.forEach(NativeObject::close);
      linkers.clear();
      prepared.clear();
    }
  }
}
