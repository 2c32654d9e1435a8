package io.github.wasmtimejvm.attack;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a hostile guest or caller and the end of the process, each of which can be
 * left out: an attack that then finds no death would find none of ours. A guard is left out by a
 * changed copy of its class, before the library's on the class path; the library knows nothing of
 * it.
 */
enum Guard {
  /** A guest is entered only where the stack that it may use is there. */
  ENTRY_ROOM(AttackKind.API, "internal.Shim", "storeNew", zero(1)),
  /** A host function is called only where Java has the stack that it needs. */
  HOST_CALL_ROOM(
      AttackKind.GUESTS, "internal.Shim", "margin", instead(code -> code.lconst_0().lreturn())),
  /** Nothing that is thrown leaves a host function. */
  HOST_CALL_CATCH(
      AttackKind.API,
      "internal.HostCalls",
      "upcallStub",
      withoutCalls("catchException", Guard::catchNothing)),
  /** A store is used by its own thread, and not after it was closed. */
  STORE_OWNER(AttackKind.API, "internal.StoreState", "enterShared", instead(CodeBuilder::return_)),
  /** A confined store is used by its own thread. */
  STORE_THREAD(
      AttackKind.API,
      "internal.StoreState",
      "enterShared",
      insteadOf("java.lang.WrongThreadException", CodeBuilder::return_)),
  /** A store is not closed while its guest runs. */
  STORE_RUNNING(
      AttackKind.API,
      "internal.StoreState",
      "close",
      withoutCalls("depth", code -> code.pop().lconst_0())),
  /** Views of memories end with their store. */
  STORE_VIEWS(
      AttackKind.API,
      "internal.StoreState",
      "close",
      insteadOfCallsOf("java.lang.foreign.Arena", code -> code.pop())),
  /** What lives in one store is not given to another. */
  SAME_STORE(AttackKind.API, "Store", "checkSame", instead(CodeBuilder::return_)),
  /** What belongs to one engine is not given to another. */
  SAME_ENGINE(AttackKind.API, "Engine", "checkSame", instead(CodeBuilder::return_)),
  /** Engines, modules and linkers are not used after they were closed. */
  CLOSED_OBJECT(
      AttackKind.API,
      "internal.NativeObject",
      "lease",
      insteadOf(
          "java.lang.IllegalStateException",
          code ->
              code.aload(0)
                  .getfield(
                      ClassDesc.of("io.github.wasmtimejvm.internal.NativeObject"),
                      "pointer",
                      ClassDesc.of("java.lang.foreign.MemorySegment"))
                  .areturn())),
  /** The caller of a host function is not asked after that has returned. */
  CALLER(AttackKind.API, "Caller", "end", instead(CodeBuilder::return_)),
  /** A guest that an interpreter runs is not entered twice. */
  INTERPRETER(
      AttackKind.GUESTS,
      "internal.StoreState",
      "beginGuest",
      insteadOf("java.lang.IllegalStateException", code -> code.iconst_0().ireturn())),
  /** Functions of WASI are used in stores that have a configuration of it. */
  WASI(AttackKind.API, "WasiImports", "check", instead(CodeBuilder::return_)),
  /** Engines are built only of settings that go together. */
  ENGINE_RULES(AttackKind.API, "settings.EngineRules", "check", instead(CodeBuilder::return_)),
  /** Functions are seen through interfaces of their types only. */
  SIGNATURE(AttackKind.API, "JavaSignature", "check", instead(CodeBuilder::return_)),
  /** Arguments are as many as the function has parameters. */
  ARITY(AttackKind.API, "Values", "checkCount", instead(CodeBuilder::return_)),
  /** Modules are compiled where there is stack for it. */
  COMPILER_ROOM(
      AttackKind.GUESTS,
      "internal.StackRoom",
      "call",
      withoutCalls("room", code -> code.loadConstant(Long.MAX_VALUE))),
  /** Compiled code is loaded only as it was written. */
  HASH(
      AttackKind.COMPILED,
      "CompiledFile",
      "check",
      insteadOfCallsOf("java.util.Arrays", code -> code.pop().pop().iconst_1())),
  /** The C API is not asked for the type of a table that it may not be able to describe. */
  TABLE_TYPES(AttackKind.API, "Store", "hasWideTables", instead(code -> code.iconst_0().ireturn())),
  /** A character of a component's is a Unicode scalar value. */
  COMPONENT_CHAR(
      AttackKind.COMPONENT_FUZZ,
      "component.ScalarCodec",
      "putChar",
      withoutCalls("isValidCodePoint", code -> code.pop().iconst_1())),
  /** What a component says of its memory is within it. */
  COMPONENT_MEMORY(
      AttackKind.COMPONENT_LIES,
      "component.DirectMemory",
      "check",
      instead(code -> code.lload(1).lreturn())),
  /** A component's memory is looked for again when it may have moved. */
  COMPONENT_MEMORY_MOVES(
      AttackKind.COMPONENT_LIES,
      "component.ComponentStore",
      "entries",
      instead(code -> code.lconst_0().lreturn())),
  /** What a host function returns to a component is zeroed before it is written. */
  COMPONENT_RESULT(
      AttackKind.COMPONENT_API, "component.HostTarget", "zero", instead(CodeBuilder::return_)),
  /** A component that uses WASI is instantiated in stores that have a configuration of it. */
  COMPONENT_WASI(
      AttackKind.COMPONENT_API,
      "component.PreparedComponent",
      "checkWasi",
      instead(CodeBuilder::return_)),
  /** Modules are compiled only where the threads for it can be had. */
  COMPILER_THREADS(Environment.THREADS, "internal.Runtimes", "compiler", instead(Guard::nothing)),
  /** The same, where what is refused is the address space of their stacks. */
  COMPILER_STACKS(
      Environment.ADDRESS_SPACE, "internal.Runtimes", "compiler", instead(Guard::nothing)),
  /** A store gets WASI only where the threads for it can be had. */
  WASI_THREADS(Environment.THREADS, "internal.Runtimes", "wasi", instead(Guard::nothing)),
  /** The same for its descriptors. */
  WASI_DESCRIPTORS(Environment.DESCRIPTORS, "internal.Runtimes", "wasi", instead(Guard::nothing)),
  /** The engine's cache is configured only where the thread for it can be had. */
  CACHE_THREAD(Environment.THREADS, "internal.Runtimes", "loadCache", instead(Guard::loadCache)),
  /** The engine's logger gets nothing to complain about. */
  LOG_VARIABLE(Environment.VARIABLES, "internal.EngineVariables", "log", instead(Guard::log)),
  /** A library that was cut short is not loaded. */
  LIBRARY_SIZE(Environment.READ_ONLY, "loader.LibraryFiles", "hasItsSize", instead(Guard::exists)),
  /** A library that was not written whole is not kept: the file system was full. */
  LIBRARY_COPY(Environment.FULL, "loader.LibraryFiles", "write", Guard::whatFits),
  /** The same: the file would have become too large. */
  LIBRARY_LIMIT(Environment.FILE_SIZE, "loader.LibraryFiles", "write", Guard::whatFits),
  /** The engine's profilers get files only that they can use. */
  PROFILER_FILE(
      Environment.NO_EXEC, "settings.ProfilerFiles", "create", instead(CodeBuilder::return_)),
  /** Nothing is loaded from a folder that others may write to. */
  CACHE_FOLDER(
      Environment.UNPRIVILEGED, "loader.CacheFolder", "create", instead(CodeBuilder::return_));

  private static final String PACKAGE = "io.github.wasmtimejvm.";

  private final AttackKind kind;
  private final @Nullable Environment environment;
  private final String type;
  private final String method;
  private final ClassTransform change;

  Guard(AttackKind kind, String type, String method, Change change) {
    this(kind, null, type, method, change);
  }

  Guard(Environment environment, String type, String method, Change change) {
    this(AttackKind.ENVIRONMENT, environment, type, method, change);
  }

  Guard(
      AttackKind kind,
      @Nullable Environment environment,
      String type,
      String method,
      Change change) {
    this.kind = kind;
    this.environment = environment;
    this.type = type;
    this.method = method;
    this.change = change.of(method);
  }

  /** Flags for the JVM by which the death is found sooner. */
  List<String> flags() {
    if (environment != null) {
      return List.of("-D" + Environment.ONLY + "=" + environment);
    }
    String recursion = "-D" + GuestAttack.ONLY + "=guests/recursion.wat";
    return switch (this) {
      case HOST_CALL_ROOM -> List.of(recursion);
      case COMPONENT_MEMORY, COMPONENT_MEMORY_MOVES ->
          List.of("-D" + ComponentLiesAttack.WITHOUT_ASSERTIONS + "=true");
      case INTERPRETER -> List.of(recursion, "-D" + EngineChoice.ALWAYS + "=target=pulley64");
      default -> List.of();
    };
  }

  /** The class of attacks that must find the death. */
  AttackKind kind() {
    return kind;
  }

  /** Writes the changed class below the folder. */
  void leaveOut(Path folder) throws IOException {
    String file = (PACKAGE + type).replace('.', '/') + ".class";
    byte[] bytes;
    try (InputStream in = Guard.class.getClassLoader().getResourceAsStream(file)) {
      if (in == null) {
        throw new AssertionError("there is no class " + type);
      }
      bytes = in.readAllBytes();
    }
    ClassFile classFile = ClassFile.of();
    ClassModel model = classFile.parse(bytes);
    if (model.methods().stream().noneMatch(m -> m.methodName().equalsString(method))) {
      throw new AssertionError(type + " has no method " + method);
    }
    byte[] changed = classFile.transformClass(model, change);
    if (changed.length == bytes.length && java.util.Arrays.equals(changed, bytes)) {
      throw new AssertionError(this + " is still there");
    }
    Path to = folder.resolve(file);
    Files.createDirectories(to.getParent());
    Files.write(to, changed);
  }

  /** A change of one method. */
  private interface Change {
    ClassTransform of(String method);
  }

  // The JDK refuses a handle that catches nothing; this one catches what is never thrown.
  private static void catchNothing(CodeBuilder code) {
    ClassDesc handle = ClassDesc.of("java.lang.invoke.MethodHandle");
    code.swap()
        .pop()
        .loadConstant(ClassDesc.of("java.lang.InstantiationError"))
        .swap()
        .invokestatic(
            ClassDesc.of("java.lang.invoke.MethodHandles"),
            "catchException",
            MethodTypeDesc.of(handle, handle, ConstantDescs.CD_Class, handle));
  }

  private static void nothing(CodeBuilder code) {
    code.aconst_null().areturn();
  }

  private static void loadCache(CodeBuilder code) {
    ClassDesc segment = ClassDesc.of("java.lang.foreign.MemorySegment");
    code.aload(0)
        .aload(1)
        .invokestatic(
            ClassDesc.of(PACKAGE + "capi.WasmtimeConfig"),
            "wasmtime_config_cache_config_load",
            MethodTypeDesc.of(segment, segment, segment))
        .areturn();
  }

  private static void log(CodeBuilder code) {
    code.loadConstant("RUST_LOG")
        .invokestatic(
            ClassDesc.of("java.lang.System"),
            "getenv",
            MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_String))
        .areturn();
  }

  private static void exists(CodeBuilder code) {
    ClassDesc path = ClassDesc.of("java.nio.file.Path");
    ClassDesc option = ClassDesc.of("java.nio.file.LinkOption");
    code.aload(0)
        .aload(1)
        .invokevirtual(
            ClassDesc.of(PACKAGE + "loader.LibraryFiles"),
            "path",
            MethodTypeDesc.of(path, ConstantDescs.CD_String))
        .iconst_0()
        .anewarray(option)
        .invokestatic(
            ClassDesc.of("java.nio.file.Files"),
            "exists",
            MethodTypeDesc.of(ConstantDescs.CD_boolean, path, option.arrayType()))
        .ireturn();
  }

  // Also without a look at the hash.
  private static ClassTransform whatFits(String write) {
    ClassDesc type = PartialCopy.class.describeConstable().orElseThrow();
    MethodTypeDesc copy =
        MethodTypeDesc.of(
            ConstantDescs.CD_long,
            ClassDesc.of("java.io.InputStream"),
            ClassDesc.of("java.io.OutputStream"));
    return ClassTransform.transformingMethodBodies(
        model ->
            model.methodName().equalsString(write) || model.methodName().equalsString("extract"),
        (builder, element) -> {
          if (element instanceof InvokeInstruction call && call.name().equalsString("transferTo")) {
            builder.invokestatic(type, "transfer", copy);
          } else if (element instanceof InvokeInstruction call
              && call.name().equalsString("equals")) {
            builder.pop().pop().iconst_1();
          } else {
            builder.with(element);
          }
        });
  }

  // The whole body.
  private static Change instead(Consumer<CodeBuilder> body) {
    return method ->
        (builder, element) -> {
          if (element instanceof MethodModel model && model.methodName().equalsString(method)) {
            builder.withMethodBody(
                model.methodName(), model.methodType(), model.flags().flagsMask(), body);
          } else {
            builder.with(element);
          }
        };
  }

  private static Change inBody(CodeTransform change) {
    return method ->
        ClassTransform.transformingMethodBodies(
            model -> model.methodName().equalsString(method), change);
  }

  // Before an exception of that type is made.
  private static Change insteadOf(String exception, Consumer<CodeBuilder> code) {
    ClassDesc type = ClassDesc.of(exception);
    return inBody(
        (builder, element) -> {
          if (element instanceof NewObjectInstruction made && made.className().matches(type)) {
            code.accept(builder);
          }
          builder.with(element);
        });
  }

  // Of a method of that name.
  private static Change withoutCalls(String name, Consumer<CodeBuilder> code) {
    return inBody(
        (builder, element) -> {
          if (element instanceof InvokeInstruction call && call.name().equalsString(name)) {
            code.accept(builder);
          } else {
            builder.with(element);
          }
        });
  }

  // Of methods of that type.
  private static Change insteadOfCallsOf(String owner, Consumer<CodeBuilder> code) {
    ClassDesc type = ClassDesc.of(owner);
    return inBody(
        (builder, element) -> {
          if (element instanceof InvokeInstruction call && call.owner().matches(type)) {
            code.accept(builder);
          } else {
            builder.with(element);
          }
        });
  }

  // In place of a parameter of type long.
  private static Change zero(int slot) {
    return inBody(
        (builder, element) -> {
          if (element instanceof LoadInstruction load && load.slot() == slot) {
            builder.lconst_0();
          } else {
            builder.with(element);
          }
        });
  }
}
