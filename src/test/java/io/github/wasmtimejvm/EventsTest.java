package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.testing.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the Flight Recorder is told, and that nothing needs it. */
class EventsTest {
  private static final String GUEST =
      """
      (module $program
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (import "host" "again" (func $again))
        (func $trap (export "trap") unreachable)
        (func (export "exit") (call $exit (i32.const 300)))
        (func (export "nested") (call $again)))
      """;

  @TempDir private Path temp;

  private static void runGuest() {
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, GUEST);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      linker.define(
          "host",
          "again",
          FuncType.of(),
          (caller, args) -> {
            caller.func("exit").call();
            return null;
          });
      Instance instance = linker.instantiate(store, module);
      assertThatExceptionOfType(TrapException.class).isThrownBy(instance.func("trap")::call);
      assertThatExceptionOfType(ExitException.class).isThrownBy(instance.func("nested")::call);
    }
  }

  @Test
  void theFlightRecorderIsToldWhatHappens() throws Exception {
    Path file = temp.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("wasmtime.Instantiate").withThreshold(Duration.ZERO);
      for (String name : List.of("Compile", "Trap", "Exit")) {
        recording.enable("wasmtime." + name);
      }
      recording.start();
      runGuest();
      recording.stop();
      recording.dump(file);
    }
    Map<String, List<RecordedEvent>> events =
        RecordingFile.readAllEvents(file).stream()
            .collect(Collectors.groupingBy(event -> event.getEventType().getName()));

    assertThat(events.get("wasmtime.Compile"))
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.getLong("size")).isEqualTo(Module.wat2wasm(GUEST).length);
              assertThat(e.getDuration()).isPositive();
            });
    assertThat(events.get("wasmtime.Instantiate"))
        .singleElement()
        .satisfies(e -> assertThat(e.getString("module")).isEqualTo("program"));
    assertThat(events.get("wasmtime.Trap"))
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.getString("code")).isEqualTo("UNREACHABLE_CODE_REACHED");
              assertThat(e.getString("frame")).contains("program!trap");
            });
    // It came out of two guests.
    assertThat(events.get("wasmtime.Exit"))
        .singleElement()
        .satisfies(e -> assertThat(e.getInt("status")).isEqualTo(300));
  }

  @Test
  void callsAreRecordedOnRequestOnly() throws Exception {
    Path file = temp.resolve("recording.jfr");
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, "(module (func (export \"nothing\")))");
        Store store = Store.create(engine);
        Recording recording = new Recording()) {
      Runnable nothing = Instance.create(store, module).func("nothing").as(Runnable.class);
      nothing.run();
      recording.start();
      nothing.run();
      recording.enable("wasmtime.Call");
      nothing.run();
      nothing.run();
      recording.disable("wasmtime.Call");
      nothing.run();
      recording.stop();
      recording.dump(file);
    }

    assertThat(RecordingFile.readAllEvents(file))
        .filteredOn(event -> event.getEventType().getName().equals("wasmtime.Call"))
        .hasSize(2);
  }

  // On the class path, as in an image that was made for other programs.
  @ParameterizedTest
  @CsvSource({"java.base, false", "'java.base,jdk.jfr', true", "'java.base,jdk.management', false"})
  void aJavaImageWithoutTheFlightRecorderOrTheManagementWorks(String modules, boolean present) {
    ChildJvm.Result result =
        ChildJvm.with("--limit-modules", modules)
            .asByDefault() // a cache of classes is of all modules
            .run(WithoutJfr.class);

    assertThat(result).isEqualTo(new ChildJvm.Result(0, "present: " + present + "\n", ""));
  }

  static final class WithoutJfr {
    public static void main(String[] args) {
      System.out.print("present: " + ModuleLayer.boot().findModule("jdk.jfr").isPresent() + "\n");
      try (Engine engine = Engine.create();
          Module module = Module.fromWat(engine, GUEST);
          Linker linker = Linker.create(engine);
          Store store = Store.create(engine)) {
        linker.defineWasi();
        linker.define("host", "again", FuncType.of(), (caller, values) -> null);
        Instance instance = linker.instantiate(store, module);
        try {
          instance.func("trap").call();
        } catch (TrapException e) {
          try {
            instance.func("exit").call();
          } catch (ExitException expected) {
            return;
          }
        }
        System.exit(1);
      }
    }
  }
}
