package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.binary.CustomSections;
import io.github.wasmtimejvm.binary.ModuleSections;
import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeModule;
import io.github.wasmtimejvm.capi.WasmtimeWat;
import io.github.wasmtimejvm.declarations.BinaryDeclarations;
import io.github.wasmtimejvm.declarations.Declarations;
import io.github.wasmtimejvm.declarations.NativeDeclarations;
import io.github.wasmtimejvm.internal.Events;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.StackRoom;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A compiled program without state: {@code wasmtime_module_t} in C.
 *
 * <p>All threads may use it at once, to make instances of it in any number of stores. Instances
 * live on when it is closed.
 */
public final class Module implements AutoCloseable {
  private static final byte[] MAGIC = {0, 'a', 's', 'm'};

  // The line of a text module that an error is in, and the mark below it.
  private static final Pattern QUOTE = Pattern.compile("\n *[0-9]* +\\|[^\n]*");

  private final Engine engine;
  private final NativeObject object;
  private final Declarations declarations;
  private final CustomSections customSections;

  private Module(
      Engine engine,
      NativeObject object,
      Declarations declarations,
      CustomSections customSections) {
    this.engine = engine;
    this.object = object;
    this.declarations = declarations;
    this.customSections = customSections;
  }

  /**
   * Compiles a module in the binary format: {@code wasmtime_module_new}. Threads: any.
   *
   * @param engine the engine to compile for
   * @param wasm the module
   * @throws CompileException if it is not a valid module for this engine
   * @throws EngineException if the system refuses the compiler its threads ({@link
   *     EngineBuilder#parallelCompilation})
   */
  public static Module fromBytes(Engine engine, byte[] wasm) {
    return compile(engine, wasm);
  }

  // From here on the bytes are ours: what is looked at is what is compiled.
  static Module compile(Engine engine, byte[] wasm) {
    Object event = Events.beginCompile();
    MemorySegment nativeEngine = engine.object().lease();
    try (Arena arena = Arena.ofShared()) {
      engine.checkCompiler();
      MemorySegment bytes = copy(arena, wasm);
      MemorySegment out = arena.allocate(ADDRESS);
      Failures.checkCompile(
          StackRoom.call(
              () -> {
                MemorySegment invalid =
                    engine.debugInfo() ? invalid(nativeEngine, bytes) : MemorySegment.NULL;
                return invalid.address() != 0
                    ? invalid
                    : WasmtimeModule.wasmtime_module_new(
                        nativeEngine, bytes, bytes.byteSize(), out);
              }));
      return own(engine, out.get(ADDRESS, 0), bytes);
    } finally {
      engine.object().release();
      Events.endCompile(event, wasm.length);
    }
  }

  /**
   * Makes a module of a {@code wasmtime_module_t}, which it owns from now on.
   *
   * @param wasm its binary, which is valid
   */
  static Module own(Engine engine, MemorySegment module, MemorySegment wasm) {
    return own(
        module,
        object -> {
          ModuleSections sections = new ModuleSections(wasm);
          Declarations declarations =
              new BinaryDeclarations(new EngineTypes(engine), object, sections.declarations());
          return new Module(
              engine, object, declarations, sections.custom(declarations::importedFunctions));
        });
  }

  /**
   * Makes a module of a {@code wasmtime_module_t} whose binary is not there, which it owns from now
   * on.
   *
   * @param declared what {@link #declarations} were made of, {@code null} if that is not there
   *     either
   * @throws CompileException if that cannot be read
   */
  static Module ownCompiled(Engine engine, MemorySegment module, byte @Nullable [] declared) {
    return own(
        module,
        object -> {
          Declarations declarations;
          try {
            declarations =
                declared == null
                    ? new NativeDeclarations(new EngineTypes(engine), module)
                    : new BinaryDeclarations(new EngineTypes(engine), object, declared);
          } catch (IndexOutOfBoundsException e) {
            throw new CompileException("the compiled module is damaged");
          }
          return new Module(engine, object, declarations, CustomSections.UNKNOWN);
        });
  }

  private static Module own(MemorySegment module, Function<NativeObject, Module> make) {
    NativeObject object =
        new NativeObject("module", module, WasmtimeModule::wasmtime_module_delete);
    boolean complete = false;
    try {
      Module done = make.apply(object);
      complete = true;
      return done;
    } finally {
      if (!complete) {
        object.close();
      }
    }
  }

  /**
   * Compiles a module in the text format: {@code wasmtime_wat2wasm} and {@code
   * wasmtime_module_new}. Threads: any.
   *
   * @param engine the engine to compile for
   * @param wat the module
   * @throws IllegalArgumentException if it has a half of a surrogate pair
   * @throws CompileException if it is not a valid module for this engine
   * @throws EngineException if the system refuses the compiler its threads ({@link
   *     EngineBuilder#parallelCompilation})
   */
  public static Module fromWat(Engine engine, String wat) {
    return fromBytes(engine, wat2wasm(wat));
  }

  /**
   * Compiles the module in a file, in the binary or the text format. What is wrong with a text is
   * said with its place, without quoting the line. Threads: any.
   *
   * @param engine the engine to compile for
   * @param file the file
   * @throws IOException if the file cannot be read
   * @throws CompileException if it is not a valid module for this engine, or a text that is not
   *     UTF-8
   * @throws EngineException if the system refuses the compiler its threads ({@link
   *     EngineBuilder#parallelCompilation})
   */
  public static Module fromFile(Engine engine, Path file) throws IOException {
    return fromBytes(engine, binary(Files.readAllBytes(file)));
  }

  /** Returns the binary of what stands in a file, in the binary or the text format. */
  static byte[] binary(byte[] content) {
    if (isBinary(content)) {
      return content;
    }
    try {
      return wat2wasm(content);
    } catch (CompileException e) {
      // The file may be any, and its content is not for those who read the message.
      throw new CompileException(QUOTE.matcher(String.valueOf(e.getMessage())).replaceAll(""));
    }
  }

  /**
   * Checks a module in the binary format without compiling it: {@code wasmtime_module_validate}.
   * Threads: any.
   *
   * @param engine the engine whose features count
   * @param wasm the module
   * @throws CompileException if it is not a valid module for this engine
   * @throws EngineException if the system refuses the compiler its threads ({@link
   *     EngineBuilder#parallelCompilation})
   */
  public static void validate(Engine engine, byte[] wasm) {
    MemorySegment nativeEngine = engine.object().lease();
    try (Arena arena = Arena.ofShared()) {
      engine.checkCompiler();
      MemorySegment bytes = copy(arena, wasm);
      Failures.checkCompile(StackRoom.call(() -> invalid(nativeEngine, bytes)));
    } finally {
      engine.object().release();
    }
  }

  // A wasmtime_error_t*, or NULL. Compiling validates each function too, just before it is
  // translated; but with debugInfo the engine looks up the types of all locals earlier, and ends
  // the process where there is no such type.
  private static MemorySegment invalid(MemorySegment engine, MemorySegment wasm) {
    return WasmtimeModule.wasmtime_module_validate(engine, wasm, wasm.byteSize());
  }

  /**
   * Translates a module from the text format into the binary format: {@code wasmtime_wat2wasm}.
   * Threads: any.
   *
   * @param wat the module
   * @throws IllegalArgumentException if it has a half of a surrogate pair
   * @throws CompileException if it is not well-formed
   */
  public static byte[] wat2wasm(String wat) {
    return wat2wasm(NativeVector.utf8(wat));
  }

  private static byte[] wat2wasm(byte[] wat) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment text = copy(arena, wat);
      MemorySegment binary = arena.allocate(NativeVector.SIZEOF, 8);
      Failures.checkCompile(
          StackRoom.call(() -> WasmtimeWat.wasmtime_wat2wasm(text, text.byteSize(), binary)));
      try {
        return NativeVector.bytes(binary);
      } finally {
        Wasm.wasm_byte_vec_delete(binary);
      }
    }
  }

  /**
   * Loads a module that {@link #serialize} wrote, which takes a fraction of the time of compiling:
   * {@code wasmtime_module_deserialize}.
   *
   * <p>It is refused if it is damaged, was compiled by another version of this library's engine or
   * for another platform, or by an engine with other settings. Of these the engine compares the
   * target, the compiler, features of the processor and of WebAssembly that the code may use and
   * this one does not have, {@code memoryReservation}, {@code memoryGuardSize}, {@code
   * memoryMayMove}, {@code memoryInitCow}, {@code signalsBasedTraps}, {@code consumeFuel}, {@code
   * interruptible}, {@code relaxedSimdDeterministic}, {@code gcSupport} and {@code debugInfo}; this
   * library {@code nanCanonicalization}, {@code optLevel}, {@code regallocAlgorithm}, {@code
   * maxWasmStack}, {@code nativeUnwindInfo} and the Cranelift flags that are not about the
   * processor. What is left may differ: no code depends on it. A file of a release of this library
   * that did not write those settings down yet is refused, too.
   *
   * <p>That protects against accidents, not against forgery: whoever can write the bytes can run
   * native code in this process. Threads: any.
   *
   * @param engine the engine to load it for
   * @param compiled what {@link #serialize} returned
   * @throws CompileException if it is refused
   */
  public static Module deserialize(Engine engine, byte[] compiled) {
    return CompiledModules.CODE.deserialize(engine, compiled);
  }

  /**
   * Loads a module from a file that has what {@link #serialize} returned, on the same conditions as
   * {@link #deserialize}.
   *
   * <p>The file is read, not mapped: it may be changed or deleted afterwards. A {@link ModuleCache}
   * maps its files, and {@link #trustCompiledFile} any file. Threads: any.
   *
   * @param engine the engine to load it for
   * @param file the file
   * @throws IOException if the file cannot be read
   * @throws CompileException if it is refused
   */
  public static Module deserializeFile(Engine engine, Path file) throws IOException {
    return CompiledModules.CODE.deserializeFile(engine, file);
  }

  /**
   * Loads compiled code without looking at it, and trusts it like a native library: {@code
   * wasmtime_module_deserialize}. For what other hosts of the engine have compiled, as {@code
   * wasmtime compile} does.
   *
   * <p>The engine compares its version, platform and some settings with what the code says about
   * itself. That is all. Damaged code ends the process, now or when it runs, or does anything else;
   * so does asking for the type of a table with limits beyond 32 bits that code of another host
   * imports or exports.
   *
   * <p>Not compared are what {@link #deserialize} says that this library compares. So code that was
   * compiled without {@link EngineBuilder#nanCanonicalization} gives other NaNs in an engine that
   * has it, and code without Cranelift's mitigations of side channels runs without them in an
   * engine for untrusted guests.
   *
   * <p>The official command line compiles for another collector of garbage than this library has,
   * and the engine refuses its files, also of modules without collected objects, unless they were
   * made by {@code wasmtime compile -C collector=drc}. Threads: any.
   *
   * @param engine the engine to load it for
   * @param compiled a whole file of the engine, in its own format or that of {@link #serialize}
   * @throws CompileException if the engine refuses it
   */
  public static Module trustCompiled(Engine engine, byte[] compiled) {
    return CompiledModules.CODE.trust(engine, compiled);
  }

  /**
   * Maps a file of compiled code into memory without looking at it, and trusts it like a native
   * library: {@code wasmtime_module_deserialize_file}. Processes that map the same file share its
   * memory. What {@link #trustCompiled} says about the code is true here, too.
   *
   * <p>The file stays mapped as long as the module or anything made of it lives. It may be deleted
   * and replaced by renaming another one meanwhile. Who truncates it or writes into it ends the
   * process. Threads: any.
   *
   * @param engine the engine to load it for
   * @param file a file of the engine, in its own format or that of {@link #serialize}
   * @throws IOException if there is no such file
   * @throws IllegalArgumentException if it is not in the system's own file system
   * @throws CompileException if the engine refuses it
   */
  public static Module trustCompiledFile(Engine engine, Path file) throws IOException {
    return CompiledModules.CODE.trustFile(engine, file);
  }

  private static boolean isBinary(byte[] bytes) {
    return bytes.length >= MAGIC.length
        && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /** Returns native memory with these bytes. */
  static MemorySegment copy(Arena arena, byte[] bytes) {
    // An array of no bytes has no address.
    return bytes.length == 0
        ? arena.allocate(1).asSlice(0, 0)
        : arena.allocateFrom(JAVA_BYTE, bytes);
  }

  /**
   * Returns what the module needs, in its order: {@code wasmtime_module_imports}. The names are
   * read when this is first called. Threads: any.
   *
   * @throws IllegalStateException if the module is closed
   */
  public List<ImportType> imports() {
    object.checkOpen();
    return declarations.imports();
  }

  /**
   * Returns what the module offers, in its order: {@code wasmtime_module_exports}. The names are
   * read when this is first called. Threads: any.
   *
   * @throws IllegalStateException if the module is closed
   */
  public List<ExportType> exports() {
    object.checkOpen();
    return declarations.exports();
  }

  /**
   * Returns the compiled module, to be loaded by {@link #deserialize} in another process of the
   * same version on the same platform, by an engine with the same settings: {@code
   * wasmtime_module_serialize}, then settings that the engine does not write down, and a SHA-256.
   * Of code that the engine trusted ({@link #trustCompiled}) and that does not say with which it
   * was compiled, these are the engine's own. Threads: any.
   *
   * @throws IllegalStateException if the module is closed
   */
  public byte[] serialize() {
    return CompiledModules.CODE.serialize(this);
  }

  /**
   * Returns where the compiled code is: {@code wasmtime_module_image_range}. After the module, and
   * all that was made of it, something else may be there. Threads: any.
   *
   * @throws IllegalStateException if the module is closed
   */
  public ImageRange imageRange() {
    MemorySegment module = object.lease();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment start = arena.allocate(ADDRESS);
      MemorySegment end = arena.allocate(ADDRESS);
      WasmtimeModule.wasmtime_module_image_range(module, start, end);
      return new ImageRange(start.get(ADDRESS, 0).address(), end.get(ADDRESS, 0).address());
    } finally {
      object.release();
    }
  }

  /** Returns the engine that it was compiled for. Threads: any. */
  public Engine engine() {
    return engine;
  }

  /** What it imports and exports, of a closed module too. */
  Declarations declarations() {
    return declarations;
  }

  /** What its binary says besides its code. */
  CustomSections customSections() {
    return customSections;
  }

  NativeObject object() {
    return object;
  }

  /**
   * Closes the module: {@code wasmtime_module_delete}. Closing it again does nothing. Threads: any.
   */
  @Override
  public void close() {
    object.close();
  }
}
