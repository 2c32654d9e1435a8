package io.github.wasmtimejvm.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What Linux allows this process, to be changed while it runs: for child JVMs only. */
public enum SystemLimits {
  /** Bytes of a file that is written. */
  FILE_SIZE(1),
  /** Threads, and processes: all that its user has. The superuser's are not limited. */
  THREADS(6),
  /** The number of a file descriptor. */
  FILES(7),
  /** Bytes of address space. */
  ADDRESS_SPACE(9);

  private static final int NOBODY = 65534;
  private static final int FEW_THREADS = 60;
  private static final int PR_SET_DUMPABLE = 4;

  private static final MethodHandle GETRLIMIT = c("getrlimit", JAVA_INT, ValueLayout.ADDRESS);
  private static final MethodHandle SETRLIMIT = c("setrlimit", JAVA_INT, ValueLayout.ADDRESS);
  private static final MethodHandle GETEUID = c("geteuid");
  private static final MethodHandle SETUID = c("setuid", JAVA_INT);
  private static final MethodHandle PRCTL = c("prctl", JAVA_INT, JAVA_LONG);

  private final int resource;

  SystemLimits(int resource) {
    this.resource = resource;
  }

  /** Allows so many, or as many as this process may allow itself, whichever is less. */
  public void set(long most) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limit = arena.allocate(JAVA_LONG, 2);
      check((int) GETRLIMIT.invokeExact(resource, limit), "getrlimit");
      long highest = limit.getAtIndex(JAVA_LONG, 1);
      limit.setAtIndex(JAVA_LONG, 0, Long.compareUnsigned(most, highest) < 0 ? most : highest);
      check((int) SETRLIMIT.invokeExact(resource, limit), "setrlimit");
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** Allows as many as this process may allow itself. */
  public void lift() {
    set(-1);
  }

  /** Makes this process one of a user with no rights, where it is the superuser's. */
  public static void becomeNobody() {
    becomeUser(NOBODY);
  }

  /** Makes this process one of that user's, where it is the superuser's. */
  public static void becomeUser(int id) {
    try {
      if ((int) GETEUID.invokeExact() == 0) {
        check((int) SETUID.invokeExact(id), "setuid");
        // Else it may not look at itself in /proc.
        check((int) PRCTL.invokeExact(PR_SET_DUMPABLE, 1L), "prctl");
      }
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** Starts threads, as a user with no rights, until the system refuses one; and says so. */
  public static void useUpThreads() {
    becomeNobody();
    THREADS.set(FEW_THREADS);
    try {
      while (true) {
        Thread idle = new Thread(null, LockSupport::park, "idle", 200_000);
        idle.setDaemon(true);
        idle.start();
      }
    } catch (OutOfMemoryError e) {
      System.out.println("no more threads");
    }
  }

  /**
   * Loads all classes that come from where this one does. In a folder each class is a file, which
   * cannot be opened any more where no descriptor is left.
   */
  public static void loadClassesBeside(Class<?> type) throws Exception {
    Path folder = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.map(folder::relativize).toList()) {
          String name = file.toString().replace(File.separatorChar, '.');
          if (name.endsWith(".class") && !name.endsWith("-info.class")) {
            String className = name.substring(0, name.length() - ".class".length());
            Class.forName(className, false, type.getClassLoader());
          }
        }
      }
    }
  }

  private static void check(int result, String function) {
    if (result != 0) {
      throw new AssertionError(function + " failed");
    }
  }

  @SuppressWarnings("restricted") // calling C is what this class is for
  private static MethodHandle c(String name, MemoryLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, parameters));
  }
}
