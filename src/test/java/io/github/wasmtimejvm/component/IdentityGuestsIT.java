package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.component.IdentityWorld.Answer;
import io.github.wasmtimejvm.component.IdentityWorld.Color;
import io.github.wasmtimejvm.component.IdentityWorld.ColorException;
import io.github.wasmtimejvm.component.IdentityWorld.Kinds;
import io.github.wasmtimejvm.component.IdentityWorld.Lone;
import io.github.wasmtimejvm.component.IdentityWorld.Narrow;
import io.github.wasmtimejvm.component.IdentityWorld.NestedException;
import io.github.wasmtimejvm.component.IdentityWorld.NothingException;
import io.github.wasmtimejvm.component.IdentityWorld.One;
import io.github.wasmtimejvm.component.IdentityWorld.OneFlag;
import io.github.wasmtimejvm.component.IdentityWorld.Perms;
import io.github.wasmtimejvm.component.IdentityWorld.Point;
import io.github.wasmtimejvm.component.IdentityWorld.Rec;
import io.github.wasmtimejvm.component.IdentityWorld.Scalars;
import io.github.wasmtimejvm.component.IdentityWorld.Seventeen;
import io.github.wasmtimejvm.component.IdentityWorld.Shape;
import io.github.wasmtimejvm.component.IdentityWorld.ShapeException;
import io.github.wasmtimejvm.component.IdentityWorld.Single;
import io.github.wasmtimejvm.component.IdentityWorld.TextException;
import io.github.wasmtimejvm.component.IdentityWorld.Three;
import io.github.wasmtimejvm.component.IdentityWorld.Two;
import io.github.wasmtimejvm.component.IdentityWorld.Wide;
import io.github.wasmtimejvm.component.IdentityWorld.Words;
import io.github.wasmtimejvm.testing.BuiltComponents;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A component in C that returns what it is given, and one that is composed of it and another that
 * passes everything on to it: their functions with results that are exceptions.
 */
class IdentityGuestsIT {
  private static final Rec REC =
      new Rec(255, "größer", List.of(0L, 0xffff_ffffL), Optional.of(-1L));

  private static Engine engine;

  private Store store;
  private IdentityWorld world;
  private Kinds kinds;

  @BeforeAll
  static void createEngine() {
    engine = Engine.create();
  }

  @AfterAll
  static void closeEngine() {
    engine.close();
  }

  private void instantiate(String name) {
    try (Component component = BuiltComponents.compile(engine, name)) {
      store = Store.create(engine);
      world = ComponentLinker.create(engine).instantiate(store, component).as(IdentityWorld.class);
      kinds = world.kinds();
    }
  }

  @AfterEach
  void holdsNothing() {
    assertThat(world.held()).as("bytes that the guest holds").isZero();
    store.close();
  }

  @SafeVarargs
  private static <T> void comeBack(UnaryOperator<T> function, T... values) {
    for (T value : values) {
      assertThat(function.apply(value)).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity-c", "composed"})
  void scalarsAndTextsComeBack(String name) {
    instantiate(name);
    comeBack(kinds::idBool, true, false);
    comeBack(kinds::idS8, Byte.MIN_VALUE, (byte) -1, Byte.MAX_VALUE);
    comeBack(kinds::idU8, 0, 128, 255);
    comeBack(kinds::idS16, Short.MIN_VALUE, (short) -1, Short.MAX_VALUE);
    comeBack(kinds::idU16, 0, 0x8000, 0xffff);
    comeBack(kinds::idS32, Integer.MIN_VALUE, -1, Integer.MAX_VALUE);
    comeBack(kinds::idU32, 0L, 0x8000_0000L, 0xffff_ffffL);
    comeBack(kinds::idS64, Long.MIN_VALUE, -1L, Long.MAX_VALUE);
    comeBack(kinds::idU64, 0L, Long.MIN_VALUE, -1L);
    comeBack(kinds::idF32, -0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY, Float.NaN);
    comeBack(kinds::idF64, -0.0, Double.MIN_VALUE, Double.POSITIVE_INFINITY, Double.NaN);
    comeBack(kinds::idChar, 0, (int) 'ß', 0xd7ff, 0xe000, 0x10_ffff);
    comeBack(kinds::idString, "", "a\0b", "größer", "日本語 🎈", "\ufeffmark", "x".repeat(70_000));
    kinds.nothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity-c", "composed"})
  void listsComeBack(String name) {
    instantiate(name);
    comeBack(kinds::idListU8, new byte[0], new byte[] {0, -1, 127}, new byte[50_000]);
    comeBack(kinds::idListBool, List.of(), List.of(true, false));
    comeBack(kinds::idListU16, List.of(0, 0xffff));
    comeBack(kinds::idListU32, List.of(0L, 0xffff_ffffL));
    comeBack(kinds::idListU64, List.of(Long.MIN_VALUE, -1L));
    comeBack(kinds::idListF64, List.of(-0.0, Double.NaN, Math.PI));
    comeBack(kinds::idListChar, List.of(0, 0x10_ffff));
    comeBack(kinds::idListString, List.of(), List.of("", "ä", "🎈"));
    comeBack(kinds::idListList, List.of(List.of(), List.of(1, 2), List.of(0xffff)));
    comeBack(kinds::idListShape, List.of(new Shape.Text("t"), new Shape.NoneAtAll()));
    comeBack(kinds::idListTuple, List.of(new Two(1, 0xffff_ffffL), new Two(0, 0)));
    comeBack(kinds::idListResult, List.of(Result.ok(255), Result.err(""), Result.err("e")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity-c", "composed"})
  void recordsVariantsAndNamesComeBack(String name) {
    instantiate(name);
    comeBack(kinds::idPoint, new Point(Integer.MIN_VALUE, 1));
    comeBack(kinds::idRec, REC, new Rec(0, "", List.of(), Optional.empty()));
    comeBack(
        kinds::idScalars,
        new Scalars(
            true, (byte) -1, 255, (short) -2, 0xffff, -3, 0xffff_ffffL, -4, -5, 1.5f, -0.0, 'x'));
    comeBack(kinds::idWords, new Words(true, "int", 7));
    comeBack(kinds::idTupleOne, new One(9));
    comeBack(kinds::idTuple, new Three(1, "two", 3.5f));
    comeBack(
        kinds::idShape,
        new Shape.NoneAtAll(),
        new Shape.Num(0xffff_ffffL),
        new Shape.Real(-0f),
        new Shape.Big(Long.MIN_VALUE),
        new Shape.Text("ä"),
        new Shape.Nested(REC),
        new Shape.Points(List.of(new Point(1, 2), new Point(3, 4))));
    comeBack(kinds::idNarrow, new Narrow.I(-1), new Narrow.F(Float.NaN), new Narrow.C(0x1_f388));
    comeBack(kinds::idWide, new Wide.D(Math.E), new Wide.F(-0f), new Wide.I(-1), new Wide.L(-1));
    comeBack(kinds::idSingle, new Single.Only("o"));
    comeBack(kinds::idColor, Color.values());
    comeBack(kinds::idLone, Lone.ONE);
    comeBack(kinds::idMany, "c0", "c255", "c256", "c299");
    comeBack(kinds::idOneFlag, Set.of(), Set.of(OneFlag.A));
    comeBack(kinds::idPerms, EnumSet.noneOf(Perms.class), EnumSet.of(Perms.READ, Perms.EXEC));
    comeBack(kinds::idThirtyTwo, Set.of(), Set.of("f0", "f31"));
    comeBack(kinds::idOption, Optional.empty(), Optional.of(""), Optional.of("some"));
    comeBack(
        kinds::idOptionOption,
        Optional.empty(),
        Optional.of(Optional.empty()),
        Optional.of(Optional.of(0L)));
    comeBack(
        kinds::idOptionList,
        Optional.empty(),
        Optional.of(List.of()),
        Optional.of(List.of(Optional.empty(), Optional.of("x"))));
    assertThat(kinds.idThree("a", REC, Optional.of(1)))
        .isEqualTo(new Answer("a", REC, Optional.of(1)));
    assertThat(
            kinds.idSeventeenParams(
                1,
                (byte) -2,
                3,
                (short) -4,
                5,
                -6,
                7,
                -8,
                9.5f,
                -10.5,
                true,
                'l',
                13,
                -14,
                15,
                16,
                17))
        .isEqualTo(
            new Seventeen(
                1,
                (byte) -2,
                3,
                (short) -4,
                5,
                -6,
                7,
                -8,
                9.5f,
                -10.5,
                true,
                'l',
                13,
                -14,
                15,
                16,
                17));
  }

  private static void fails(
      Class<? extends ErrException> type, Object error, ThrowingCallable call) {
    assertThatExceptionOfType(type)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.error()).isEqualTo(error));
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity-c", "composed"})
  void resultsAreValuesOrExceptions(String name) throws ErrException {
    instantiate(name);
    assertThat(kinds.idResult(Result.ok("fine"))).isEqualTo("fine");
    fails(ColorException.class, Color.NAVY, () -> kinds.idResult(Result.err(Color.NAVY)));
    kinds.idResultEmpty(Result.ok(null));
    fails(NothingException.class, null, () -> kinds.idResultEmpty(Result.err(null)));
    assertThat(kinds.idResultOk(Result.ok(0xffff_ffffL))).isEqualTo(0xffff_ffffL);
    fails(NothingException.class, null, () -> kinds.idResultOk(Result.err(null)));
    kinds.idResultErr(Result.ok(null));
    fails(TextException.class, "no", () -> kinds.idResultErr(Result.err("no")));
    assertThat(kinds.idResultShape(Result.ok(new byte[] {1, -1}))).containsExactly(1, -1);
    Shape shape = new Shape.Nested(REC);
    fails(ShapeException.class, shape, () -> kinds.idResultShape(Result.err(shape)));
    assertThat(kinds.idResultResult(Result.ok(Optional.of(3L)))).contains(3L);
    Result<String, Color> inner = Result.err(Color.RED);
    fails(NestedException.class, inner, () -> kinds.idResultResult(Result.err(inner)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity-c", "composed"})
  void whatDoesNotFitIsRefusedAndNothingHasHappened(String name) {
    instantiate(name);
    assertThatIllegalArgumentException().isThrownBy(() -> kinds.idU8(256));
    assertThatIllegalArgumentException().isThrownBy(() -> kinds.idU32(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> kinds.idChar(0xd800));
    assertThatIllegalArgumentException().isThrownBy(() -> kinds.idString("\udc00"));
    assertThatIllegalArgumentException().isThrownBy(() -> kinds.idMany("c300"));
    assertThatIllegalArgumentException().isThrownBy(() -> kinds.idThirtyTwo(Set.of("f32")));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                kinds.idListShape(
                    List.of(
                        new Shape.Text("fine"),
                        new Shape.Nested(new Rec(0, "", List.of(1L, -1L), Optional.empty())))))
        .withMessageContaining("parameter v")
        .withMessageContaining("nested")
        .withMessageContaining("c");
    comeBack(kinds::idU8, 255);
  }
}
