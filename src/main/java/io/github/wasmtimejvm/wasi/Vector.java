package io.github.wasmtimejvm.wasi;

import org.jspecify.annotations.Nullable;

/**
 * The buffer that a guest reads into or writes from: the first one that is not empty of those that
 * it gives, as in the engine. Reading and writing less than all is what these calls may do.
 *
 * @param address where it begins
 * @param length its length in bytes, unsigned
 */
record Vector(int address, int length) {
  private static final int SIZE = 8; // of __wasi_iovec_t

  // What a guest may say: no more than this many empty ones are looked at.
  private static final int MOST = 1024;

  /**
   * Reads the arguments of {@code fd_read} and {@code fd_write}.
   *
   * @return {@code null} if a pointer is wrong; the engine will say so, in its way
   */
  static @Nullable Vector of(WasiCall call) {
    GuestMemory memory = call.memory();
    int vectors = call.intArg(1);
    long count = Integer.toUnsignedLong(call.intArg(2));
    int result = call.intArg(3);
    if (!isUsable(memory, vectors, count * SIZE) || !isUsable(memory, result, Integer.BYTES)) {
      return null;
    }
    for (int i = 0; i < Math.min(count, MOST); i++) {
      int address = memory.readInt(vectors + SIZE * i);
      int length = memory.readInt(vectors + SIZE * i + 4);
      if (length != 0) {
        return memory.contains(address, Integer.toUnsignedLong(length))
            ? new Vector(address, length)
            : null;
      }
    }
    return new Vector(0, 0);
  }

  private static boolean isUsable(GuestMemory memory, int address, long size) {
    return address % Integer.BYTES == 0 && memory.contains(address, size);
  }
}
