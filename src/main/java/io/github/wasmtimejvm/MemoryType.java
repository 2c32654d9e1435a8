package io.github.wasmtimejvm;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * The type of a memory: {@code wasm_memorytype_t} in C.
 *
 * <p>Sizes that no memory can have are refused where one is created.
 *
 * @param minimum pages that it has at least, unsigned
 * @param maximum pages that it has at most, unsigned; empty for what its addresses reach
 * @param is64 whether its addresses have 64 bits
 * @param shared whether threads share it
 * @param pageSize size of a page in bytes, 65,536 or 1
 */
public record MemoryType(
    long minimum, OptionalLong maximum, boolean is64, boolean shared, long pageSize)
    implements ExternType {
  /** Creates a memory type. Threads: any. */
  public MemoryType {
    Objects.requireNonNull(maximum, "maximum");
  }

  /**
   * Returns the type of a memory with 32-bit addresses and no maximum. Threads: any.
   *
   * @param minimum its initial size in pages of 64 KiB, from 0 to 65,536
   */
  public static MemoryType of(long minimum) {
    return new MemoryType(minimum, OptionalLong.empty(), false, false, 65536);
  }

  /**
   * Returns the type of a memory with 32-bit addresses. Threads: any.
   *
   * @param minimum its initial size in pages of 64 KiB, from 0 to 65,536
   * @param maximum its largest size in pages of 64 KiB, from the minimum to 65,536
   */
  public static MemoryType of(long minimum, long maximum) {
    return new MemoryType(minimum, OptionalLong.of(maximum), false, false, 65536);
  }

  /**
   * Returns the type of a shared memory with 32-bit addresses. Threads: any.
   *
   * @param minimum its initial size in pages of 64 KiB, from 0 to 65,536
   * @param maximum its largest size in pages of 64 KiB, from the minimum to 65,536
   */
  public static MemoryType shared(long minimum, long maximum) {
    return new MemoryType(minimum, OptionalLong.of(maximum), false, true, 65536);
  }

  /** Returns the type in the text format, for example {@code (memory 1 10)}. Threads: any. */
  @Override
  public String toString() {
    return "(memory "
        + (is64 ? "i64 " : "")
        + Long.toUnsignedString(minimum)
        + (maximum.isPresent() ? " " + Long.toUnsignedString(maximum.getAsLong()) : "")
        + (shared ? " shared" : "")
        + (pageSize == 65536 ? "" : " (pagesize " + pageSize + ")")
        + ")";
  }
}
