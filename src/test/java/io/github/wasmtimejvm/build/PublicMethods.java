package io.github.wasmtimejvm.build;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The public methods and constructors of the exported packages, but for the generated one, with
 * their Javadoc: as the JDK's own compiler reads the sources.
 */
public final class PublicMethods {
  /**
   * A public method.
   *
   * @param type the simple name of its type, with those of types around it
   * @param doc its Javadoc in one line, {@code null} if it has none
   */
  public record Method(
      String type,
      String name,
      List<Parameter> parameters,
      String result,
      boolean overrides,
      @Nullable String doc) {
    @Override
    public String toString() {
      return type + "." + name;
    }
  }

  /** A parameter, its type as it is written. */
  public record Parameter(String type, String name) {}

  private static final Path SOURCES = Path.of("src/main/java/io/github/wasmtimejvm");
  private static final List<String> PACKAGES = List.of("", "wasi", "spi");

  private PublicMethods() {}

  /** Returns all of them. */
  public static List<Method> all() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String name : PACKAGES) {
      try (Stream<Path> found = Files.list(SOURCES.resolve(name))) {
        found.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
      }
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      DocTrees docs = DocTrees.instance(task);
      List<Method> methods = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        new Reader(docs, methods).scan(unit, "");
      }
      return methods;
    }
  }

  private static final class Reader extends TreePathScanner<@Nullable Void, String> {
    private final DocTrees docs;
    private final List<Method> methods;

    Reader(DocTrees docs, List<Method> methods) {
      this.docs = docs;
      this.methods = methods;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, String around) {
      String name = around + type.getSimpleName();
      boolean inInterface = isInterface(getCurrentPath().getParentPath().getLeaf());
      // A public class has the public methods of a superclass that is none.
      if (!type.getModifiers().getFlags().contains(Modifier.PUBLIC)
          && !inInterface
          && !name.equals("StoreItem")) {
        return null;
      }
      for (Tree member : type.getMembers()) {
        if (member instanceof MethodTree method && isPublic(type, method)) {
          methods.add(read(name, method));
        }
      }
      return super.visitClass(type, name + ".");
    }

    private static boolean isPublic(ClassTree type, MethodTree method) {
      Set<Modifier> modifiers = method.getModifiers().getFlags();
      return modifiers.contains(Modifier.PUBLIC)
          || isInterface(type) && !modifiers.contains(Modifier.PRIVATE);
    }

    private Method read(String type, MethodTree method) {
      String doc = docs.getDocComment(new TreePath(getCurrentPath(), method));
      List<Parameter> parameters = new ArrayList<>();
      for (VariableTree parameter : method.getParameters()) {
        parameters.add(
            new Parameter(parameter.getType().toString(), parameter.getName().toString()));
      }
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
      return new Method(
          type,
          method.getName().toString(),
          parameters,
          String.valueOf(method.getReturnType()),
          overrides,
          doc == null ? null : doc.replaceAll("\\s+", " ").strip());
    }

    private static boolean isInterface(Tree tree) {
      return tree.getKind() == Tree.Kind.INTERFACE || tree.getKind() == Tree.Kind.ANNOTATION_TYPE;
    }
  }
}
