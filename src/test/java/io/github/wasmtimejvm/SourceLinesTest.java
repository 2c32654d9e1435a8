package io.github.wasmtimejvm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.wasmtimejvm.binary.CustomSections;
import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.Guests;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Source lines in the frames of guests that were compiled with {@code -g}. */
class SourceLinesTest {
  private static final String DWARF2 = "lines-dwarf2.wat";
  private static final String DWARF4 = "lines-dwarf4.wat";
  static final String DWARF5 = "lines-dwarf5.wat";

  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();

  private static byte[] guest(String file) {
    return Module.wat2wasm(Guests.read(SourceLinesTest.class, file));
  }

  private static byte[] replace(byte[] wasm, String from, String to) {
    return new String(wasm, ISO_8859_1).replace(from, to).getBytes(ISO_8859_1);
  }

  static TrapException trapOf(Instance instance) {
    return catchThrowableOfType(TrapException.class, () -> instance.func("fall").call(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {DWARF2, DWARF4, DWARF5})
  void framesInTheJavaStackTraceHaveTheLinesOfTheProgram(String file) {
    try (Module module = Module.fromBytes(engine, guest(file));
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      TrapException trap = trapOf(linker.instantiate(store, module));

      assertThat(Arrays.stream(trap.getStackTrace()).limit(4).map(StackTraceElement::toString))
          .containsExactly(
              "program.divide(lines.c:5)",
              "program.fall(lines.c:11)",
              "program.fall(lines.c:13)",
              "program.fall(lines.c:13)");
    }
  }

  @Test
  void theFileIsThePathThatTheCompilerWrote() {
    try (Module module = Module.fromBytes(engine, guest(DWARF5));
        Store store = Store.create(engine)) {
      WasmFrame frame = trapOf(Instance.create(store, module)).frames().getFirst();

      assertThat(frame.sourceFile()).isEqualTo("/guest/lines.c");
      assertThat(frame.sourceLine()).hasValue(5);
      assertThat(frame).asString().endsWith(" - program!divide at /guest/lines.c:5");
    }
  }

  @Test
  void everyStoreHasTheLinesOfItsOwnModules() {
    byte[] renamed = replace(guest(DWARF4), "lines.c", "other.c");
    try (Module module = Module.fromBytes(engine, guest(DWARF4));
        Module other = Module.fromBytes(engine, renamed);
        Store store = Store.create(engine);
        Store otherStore = Store.create(engine)) {
      TrapException trap = trapOf(Instance.create(store, module));
      TrapException otherTrap = trapOf(Instance.create(otherStore, other));

      assertThat(trap.frames()).extracting(WasmFrame::sourceFile).containsOnly("lines.c");
      assertThat(otherTrap.frames()).extracting(WasmFrame::sourceFile).containsOnly("other.c");
    }
  }

  @Test
  void modulesThatCannotBeToldApartHaveNoLines() {
    byte[] renamed = replace(guest(DWARF4), "lines.c", "other.c");
    try (Module module = Module.fromBytes(engine, guest(DWARF4));
        Module other = Module.fromBytes(engine, renamed);
        Store store = Store.create(engine)) {
      Instance instance = Instance.create(store, module);
      Instance.create(store, module);
      assertThat(trapOf(instance).frames()).allMatch(f -> f.sourceLine().isPresent());

      Instance.create(store, other);
      assertThat(trapOf(instance).frames())
          .isNotEmpty()
          .allMatch(f -> f.sourceFile() == null && f.sourceLine().isEmpty());
    }
  }

  @Test
  void aModuleOfAnotherNameIsToldApart() {
    byte[] renamed =
        replace(replace(guest(DWARF4), "lines.c", "other.c"), "\7program", "\7another");
    try (Module module = Module.fromBytes(engine, guest(DWARF4));
        Module other = Module.fromBytes(engine, renamed);
        Store store = Store.create(engine)) {
      Instance instance = Instance.create(store, module);
      Instance otherInstance = Instance.create(store, other);

      assertThat(trapOf(instance).frames())
          .extracting(WasmFrame::sourceFile)
          .containsOnly("lines.c");
      assertThat(trapOf(otherInstance).getStackTrace()[0]).hasToString("another.divide(other.c:5)");
    }
  }

  @Test
  void aModuleWithoutLinesKeepsNothingOfItsBinary() {
    try (Module module =
        Module.fromBytes(engine, replace(guest(DWARF4), ".debug_line", ".debug_none"))) {
      assertThat(module.customSections())
          .isEqualTo(new CustomSections("program", null, 20 * "falldivide".length()));
    }
  }

  @Test
  void aFrameThatHasNoPlaceHasNoLine() {
    try (Module module = Module.fromBytes(engine, guest(DWARF5));
        Store store = Store.create(engine)) {
      WasmFrame known = trapOf(Instance.create(store, module)).frames().getFirst();

      assertThat(store.withLine(at(known, known.functionOffset(), known.moduleOffset())))
          .isEqualTo(known);
      for (WasmFrame frame :
          new WasmFrame[] {
            at(known, OptionalLong.empty(), known.moduleOffset()),
            at(known, known.functionOffset(), OptionalLong.empty())
          }) {
        assertThat(store.withLine(frame)).isSameAs(frame);
      }
    }
  }

  /** A frame of the same function that has no line yet. */
  private static WasmFrame at(
      WasmFrame frame, OptionalLong functionOffset, OptionalLong moduleOffset) {
    return new WasmFrame(
        frame.moduleName(),
        frame.functionName(),
        frame.functionIndex(),
        functionOffset,
        moduleOffset,
        null,
        OptionalInt.empty());
  }
}
