package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;
import static io.github.wasmtimejvm.internal.NativeMemory.putLong;

import io.github.wasmtimejvm.binary.CoreValueType;
import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import java.util.List;

/**
 * The core values that arguments are flattened to, as the engine's: each a {@code
 * wasmtime_component_val_t} of an unsigned number or a float. Its bits are the same in each type
 * that core values of several cases are joined to.
 */
final class CoreValues {
  private final byte[] kinds;
  private long frame;
  private int count;

  /**
   * @param kinds of the values
   */
  CoreValues(byte[] kinds) {
    this.kinds = kinds;
  }

  /** Begins to write values to an address, or to read those that are there. */
  void begin(long frame) {
    this.frame = frame;
    count = 0;
  }

  /** How many were written or read. */
  int count() {
    return count;
  }

  /** Adds a value by its bits. */
  void add(long bits) {
    long at = frame + count * Codec.SIZEOF;
    Codec.setKind(at, kinds[count++]);
    putLong(at + Codec.OF, bits);
  }

  /** Adds zeroes until there are so many. */
  void fillUpTo(int end) {
    while (count < end) {
      add(0);
    }
  }

  /** Reads the bits of the next value. */
  long next() {
    return getLong(frame + count++ * Codec.SIZEOF + Codec.OF);
  }

  /** Skips values until so many have been read. */
  void skipTo(int end) {
    count = end;
  }

  /** The kinds of the engine's values that core values are. */
  static byte[] kinds(List<CoreValueType> types) {
    byte[] kinds = new byte[types.size()];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] =
          switch (types.get(i)) {
            case I32 -> WasmtimeComponentVal.WASMTIME_COMPONENT_U32;
            case I64 -> WasmtimeComponentVal.WASMTIME_COMPONENT_U64;
            case F32 -> WasmtimeComponentVal.WASMTIME_COMPONENT_F32;
            case F64 -> WasmtimeComponentVal.WASMTIME_COMPONENT_F64;
          };
    }
    return kinds;
  }
}
