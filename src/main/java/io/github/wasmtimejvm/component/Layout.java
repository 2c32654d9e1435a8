package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getByte;
import static io.github.wasmtimejvm.internal.NativeMemory.getInt;
import static io.github.wasmtimejvm.internal.NativeMemory.getShort;
import static io.github.wasmtimejvm.internal.NativeMemory.putByte;
import static io.github.wasmtimejvm.internal.NativeMemory.putInt;
import static io.github.wasmtimejvm.internal.NativeMemory.putLong;
import static io.github.wasmtimejvm.internal.NativeMemory.putShort;

import io.github.wasmtimejvm.binary.CoreValueType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How values of a type lie in a guest's memory, and how they are flattened to core values: the
 * canonical ABI.
 */
abstract sealed class Layout {
  /** As many core values a type has at most that is counted; parameters beyond go by memory. */
  static final int MOST_PARAMETERS = 16;

  private final long size;
  private final int alignment;
  private final List<CoreValueType> flat;

  private Layout(long size, int alignment, List<CoreValueType> flat) {
    this.size = size;
    this.alignment = alignment;
    this.flat = flat;
  }

  /** Size in bytes. */
  final long size() {
    return size;
  }

  /** Its address is a multiple of this. */
  final int alignment() {
    return alignment;
  }

  /** The core values that it is flattened to: the first {@link #MOST_PARAMETERS} and one more. */
  final List<CoreValueType> flat() {
    return flat;
  }

  /**
   * Adds the core values of a stored value.
   *
   * @param at its address in native memory
   */
  abstract void flatten(long at, CoreValues out);

  /**
   * Stores a value that core values stand for.
   *
   * @param in its core values come next
   * @param at where it goes in native memory
   * @return whether all numbers of cases are those of cases
   */
  abstract boolean unflatten(CoreValues in, long at);

  /**
   * Adds what {@link #flatten} does, if that is the same for all values; returns whether it is.
   *
   * @param offset where the value lies
   */
  abstract boolean addSteps(long offset, List<Flattening.Step> steps);

  static long align(long offset, int alignment) {
    return (offset + alignment - 1) & -alignment;
  }

  /** Numbers, truth values and characters. */
  static final class Scalar extends Layout {
    private final WitType.Primitive type;

    private Scalar(WitType.Primitive type, int size, CoreValueType flat) {
      super(size, size, List.of(flat));
      this.type = type;
    }

    /** Returns the layout of a type, other than {@code string}. */
    static Scalar of(WitType.Primitive type) {
      return switch (type) {
        case BOOL, S8, U8 -> new Scalar(type, Byte.BYTES, CoreValueType.I32);
        case S16, U16 -> new Scalar(type, Short.BYTES, CoreValueType.I32);
        case S32, U32, CHAR -> new Scalar(type, Integer.BYTES, CoreValueType.I32);
        case S64, U64 -> new Scalar(type, Long.BYTES, CoreValueType.I64);
        case F32 -> new Scalar(type, Float.BYTES, CoreValueType.F32);
        case F64 -> new Scalar(type, Double.BYTES, CoreValueType.F64);
        case STRING -> throw new IllegalArgumentException("a string is no scalar");
      };
    }

    @Override
    void flatten(long at, CoreValues out) {
      out.add(source().read(at));
    }

    private Flattening.Source source() {
      return switch (type) {
        case BOOL, U8 -> Flattening.Source.U8;
        case S8 -> Flattening.Source.S8;
        case U16 -> Flattening.Source.U16;
        case S16 -> Flattening.Source.S16;
        case S64, U64, F64 -> Flattening.Source.LONG;
        default -> Flattening.Source.WORD;
      };
    }

    @Override
    boolean addSteps(long offset, List<Flattening.Step> steps) {
      return steps.add(new Flattening.Step(source(), offset));
    }

    @Override
    boolean unflatten(CoreValues in, long at) {
      long value = in.next();
      if (size() == Long.BYTES) {
        putLong(at, value);
      } else {
        boolean isTruth = type == WitType.Primitive.BOOL;
        putUnsigned(at, (int) size(), isTruth ? ((int) value == 0 ? 0 : 1) : (int) value);
      }
      return true;
    }
  }

  /** A pointer and a length: strings, lists and maps. */
  static final class Pointer extends Layout {
    static final Pointer INSTANCE = new Pointer();

    private Pointer() {
      super(2 * Integer.BYTES, Integer.BYTES, List.of(CoreValueType.I32, CoreValueType.I32));
    }

    @Override
    void flatten(long at, CoreValues out) {
      out.add(Integer.toUnsignedLong(getInt(at)));
      out.add(Integer.toUnsignedLong(getInt(at + Integer.BYTES)));
    }

    @Override
    boolean addSteps(long offset, List<Flattening.Step> steps) {
      return steps.add(new Flattening.Step(Flattening.Source.WORD, offset))
          && steps.add(new Flattening.Step(Flattening.Source.WORD, offset + Integer.BYTES));
    }

    @Override
    boolean unflatten(CoreValues in, long at) {
      putInt(at, (int) in.next());
      putInt(at + Integer.BYTES, (int) in.next());
      return true;
    }
  }

  /** Flags: a bit for each. */
  static final class Flags extends Layout {
    /** As many flags fit. */
    static final int MOST = Integer.SIZE;

    private Flags(int size) {
      super(size, size, List.of(CoreValueType.I32));
    }

    static Flags of(int count) {
      return new Flags(
          count <= Byte.SIZE ? Byte.BYTES : count <= Short.SIZE ? Short.BYTES : Integer.BYTES);
    }

    @Override
    void flatten(long at, CoreValues out) {
      out.add(getUnsigned(at, (int) size()));
    }

    @Override
    boolean addSteps(long offset, List<Flattening.Step> steps) {
      Flattening.Source source =
          switch ((int) size()) {
            case Byte.BYTES -> Flattening.Source.U8;
            case Short.BYTES -> Flattening.Source.U16;
            default -> Flattening.Source.WORD;
          };
      return steps.add(new Flattening.Step(source, offset));
    }

    @Override
    boolean unflatten(CoreValues in, long at) {
      putUnsigned(at, (int) size(), (int) in.next());
      return true;
    }
  }

  /** Records and tuples: one field after another. */
  static final class Fields extends Layout {
    private final Layout[] fields;
    private final long[] offsets;

    private Fields(Layout[] fields, long[] offsets, long end, int alignment) {
      super(align(end, alignment), alignment, flat(fields));
      this.fields = fields;
      this.offsets = offsets;
    }

    static Fields of(List<Layout> fields) {
      long[] offsets = new long[fields.size()];
      long end = 0;
      int alignment = 1;
      for (int i = 0; i < offsets.length; i++) {
        Layout field = fields.get(i);
        offsets[i] = align(end, field.alignment);
        end = offsets[i] + field.size;
        alignment = Math.max(alignment, field.alignment);
      }
      return new Fields(fields.toArray(Layout[]::new), offsets, end, alignment);
    }

    private static List<CoreValueType> flat(Layout[] fields) {
      List<CoreValueType> flat = new ArrayList<>();
      for (Layout field : fields) {
        addUpToMost(flat, field.flat);
      }
      return List.copyOf(flat);
    }

    /** Where a field lies. */
    long offset(int field) {
      return offsets[field];
    }

    @Override
    void flatten(long at, CoreValues out) {
      for (int i = 0; i < fields.length; i++) {
        fields[i].flatten(at + offsets[i], out);
      }
    }

    @Override
    boolean addSteps(long offset, List<Flattening.Step> steps) {
      boolean same = true;
      for (int i = 0; i < fields.length && same; i++) {
        same = fields[i].addSteps(offset + offsets[i], steps);
      }
      return same;
    }

    @Override
    boolean unflatten(CoreValues in, long at) {
      boolean valid = true;
      for (int i = 0; i < fields.length && valid; i++) {
        valid = fields[i].unflatten(in, at + offsets[i]);
      }
      return valid;
    }
  }

  private static void addUpToMost(List<CoreValueType> flat, List<CoreValueType> more) {
    for (CoreValueType type : more) {
      if (flat.size() <= MOST_PARAMETERS) {
        flat.add(type);
      }
    }
  }

  /** Variants, enums, options and results: the number of the case, then what the case has. */
  static final class Cases extends Layout {
    private final @Nullable Layout[] cases;
    private final int discriminant; // size in bytes
    private final long payload; // offset

    private Cases(@Nullable Layout[] cases, int discriminant, int alignment, long largest) {
      super(
          align(align(discriminant, alignmentOf(cases)) + largest, alignment),
          alignment,
          flat(cases));
      this.cases = cases;
      this.discriminant = discriminant;
      this.payload = align(discriminant, alignmentOf(cases));
    }

    /**
     * @param cases what each case has, {@code null} where that is nothing
     */
    static Cases of(List<@Nullable Layout> cases) {
      @Nullable Layout[] all = cases.toArray(Layout[]::new);
      int discriminant =
          all.length <= 1 << Byte.SIZE
              ? Byte.BYTES
              : all.length <= 1 << Short.SIZE ? Short.BYTES : Integer.BYTES;
      long largest = 0;
      for (Layout one : all) {
        largest = Math.max(largest, one == null ? 0 : one.size);
      }
      return new Cases(all, discriminant, Math.max(discriminant, alignmentOf(all)), largest);
    }

    private static int alignmentOf(@Nullable Layout[] cases) {
      int alignment = 1;
      for (Layout one : cases) {
        alignment = Math.max(alignment, one == null ? 1 : one.alignment);
      }
      return alignment;
    }

    private static List<CoreValueType> flat(@Nullable Layout[] cases) {
      List<CoreValueType> joined = new ArrayList<>();
      joined.add(CoreValueType.I32);
      for (Layout one : cases) {
        List<CoreValueType> flat = one == null ? List.of() : one.flat;
        for (int i = 0; i < flat.size() && i < MOST_PARAMETERS; i++) {
          if (i + 1 == joined.size()) {
            joined.add(flat.get(i));
          } else {
            joined.set(i + 1, join(joined.get(i + 1), flat.get(i)));
          }
        }
      }
      return List.copyOf(joined);
    }

    private static CoreValueType join(CoreValueType a, CoreValueType b) {
      if (a == b) {
        return a;
      }
      boolean isSmall =
          (a == CoreValueType.I32 || a == CoreValueType.F32)
              && (b == CoreValueType.I32 || b == CoreValueType.F32);
      return isSmall ? CoreValueType.I32 : CoreValueType.I64;
    }

    /** Where what the case has lies. */
    long payload() {
      return payload;
    }

    /** Size of the number of the case in bytes. */
    int discriminant() {
      return discriminant;
    }

    @Override
    boolean addSteps(long offset, List<Flattening.Step> steps) {
      return false;
    }

    @Override
    void flatten(long at, CoreValues out) {
      int index = (int) getUnsigned(at, discriminant);
      int end = out.count() + flat().size();
      out.add(index);
      Layout one = cases[index];
      if (one != null) {
        one.flatten(at + payload, out);
      }
      out.fillUpTo(end);
    }

    @Override
    boolean unflatten(CoreValues in, long at) {
      int end = in.count() + flat().size();
      long index = Integer.toUnsignedLong((int) in.next());
      if (index >= cases.length) {
        return false;
      }
      putUnsigned(at, discriminant, (int) index);
      Layout one = cases[(int) index];
      boolean valid = one == null || one.unflatten(in, at + payload);
      in.skipTo(end);
      return valid;
    }
  }

  /** Reads an unsigned number of 1, 2 or 4 bytes. */
  static long getUnsigned(long at, int size) {
    return switch (size) {
      case Byte.BYTES -> Byte.toUnsignedLong(getByte(at));
      case Short.BYTES -> Short.toUnsignedLong(getShort(at));
      default -> Integer.toUnsignedLong(getInt(at));
    };
  }

  /** Writes an unsigned number of 1, 2 or 4 bytes. */
  static void putUnsigned(long at, int size, int value) {
    switch (size) {
      case Byte.BYTES -> putByte(at, (byte) value);
      case Short.BYTES -> putShort(at, (short) value);
      default -> putInt(at, value);
    }
  }
}
