package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The public methods and constructors of the exported packages, but for {@code capi}, by
 * reflection.
 */
public final class PublicApi {
  /** Methods that trust what they are given as much as a native library is trusted. */
  static final Set<String> TRUSTING = Set.of("trustCompiled", "trustCompiledFile");

  // Waits for other threads.
  private static final String ENDLESS = "ComponentPool.take()";

  private static final List<Class<?>> PACKAGES =
      List.of(Engine.class, WasiConfig.class, Component.class);

  private PublicApi() {}

  /** All that can be called, in an order that is the same in every run. */
  public static List<Executable> executables() throws IOException, ClassNotFoundException {
    List<Executable> all = new ArrayList<>();
    for (Class<?> type : types()) {
      if (Annotation.class.isAssignableFrom(type)) {
        continue;
      }
      for (Constructor<?> constructor : type.getConstructors()) {
        if (!Modifier.isAbstract(type.getModifiers())) {
          all.add(constructor);
        }
      }
      for (Method method : type.getDeclaredMethods()) {
        // What an interface leaves open is the user's code.
        if (Modifier.isPublic(method.getModifiers())
            && !method.isSynthetic()
            && !(type.isInterface() && Modifier.isAbstract(method.getModifiers()))
            && !TRUSTING.contains(method.getName())
            && !name(method).equals(ENDLESS)) {
          all.add(method);
        }
      }
    }
    all.sort(Comparator.comparing(PublicApi::name));
    return all;
  }

  /** The public types. */
  static List<Class<?>> types() throws IOException, ClassNotFoundException {
    List<Class<?>> types = new ArrayList<>();
    for (Class<?> witness : PACKAGES) {
      for (String name : classNames(witness)) {
        Class<?> type = Class.forName(name, false, witness.getClassLoader());
        if (isPublic(type)) {
          types.add(type);
        }
      }
    }
    return types;
  }

  /** How a method is called in what is printed. */
  public static String name(Executable executable) {
    String type = executable.getDeclaringClass().getName();
    String method = executable instanceof Constructor ? "new" : executable.getName();
    return type.substring(type.lastIndexOf('.') + 1)
        + "."
        + method
        + Arrays.stream(executable.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", ", "(", ")"));
  }

  private static boolean isPublic(Class<?> type) {
    for (Class<?> at = type; at != null; at = at.getEnclosingClass()) {
      if (!Modifier.isPublic(at.getModifiers()) || at.isAnonymousClass() || at.isLocalClass()) {
        return false;
      }
    }
    return true;
  }

  // Wherever there are classes of the package: a changed copy of one may stand before the others.
  private static Set<String> classNames(Class<?> witness) throws IOException {
    String path = witness.getName().replace('.', '/') + ".class";
    Set<String> names = new TreeSet<>();
    for (URL url : Collections.list(witness.getClassLoader().getResources(path))) {
      URI uri = URI.create(url.toString());
      if (!uri.getScheme().equals("jar")) {
        names.addAll(classNames(Path.of(uri).getParent(), witness.getPackageName()));
        continue;
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        names.addAll(classNames(jar.getPath(path).getParent(), witness.getPackageName()));
      }
    }
    return names;
  }

  private static List<String> classNames(Path folder, String packageName) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.contains("-"))
          .map(name -> packageName + "." + name.substring(0, name.length() - 6))
          .sorted()
          .toList();
    }
  }
}
