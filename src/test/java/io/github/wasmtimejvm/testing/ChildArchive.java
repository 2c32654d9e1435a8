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
 * and linking them again in each child. The build makes one of the tests' classes and one of the
 * command line's; whatever is amiss with them, children start without, and slower.
 *
 * <p>A cache is made of jars only, and is taken only where the class path begins with these. So the
 * class folders are packed; on a child's class path their jars stand first, and the folders behind
 * them, for the resources.
 */
public final class ChildArchive {
  /** System property: the folder of the caches. */
  private static final String PROPERTY = "child.archive";

  // Lines: an entry of the tests' class path, and after a tab the jar that stands for it.
  private static final String CLASS_PATH = "class-path";
  private static final String TESTS = "tests.aot";
  private static final String COMMAND_LINE = "cli.aot";

  private ChildArchive() {}

  /**
   * Makes a cache. Arguments: the folder; then either {@code tests}, the class path of the tests
   * and the folder of the native libraries, or {@code cli}, the jar and what it is to do.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    List<String> rest = List.of(args).subList(2, args.length);
    if (args[1].equals("tests")) {
      ofTests(folder, rest.get(0), Path.of(rest.get(1)));
    } else {
      List<String> command = new ArrayList<>(List.of("-jar"));
      command.addAll(rest);
      make(folder.resolve(COMMAND_LINE), command);
    }
  }

  private static void ofTests(Path folder, String classPath, Path natives)
      throws IOException, InterruptedException {
    Files.deleteIfExists(folder.resolve(CLASS_PATH));
    List<String> jars = new ArrayList<>();
    List<String> ours = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator)) {
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
    List<String> command = new ArrayList<>();
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dwasmtimejvm.library=" + natives.resolve(System.mapLibraryName("wasmtime")));
    command.add("-Dwasmtimejvm.shim=" + natives.resolve(System.mapLibraryName("wasmtimejvm")));
    command.addAll(List.of("-cp", String.join(File.pathSeparator, jars)));
    command.add(ChildTraining.class.getName());
    command.addAll(ours);
    if (make(folder.resolve(TESTS), command)) {
      Files.write(folder.resolve(CLASS_PATH), lines);
    }
  }

  private static Path pack(Path classes, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      out.setLevel(0); // it is read more often than written
      for (Path file : files.filter(ChildArchive::isClass).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
      }
    }
    return jar;
  }

  private static boolean isClass(Path file) {
    return file.toString().endsWith(".class");
  }

  private static boolean make(Path cache, List<String> command)
      throws IOException, InterruptedException {
    Files.deleteIfExists(cache);
    Path log = cache.resolveSibling(cache.getFileName() + ".log");
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(ChildJvm.START_QUICKLY);
    all.add("-XX:AOTCacheOutput=" + cache);
    all.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile());
    ChildJvm.DROPPED_VARIABLES.forEach(builder.environment()::remove);
    Process process = builder.start();
    process.getOutputStream().close(); // it may read to the end of its input
    int status = process.waitFor();
    if (status == 0 && Files.exists(cache)) {
      return true;
    }
    Files.deleteIfExists(cache);
    System.out.println("There is no " + cache.getFileName() + ", see " + log);
    return false;
  }

  /**
   * Returns a class path with the same classes as {@code classPath} that goes with the cache, and
   * adds the flag for it to {@code command}; or the class path as it is, where there is no cache or
   * it has other classes.
   */
  static Collection<String> use(Collection<String> classPath, List<String> command) {
    Set<String> entries = new LinkedHashSet<>();
    for (String[] pair : Tests.JARS) {
      if (!classPath.contains(pair[0])) {
        return classPath;
      }
      entries.add(pair[1]);
    }
    if (entries.isEmpty()) {
      return classPath;
    }
    entries.addAll(classPath);
    command.add("-XX:AOTCache=" + folder().resolve(TESTS));
    return entries;
  }

  /** Returns the flag with which the jar of the command line starts from its cache, if it does. */
  public static List<String> flagsFor(Path commandLineJar) {
    Path cache = folder().resolve(COMMAND_LINE);
    return isNewer(cache, commandLineJar) ? List.of("-XX:AOTCache=" + cache) : List.of();
  }

  private static Path folder() {
    return Path.of(System.getProperty(PROPERTY, "no archive")).toAbsolutePath();
  }

  private static boolean isNewer(Path file, Path other) {
    try {
      return Files.exists(file)
          && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(other)) >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** What is looked at once in each JVM. */
  private static final class Tests {
    /** The lines of the class path, none where a class was compiled since they were written. */
    static final List<String[]> JARS = read();

    private static List<String[]> read() {
      Path file = folder().resolve(CLASS_PATH);
      if (!Files.exists(file)) {
        return List.of();
      }
      try {
        List<String[]> pairs =
            Files.readAllLines(file).stream().map(line -> line.split("\t")).toList();
        return pairs.stream().allMatch(pair -> isFresh(Path.of(pair[0]), Path.of(pair[1])))
            ? pairs
            : List.of();
      } catch (IOException e) {
        return List.of();
      }
    }

    private static boolean isFresh(Path entry, Path jar) {
      if (!Files.isDirectory(entry)) {
        return true; // the JVM itself compares jars with those that the cache was made of
      }
      try (Stream<Path> files = Files.walk(entry)) {
        return files.filter(ChildArchive::isClass).allMatch(file -> isNewer(jar, file));
      } catch (IOException e) {
        return false;
      }
    }
  }
}
