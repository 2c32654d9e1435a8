package io.github.wasmtimejvm.build;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.InnerClassInfo;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Who may call whom among the classes of a folder, as their byte code has it.
 *
 * <p>It errs on the side of too many calls. A call of an overridable method may go to every method
 * that overrides it; who makes a lambda, or an object that implements an interface of the JDK, may
 * call what is in it. A static field stands for what its initializer calls, so that reading one
 * does not count as calling all that its class initializes. A string is a callee too: by it one
 * finds the C function of that name. In classes that look up or generate code, a string also stands
 * for the methods of that name in the class itself and in those that it has as constants.
 */
final class CallGraph {
  /**
   * A method, a field or a string.
   *
   * @param owner the class's internal name, empty for a string
   * @param name the name, or the string
   * @param type the descriptor, empty for a string
   */
  record Node(String owner, String name, String type) {
    static Node string(String text) {
      return new Node("", text, "");
    }

    boolean isMethod() {
      return type.startsWith("(");
    }

    boolean isConstructor() {
      return name.equals("<init>");
    }
  }

  // What every object is anyway: overriding its methods does not mean that the JDK will call them.
  private static final Set<String> NOT_CALLBACKS =
      Set.of(
          "java/lang/Object",
          "java/lang/Record",
          "java/lang/Enum",
          "java/lang/Cloneable",
          "java/lang/Comparable",
          "java/lang/AutoCloseable");

  private static final Set<String> CODE_BY_NAME =
      Set.of("java/lang/invoke/MethodHandles$Lookup", "java/lang/classfile/CodeBuilder");

  private final Map<String, ClassModel> classes = new TreeMap<>();
  private final Map<String, Set<String>> below = new HashMap<>();
  private final Map<Node, Set<Node>> calls = new LinkedHashMap<>();
  private final Map<Node, Set<Node>> callers = new HashMap<>();
  private final Map<Node, Set<Node>> fieldsOf = new HashMap<>();
  private final Map<Node, Set<Node>> usersOf = new HashMap<>();

  /**
   * Reads the class files of a folder.
   *
   * @param plain methods in which a string is no more than a string
   */
  CallGraph(Path folder, Predicate<Node> plain) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          (Iterable<Path>) files.filter(f -> f.toString().endsWith(".class"))::iterator) {
        if (!file.endsWith("module-info.class")) {
          ClassModel model = ClassFile.of().parse(file);
          classes.put(model.thisClass().asInternalName(), model);
        }
      }
    }
    for (String name : classes.keySet()) {
      for (String above : above(name)) {
        below.computeIfAbsent(above, _ -> new LinkedHashSet<>()).add(name);
      }
    }
    for (ClassModel model : classes.values()) {
      Set<String> named = codeByName(model);
      for (MethodModel method : model.methods()) {
        Node node = node(model, method);
        Set<Node> callees = read(node, method, named);
        if (plain.test(node)) {
          callees.removeIf(callee -> callee.owner().isEmpty());
        }
        callees.forEach(callee -> add(node, callee));
      }
      callbacks(model);
    }
  }

  /** The classes by internal name. */
  Map<String, ClassModel> classes() {
    return classes;
  }

  /** Whether a class declares the method. */
  boolean has(Node method) {
    return classes.containsKey(method.owner())
        && declares(method.owner(), method.name(), method.type());
  }

  /** Adds a call that the byte code does not have. */
  void add(Node from, Node to) {
    calls.computeIfAbsent(from, _ -> new LinkedHashSet<>()).add(to);
    callers.computeIfAbsent(to, _ -> new LinkedHashSet<>()).add(from);
  }

  /** Returns all that is reached from a node, itself included, with the number of steps. */
  Map<Node, Integer> reachedFrom(Node start) {
    Map<Node, Integer> distance = new LinkedHashMap<>(Map.of(start, 0));
    ArrayDeque<Node> queue = new ArrayDeque<>(List.of(start));
    while (!queue.isEmpty()) {
      Node node = queue.remove();
      for (Node next : calls.getOrDefault(node, Set.of())) {
        if (distance.putIfAbsent(next, distance.get(node) + 1) == null) {
          queue.add(next);
        }
      }
    }
    return distance;
  }

  /** Returns those that call the node themselves. */
  Set<Node> callersOf(Node node) {
    return callers.getOrDefault(node, Set.of());
  }

  /** Returns the methods that read or write an instance field which the method also does. */
  Set<Node> sharingFieldsWith(Node method) {
    Set<Node> sharing = new LinkedHashSet<>();
    fieldsOf.getOrDefault(method, Set.of()).forEach(field -> sharing.addAll(usersOf.get(field)));
    return sharing;
  }

  /** The classes and interfaces of the folder that a class extends or implements, nearest first. */
  List<String> above(String name) {
    List<String> all = new ArrayList<>();
    ClassModel model = classes.get(name);
    if (model != null) {
      for (String parent : parents(model)) {
        if (classes.containsKey(parent)) {
          all.add(parent);
          all.addAll(above(parent));
        }
      }
    }
    return all;
  }

  /** Whether a class and all those around it are public. */
  boolean isPublic(ClassModel model) {
    String name = model.thisClass().asInternalName();
    if (!name.contains("$")) {
      return model.flags().has(AccessFlag.PUBLIC);
    }
    for (InnerClassInfo inner :
        model.findAttribute(Attributes.innerClasses()).orElseThrow().classes()) {
      if (inner.innerClass().asInternalName().equals(name)) {
        return inner.has(AccessFlag.PUBLIC)
            && inner.outerClass().isPresent()
            && isPublic(classes.get(inner.outerClass().get().asInternalName()));
      }
    }
    return false;
  }

  static Node node(ClassModel model, MethodModel method) {
    return new Node(
        model.thisClass().asInternalName(),
        method.methodName().stringValue(),
        method.methodType().stringValue());
  }

  private static List<String> parents(ClassModel model) {
    List<String> parents = new ArrayList<>();
    model.superclass().ifPresent(parent -> parents.add(parent.asInternalName()));
    model.interfaces().forEach(parent -> parents.add(parent.asInternalName()));
    return parents;
  }

  private Set<Node> read(Node node, MethodModel method, Set<String> named) {
    boolean initializer = node.name().equals("<clinit>");
    Set<Node> callees = new LinkedHashSet<>();
    for (CodeElement element : method.code().map(CodeModel::elementList).orElse(List.of())) {
      switch (element) {
        case InvokeInstruction call -> {
          String owner = call.owner().asInternalName();
          boolean exact =
              call.opcode() == Opcode.INVOKESTATIC || call.opcode() == Opcode.INVOKESPECIAL;
          if (call.opcode() == Opcode.INVOKESTATIC) {
            touch(owner, node, callees);
          }
          callees.addAll(
              targets(owner, call.name().stringValue(), call.type().stringValue(), exact));
        }
        case NewObjectInstruction creation ->
            touch(creation.className().asInternalName(), node, callees);
        case FieldInstruction use -> {
          String owner = use.owner().asInternalName();
          if (classes.containsKey(owner)) {
            Node field = new Node(owner, use.name().stringValue(), use.type().stringValue());
            boolean isStatic = use.opcode() == Opcode.GETSTATIC || use.opcode() == Opcode.PUTSTATIC;
            if (!isStatic) {
              fieldsOf.computeIfAbsent(node, _ -> new HashSet<>()).add(field);
              usersOf.computeIfAbsent(field, _ -> new LinkedHashSet<>()).add(node);
            } else if (initializer && use.opcode() == Opcode.PUTSTATIC) {
              callees.forEach(callee -> add(field, callee));
              callees.clear();
            } else {
              touch(owner, node, callees);
              callees.add(field);
            }
          }
        }
        case InvokeDynamicInstruction dynamic ->
            dynamic.bootstrapArgs().forEach(arg -> constant(arg, named, callees));
        case ConstantInstruction.LoadConstantInstruction load ->
            constant(load.constantValue(), named, callees);
        default -> {}
      }
    }
    return callees;
  }

  private void touch(String owner, Node by, Set<Node> callees) {
    if (classes.containsKey(owner) && !owner.equals(by.owner())) {
      callees.add(new Node(owner, "<clinit>", "()V"));
    }
  }

  private void constant(ConstantDesc constant, Set<String> named, Set<Node> callees) {
    switch (constant) {
      case String text -> {
        callees.add(Node.string(text));
        for (String owner : named) {
          for (MethodModel method : classes.get(owner).methods()) {
            if (method.methodName().equalsString(text)) {
              callees.add(node(classes.get(owner), method));
            }
          }
        }
      }
      case DirectMethodHandleDesc handle -> {
        boolean exact =
            switch (handle.kind()) {
              case VIRTUAL, INTERFACE_VIRTUAL -> false;
              default -> true;
            };
        callees.addAll(
            targets(
                internalName(handle.owner()),
                handle.methodName(),
                handle.lookupDescriptor(),
                exact));
      }
      case DynamicConstantDesc<?> dynamic ->
          dynamic.bootstrapArgsList().forEach(arg -> constant(arg, named, callees));
      default -> {}
    }
  }

  /**
   * Returns the methods of the folder that a call may go to.
   *
   * @param exact whether the method is called that the class has, and none that overrides it
   */
  List<Node> targets(String owner, String name, String type, boolean exact) {
    if (!classes.containsKey(owner)) {
      return List.of();
    }
    List<Node> targets = new ArrayList<>();
    Stream.concat(Stream.of(owner), above(owner).stream())
        .filter(declaring -> declares(declaring, name, type))
        .findFirst()
        .ifPresent(declaring -> targets.add(new Node(declaring, name, type)));
    if (!exact) {
      below.getOrDefault(owner, Set.of()).stream()
          .filter(declaring -> declares(declaring, name, type))
          .forEach(declaring -> targets.add(new Node(declaring, name, type)));
    }
    return targets;
  }

  private boolean declares(String owner, String name, String type) {
    return classes.get(owner).methods().stream()
        .anyMatch(
            method ->
                method.methodName().equalsString(name) && method.methodType().equalsString(type));
  }

  // Classes that a class which looks up or generates code may name methods of; empty for others.
  private Set<String> codeByName(ClassModel model) {
    Set<String> named = new LinkedHashSet<>();
    boolean looksUp = false;
    for (var entry : model.constantPool()) {
      looksUp |= entry instanceof ClassEntry type && CODE_BY_NAME.contains(type.asInternalName());
    }
    if (looksUp) {
      named.add(model.thisClass().asInternalName());
      for (MethodModel method : model.methods()) {
        method.code().stream()
            .flatMap(CodeModel::elementStream)
            .forEach(
                element -> {
                  if (element instanceof ConstantInstruction.LoadConstantInstruction load
                      && load.constantValue() instanceof ClassDesc type
                      && classes.containsKey(internalName(type))) {
                    named.add(internalName(type));
                  }
                });
      }
    }
    return named;
  }

  // Who makes an object hands the JDK what it overrides of the JDK's.
  private void callbacks(ClassModel model) {
    Set<String> overridable = new HashSet<>();
    String name = model.thisClass().asInternalName();
    Stream.concat(Stream.of(name), above(name).stream())
        .flatMap(type -> parents(classes.get(type)).stream())
        .filter(parent -> !classes.containsKey(parent) && !NOT_CALLBACKS.contains(parent))
        .forEach(parent -> overridable.addAll(overridable(parent)));
    List<MethodModel> overriding =
        model.methods().stream()
            .filter(method -> !method.flags().has(AccessFlag.STATIC))
            .filter(
                method ->
                    overridable.contains(
                        method.methodName().stringValue()
                            + method.methodTypeSymbol().parameterCount()))
            .toList();
    for (MethodModel method : model.methods()) {
      if (method.methodName().equalsString("<init>")) {
        overriding.forEach(target -> add(node(model, method), node(model, target)));
      }
    }
  }

  private static Set<String> overridable(String type) {
    Set<String> names = new HashSet<>();
    try {
      Class<?> loaded =
          Class.forName(type.replace('/', '.'), false, CallGraph.class.getClassLoader());
      if (Throwable.class.isAssignableFrom(loaded)) {
        return names;
      }
      for (Class<?> c = loaded; c != null && c != Object.class; c = c.getSuperclass()) {
        for (Method method : c.getDeclaredMethods()) {
          if (!Modifier.isStatic(method.getModifiers())) {
            names.add(method.getName() + method.getParameterCount());
          }
        }
      }
      for (Method method : loaded.getMethods()) {
        if (method.getDeclaringClass() != Object.class) {
          names.add(method.getName() + method.getParameterCount());
        }
      }
      return names;
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static String internalName(ClassDesc type) {
    String descriptor = type.descriptorString();
    return descriptor.startsWith("L")
        ? descriptor.substring(1, descriptor.length() - 1)
        : descriptor;
  }
}
