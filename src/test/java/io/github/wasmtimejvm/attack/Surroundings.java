package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Engine;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the process of a case by the environment is started in: variables, file systems, users and
 * standard streams, by its seed. The limits it sets itself, as it goes on.
 */
final class Surroundings {
  /** System property of the process: the folder that it may use, with what is in it. */
  static final String ROOM = "wasmtimejvm.attack.room";

  /** System property of the process: the user that it becomes, if it is the superuser's. */
  static final String USER = "wasmtimejvm.attack.user";

  /** System property of the process: how what it may use is taken from it. */
  static final String MEANS = "wasmtimejvm.attack.means";

  // No parallel collector, no more threads, and all of the heap at once: what the JVM itself needs
  // it has when the first limit falls.
  private static final List<String> JVM =
      List.of(
          "-Xms48m",
          "-Xmx48m",
          "-XX:+AlwaysPreTouch",
          "-XX:+UseSerialGC",
          "-XX:-UseDynamicNumberOfCompilerThreads",
          "-XX:-UsePerfData",
          "-XX:ReservedCodeCacheSize=24m");

  // All that the process needs.
  private static final List<Class<?>> PLACES =
      List.of(Engine.class, EnvironmentAttack.class, PackagedFiles.provider().getClass());

  private final PackagedFiles files;
  private final Means means;

  Surroundings(Path folder) throws IOException, InterruptedException {
    this.files = new PackagedFiles(folder.resolve("natives"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    this.means = Means.find(folder, classPath());
  }

  /** What cannot be had on this machine, and what is done instead; empty if nothing lacks. */
  List<String> instead() {
    return means.instead();
  }

  /**
   * Changes how the process is started.
   *
   * @param before what stands first on its class path
   * @param own the folder of this case
   */
  void prepare(ProcessBuilder builder, long seed, Environment kind, List<Path> before, Path own)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int user = means.user(seed);
    Path room = Files.createDirectory(own.resolve("room"));
    List<String> flags = new ArrayList<>(JVM);
    flags.add("-D" + ROOM + "=" + room);
    flags.add("-D" + USER + "=" + user);
    List<String> prefix = new ArrayList<>();
    Map<String, String> environment = builder.environment();
    environment.put("HOME", room.toString());
    boolean packaged = true;
    switch (kind) {
      case THREADS, DESCRIPTORS -> packaged = false;
      case ADDRESS_SPACE -> {
        packaged = false;
        // What is allocated comes out of what the process has already: without any memory the JVM
        // and the engine end.
        environment.put("MALLOC_ARENA_MAX", "1");
        environment.put("MALLOC_TOP_PAD_", Long.toString(128 << 20));
        environment.put("MALLOC_TRIM_THRESHOLD_", Long.toString(1 << 30));
        environment.put("MALLOC_MMAP_THRESHOLD_", Long.toString(32 << 20));
      }
      case VARIABLES -> {
        packaged = false;
        OddVariables.put(random, environment, room);
        if (random.nextInt(3) == 0) {
          builder.redirectError(new File("/dev/full"));
        }
      }
      case FILE_SIZE ->
          // A profiler of the engine's says there that it cannot write, and must be able to.
          builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      case CLOSED_STREAMS -> prefix.addAll(closing(1 + random.nextInt(7)));
      default -> prefix.addAll(means.prefix(kind, random, room, user));
    }
    folders(random, kind, room);
    builder.directory(room.resolve("files/0").toFile());
    if (packaged) {
      flags.add("-Dwasmtimejvm.cache=" + room.resolve("cache"));
      flags.add("-Djava.io.tmpdir=" + (random.nextBoolean() ? room : own).resolve("tmp"));
    } else {
      flags.add("-Dwasmtimejvm.library=" + files.file(files.names().get(0)));
      flags.add("-Dwasmtimejvm.shim=" + files.file(files.names().get(1)));
    }
    Files.createDirectories(own.resolve("tmp"));
    flags.add("-D" + MEANS + "=" + means.lever(kind));
    flags.add("-XX:-ErrorFileToStderr");
    flags.add("-XX:ErrorFile=" + own.resolve("report"));
    if (means.isOfAnotherUser(kind)) {
      giveTo(user, own);
    }
    List<String> command = builder.command();
    if (prefix.contains("setpriv")) {
      // The other entries may be where this user may not look.
      int at = command.indexOf("-cp") + 1;
      command.set(
          at,
          Stream.concat(before.stream(), classPath().stream())
              .map(Path::toString)
              .collect(Collectors.joining(File.pathSeparator)));
      command.removeIf(word -> word.startsWith("-XX:AOTCache="));
    }
    command.removeIf(
        word ->
            packaged(word)
                || word.startsWith("-Djava.io.tmpdir=")
                || word.equals("-XX:+ErrorFileToStderr"));
    command.addAll(1, flags);
    command.addAll(0, prefix);
  }

  private static List<Path> classPath() {
    return PLACES.stream().map(Surroundings::place).toList();
  }

  private static Path place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean packaged(String word) {
    return word.startsWith("-Dwasmtimejvm.library=") || word.startsWith("-Dwasmtimejvm.shim=");
  }

  // A shell closes them, a bit each.
  private static List<String> closing(int closed) {
    StringBuilder script = new StringBuilder("exec \"$@\"");
    for (int descriptor = 0; descriptor < 3; descriptor++) {
      if ((closed >> descriptor & 1) != 0) {
        script.append(descriptor == 0 ? " <&-" : " " + descriptor + ">&-");
      }
    }
    return List.of("bash", "-c", script.toString(), "bash");
  }

  // The cache may be empty, complete, or damaged.
  private void folders(SplittableRandom random, Environment kind, Path room) throws IOException {
    for (String name : List.of("tmp", "files/0", "files/1", "files/2", "modules")) {
      Files.createDirectories(room.resolve(name));
    }
    Files.setPosixFilePermissions(
        room.resolve("modules"), PosixFilePermissions.fromString("rwx------"));
    Files.writeString(
        room.resolve("cache.toml"), "[cache]\ndirectory = \"" + room.resolve("engine") + "\"\n");
    Path cache = room.resolve("cache");
    int state = random.nextInt(4);
    boolean written = kind == Environment.FULL || kind == Environment.FILE_SIZE;
    if (state == 0 || written && state == 1) {
      return;
    }
    Path kept = files.keptIn(cache);
    Files.createDirectories(
        kept, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    for (String name : files.names()) {
      Files.createLink(kept.resolve(name), files.file(name));
    }
    String one = files.names().get(random.nextInt(2));
    Path damaged = kept.resolve(one);
    if (kind == Environment.UNPRIVILEGED && state > 1) {
      own(damaged);
      foreign(damaged);
      Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwxrwxrwx"));
    } else if (kind == Environment.NO_EXEC && !means.mounts()) {
      unloadable(kept);
    } else if (state > 1) {
      Files.delete(damaged);
      try (InputStream in = Files.newInputStream(files.file(one))) {
        Files.write(damaged, in.readNBytes(random.nextInt((int) Files.size(files.file(one)))));
      }
    }
  }

  // In place of a link.
  private static void own(Path file) throws IOException {
    Path copy = Files.copy(file, file.resolveSibling("copy"));
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
  }

  // As long as they must be, but nothing that the system loads: as from a folder without the right.
  private static void unloadable(Path kept) throws IOException {
    try (Stream<Path> all = Files.list(kept)) {
      for (Path path : all.toList()) {
        own(path);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
          file.write(0);
        }
      }
    }
  }

  // Code that others may have put there: it is loaded, and dies when it is called.
  private static void foreign(Path library) throws IOException {
    byte[] nothing = new byte[4096];
    try (RandomAccessFile file = new RandomAccessFile(library.toFile(), "rw")) {
      long middle = file.length() / 2;
      for (long at = middle; at < middle + file.length() / 4; at += nothing.length) {
        file.seek(at);
        file.write(nothing);
      }
    }
  }

  private static void giveTo(int user, Path own) throws IOException {
    try (Stream<Path> all = Files.walk(own)) {
      for (Path path : all.toList()) {
        Files.setAttribute(path, "unix:uid", user);
      }
    }
  }
}
