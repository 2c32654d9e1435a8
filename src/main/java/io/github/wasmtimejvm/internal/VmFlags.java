package io.github.wasmtimejvm.internal;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the flags of the JVM say about stacks. They are known to its diagnostic bean alone, and a
 * Java image that has the library on the class path may come without {@code jdk.management}: then
 * the largest values hold that the JVM takes.
 */
final class VmFlags {
  private static final boolean KNOWN = isKnown();

  // The largest of each in pages, of which the JVM refuses more; for all platforms.
  private static final long LARGEST_SHADOW = 50;
  private static final long LARGEST_GUARDS = 7 + 3 + 11;

  private static final long KIB = 1024;
  private static final long PAGE = 4 * KIB;

  private VmFlags() {}

  private static boolean isKnown() {
    Module module = ModuleLayer.boot().findModule("jdk.management").orElse(null);
    return module != null && VmFlags.class.getModule().canRead(module);
  }

  /**
   * Returns the bytes that the JVM touches below a frame before it calls native code, with the zone
   * that it guards behind them.
   *
   * @param page size of the system's pages
   */
  static long shadowAndGuards(long page) {
    return KNOWN
        ? zone("StackShadowPages", page) + guards(page)
        : roundUp(LARGEST_SHADOW * PAGE, page) + roundUp(LARGEST_GUARDS * PAGE, page);
  }

  /**
   * Returns the bytes at the end of a Java thread's stack that the JVM guards, 0 if that is not
   * known.
   */
  static long guards(long page) {
    return KNOWN
        ? zone("StackYellowPages", page)
            + zone("StackRedPages", page)
            + zone("StackReservedPages", page)
        : 0;
  }

  /** Returns the bytes of a Java thread's stack, at least; 1 MiB if that is not known. */
  static long threadStackSize() {
    long kilobytes = KNOWN ? Bean.option("ThreadStackSize") : 0;
    return kilobytes == 0 ? KIB * KIB : kilobytes * KIB; // 0 for the platform's default
  }

  // They are given in pages of 4 KiB, and rounded up to the system's.
  private static long zone(String option, long page) {
    return roundUp(Bean.option(option) * PAGE, page);
  }

  private static long roundUp(long size, long page) {
    return (size + page - 1) / page * page;
  }

  /** Not touched where its class is not there. */
  private static final class Bean {
    static long option(String name) {
      HotSpotDiagnosticMXBean vm =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      if (vm == null) {
        throw new UnsatisfiedLinkError(
            "wasmtime-jvm runs on HotSpot only: it must know how much stack the JVM needs.");
      }
      return Long.parseLong(vm.getVMOption(name).getValue());
    }
  }
}
