package io.github.wasmtimejvm.wasi;

import org.jspecify.annotations.Nullable;

/**
 * The buffer that a guest reads into or writes from: the first one that is not empty of those that
 * it gives, as in the engine. Reading and writing less than all is what these calls may do.
 *
 * @param address where it begins
 * @param length its length in bytes, unsigned
 */
record Iovec(int address, int length) {
  private static final int SIZE = 8; // of __wasi_iovec_t

  // Of lists of so many bytes and more the engine says that it has no memory for them.
  private static final long TOO_LONG = 128 * 1024 * 1024;

  // There may be as many empty ones as fit into the memory, so it must be possible to stop.
  private static final int CHECK = 1024;

  /**
   * Reads the arguments of {@code fd_read} and {@code fd_write}.
   *
   * @param interruptible whether the guest can be stopped while it gives empty ones
   * @return the buffer, wherever it is; {@code null} if the list is wrong: the engine will say so,
   *     in its way
   */
  static @Nullable Iovec of(WasiCall call, boolean interruptible) {
    GuestMemory memory = call.memory();
    int vectors = call.intArg(1);
    long count = Integer.toUnsignedLong(call.intArg(2));
    if (vectors % Integer.BYTES != 0 || count * SIZE >= TOO_LONG) {
      return null;
    }
    for (long i = 0; i < count; i++) {
      if (i % CHECK == 0) {
        InterruptibleWait.check(interruptible);
      }
      // One by one: what is behind the first that is not empty may lie outside of the memory.
      long offset = Integer.toUnsignedLong(vectors) + SIZE * i;
      if (offset > Math.min(memory.byteSize(), GuestMemory.POINTERS) - SIZE) {
        return null;
      }
      int length = memory.readInt((int) offset + 4);
      if (length != 0) {
        return new Iovec(memory.readInt((int) offset), length);
      }
    }
    return new Iovec(0, 0);
  }

  /** Whether there is room for the number of bytes, which those functions give. */
  static boolean hasResult(WasiCall call) {
    int result = call.intArg(3);
    return result % Integer.BYTES == 0 && call.memory().contains(result, Integer.BYTES);
  }
}
