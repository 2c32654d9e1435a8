package io.github.wasmtimejvm.leaks;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Copies of the library's classes that tell {@link Counts} of each call in which ownership of
 * something native changes hands: for the class path of a child JVM, before the classes themselves.
 */
final class CountingClasses {
  private static final String PACKAGE = "io/github/wasmtimejvm/";
  private static final String CAPI = PACKAGE + "capi/";
  private static final ClassDesc COUNTS = Counts.class.describeConstable().orElseThrow();
  private static final ClassDesc ARRAY = CD_Object.arrayType();

  // Where the shim stands between Java and the C API.
  private static final Map<String, Set<String>> OTHERS =
      Map.of(
          PACKAGE + "internal/Shim",
          Set.of("storeNew", "storeDelete", "handleNew", "nextDropped", "call", "enter"),
          PACKAGE + "internal/HostCalls",
          Set.of("keep"),
          PACKAGE + "Values",
          Set.of("put"));

  private final Path classes;
  private final CFunctions functions = new CFunctions();

  /**
   * @param classes the folder of the library's own classes
   */
  CountingClasses(Path classes) {
    this.classes = classes;
  }

  /** Writes the copies into a folder. */
  void write(Path folder) throws IOException {
    Set<String> used = used();
    for (Path file : files()) {
      ClassModel model = ClassFile.of().parse(file);
      String name = model.thisClass().asInternalName();
      Set<String> counted = name.startsWith(CAPI) ? used : OTHERS.getOrDefault(name, Set.of());
      List<MethodModel> methods =
          model.methods().stream()
              .filter(m -> m.flags().has(AccessFlag.STATIC))
              .filter(m -> counted.contains(m.methodName().stringValue()))
              .filter(m -> !name.startsWith(CAPI) || !transfers(m).isEmpty())
              .toList();
      if (!methods.isEmpty()) {
        Path copy = folder.resolve(name + ".class");
        Files.createDirectories(copy.getParent());
        Files.write(copy, counting(model, methods));
      }
    }
  }

  /** The C types but some whose objects the library deletes, or whose roots it gives back. */
  Set<String> releasedTypes(String... without) throws IOException {
    Set<String> types = new TreeSet<>();
    for (String function : used()) {
      String type = functions.released(function);
      if (type != null) {
        types.add(type);
      }
    }
    List.of(without).forEach(types::remove);
    return types;
  }

  // The C functions that the library calls.
  private Set<String> used() throws IOException {
    Set<String> used = new TreeSet<>();
    for (Path file : files()) {
      ClassModel model = ClassFile.of().parse(file);
      if (!model.thisClass().asInternalName().startsWith(CAPI)) {
        for (PoolEntry entry : model.constantPool()) {
          if (entry instanceof MemberRefEntry member
              && member.owner().asInternalName().startsWith(CAPI)
              && member.type().stringValue().startsWith("(")) {
            used.add(member.name().stringValue());
          }
        }
      }
    }
    return used;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(classes.resolve(PACKAGE))) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }

  private List<CFunctions.Transfer> transfers(MethodModel method) {
    return functions.transfers(method.methodName().stringValue());
  }

  private static byte[] counting(ClassModel model, List<MethodModel> methods) {
    ClassTransform rename =
        (builder, element) -> {
          if (element instanceof MethodModel method && methods.contains(method)) {
            builder.withMethod(
                uncounted(method),
                method.methodTypeSymbol(),
                ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC,
                body -> method.code().ifPresent(body::with));
          } else {
            builder.with(element);
          }
        };
    ClassTransform add =
        ClassTransform.endHandler(
            builder -> {
              for (MethodModel method : methods) {
                builder.withMethodBody(
                    method.methodName().stringValue(),
                    method.methodTypeSymbol(),
                    method.flags().flagsMask(),
                    code -> call(code, model.thisClass().asSymbol(), method));
              }
            });
    return ClassFile.of().transformClass(model, rename.andThen(add));
  }

  private static String uncounted(MethodModel method) {
    return method.methodName().stringValue() + "$uncounted";
  }

  // Object[] args = {...}; Counts.before(name, args); call; Counts.after(name, args, result).
  private static void call(CodeBuilder code, ClassDesc owner, MethodModel method) {
    String name = method.methodName().stringValue();
    MethodTypeDesc type = method.methodTypeSymbol();
    code.loadConstant(type.parameterCount()).anewarray(CD_Object);
    for (int i = 0; i < type.parameterCount(); i++) {
      code.dup().loadConstant(i);
      code.loadLocal(TypeKind.from(type.parameterType(i)), code.parameterSlot(i));
      box(code, type.parameterType(i));
      code.aastore();
    }
    int args = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(args);
    code.loadConstant(name).aload(args);
    code.invokestatic(COUNTS, "before", MethodTypeDesc.of(CD_void, CD_String, ARRAY));
    for (int i = 0; i < type.parameterCount(); i++) {
      code.loadLocal(TypeKind.from(type.parameterType(i)), code.parameterSlot(i));
    }
    code.invokestatic(owner, uncounted(method), type);
    TypeKind result = TypeKind.from(type.returnType());
    int returned = -1;
    if (result != TypeKind.VOID) {
      returned = code.allocateLocal(result);
      code.storeLocal(result, returned);
    }
    code.loadConstant(name).aload(args);
    if (result == TypeKind.VOID) {
      code.aconst_null();
    } else {
      code.loadLocal(result, returned);
      box(code, type.returnType());
    }
    code.invokestatic(COUNTS, "after", MethodTypeDesc.of(CD_void, CD_String, ARRAY, CD_Object));
    if (result != TypeKind.VOID) {
      code.loadLocal(result, returned);
    }
    code.return_(result);
  }

  private static void box(CodeBuilder code, ClassDesc type) {
    String wrapper =
        switch (type.descriptorString()) {
          case "Z" -> "Boolean";
          case "B" -> "Byte";
          case "I" -> "Integer";
          case "J" -> "Long";
          default -> null;
        };
    if (wrapper != null) {
      ClassDesc boxed = ClassDesc.of("java.lang", wrapper);
      code.invokestatic(boxed, "valueOf", MethodTypeDesc.of(boxed, type));
    } else if (type.isPrimitive()) {
      throw new IllegalArgumentException(type.displayName());
    }
  }
}
