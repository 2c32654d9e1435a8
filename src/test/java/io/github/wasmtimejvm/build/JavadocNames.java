package io.github.wasmtimejvm.build;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Which names of the C API the Javadoc of which class, method or field has. */
final class JavadocNames {
  private static final Pattern CODE = Pattern.compile("\\{@code\\s+([^{}]*)}");
  // An underscore at the end, or what follows it, makes it a beginning of names.
  private static final Pattern NAME = Pattern.compile("\\b(?:wasm|wasmtime|wasi)_[A-Za-z0-9_]*");

  private JavadocNames() {}

  /**
   * Reads the sources of a folder.
   *
   * @return the names by {@code Class}, {@code Class.method}, {@code Class.FIELD} or {@code new
   *     Class}; classes without their package, inner ones as {@code Outer.Inner}
   */
  static Map<String, Set<String>> read(Path folder) throws IOException {
    List<Path> sources;
    try (Stream<Path> files = Files.walk(folder)) {
      sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("module-info.java"))
              .sorted()
              .toList();
    }
    Map<String, Set<String>> names = new TreeMap<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
      Scanner scanner = new Scanner(Trees.instance(task), names);
      for (CompilationUnitTree unit : task.parse()) {
        scanner.scan(unit, "");
      }
    }
    return names;
  }

  private static final class Scanner extends TreePathScanner<Void, String> {
    private final Trees trees;
    private final Map<String, Set<String>> names;

    Scanner(Trees trees, Map<String, Set<String>> names) {
      this.trees = trees;
      this.names = names;
    }

    @Override
    public Void visitClass(ClassTree tree, String outer) {
      String name = outer + tree.getSimpleName();
      add(name);
      return super.visitClass(tree, name + ".");
    }

    @Override
    public Void visitMethod(MethodTree tree, String outer) {
      boolean constructor = tree.getName().contentEquals("<init>");
      add(constructor ? "new " + outer.substring(0, outer.length() - 1) : outer + tree.getName());
      return null;
    }

    @Override
    public Void visitVariable(VariableTree tree, String outer) {
      TreePath parent = getCurrentPath().getParentPath();
      if (parent != null && parent.getLeaf() instanceof ClassTree) {
        add(outer + tree.getName());
      }
      return null;
    }

    private void add(String element) {
      String comment = trees.getDocComment(getCurrentPath());
      if (comment == null) {
        return;
      }
      Matcher code = CODE.matcher(comment);
      while (code.find()) {
        Matcher name = NAME.matcher(code.group(1));
        while (name.find()) {
          names.computeIfAbsent(element, _ -> new TreeSet<>()).add(name.group());
        }
      }
    }
  }
}
