package io.github.wasmtimejvm.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Changes what a mounted file system allows, in a child JVM that has its own mounts. */
public final class Remount {
  /** Nothing can be written. */
  public static final long READ_ONLY = 1;

  /** Nothing can be mapped for execution. */
  public static final long NO_EXEC = 8;

  private static final long REMOUNT = 32;
  private static final long BIND = 4096; // this mount, and not the file system in other places

  private static final MethodHandle MOUNT = mount();

  private Remount() {}

  /**
   * Sets the flags of a mount, or leaves it as it is: one where something is written is busy.
   *
   * @return whether they are set
   */
  public static boolean with(Path folder, long flags) {
    return remount(folder, BIND | flags, "");
  }

  /**
   * Sets the size of a file system in memory, or leaves it as it is: more may be used already.
   *
   * @return whether it is set
   */
  public static boolean size(Path folder, long bytes) {
    return remount(folder, 0, "size=" + bytes);
  }

  private static boolean remount(Path folder, long flags, String options) {
    try (Arena arena = Arena.ofConfined()) {
      return (int)
              MOUNT.invokeExact(
                  MemorySegment.NULL,
                  arena.allocateFrom(folder.toString()),
                  MemorySegment.NULL,
                  REMOUNT | flags,
                  arena.allocateFrom(options))
          == 0;
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  @SuppressWarnings("restricted") // calling C is what this class is for
  private static MethodHandle mount() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("mount"),
        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  }
}
