package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.binary.CoreValueType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A value as it lies in a guest's memory, but for lies. Its parts end where others begin, and the
 * first ends where it is said, at best with the memory.
 */
public final class LyingValue {
  private static final int ROOM = 32 * 1024;
  private static final int[] CHARS = {0, 'a', 0xd7ff, 0xe000, 0x10ffff};
  private static final int[] NO_CHARS = {0xd800, 0xdbff, 0xdc00, 0xdfff, 0x110000, -1, 1 << 31};
  private static final byte[][] NO_UTF8 = {
    {(byte) 0x80},
    {(byte) 0xc0, (byte) 0x80},
    {(byte) 0xc3},
    {(byte) 0xe0, (byte) 0x80, (byte) 0x80},
    {(byte) 0xe2, (byte) 0x82},
    {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
    {(byte) 0xf0, (byte) 0x80, (byte) 0x80, (byte) 0x80},
    {(byte) 0xf0, (byte) 0x9f, (byte) 0x92},
    {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
    {(byte) 0xf8, (byte) 0x88, (byte) 0x80, (byte) 0x80},
    {(byte) 0xff},
  };
  private static final String[] TEXTS = {
    "", "a", "text", "\u00e9t\u00e9", "\ufffd", "\ufeff", "\u20ac", "\ud83d\udca9!"
  };

  private final Random random;
  private final LyingComponent component;
  private final int seldom;
  private final long memorySize;
  private final long end;
  private final ByteBuffer bytes = ByteBuffer.allocate(ROOM).order(ByteOrder.LITTLE_ENDIAN);
  private long top;
  private int lies;

  /**
   * @param end where the first part ends
   * @param seldom one of so many places has a lie, none if 0
   */
  public LyingValue(Random random, LyingComponent component, long end, int seldom) {
    this.random = random;
    this.component = component;
    this.seldom = seldom;
    this.memorySize = component.memorySize();
    this.end = end;
    this.top = end;
  }

  /** Returns how many lies there are in it; some of them may be true by chance. */
  public int lies() {
    return lies;
  }

  /** Returns where {@link #bytes} go. */
  public long from() {
    return top;
  }

  /** Returns what there is in memory. */
  public byte[] bytes() {
    byte[] some = new byte[(int) (end - top)];
    bytes.get((int) (top - (end - ROOM)), some);
    return some;
  }

  /**
   * Returns the core value that a function returns for a random value of the type, as an object.
   */
  public Object of(WitType type) {
    Layout layout = component.layout(type);
    if (layout.flat().size() > 1) {
      long at = allocate(layout.size(), layout.alignment());
      write(type, at);
      return pointer(at, layout.size()) & 0xffff_ffffL;
    }
    CoreValueType core = component.returned(type);
    long bits = lies() == 0 && isLie() ? edge() : scalar(type);
    return switch (core) {
      case I32 -> bits & 0xffff_ffffL;
      case I64 -> bits;
      case F32 -> Float.intBitsToFloat((int) bits);
      case F64 -> Double.longBitsToDouble(bits);
    };
  }

  /**
   * Returns where there is room for a value of a type.
   *
   * @param lies whether that is a lie
   */
  public Object room(WitType type, int lies) {
    Layout layout = component.layout(type);
    long at = allocate(layout.size(), layout.alignment());
    if (lies == 0 || layout.flat().size() == 1) {
      return at;
    }
    this.lies++;
    return (random.nextBoolean() ? edge() : memorySize - layout.size() + 1 + random.nextInt(8))
        & 0xffff_ffffL;
  }

  private long scalar(WitType type) {
    return switch (type) {
      case WitType.Primitive primitive when primitive == WitType.Primitive.CHAR -> character();
      case WitType.EnumType(_, List<String> cases) -> random.nextInt(cases.size());
      case WitType.VariantType(_, List<WitType.Case> cases) -> random.nextInt(cases.size());
      case WitType.ResultType _ -> random.nextInt(2);
      case WitType.TupleType(List<WitType> types) -> scalar(types.getFirst());
      case WitType.RecordType(_, List<WitType.Field> fields) -> scalar(fields.getFirst().type());
      default -> random.nextLong();
    };
  }

  private boolean isLie() {
    boolean lie = seldom > 0 && random.nextInt(seldom) == 0;
    lies += lie ? 1 : 0;
    return lie;
  }

  private long allocate(long size, int alignment) {
    long at = (top - size) & -alignment;
    if (at < end - ROOM || at < LyingComponent.HEAP) {
      throw new IndexOutOfBoundsException("the value is too large");
    }
    top = at;
    return at;
  }

  private int index(long at) {
    return (int) (at - (end - ROOM));
  }

  private void write(WitType type, long at) {
    switch (type) {
      case WitType.Primitive primitive -> primitive(primitive, at);
      case WitType.ListType(WitType element) -> list(element, at);
      case WitType.TupleType(List<WitType> types) -> fields(types, type, at);
      case WitType.RecordType(_, List<WitType.Field> fields) ->
          fields(fields.stream().map(WitType.Field::type).toList(), type, at);
      case WitType.VariantType(_, List<WitType.Case> cases) ->
          cases(cases.stream().map(WitType.Case::type).toList(), type, at);
      case WitType.EnumType(_, List<String> cases) ->
          cases(cases.stream().<@Nullable WitType>map(_ -> null).toList(), type, at);
      case WitType.OptionType(WitType value) ->
          cases(java.util.Arrays.asList(null, value), type, at);
      case WitType.ResultType(WitType ok, WitType err) ->
          cases(java.util.Arrays.asList(ok, err), type, at);
      case WitType.FlagsType _ -> put(at, component.layout(type).size(), random.nextInt());
      default -> throw new AssertionError(type);
    }
  }

  private void put(long at, long size, long value) {
    switch ((int) size) {
      case 1 -> bytes.put(index(at), (byte) value);
      case 2 -> bytes.putShort(index(at), (short) value);
      case 4 -> bytes.putInt(index(at), (int) value);
      default -> bytes.putLong(index(at), value);
    }
  }

  private void fields(List<WitType> types, WitType type, long at) {
    Layout.Fields layout = (Layout.Fields) component.layout(type);
    for (int i = 0; i < types.size(); i++) {
      write(types.get(i), at + layout.offset(i));
    }
  }

  private void cases(List<? extends @Nullable WitType> types, WitType type, long at) {
    Layout.Cases layout = (Layout.Cases) component.layout(type);
    int index = random.nextInt(types.size());
    WitType payload = types.get(index);
    if (payload != null) {
      write(payload, at + layout.payload());
    }
    long told = index;
    if (isLie()) {
      told =
          switch (random.nextInt(4)) {
            case 0 -> types.size();
            case 1 -> -1;
            case 2 -> types.size() + random.nextInt(1 << 8);
            default -> random.nextInt();
          };
    }
    put(at, layout.discriminant(), told);
  }

  private int character() {
    return isLie()
        ? NO_CHARS[random.nextInt(NO_CHARS.length)]
        : CHARS[random.nextInt(CHARS.length)];
  }

  private void primitive(WitType.Primitive type, long at) {
    switch (type) {
      case STRING -> text(at);
      case CHAR -> put(at, Integer.BYTES, character());
      default -> put(at, component.layout(type).size(), random.nextLong());
    }
  }

  private void list(WitType element, long at) {
    Layout layout = component.layout(element);
    int length = random.nextInt(4);
    long place = allocate(length * layout.size(), layout.alignment());
    for (int i = 0; i < length; i++) {
      write(element, place + i * layout.size());
    }
    pointerAndLength(at, place, length, layout.size());
  }

  private void pointerAndLength(long at, long place, long length, long elementSize) {
    long pointer = pointer(place, length * elementSize);
    put(at, Integer.BYTES, pointer);
    long told = length;
    if (isLie()) {
      long most = Math.max(0, memorySize - (pointer & 0xffff_ffffL)) / elementSize;
      told =
          switch (random.nextInt(7)) {
            case 0 -> most; // which is still true
            case 1 -> most + 1;
            case 2 -> (1L << 32) / elementSize; // times the size: 0, or nearly so
            case 3 -> (1L << 32) / elementSize + 1;
            case 4 -> (1L << 31) + random.nextInt(2);
            case 5 -> -1;
            default -> edge();
          };
    }
    put(at + Integer.BYTES, Integer.BYTES, told);
  }

  private long pointer(long place, long size) {
    if (!isLie()) {
      return place;
    }
    return switch (random.nextInt(6)) {
      case 0 -> memorySize - size; // as far as possible
      case 1 -> memorySize - size + 1 + random.nextInt(8);
      case 2 -> place + 1 + random.nextInt(7); // which is aligned by chance
      case 3 -> -size; // and its end is 2^32
      case 4 -> -size + 1 + random.nextInt(16);
      default -> edge();
    };
  }

  private long edge() {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> random.nextInt(16);
      case 2 -> memorySize - 1;
      case 3 -> memorySize;
      case 4 -> memorySize + 1;
      case 5 -> (1L << 31) - random.nextInt(2);
      case 6 -> -1 - random.nextInt(16);
      default -> random.nextInt();
    };
  }

  private void text(long at) {
    String text = TEXTS[random.nextInt(TEXTS.length)];
    boolean isLatin1 = text.chars().allMatch(c -> c < 256);
    switch (component.encoding()) {
      case "utf8" -> text(at, text.getBytes(StandardCharsets.UTF_8), 1, 1, 0);
      case "utf16" -> text(at, text.getBytes(StandardCharsets.UTF_16LE), 2, 2, 0);
      default -> {
        if (isLatin1) {
          text(at, text.getBytes(StandardCharsets.ISO_8859_1), 2, 1, 0);
        } else {
          text(at, text.getBytes(StandardCharsets.UTF_16LE), 2, 2, 1 << 31);
        }
      }
    }
  }

  private void text(long at, byte[] encoded, int alignment, int unit, int mark) {
    byte[] content = encoded;
    if (isLie()) {
      content =
          unit == 1
              ? NO_UTF8[random.nextInt(NO_UTF8.length)].clone()
              : new byte[] {(byte) random.nextInt(), (byte) (0xd8 + random.nextInt(8))};
    }
    long place = allocate(content.length, alignment);
    bytes.put(index(place), content);
    pointerAndLength(at, place, content.length / unit, unit);
    if (mark != 0) {
      int length = bytes.getInt(index(at) + Integer.BYTES);
      bytes.putInt(index(at) + Integer.BYTES, length ^ mark);
    }
  }
}
