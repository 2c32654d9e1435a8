package io.github.wasmtimejvm.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The classes that child JVMs load, as an AOT cache: the JVM maps it instead of reading, checking
 * and linking them again in each child. The build makes it once, before the tests.
 *
 * <p>A cache is made of jars only, and is taken only where the class path begins with these. So the
 * class folders are packed; on a child's class path their jars stand first, and the folders behind
 * them, for the resources.
 */
public final class ChildArchive {
  /** System property: the folder of the cache. Where it is not set, children start without. */
  private static final String PROPERTY = "child.archive";

  // Lines: a class folder, or a jar, and after a tab the jar that stands for it.
  private static final String CLASS_PATH = "class-path";
  private static final String CACHE = "classes.aot";

  private ChildArchive() {}

  /**
   * Makes the cache. Arguments: the folder for it, the class path of the tests, and the folder of
   * the native libraries.
   *
   * @throws IllegalStateException if the JVM makes none
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    List<String> jars = new ArrayList<>();
    List<String> ours = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String entry : args[1].split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.exists(path)) {
        String jar = entry;
        if (Files.isDirectory(path)) {
          jar = pack(path, folder.resolve(jars.size() + ".jar")).toString();
          ours.add(jar);
        }
        jars.add(jar);
        lines.add(entry + "\t" + jar);
      }
    }
    Path cache = folder.resolve(CACHE);
    Files.deleteIfExists(cache);
    Path log = folder.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:AOTCacheOutput=" + cache));
    command.addAll(ChildJvm.START_QUICKLY);
    Path natives = Path.of(args[2]);
    command.add("-Dwasmtimejvm.library=" + natives.resolve(System.mapLibraryName("wasmtime")));
    command.add("-Dwasmtimejvm.shim=" + natives.resolve(System.mapLibraryName("wasmtimejvm")));
    command.addAll(List.of("-cp", String.join(File.pathSeparator, jars)));
    command.add(ChildTraining.class.getName());
    command.addAll(ours);
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (status != 0 || !Files.exists(cache)) {
      throw new IllegalStateException("there is no cache: " + Files.readString(log));
    }
    Files.write(folder.resolve(CLASS_PATH), lines);
  }

  private static Path pack(Path classes, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      out.setLevel(0); // it is read more often than written
      for (Path file : files.filter(name -> name.toString().endsWith(".class")).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
      }
    }
    return jar;
  }

  /**
   * Returns a class path with the same classes as {@code classPath} that goes with the cache, and
   * adds the flag for it to {@code command}; or the class path as it is, where it has others.
   */
  static Collection<String> use(Collection<String> classPath, List<String> command) {
    String folder = System.getProperty(PROPERTY);
    if (folder == null) {
      return classPath;
    }
    try {
      Set<String> entries = new LinkedHashSet<>();
      for (String line : Files.readAllLines(Path.of(folder, CLASS_PATH))) {
        String[] pair = line.split("\t");
        if (!classPath.contains(pair[0])) {
          return classPath;
        }
        entries.add(pair[1]);
      }
      entries.addAll(classPath);
      command.add("-XX:AOTCache=" + Path.of(folder, CACHE));
      return entries;
    } catch (IOException e) {
      throw new AssertionError("the build has made no cache of classes", e);
    }
  }
}
