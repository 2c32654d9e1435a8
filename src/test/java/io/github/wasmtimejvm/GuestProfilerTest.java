package io.github.wasmtimejvm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Profiles of guests: what they show, and that no misuse of them ends the process. */
class GuestProfilerTest {
  private static final Duration MILLI = Duration.ofMillis(1);

  private static final String GUEST =
      """
      (module
        (import "host" "f" (func $tick))
        (func $deepest (call $tick))
        (func $topmost (export "run") (call $deepest) (call $tick)))
      """;

  @TestFactory
  Stream<DynamicTest> profiles() {
    return GuardCases.tests(GuestProfilerTest.class, cases());
  }

  public static void main(String[] args) {
    GuardCases.run(cases());
  }

  private static Map<String, GuardCases.Case> cases() {
    Map<String, GuardCases.Case> cases = new LinkedHashMap<>();
    cases.put("a profile shows the guest's functions", GuestProfilerTest::functions);
    cases.put("a module that was not named is not shown", GuestProfilerTest::onlyNamedModules);
    cases.put("a sample where no guest runs is empty", GuestProfilerTest::noGuest);
    cases.put("a sample while the guest of another store runs", GuestProfilerTest::nested);
    cases.put("names of any characters", GuestProfilerTest::anyName);
    cases.put("times of any length", GuestProfilerTest::anyTime);
    cases.put("module of another engine", GuestProfilerTest::anotherEngine);
    cases.put("closed modules and engines", GuestProfilerTest::closed);
    cases.put("use after the end", GuestProfilerTest::afterTheEnd);
    cases.put("use on another thread", GuestProfilerTest::otherThread);
    cases.put("names that explode when they are demangled", GuestProfilerTest::hostileNames);
    return cases;
  }

  private static String profile(GuardWorld w, Map<String, Module> modules, Module module) {
    try (GuestProfiler profiler = GuestProfiler.start(w.store, "all", MILLI, modules)) {
      w.linker.allowShadowing(true);
      w.linker.define(
          "host",
          "f",
          FuncType.of(),
          (caller, args) -> {
            profiler.sample(Duration.ofNanos(1000));
            return null;
          });
      w.linker.instantiate(w.store, module).func("run").call();
      return new String(profiler.finish(), UTF_8);
    }
  }

  private static void functions(GuardWorld w) {
    try (Module module = Module.fromWat(w.engine, GUEST)) {
      assertThat(profile(w, Map.of("my module", module), module))
          .startsWith("{")
          .endsWith("}")
          .contains("\"all\"", "\"my module\"", "\"deepest\"", "\"topmost\"")
          .contains("\"length\":2"); // samples
    }
  }

  private static void onlyNamedModules(GuardWorld w) {
    try (Module module = Module.fromWat(w.engine, GUEST)) {
      assertThat(profile(w, Map.of(), module)).doesNotContain("deepest", "topmost");
    }
  }

  private static void noGuest(GuardWorld w) {
    try (GuestProfiler profiler =
        GuestProfiler.start(w.store, "all", MILLI, Map.of("m", w.module))) {
      profiler.sample(Duration.ZERO);

      assertThat(new String(profiler.finish(), UTF_8)).startsWith("{");
    }
  }

  private static void nested(GuardWorld w) {
    try (Module module = Module.fromWat(w.engine, GUEST);
        GuestProfiler profiler = GuestProfiler.start(w.store, "a", MILLI, Map.of("m", module));
        GuestProfiler other = GuestProfiler.start(w.other.store, "b", MILLI, Map.of("m", module))) {
      w.other.linker.define(
          "host",
          "f",
          FuncType.of(),
          (caller, args) -> {
            profiler.sample(Duration.ZERO);
            other.sample(Duration.ZERO);
            return null;
          });
      Func inner = w.other.linker.instantiate(w.other.store, module).func("run");
      w.linker.define(
          "host",
          "f",
          FuncType.of(),
          (caller, args) -> {
            inner.call();
            return null;
          });
      w.linker.instantiate(w.store, module).func("run").call();

      assertThat(new String(profiler.finish(), UTF_8)).contains("deepest");
      assertThat(new String(other.finish(), UTF_8)).contains("deepest");
    }
  }

  private static void anyName(GuardWorld w) {
    for (String name : List.of("", "\0", "\"\\", "é\u2028", "x".repeat(1 << 20))) {
      try (GuestProfiler profiler =
          GuestProfiler.start(w.store, name, MILLI, Map.of(name, w.module))) {
        assertThat(profiler.finish()).isNotEmpty();
      }
    }
  }

  private static void anyTime(GuardWorld w) {
    List<Duration> allowed =
        List.of(Duration.ofNanos(1), Duration.ofDays(1), Duration.ofNanos(Long.MAX_VALUE));
    for (Duration time : allowed) {
      try (GuestProfiler profiler = GuestProfiler.start(w.store, "all", time, Map.of())) {
        profiler.sample(time);
        profiler.sample(time);
        profiler.sample(time);
        assertThat(profiler.finish()).isNotEmpty();
      }
    }
    try (GuestProfiler profiler = GuestProfiler.start(w.store, "all", MILLI, Map.of())) {
      for (Duration time : List.of(Duration.ofNanos(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
        assertThatIllegalArgumentException().isThrownBy(() -> profiler.sample(time));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> GuestProfiler.start(w.store, "all", time, Map.of()));
      }
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GuestProfiler.start(w.store, "all", Duration.ZERO, Map.of()));
  }

  private static void anotherEngine(GuardWorld w) {
    Module stranger = w.stranger().module;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GuestProfiler.start(w.store, "all", MILLI, Map.of("m", stranger)))
        .withMessageContaining("another engine");
  }

  private static void closed(GuardWorld w) {
    Map<String, Module> modules = new LinkedHashMap<>();
    modules.put("open", w.module);
    Module closed = Module.fromWat(w.engine, GUEST);
    modules.put("closed", closed);
    try (GuestProfiler profiler = GuestProfiler.start(w.store, "all", MILLI, modules)) {
      closed.close();
      assertThatIllegalStateException()
          .isThrownBy(() -> GuestProfiler.start(w.store, "all", MILLI, modules));
      w.module.close();
      w.engine.close();
      profiler.sample(Duration.ZERO);
      assertThat(profiler.finish()).isNotEmpty();
    }
  }

  private static void afterTheEnd(GuardWorld w) {
    GuestProfiler finished = GuestProfiler.start(w.store, "all", MILLI, Map.of());
    finished.finish();
    GuestProfiler closed = GuestProfiler.start(w.store, "all", MILLI, Map.of());
    closed.close();
    GuestProfiler withoutStore = GuestProfiler.start(w.store, "all", MILLI, Map.of());
    List<GuestProfiler> all = new ArrayList<>(List.of(finished, closed));
    for (int i = 0; i < 2; i++) {
      for (GuestProfiler profiler : all) {
        assertThatIllegalStateException().isThrownBy(() -> profiler.sample(Duration.ZERO));
        assertThatIllegalStateException().isThrownBy(profiler::finish);
      }
      w.store.close();
      all.add(withoutStore);
    }
    all.forEach(GuestProfiler::close);
    all.forEach(GuestProfiler::close);
  }

  private static void otherThread(GuardWorld w) throws InterruptedException {
    GuestProfiler profiler = GuestProfiler.start(w.store, "all", MILLI, Map.of());
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  assertThatExceptionOfType(WrongThreadException.class)
                      .isThrownBy(() -> profiler.sample(Duration.ZERO));
                  assertThatExceptionOfType(WrongThreadException.class)
                      .isThrownBy(profiler::finish);
                  profiler.close();
                });
    thread.join();
    assertThatIllegalStateException().isThrownBy(profiler::finish);
  }

  private static void hostileNames(GuardWorld w) {
    StringBuilder exploding = new StringBuilder("_Z1f1A1BI").append("S_".repeat(16)).append('E');
    for (int level = 0; level < 12; level++) {
      exploding.append("S0_I").append(("S" + level + "_").repeat(16)).append('E');
    }
    try (Module module = Module.fromWat(w.engine, "(module (func $" + exploding + "))")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> GuestProfiler.start(w.store, "all", MILLI, Map.of("m", module)))
          .withMessageContaining("when they are demangled");
    }
    String usual =
        """
        (module
          (func $_ZNSt3__212basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEE6appendEPKc)
          (func $_ZN4core3ptr13drop_in_place17h0123456789abcdefE)
          (func $_RNvCs1234_7mycrate3foo)
          (func $plain))
        """;
    try (Module module = Module.fromWat(w.engine, usual);
        GuestProfiler profiler = GuestProfiler.start(w.store, "all", MILLI, Map.of("m", module))) {
      assertThat(profiler.finish()).isNotEmpty();
    }
  }
}
