package io.github.wasmtimejvm.component;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.ModuleCache;
import io.github.wasmtimejvm.access.Access;
import io.github.wasmtimejvm.access.CacheAccess;
import io.github.wasmtimejvm.binary.Component.Extension;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
  private final byte[] declared; // its binary without code
  private final Map<String, WitItem> imports;
  private final Map<String, WitItem> exports;
  private final DirectPlan plan;

  // Each has the host's objects, which may refer to this component: they go when it is closed.
  private final Set<NativeObject> linkers =
      Collections.newSetFromMap(new WeakHashMap<>()); // under this, as below
  private final Map<ComponentLinker, Prepared> prepared = new WeakHashMap<>();

  private record Prepared(long definitions, PreparedComponent component) {}

  private Component(Engine engine, NativeObject object, byte[] declared) {
    this.engine = engine;
    this.object = object;
    this.declared = declared;
    io.github.wasmtimejvm.binary.Component read =
        read(() -> io.github.wasmtimejvm.binary.Component.read(declared));
    WitTypes types = new WitTypes(read.imports(), read.exports());
    this.imports = types.items(read.imports());
    this.exports = types.items(read.exports());
    this.plan = plan(engine, read, declared, types);
  }

  private DirectPlan plan(
      Engine engine, io.github.wasmtimejvm.binary.Component read, byte[] declared, WitTypes types) {
    if (!Access.get().callsDirectly(engine)) {
      if (read.extension() == Extension.EXPORTS_AND_IMPORTS) {
        throw Access.get()
            .compileException(
                "the compiled component calls the host directly, as the engine is not to do:"
                    + " compile it anew, or use an engine with directComponentCalls and the"
                    + " packaged library");
      }
      return new DirectPlan(
          read, declared, types, imports, exports, read.extension(), "the engine was built so");
    }
    DirectPlan plan =
        new DirectPlan(read, declared, types, imports, exports, read.extension(), null);
    if (read.extension() != Extension.NONE && !plan.fingerprint().equals(read.extensionPlan())) {
      throw Access.get()
          .compileException(
              "the compiled component is of another version of this library: compile it anew");
    }
    return read.extension() != Extension.NONE || plan.isEmpty()
        ? plan
        : new DirectPlan(
            read,
            declared,
            types,
            imports,
            exports,
            read.extension(),
            "it was compiled without the exports that are needed");
  }

  /**
   * Compiles a component in the binary format: {@code wasmtime_component_new}. Threads: any.
   *
   * @param engine the engine to compile for
   * @param wasm the component
   * @throws CompileException if it is not a valid component for this engine
   * @throws io.github.wasmtimejvm.EngineException if the system refuses the compiler its threads
   */
  public static Component fromBytes(Engine engine, byte[] wasm) {
    return compile(engine, wasm.clone()); // what is looked at is what is compiled
  }

  // From here on the bytes are ours.
  static Component compile(Engine engine, byte[] wasm) {
    Object event = Events.beginCompile();
    try {
      for (Map.Entry<Extension, DirectPlan> extended : extensions(engine, wasm).entrySet()) {
        DirectPlan plan = extended.getValue();
        try {
          return compile(
              engine,
              plan.extend(wasm),
              () -> withoutCode(wasm, extended.getKey(), plan.fingerprint()));
        } catch (CompileException e) {
          // For what it is, or for what was added: the next one tells.
        }
      }
      return compile(engine, wasm, () -> withoutCode(wasm, Extension.NONE, ""));
    } finally {
      Events.endCompile(event, wasm.length);
    }
  }

  // What can be compiled for direct calls, the most first; none where that is nothing, or the
  // component cannot be read.
  private static Map<Extension, DirectPlan> extensions(Engine engine, byte[] wasm) {
    Map<Extension, DirectPlan> extensions = new LinkedHashMap<>();
    if (Access.get().callsDirectly(engine)) {
      try {
        StackRoom.call(
            () -> {
              io.github.wasmtimejvm.binary.Component read =
                  io.github.wasmtimejvm.binary.Component.read(wasm);
              WitTypes types = new WitTypes(read.imports(), read.exports());
              Map<String, WitItem> imports = types.items(read.imports());
              Map<String, WitItem> exports = types.items(read.exports());
              if (!engine.isPulley()) { // whose guests are not entered again by host functions
                Extension both = Extension.EXPORTS_AND_IMPORTS;
                DirectPlan plan = new DirectPlan(read, wasm, types, imports, exports, both, null);
                if (!plan.imports().isEmpty()) {
                  extensions.put(both, plan);
                }
              }
              DirectPlan plan =
                  new DirectPlan(read, wasm, types, imports, exports, Extension.EXPORTS, null);
              if (!plan.isEmpty()) {
                extensions.put(Extension.EXPORTS, plan);
              }
              return extensions;
            });
      } catch (MalformedComponentException | IllegalStateException e) {
        extensions.clear(); // the engine says what is wrong with it
      }
    }
    return extensions;
  }

  private static Component compile(Engine engine, byte[] wasm, Supplier<byte[]> declared) {
    Access access = Access.get();
    NativeObject nativeEngine = access.object(engine);
    MemorySegment leased = nativeEngine.lease();
    try (Arena arena = Arena.ofShared()) {
      access.checkCompiler(engine);
      // An array of no bytes has no address.
      MemorySegment bytes =
          wasm.length == 0 ? arena.allocate(1).asSlice(0, 0) : arena.allocateFrom(JAVA_BYTE, wasm);
      MemorySegment out = arena.allocate(ADDRESS);
      access.checkCompile(
          StackRoom.call(
              () ->
                  WasmtimeComponentComponent.wasmtime_component_new(
                      leased, bytes, bytes.byteSize(), out)));
      return own(engine, out.get(ADDRESS, 0), declared);
    } finally {
      nativeEngine.release();
    }
  }

  /**
   * Returns a component's binary without its code.
   *
   * @param extension what it was compiled with for direct calls
   * @param plan its fingerprint
   * @throws CompileException if it cannot be read
   */
  private static byte[] withoutCode(byte[] wasm, Extension extension, String plan) {
    return read(() -> io.github.wasmtimejvm.binary.Component.withoutCode(wasm, extension, plan));
  }

  private static <T> T read(Supplier<T> reader) {
    try {
      return StackRoom.call(reader);
    } catch (MalformedComponentException e) {
      throw Access.get()
          .compileException("this library cannot read the component: " + e.getMessage());
    }
  }

  /**
   * Makes a component of a {@code wasmtime_component_t}, which it owns from now on.
   *
   * @param declared its binary, with or without its code; {@code null} if that is not there
   * @throws CompileException if that cannot be read, or is not there
   */
  static Component own(Engine engine, MemorySegment component, byte @Nullable [] declared) {
    return own(
        engine,
        component,
        () -> {
          if (declared == null) {
            throw Access.get()
                .compileException(
                    "the compiled code does not say what the component imports and exports, as"
                        + " Component.serialize does: compile it anew");
          }
          return declared;
        });
  }

  /**
   * Makes a component of a {@code wasmtime_component_t}, which it owns from now on.
   *
   * @param declared returns its binary, with or without its code
   */
  static Component own(Engine engine, MemorySegment component, Supplier<byte[]> declared) {
    NativeObject object =
        new NativeObject(
            "component", component, WasmtimeComponentComponent::wasmtime_component_delete);
    boolean complete = false;
    try {
      Component done = new Component(engine, object, declared.get());
      complete = true;
      return done;
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
   * @throws CompileException if it is not a valid component for this engine
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
   * @throws CompileException if it is not a valid component for this engine
   * @throws io.github.wasmtimejvm.EngineException if the system refuses the compiler its threads
   */
  public static Component fromFile(Engine engine, Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return fromBytes(engine, Access.get().binary(bytes));
  }

  /**
   * Loads a component from a cache, or compiles it and puts it there; as {@link
   * ModuleCache#module}. Threads: any.
   *
   * @param cache the cache, which modules and components share
   * @param engine the engine to load or compile for
   * @param wasm the component in the binary format
   * @throws CompileException if it is not a valid component for this engine
   */
  public static Component fromCache(ModuleCache cache, Engine engine, byte[] wasm) {
    return CacheAccess.get().get(cache, CompiledComponents.code(), engine, wasm);
  }

  /**
   * Loads a component that {@link #serialize} wrote, on the conditions of {@link
   * Module#deserialize}: {@code wasmtime_component_deserialize}. That protects against accidents,
   * not against forgery: whoever can write the bytes can run native code in this process. Threads:
   * any.
   *
   * @param engine the engine to load it for
   * @param compiled what {@link #serialize} returned
   * @throws CompileException if it is refused
   */
  public static Component deserialize(Engine engine, byte[] compiled) {
    return CompiledComponents.code().deserialize(engine, compiled);
  }

  /**
   * Loads a component from a file that has what {@link #serialize} returned, on the same conditions
   * as {@link #deserialize}. The file is read, not mapped. Threads: any.
   *
   * @param engine the engine to load it for
   * @param file the file
   * @throws IOException if the file cannot be read
   * @throws CompileException if it is refused
   */
  public static Component deserializeFile(Engine engine, Path file) throws IOException {
    return CompiledComponents.code().deserializeFile(engine, file);
  }

  /**
   * Maps a file with what {@link #serialize} returned into memory without looking at its code, and
   * trusts that like a native library: {@code wasmtime_component_deserialize_file}. Processes that
   * map the same file share its memory. What {@link Module#trustCompiledFile} says is true here,
   * too; but a file of another host of the engine is refused, as it does not say what the component
   * imports and exports. Threads: any.
   *
   * @param engine the engine to load it for
   * @param file the file
   * @throws IOException if there is no such file
   * @throws IllegalArgumentException if it is not in the system's own file system
   * @throws CompileException if it is refused
   */
  public static Component trustCompiledFile(Engine engine, Path file) throws IOException {
    return CompiledComponents.code().trustFile(engine, file);
  }

  /**
   * Returns the compiled component, to be loaded by {@link #deserialize} in another process of the
   * same version on the same platform, by an engine with the same settings: {@code
   * wasmtime_component_serialize}, then what {@link Module#serialize} adds. Threads: any.
   *
   * @throws IllegalStateException if the component is closed
   */
  public byte[] serialize() {
    return CompiledComponents.code().serialize(this);
  }

  /** Returns the engine. Threads: any. */
  public Engine engine() {
    return engine;
  }

  NativeObject object() {
    return object;
  }

  byte[] declared() {
    return declared;
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

  /** Which of its functions are called directly. */
  DirectPlan plan() {
    return plan;
  }

  /**
   * Returns how the values of its functions' calls are passed, by the names of the functions, after
   * that of the interface and a space where they belong to one. Where an instance is not made as
   * expected its functions are called by the engine's values, whatever this says: {@link
   * ComponentFunc#path} knows. Threads: any.
   */
  public Map<String, CallPath> callPaths() {
    return plan.paths();
  }

  /**
   * Returns how the values of calls of the host's functions are passed, for those that Java serves,
   * by the names of the functions, after that of the interface and a space where they belong to
   * one. Threads: any.
   */
  public Map<String, CallPath> hostCallPaths() {
    return plan.imports().paths();
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
