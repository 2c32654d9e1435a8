package io.github.wasmtimejvm.attack;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** What guests must do with where threads are small, or none of them would be let in. */
final class SmallStack {
  /** Bytes for guests: an engine's {@code maxWasmStack}. */
  static final int BYTES = 64 << 10;

  /** Whether threads are small that do not say otherwise, as with {@code -Xss512k}. */
  static final boolean BY_DEFAULT =
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .getVMOption("ThreadStackSize") // KiB
          .getValue()
          .matches("[1-9][0-9]{0,2}");

  private SmallStack() {}
}
