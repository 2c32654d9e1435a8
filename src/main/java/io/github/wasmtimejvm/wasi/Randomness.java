package io.github.wasmtimejvm.wasi;

import java.util.random.RandomGenerator;

/** A source of random numbers of Java's, which answers {@code random_get}. */
final class Randomness {
  private static final int BUFFER = 64 * 1024;

  private Randomness() {}

  /** Intercepts {@code random_get}. */
  static int get(WasiCall call, RandomGenerator source, boolean interruptible) throws Throwable {
    int address = call.intArg(0);
    long count = Integer.toUnsignedLong(call.intArg(1));
    boolean hasEnd = Integer.toUnsignedLong(address) + count < GuestMemory.POINTERS;
    if (!hasEnd || !call.memory().contains(address, count)) {
      return call.proceed(); // the engine traps, also where no pointer can point to the end
    }
    for (long done = 0; done < count; done += BUFFER) {
      InterruptibleWait.check(interruptible);
      byte[] bytes = new byte[(int) Math.min(BUFFER, count - done)];
      source.nextBytes(bytes);
      call.memory().write(Integer.toUnsignedLong(address) + done, bytes);
    }
    return Errno.SUCCESS;
  }
}
