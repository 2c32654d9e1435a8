package io.github.wasmtimejvm.build;

import io.github.wasmtimejvm.Engine;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.attribute.InnerClassesAttribute;
import java.lang.classfile.attribute.PermittedSubclassesAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which of the library's classes refer to which, by their byte code: top-level classes, each with
 * what is nested in it. That a sealed type names its subclasses does not count.
 */
final class ClassGraph {
  private static final String ROOT = "io/github/wasmtimejvm";

  private static final Pattern OURS =
      Pattern.compile("(" + ROOT + "(?:/[a-z0-9]+)*/[A-Z][A-Za-z0-9]*)");

  private final Map<String, Set<String>> references = new TreeMap<>();

  private ClassGraph() {}

  /** Reads the classes of the library. */
  static ClassGraph read() throws IOException, URISyntaxException {
    ClassGraph graph = new ClassGraph();
    Path classes =
        Path.of(Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file :
          (Iterable<Path>) files.filter(f -> f.toString().endsWith(".class"))::iterator) {
        if (!file.endsWith("module-info.class")) {
          graph.add(ClassFile.of().parse(file));
        }
      }
    }
    return graph;
  }

  private void add(ClassModel model) {
    String self = topLevel(model.thisClass().asInternalName());
    Set<String> found = references.computeIfAbsent(self, _ -> new TreeSet<>());
    for (PoolEntry entry : withoutLists(model).constantPool()) {
      String text =
          switch (entry) {
            case ClassEntry type -> type.asInternalName();
            case Utf8Entry utf8 -> utf8.stringValue();
            default -> "";
          };
      Matcher matcher = OURS.matcher(text);
      while (matcher.find()) {
        if (!matcher.group(1).equals(self)) {
          found.add(matcher.group(1));
        }
      }
    }
  }

  // A new constant pool has only what is still referred to.
  private static ClassModel withoutLists(ClassModel model) {
    byte[] bytes =
        ClassFile.of(ConstantPoolSharingOption.NEW_POOL)
            .transformClass(
                model,
                ClassTransform.dropping(
                    element ->
                        element instanceof PermittedSubclassesAttribute
                            || element instanceof InnerClassesAttribute));
    return ClassFile.of().parse(bytes);
  }

  private static String topLevel(String internalName) {
    int dollar = internalName.indexOf('$');
    return dollar < 0 ? internalName : internalName.substring(0, dollar);
  }

  /** The package of a class, both with slashes. */
  static String packageOf(String internalName) {
    return internalName.substring(0, internalName.lastIndexOf('/'));
  }

  /** All classes. */
  Set<String> classes() {
    return references.keySet();
  }

  /** The classes of ours that a class refers to. */
  Set<String> references(String name) {
    return references.getOrDefault(name, Set.of());
  }

  /**
   * The largest set of classes of a package each of which reaches all others within the package.
   */
  Set<String> largestCircle(String packageName) {
    Set<String> largest = new TreeSet<>();
    Set<String> seen = new HashSet<>();
    Map<String, Set<String>> reached = new HashMap<>();
    for (String name : classes()) {
      if (packageOf(name).equals(packageName)) {
        reached.put(name, reach(name, packageName));
      }
    }
    for (String name : reached.keySet()) {
      if (seen.add(name)) {
        Set<String> circle = new TreeSet<>();
        for (String other : reached.get(name)) {
          if (reached.get(other).contains(name)) {
            circle.add(other);
          }
        }
        seen.addAll(circle);
        if (circle.size() > largest.size()) {
          largest = circle;
        }
      }
    }
    return largest;
  }

  private Set<String> reach(String from, String packageName) {
    Set<String> reached = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(Set.of(from));
    while (!open.isEmpty()) {
      for (String next : references(open.pop())) {
        if (packageOf(next).equals(packageName) && reached.add(next)) {
          open.push(next);
        }
      }
    }
    return reached;
  }
}
