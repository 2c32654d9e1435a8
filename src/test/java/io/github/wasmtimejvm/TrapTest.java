package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.I32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.wasmtimejvm.capi.WasmtimeTrap;
import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.Guests;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Traps: their codes, and the guest's frames. */
class TrapTest {
  // The header spells the last four without CODE.
  private static final Pattern CONSTANT = Pattern.compile("WASMTIME_TRAP_(?:CODE_)?([A-Z0-9_]+)");

  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Store store = fixture.newStore();
  private final Linker linker = fixture.newLinker();

  @BeforeEach
  void defineWhatTheGuestsImport() {
    linker.define(
        "wasi_snapshot_preview1",
        "fd_write",
        FuncType.of(I32, I32, I32, I32).returns(I32),
        (caller, args) -> 0);
  }

  private Instance instantiate(String guest) {
    try (Module module = Guests.compile(engine, TrapTest.class, guest)) {
      return linker.instantiate(store, module);
    }
  }

  private static TrapException trapOf(Instance instance, String function, Object... args) {
    return catchThrowableOfType(TrapException.class, () -> instance.func(function).call(args));
  }

  @ParameterizedTest
  @CsvSource({
    "stack_overflow, 0, STACK_OVERFLOW, call stack exhausted",
    "memory_out_of_bounds, 1, MEMORY_OUT_OF_BOUNDS, out of bounds memory access",
    "table_out_of_bounds, 3, TABLE_OUT_OF_BOUNDS,"
        + " undefined element: out of bounds table access",
    "indirect_call_to_null, 4, INDIRECT_CALL_TO_NULL, uninitialized element",
    "integer_overflow, 6, INTEGER_OVERFLOW, integer overflow",
    "integer_division_by_zero, 7, INTEGER_DIVISION_BY_ZERO, integer divide by zero",
    "bad_conversion_to_integer, 8, BAD_CONVERSION_TO_INTEGER, invalid conversion to integer",
    "unreachable_code, 9, UNREACHABLE_CODE_REACHED, wasm `unreachable` instruction executed",
  })
  void everyTrapOfMvpCodeHasItsCode(String function, int number, TrapCode code, String reason) {
    check(instantiate("wasi/traps.wat"), function, number, code, reason);
  }

  @ParameterizedTest
  @CsvSource({
    "heap_misaligned, 2, HEAP_MISALIGNED, unaligned atomic",
    "bad_signature, 5, BAD_SIGNATURE, indirect call type mismatch",
    "atomic_wait_non_shared_memory, 12, ATOMIC_WAIT_NON_SHARED_MEMORY,"
        + " atomic wait on non-shared memory",
    "null_reference, 13, NULL_REFERENCE, null reference",
    "array_out_of_bounds, 14, ARRAY_OUT_OF_BOUNDS, out of bounds array access",
    "allocation_too_large, 15, ALLOCATION_TOO_LARGE, allocation size too large",
    "cast_failure, 16, CAST_FAILURE, cast failure",
  })
  void everyTrapOfNewerCodeHasItsCode(String function, int number, TrapCode code, String reason) {
    check(instantiate("traps.wat"), function, number, code, reason);
  }

  private static void check(
      Instance instance, String function, int number, TrapCode code, String reason) {
    for (int i = 0; i < 2; i++) { // the instance can be called again
      TrapException trap = trapOf(instance, function);

      assertThat(trap.rawCode()).isEqualTo(number);
      assertThat(trap.code()).isEqualTo(code);
      assertThat(trap).hasMessage("wasm trap: " + reason);
      assertThat(trap.exitStatus()).isEmpty();
      assertThat(trap.frames()).isNotEmpty();
    }
  }

  @Test
  void aFrameHasNoNullsWhereItHasOptionals() {
    assertThatNullPointerException()
        .isThrownBy(
            () -> new WasmFrame("m", "f", 0, OptionalLong.empty(), null, "a.c", OptionalInt.of(1)));
  }

  @Test
  void framesNameTheFunctionsAndWhereTheyWere() {
    linker.define("host", "call", FuncType.of(), (caller, args) -> null);
    TrapException trap = trapOf(instantiate("frames.wat"), "outer", 1);

    assertThat(trap.frames())
        .extracting(WasmFrame::moduleName, WasmFrame::functionName, WasmFrame::functionIndex)
        .containsExactly(
            tuple("program", null, 3), tuple("program", "middle", 2), tuple("program", "outer", 1));
    // Both offsets are those of one instruction, counted from two places.
    List<Long> functionStarts =
        trap.frames().stream()
            .map(f -> f.moduleOffset().getAsLong() - f.functionOffset().getAsLong())
            .toList();
    assertThat(functionStarts)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo((a, b) -> b.compareTo(a));
    assertThat(trap.frames()).allMatch(f -> f.functionOffset().getAsLong() > 0);
  }

  @Test
  void framesStandOnTopOfTheJavaStackTrace() {
    linker.define("host", "call", FuncType.of(), (caller, args) -> null);
    TrapException trap = trapOf(instantiate("frames.wat"), "outer", 1);

    List<String> trace = new ArrayList<>();
    for (StackTraceElement element : trap.getStackTrace()) {
      trace.add(element.getClassName() + "." + element.getMethodName());
    }
    assertThat(trace)
        .startsWith("program.function[3]", "program.middle", "program.outer")
        .contains(Func.class.getName() + ".call", TrapTest.class.getName() + ".trapOf");
  }

  @Test
  void framesOfAnUnnamedModuleAreNumbered() {
    try (Module module =
        Module.fromWat(engine, "(module (func) (func (export \"f\") unreachable))")) {
      TrapException trap = trapOf(Instance.create(store, module), "f");

      WasmFrame frame = trap.frames().getFirst();
      assertThat(frame.moduleName()).isNull();
      assertThat(frame.functionName()).isNull();
      assertThat(frame.functionIndex()).isEqualTo(1);
      assertThat(frame).asString().matches("0x[0-9a-f]+ - <unknown>!<wasm function 1>");
      assertThat(trap.getStackTrace()[0])
          .isEqualTo(new StackTraceElement("wasm", "function[1]", null, -1));
    }
  }

  @Test
  void aFrameIsWrittenAsWasmtimeDoes() {
    assertThat(
            new WasmFrame(
                "program",
                "main",
                1,
                OptionalLong.of(2),
                OptionalLong.of(0x3a),
                null,
                OptionalInt.empty()))
        .hasToString("0x3a - program!main");
    assertThat(
            new WasmFrame(
                null,
                null,
                1,
                OptionalLong.empty(),
                OptionalLong.empty(),
                null,
                OptionalInt.empty()))
        .hasToString("? - <unknown>!<wasm function 1>");
  }

  @Test
  void aTrapBelowAHostFunctionHasTheFramesOfTheInnerGuest() {
    List<TrapException> inner = new ArrayList<>();
    linker.define(
        "host",
        "call",
        FuncType.of(),
        (caller, args) -> {
          TrapException trap =
              catchThrowableOfType(
                  TrapException.class, () -> ((Func) caller.export("outer").orElseThrow()).call(1));
          inner.add(trap);
          throw trap;
        });
    TrapException outer = trapOf(instantiate("frames.wat"), "outer", 0);

    assertThat(outer).isSameAs(inner.getFirst());
    assertThat(outer.frames()).extracting(WasmFrame::functionIndex).startsWith(3, 2, 1);
  }

  @Test
  void aHostFunctionMayCatchATrapOfTheGuestThatItCalled() {
    List<TrapException> caught = new ArrayList<>();
    linker.define(
        "host",
        "call",
        FuncType.of(),
        (caller, args) -> {
          caught.add(
              catchThrowableOfType(
                  TrapException.class,
                  () -> ((Func) caller.export("outer").orElseThrow()).call(1)));
          return null;
        });

    assertThat(instantiate("frames.wat").func("outer").call(0)).isNull();
    assertThat(caught).hasSize(1).doesNotContainNull();
  }

  @Test
  void theEnumIsThatOfTheCApi() throws IllegalAccessException {
    Map<Integer, String> constants = new TreeMap<>();
    for (Field field : WasmtimeTrap.class.getFields()) {
      Matcher name = CONSTANT.matcher(field.getName());
      if (name.matches()) {
        constants.put(((Number) field.get(null)).intValue(), name.group(1));
      }
    }
    Map<Integer, String> codes = new TreeMap<>();
    for (TrapCode code : TrapCode.values()) {
      if (code != TrapCode.UNKNOWN) {
        codes.put(code.ordinal(), code.name());
      }
    }

    assertThat(codes).isEqualTo(constants).hasSizeGreaterThan(50);
  }

  @Test
  void aNumberThatIsNotKnownYetIsKept() {
    TrapException trap = new TrapException(200, "wasm trap: unknown reason 200", List.of());

    assertThat(trap.code()).isEqualTo(TrapCode.UNKNOWN);
    assertThat(trap.rawCode()).isEqualTo(200);
    assertThat(TrapCode.of(-1)).isEqualTo(TrapCode.UNKNOWN);
    assertThat(TrapCode.of(TrapCode.UNKNOWN.ordinal())).isEqualTo(TrapCode.UNKNOWN);
    for (TrapCode code : TrapCode.values()) {
      assertThat(TrapCode.of(code.ordinal())).isEqualTo(code);
    }
  }
}
