package io.github.wasmtimejvm.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How the environment of a process can be made what it shall be, on this machine. */
final class Means {
  /** How a process takes from itself what it may use. */
  enum Lever {
    THREADS,
    DESCRIPTORS,
    ADDRESS_SPACE,
    FILE_SIZE,
    READ_ONLY,
    FULL,
    NO_EXEC,
    /** By the permissions of folders. */
    MODE,
    NOTHING;

    /** Whether it is about files. */
    boolean concernsFiles() {
      return switch (this) {
        case FILE_SIZE, READ_ONLY, FULL, NO_EXEC, MODE -> true;
        case THREADS, DESCRIPTORS, ADDRESS_SPACE, NOTHING -> false;
      };
    }
  }

  private static final String MOUNTS =
      "mount --bind \"$0\" \"$0\" && mount -t tmpfs -o size=1m tmpfs \"$0\"";

  // The file systems are this process's alone. What was in the folder is beside it meanwhile.
  private static final String SAME =
      "mount --bind \"$0\" \"$0\" && cd \"$0\"/files/0 && exec \"$@\"";
  private static final String SMALL =
      "mkdir \"$0-aside\" && mount --bind \"$0\" \"$0-aside\""
          + " && mount -t tmpfs -o size=160m,mode=0755 tmpfs \"$0\""
          + " && cp -a \"$0-aside/.\" \"$0\" && cd \"$0\"/files/0 && exec \"$@\"";

  private static final int FIRST_USER = 100_000;
  private static final int USERS = 1000;
  private static final int NOBODY = 65534;

  private final @Nullable List<String> unshare;
  private final boolean users;
  private final boolean setpriv;
  private final List<String> instead = new ArrayList<>();

  private Means(@Nullable List<String> unshare, boolean users, boolean setpriv) {
    this.unshare = unshare;
    this.users = users;
    this.setpriv = setpriv;
    if (unshare == null) {
      instead.add("mounts are refused: read-only by permissions, full by a limit on file sizes,");
      instead.add("  noexec by files that the system does not load");
    }
    if (!users) {
      instead.add("a case has no user of its own: threads are counted with others of its user's");
    }
    if (!isSuperuser()) {
      instead.add("no other user can be had: all cases are this user's");
    } else if (!setpriv) {
      instead.add("setpriv or the classes cannot be used by other users: they change when started");
    }
  }

  /**
   * Finds out.
   *
   * @param folder where something may be tried
   * @param classPath what the process needs
   */
  static Means find(Path folder, List<Path> classPath) throws IOException, InterruptedException {
    Path tried = Files.createDirectories(folder.resolve("tried"));
    List<String> unshare = null;
    for (String flags : List.of("-m", "-rm")) {
      if (unshare == null
          && succeeds(List.of("unshare", flags, "bash", "-c", MOUNTS, tried.toString()))) {
        unshare = List.of("unshare", flags, "bash", "-c");
      }
    }
    boolean users = isSuperuser() && canGive(tried, FIRST_USER);
    return new Means(unshare, users, isSuperuser() && othersCanStart(classPath));
  }

  // A container may have few users.
  private static boolean canGive(Path file, int user) {
    try {
      Files.setAttribute(file, "unix:uid", user);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean othersCanStart(List<Path> classPath)
      throws IOException, InterruptedException {
    List<String> test = new ArrayList<>(setpriv(1));
    test.addAll(List.of("ls", "-d", System.getProperty("java.home") + "/bin/."));
    classPath.forEach(entry -> test.add(Files.isDirectory(entry) ? entry + "/." : "" + entry));
    return succeeds(test);
  }

  private static List<String> setpriv(int user) {
    return List.of("setpriv", "--reuid", "" + user, "--regid", "" + user, "--clear-groups");
  }

  /** The user of a case where it is not the superuser's; one of its own if there are so many. */
  int user(long seed) {
    return users ? FIRST_USER + Math.floorMod(seed, USERS) : NOBODY;
  }

  static boolean isSuperuser() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** Whether file systems can be mounted. */
  boolean mounts() {
    return unshare != null;
  }

  /** What cannot be had on this machine, and what is done instead; empty if nothing lacks. */
  List<String> instead() {
    return instead;
  }

  Lever lever(Environment kind) {
    return switch (kind) {
      case THREADS -> Lever.THREADS;
      case DESCRIPTORS -> Lever.DESCRIPTORS;
      case ADDRESS_SPACE -> Lever.ADDRESS_SPACE;
      case FILE_SIZE -> Lever.FILE_SIZE;
      case READ_ONLY -> mounts() ? Lever.READ_ONLY : Lever.MODE;
      case FULL -> mounts() ? Lever.FULL : Lever.FILE_SIZE;
      case NO_EXEC -> mounts() ? Lever.NO_EXEC : Lever.MODE;
      case UNPRIVILEGED -> Lever.MODE;
      case VARIABLES, CLOSED_STREAMS -> Lever.NOTHING;
    };
  }

  /** Whether the process does not stay the superuser's. */
  boolean isOfAnotherUser(Environment kind) {
    Lever lever = lever(kind);
    return isSuperuser() && (lever == Lever.THREADS || lever == Lever.MODE);
  }

  /** What stands before the command of the process. */
  List<String> prefix(Environment kind, SplittableRandom random, Path room, int user) {
    List<String> command = new ArrayList<>();
    switch (lever(kind)) {
      case READ_ONLY, NO_EXEC, FULL -> {
        command.addAll(unshare);
        command.add(kind == Environment.FULL ? SMALL : SAME);
        command.add(room.toString());
      }
      case MODE -> {
        if (setpriv && random.nextBoolean()) {
          command.addAll(setpriv(user));
        }
      }
      default -> {}
    }
    return command;
  }

  private static boolean succeeds(List<String> command) throws IOException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      return false; // there is no such command
    }
    process.getOutputStream().close();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
      return false;
    }
    return process.exitValue() == 0;
  }
}
