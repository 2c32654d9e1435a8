package io.github.wasmtimejvm.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Tries what the engine is about to map, and gives it back at once: the engine ends the process
 * when it cannot map it.
 */
public final class Mapping {
  private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");
  private static final boolean MAC = System.getProperty("os.name").startsWith("Mac");

  private static final int PROT_NONE = 0;
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int PROT_EXEC = 4;
  private static final int MAP_PRIVATE = 2;
  private static final int O_RDWR = 2;

  // MAP_ANON, and where the engine uses it MAP_NORESERVE.
  private static final int ANONYMOUS = MAC ? 0x1000 : 0x20 | 0x4000;

  private static final int MEM_COMMIT = 0x1000;
  private static final int MEM_RESERVE = 0x2000;
  private static final int MEM_RELEASE = 0x8000;
  private static final int PAGE_NOACCESS = 1;
  private static final int PAGE_READWRITE = 4;

  private Mapping() {}

  /**
   * Whether the process could map both at once.
   *
   * @param reserved bytes without access
   * @param accessible bytes to read and write
   */
  public static boolean canMap(long reserved, long accessible) {
    return WINDOWS ? canAllocate(reserved, accessible) : canMapPosix(reserved, accessible);
  }

  private static boolean canMapPosix(long reserved, long accessible) {
    long first = anonymous(reserved, PROT_NONE);
    long second = anonymous(accessible, PROT_READ | PROT_WRITE);
    unmap(first, reserved);
    unmap(second, accessible);
    return first != -1 && second != -1;
  }

  private static long anonymous(long size, int protection) {
    return size == 0 ? 0 : mmap(size, protection, MAP_PRIVATE | ANONYMOUS, -1);
  }

  /** Whether the process could map a file for execution, as it may not on some file systems. */
  public static boolean canExecute(Path file) {
    int descriptor;
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle open =
          function(
              "open",
              FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
              Linker.Option.firstVariadicArg(2));
      descriptor = (int) open.invokeExact(arena.allocateFrom(file.toString()), O_RDWR);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
    if (descriptor < 0) {
      return false;
    }
    long size = 1024; // what the engine maps
    long address = mmap(size, PROT_READ | PROT_EXEC, MAP_PRIVATE, descriptor);
    unmap(address, size);
    try {
      int ignored =
          (int)
              function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)).invokeExact(descriptor);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
    return address != -1;
  }

  private static long mmap(long size, int protection, int flags, int descriptor) {
    try {
      MethodHandle mmap =
          function(
              "mmap",
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
      return (long) mmap.invokeExact(0L, size, protection, flags, descriptor, 0L);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  private static void unmap(long address, long size) {
    if (address == 0 || address == -1) {
      return;
    }
    try {
      MethodHandle munmap =
          function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
      int ignored = (int) munmap.invokeExact(address, size);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  private static MethodHandle function(
      String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
  }

  private static boolean canAllocate(long reserved, long accessible) {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup kernel = SymbolLookup.libraryLookup("kernel32", arena);
      MethodHandle allocate =
          Linker.nativeLinker()
              .downcallHandle(
                  kernel.findOrThrow("VirtualAlloc"),
                  FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT));
      MethodHandle free =
          Linker.nativeLinker()
              .downcallHandle(
                  kernel.findOrThrow("VirtualFree"),
                  FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
      long first =
          reserved == 0 ? 0 : (long) allocate.invokeExact(0L, reserved, MEM_RESERVE, PAGE_NOACCESS);
      long second =
          accessible == 0
              ? 0
              : (long)
                  allocate.invokeExact(0L, accessible, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
      for (long address : new long[] {first, second}) {
        if (address != 0) {
          int ignored = (int) free.invokeExact(address, 0L, MEM_RELEASE);
        }
      }
      return (reserved == 0 || first != 0) && (accessible == 0 || second != 0);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }
}
