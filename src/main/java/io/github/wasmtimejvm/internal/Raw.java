package io.github.wasmtimejvm.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * Native memory by address, for the hot paths: nothing is checked, so the address must be one that
 * the engine or the shim gave and that is still in use.
 */
public final class Raw {
  @SuppressWarnings("restricted") // all memory there is
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private Raw() {}

  public static byte getByte(long address) {
    return ALL.get(JAVA_BYTE, address);
  }

  public static int getInt(long address) {
    return ALL.get(JAVA_INT, address);
  }

  public static long getLong(long address) {
    return ALL.get(JAVA_LONG, address);
  }

  public static float getFloat(long address) {
    return ALL.get(JAVA_FLOAT, address);
  }

  public static double getDouble(long address) {
    return ALL.get(JAVA_DOUBLE, address);
  }

  public static void putByte(long address, byte value) {
    ALL.set(JAVA_BYTE, address, value);
  }

  public static void putInt(long address, int value) {
    ALL.set(JAVA_INT, address, value);
  }

  public static void putLong(long address, long value) {
    ALL.set(JAVA_LONG, address, value);
  }

  public static void putFloat(long address, float value) {
    ALL.set(JAVA_FLOAT, address, value);
  }

  public static void putDouble(long address, double value) {
    ALL.set(JAVA_DOUBLE, address, value);
  }
}
