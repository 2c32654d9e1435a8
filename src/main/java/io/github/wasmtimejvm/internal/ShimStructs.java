package io.github.wasmtimejvm.internal;

/**
 * Where the fields of the structs of {@code native/shim.c} lie that Java reads and writes, in
 * bytes. The shim tells the same by {@code wjvm_layout}, and a test compares the two.
 */
final class ShimStructs {
  /** {@code wjvm_store}: what a store owns on the native side. */
  static final class Store {
    static final long CONTEXT = 0;
    static final long DEPTH = 24;
    static final long TRAP = 32;
    static final long ERROR = 40;
    static final long LEFT = 48;
    static final long NEEDED = 56;
    static final long WATCH = 64;
    static final long STOPPED = 72;
    static final long EPOCH_DEADLINE = 80;
    static final long CLOCK = 88;
    static final long EPOCH_CALLBACK = 96;
    static final long DEADLINE = 104;
    static final long ENTRY_TRAP = 112;
    static final long STORE = 120;
    static final long SCRATCH = 128;
    static final long VALUES = 192;
    static final long SIZE = 448;

    private Store() {}
  }

  /** {@code wjvm_watch}: what a store and its ticker tell each other. */
  static final class Watch {
    static final long CALL = 0;
    static final long INTERRUPTED = 8;
    static final long SEEN = 16;
    static final long SIZE = 24;

    private Watch() {}
  }

  /** {@code wjvm_clock}: the clocks of one engine. */
  static final class Clock {
    static final long TICKS = 0;
    static final long NOW = 8;
    static final long SIZE = 16;

    private Clock() {}
  }

  /** {@code wjvm_handle}: a Java object that the engine holds. */
  static final class Handle {
    static final long ID = 16;

    private Handle() {}
  }

  /** {@code wjvm_java}: the way back into Java. */
  static final class Java {
    static final long UPCALL = 0;
    static final long DROPPED = 8;
    static final long SIZE = 16;

    private Java() {}
  }

  private ShimStructs() {}
}
