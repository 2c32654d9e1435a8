package io.github.wasmtimejvm.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Compiled modules as the engine alone writes them. */
public final class CompiledCode {
  private static final int TRAILER = 156;
  private static final int ENGINES_SIZE = 100; // where the trailer has it

  private CompiledCode() {}

  /** Returns what the engine has written of a compiled module of ours: nothing declares it then. */
  public static byte[] engines(byte[] compiled) {
    ByteBuffer bytes = ByteBuffer.wrap(compiled).order(ByteOrder.LITTLE_ENDIAN);
    return Arrays.copyOf(compiled, bytes.getInt(compiled.length - TRAILER + ENGINES_SIZE));
  }
}
