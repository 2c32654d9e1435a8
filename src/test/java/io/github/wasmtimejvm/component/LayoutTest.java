package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.binary.CoreValueType.F32;
import static io.github.wasmtimejvm.binary.CoreValueType.F64;
import static io.github.wasmtimejvm.binary.CoreValueType.I32;
import static io.github.wasmtimejvm.binary.CoreValueType.I64;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.binary.CoreValueType;
import io.github.wasmtimejvm.component.WitType.Primitive;
import io.github.wasmtimejvm.internal.NativeMemory;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sizes, alignments and core values of types, as the canonical ABI says. */
class LayoutTest {
  private final Layouts layouts = new Layouts();

  private void isLaidOut(WitType type, long size, int alignment, CoreValueType... flat) {
    Layout layout = layouts.of(type);
    assertThat(layout.size()).as("size of %s", type).isEqualTo(size);
    assertThat(layout.alignment()).as("alignment of %s", type).isEqualTo(alignment);
    assertThat(layout.flat()).as("core values of %s", type).containsExactly(flat);
  }

  private static WitType tuple(WitType... types) {
    return new WitType.TupleType(List.of(types));
  }

  private static WitType record(WitType... types) {
    List<WitType.Field> fields = new ArrayList<>();
    for (WitType type : types) {
      fields.add(new WitType.Field("f" + fields.size(), type));
    }
    return new WitType.RecordType("r", fields);
  }

  private static WitType variant(@Nullable WitType... types) {
    List<WitType.Case> cases = new ArrayList<>();
    for (WitType type : types) {
      cases.add(new WitType.Case("c" + cases.size(), type));
    }
    return new WitType.VariantType("v", cases);
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "n" + i).toList();
  }

  @Test
  void scalarsAndPointers() {
    isLaidOut(Primitive.BOOL, 1, 1, I32);
    isLaidOut(Primitive.S8, 1, 1, I32);
    isLaidOut(Primitive.U16, 2, 2, I32);
    isLaidOut(Primitive.CHAR, 4, 4, I32);
    isLaidOut(Primitive.U32, 4, 4, I32);
    isLaidOut(Primitive.S64, 8, 8, I64);
    isLaidOut(Primitive.F32, 4, 4, F32);
    isLaidOut(Primitive.F64, 8, 8, F64);
    isLaidOut(Primitive.STRING, 8, 4, I32, I32);
    isLaidOut(new WitType.ListType(Primitive.U64), 8, 4, I32, I32);
    isLaidOut(new WitType.MapType(Primitive.U64, Primitive.U8), 8, 4, I32, I32);
  }

  @Test
  void fieldsLieWhereTheirAlignmentsLetThem() {
    isLaidOut(record(Primitive.U8, Primitive.U32, Primitive.U8), 12, 4, I32, I32, I32);
    isLaidOut(record(Primitive.U8, Primitive.U64), 16, 8, I32, I64);
    isLaidOut(tuple(Primitive.U8, Primitive.U8, Primitive.U8), 3, 1, I32, I32, I32);
    isLaidOut(
        tuple(tuple(Primitive.U8, Primitive.U16), Primitive.STRING), 12, 4, I32, I32, I32, I32);
    Layout.Fields fields =
        (Layout.Fields) layouts.of(record(Primitive.U8, Primitive.U64, Primitive.U16));
    assertThat(List.of(fields.offset(0), fields.offset(1), fields.offset(2)))
        .containsExactly(0L, 8L, 16L);
    assertThat(fields.size()).isEqualTo(24);
  }

  @Test
  void casesHaveANumberAndRoomForTheLargest() {
    isLaidOut(variant(null, Primitive.U64), 16, 8, I32, I64);
    isLaidOut(new WitType.OptionType(Primitive.U8), 2, 1, I32, I32);
    isLaidOut(new WitType.OptionType(Primitive.U32), 8, 4, I32, I32);
    isLaidOut(new WitType.OptionType(new WitType.OptionType(Primitive.U16)), 6, 2, I32, I32, I32);
    isLaidOut(new WitType.ResultType(null, null), 1, 1, I32);
    isLaidOut(new WitType.ResultType(Primitive.U8, Primitive.STRING), 12, 4, I32, I32, I32);
    assertThat(((Layout.Cases) layouts.of(variant(null, Primitive.U64))).payload()).isEqualTo(8);
    assertThat(((Layout.Cases) layouts.of(variant(null, Primitive.U8))).payload()).isEqualTo(1);
    // The largest is not the one with the largest alignment.
    isLaidOut(
        variant(tuple(Primitive.U8, Primitive.U8, Primitive.U8), Primitive.U16),
        6,
        2,
        I32,
        I32,
        I32,
        I32);
  }

  @Test
  void moreCasesNeedALargerNumber() {
    isLaidOut(new WitType.EnumType("e", names(1)), 1, 1, I32);
    isLaidOut(new WitType.EnumType("e", names(256)), 1, 1, I32);
    isLaidOut(new WitType.EnumType("e", names(257)), 2, 2, I32);
    isLaidOut(new WitType.EnumType("e", names(65_536)), 2, 2, I32);
    isLaidOut(new WitType.EnumType("e", names(65_537)), 4, 4, I32);
  }

  @Test
  void flagsAreBits() {
    isLaidOut(new WitType.FlagsType("f", names(1)), 1, 1, I32);
    isLaidOut(new WitType.FlagsType("f", names(8)), 1, 1, I32);
    isLaidOut(new WitType.FlagsType("f", names(9)), 2, 2, I32);
    isLaidOut(new WitType.FlagsType("f", names(16)), 2, 2, I32);
    isLaidOut(new WitType.FlagsType("f", names(17)), 4, 4, I32);
    isLaidOut(new WitType.FlagsType("f", names(32)), 4, 4, I32);
  }

  @Test
  void coreValuesOfCasesAreJoined() {
    isLaidOut(variant(Primitive.F32, Primitive.F32), 8, 4, I32, F32);
    isLaidOut(variant(Primitive.F32, Primitive.U32), 8, 4, I32, I32);
    isLaidOut(variant(Primitive.F32, Primitive.F64), 16, 8, I32, I64);
    isLaidOut(variant(Primitive.F64, Primitive.U64), 16, 8, I32, I64);
    isLaidOut(variant(Primitive.F64, null, Primitive.F64), 16, 8, I32, F64);
    isLaidOut(variant(Primitive.U8, Primitive.U64), 16, 8, I32, I64);
    isLaidOut(variant(tuple(Primitive.F32, Primitive.U8), Primitive.F32), 12, 4, I32, F32, I32);
  }

  @Test
  void coreValuesBeyondTheMostAreNotCounted() {
    WitType sixteen = new WitType.TupleType(Collections.nCopies(16, Primitive.U8));
    assertThat(layouts.of(sixteen).flat()).hasSize(16);
    assertThat(layouts.of(tuple(sixteen, sixteen)).flat()).hasSize(17);
    assertThat(layouts.of(variant(null, sixteen)).flat()).hasSize(17);
    assertThat(layouts.of(variant(null, tuple(sixteen, sixteen))).flat()).hasSize(17);
  }

  // Where values are put, and the frame of core values behind them.
  private static final long FRAME = 256;

  private void isTheSameFlattened(WitType type, long size, long... words) {
    Layout layout = layouts.of(type);
    assertThat(layout.size()).isEqualTo(size);
    try (Arena arena = Arena.ofConfined()) {
      long at = arena.allocate(2048, 16).address();
      for (int i = 0; i < words.length; i++) {
        NativeMemory.putLong(at + 8 * i, words[i]);
      }
      CoreValues values = new CoreValues(CoreValues.kinds(layout.flat()));
      values.begin(at + FRAME);
      layout.flatten(at, values);
      assertThat(values.count()).isEqualTo(layout.flat().size());
      long back = arena.allocate(64, 16).address();
      values.begin(at + FRAME);
      assertThat(layout.unflatten(values, back)).isTrue();
      assertThat(values.count()).isEqualTo(layout.flat().size());
      for (int i = 0; i < words.length; i++) {
        assertThat(NativeMemory.getLong(back + 8 * i)).isEqualTo(words[i]);
      }
    }
  }

  @Test
  void aValueBecomesCoreValuesAndBack() {
    isTheSameFlattened(variant(Primitive.F32, Primitive.F64), 16, 0, 0x7fa0_0001L);
    isTheSameFlattened(variant(Primitive.F32, Primitive.F64), 16, 1, 0x7ff4_0000_0000_0001L);
    isTheSameFlattened(variant(Primitive.U8, Primitive.S64), 16, 0, 0xff);
    isTheSameFlattened(
        tuple(Primitive.S8, Primitive.S16, Primitive.S32), 8, 0x8000_0000_8000_0080L);
    isTheSameFlattened(tuple(new WitType.OptionType(Primitive.U64), Primitive.BOOL), 24, 1, -1, 1);
  }

  @Test
  void aTruthValueIsOneOrNone() {
    Layout layout = layouts.of(Primitive.BOOL);
    try (Arena arena = Arena.ofConfined()) {
      long at = arena.allocate(256, 16).address();
      CoreValues values = new CoreValues(CoreValues.kinds(layout.flat()));
      values.begin(at + 64);
      values.add(0x100);
      values.begin(at + 64);
      assertThat(layout.unflatten(values, at)).isTrue();
      assertThat(NativeMemory.getByte(at)).isEqualTo((byte) 1);
    }
  }

  @Test
  void noSuchCaseIsSaid() {
    Layout layout = layouts.of(tuple(variant(null, Primitive.U8), Primitive.U8));
    for (long told : new long[] {2, 255, 256, 0x8000_0000L, 0xffff_ffffL}) {
      try (Arena arena = Arena.ofConfined()) {
        long at = arena.allocate(256, 16).address();
        CoreValues values = new CoreValues(CoreValues.kinds(layout.flat()));
        values.begin(at + 64);
        values.add(told);
        values.add(0);
        values.add(0);
        values.begin(at + 64);
        assertThat(layout.unflatten(values, at)).as("case %s", told).isFalse();
      }
    }
  }
}
