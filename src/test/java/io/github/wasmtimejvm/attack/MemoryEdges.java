package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.TrapCode;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;

/** Loads and stores around a memory's end: what is beyond traps, what is within does not. */
final class MemoryEdges {
  /** An instruction, and how many bytes it touches. */
  private record Access(String name, int size, String value) {}

  private static final List<Access> ACCESSES =
      List.of(
          new Access("i32.load8_u", 1, ""),
          new Access("i32.load16_s", 2, ""),
          new Access("i32.load", 4, ""),
          new Access("i64.load32_u", 4, ""),
          new Access("i64.load", 8, ""),
          new Access("f64.load", 8, ""),
          new Access("v128.load", 16, ""),
          new Access("v128.load8x8_s", 8, ""),
          new Access("v128.load32_zero", 4, ""),
          new Access("v128.load64_splat", 8, ""),
          new Access("i32.store8", 1, "(i32.const 1)"),
          new Access("i64.store16", 2, "(i64.const 1)"),
          new Access("f32.store", 4, "(f32.const 1)"),
          new Access("i64.store", 8, "(i64.const 1)"),
          new Access("v128.store", 16, "(v128.const i64x2 1 2)"),
          new Access("memory.fill", 0, "(i32.const 1)"));
  private static final long PAGE = 65536;

  private MemoryEdges() {}

  static Guest guest(String name, Random random) {
    Access access = ACCESSES.get(random.nextInt(ACCESSES.size()));
    boolean wide = random.nextInt(3) == 0;
    int others = random.nextInt(3);
    long pages = random.nextInt(3);
    long grown = random.nextInt(3);
    long size = (pages + grown) * PAGE;
    long offset = random.nextInt(3) == 0 ? 0 : any(size, wide, random);
    long address = any(size, wide, random);
    boolean isFill = access.name().equals("memory.fill");
    long count = isFill ? any(size, wide, random) : access.size();
    if (isFill) {
      offset = 0;
    }
    String type = wide ? "i64" : "i32";
    String at = "(local.get 0)";
    String operation =
        isFill
            ? "(memory.fill $m %s (i32.const 1) (local.get 1))".formatted(at)
            : access.value().isEmpty()
                ? "(drop (%s $m offset=%s %s))"
                    .formatted(access.name(), Long.toUnsignedString(offset), at)
                : "(%s $m offset=%s %s %s)"
                    .formatted(access.name(), Long.toUnsignedString(offset), at, access.value());
    String text =
        """
        (module
          %s
          (memory $m %s %d 10)
          (func (export "run") (param %s %s)
            (drop (memory.grow $m (%s.const %d)))
            %s))
        """
            .formatted(
                "(memory 1)".repeat(others),
                wide ? "i64" : "",
                pages,
                type,
                type,
                type,
                grown,
                operation);
    BigInteger end = unsigned(address).add(unsigned(offset)).add(unsigned(count));
    boolean within = end.compareTo(BigInteger.valueOf(size)) <= 0;
    String what =
        "%s, %s at %s offset %s count %s, size %d, memory %d"
            .formatted(
                name,
                access.name(),
                Long.toUnsignedString(address),
                Long.toUnsignedString(offset),
                Long.toUnsignedString(count),
                size,
                others);
    String ending = within ? Ending.RETURNS : TrapCode.MEMORY_OUT_OF_BOUNDS.name();
    Guest guest = Guest.ofText(what, text, "run", ending + (grown > 0 ? " " + Guest.GROWS : ""));
    return wide ? guest.with(address, count) : guest.with((int) address, (int) count);
  }

  // Near the end of the memory, a page, or what its addresses can say.
  private static long any(long size, boolean wide, Random random) {
    long near =
        switch (random.nextInt(5)) {
          case 0 -> 0;
          case 1, 2 -> size;
          case 3 -> 1L << random.nextInt(32);
          default -> wide ? random.nextBoolean() ? 1L << 32 : 1L << random.nextInt(64) : 1L << 32;
        };
    long value = near + random.nextInt(34) - 17;
    return wide ? value : value & 0xffff_ffffL;
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }
}
