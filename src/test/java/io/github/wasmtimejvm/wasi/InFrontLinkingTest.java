package io.github.wasmtimejvm.wasi;

import static io.github.wasmtimejvm.wasi.Guest.BADF;
import static io.github.wasmtimejvm.wasi.Guest.RESULT;
import static io.github.wasmtimejvm.wasi.Guest.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.InstancePre;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.WasmFeature;
import io.github.wasmtimejvm.testing.Guests;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every way to make an instance finds what a store's configuration has in front of WASI. */
class InFrontLinkingTest {
  private static Engine engine;
  private static Module module; // writes an A in its start section, and in its function _start

  private final OutputCapture output = new OutputCapture(100);
  private final WasiConfig config = WasiConfig.builder().stdout(output).build();

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    module = Guests.compile(engine, InFrontLinkingTest.class, "start-section.wat");
  }

  @AfterAll
  static void close() {
    module.close();
    engine.close();
  }

  @Test
  void aStartSectionFindsItsStreamsAndWhatIsPassedOn() {
    WasiConfig both =
        WasiConfig.builder().stdout(output).inFront("fd_fdstat_get", WasiCall::proceed).build();
    try (Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      both.applyTo(store);
      linker.instantiate(store, module);
    }
    assertThat(output.text()).isEqualTo("A");
  }

  @Test
  void onePreparedInstanceServesStoresOfAllConfigurations() {
    OutputCapture other = new OutputCapture(100);
    List<WasiConfig> configs =
        List.of(
            config,
            WasiConfig.builder().build(),
            WasiConfig.builder().stdout(other).build(),
            WasiConfig.builder()
                .stdout(other)
                .inFront("fd_fdstat_get", WasiCall::proceed)
                .unwindingExit()
                .build());
    InstancePre pre;
    try (Linker linker = Linker.create(engine)) {
      linker.defineWasi();
      pre = linker.instantiatePre(module);
    }
    try (pre) {
      for (int round = 0; round < 2; round++) {
        for (WasiConfig each : configs) {
          try (Store store = Store.create(engine)) {
            each.applyTo(store);
            pre.instantiate(store).func("_start").call();
          }
        }
      }
    }
    try (Store store = Store.create(engine)) {
      config.applyTo(store);
      assertThatIllegalStateException().isThrownBy(() -> pre.instantiate(store));
    }
    assertThat(output.text()).isEqualTo("AAAA");
    assertThat(other.text()).isEqualTo("AAAAAAAA");
  }

  @Test
  void aModuleOfALinkerFindsThem() {
    try (Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      config.applyTo(store);
      linker.defineModule(store, "program", module);
      linker.getDefault(store, "program").call();
    }
    assertThat(output.text()).startsWith("A");
  }

  @Test
  void whatTheUserHasDefinedStays() {
    List<Object> written = new ArrayList<>();
    FuncType type =
        FuncType.of(ValType.I32, ValType.I32, ValType.I32, ValType.I32).returns(ValType.I32);
    try (Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      linker.allowShadowing(true);
      linker.define(
          "wasi_snapshot_preview1",
          "fd_write",
          type,
          (caller, args) -> {
            written.add(args[0]);
            return 0;
          });
      config.applyTo(store);
      linker.instantiate(store, module);
    }
    assertThat(written).containsExactly(1);
    assertThat(output.text()).isEmpty();
  }

  @Test
  void anExitCanBeSeenAndReplaced() {
    List<Integer> statuses = new ArrayList<>();
    WasiConfig.Builder watched =
        WasiConfig.builder()
            .args("exit", "1")
            .inFront(
                "proc_exit",
                call -> {
                  statuses.add(call.intArg(0));
                  return call.proceed(300);
                });
    try (Module exit = Guests.compile(engine, InFrontLinkingTest.class, "exit.wat")) {
      WasiProgram program = WasiProgram.of(exit);
      assertThat(program.run(watched.build(), "leave").code()).isEqualTo(300);
      assertThat(program.run(WasiConfig.builder().args("exit", "1").build(), "leave").code())
          .isEqualTo(1);
    }
    assertThat(statuses).containsExactly(1);
  }

  @Test
  void aLimitOfInstancesCountsTheGuests() {
    WasiConfig passing = WasiConfig.builder().inFront("fd_close", WasiCall::proceed).build();
    for (boolean limitFirst : new boolean[] {true, false}) {
      try (Linker linker = Linker.create(engine);
          Store store = Store.create(engine);
          Module calls = Guests.compile(engine, InFrontLinkingTest.class, "calls.wat")) {
        linker.defineWasi();
        if (limitFirst) {
          store.limit(StoreLimits.NONE.withInstances(1));
          passing.applyTo(store);
        } else {
          passing.applyTo(store);
          store.limit(StoreLimits.NONE.withInstances(1));
        }
        Instance instance = linker.instantiate(store, calls);
        assertThat(instance.func("fd_close").call(1)).isEqualTo(SUCCESS);
      }
    }
  }

  @Test
  void memoriesOfEveryKindAreTheGuests() {
    String text =
        """
        (module
          (import "wasi_snapshot_preview1" "fd_write"
            (func $fd_write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "args_sizes_get"
            (func $sizes (param i32 i32) (result i32)))
          (memory (export "memory") %s)
          (data (i32.const 0) "\\08\\00\\00\\00\\01\\00\\00\\00A")
          (func (export "write") (result i32)
            (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
          (func (export "written") (result i32) (i32.load (i32.const 16)))
          (func (export "sizes") (result i32) (call $sizes (i32.const 32) (i32.const 36))))
        """;
    WasiConfig passing =
        WasiConfig.builder().stdout(output).inFront("args_sizes_get", WasiCall::proceed).build();
    try (Engine all =
        Engine.builder()
            .feature(WasmFeature.THREADS, true)
            .sharedMemory(true)
            .memoryMayMove(true)
            .build()) {
      for (String memory : List.of("1", "1 1", "1 4 shared")) {
        try (Module guest = Module.fromWat(all, text.formatted(memory));
            Linker linker = Linker.create(all);
            Store store = Store.create(all)) {
          linker.defineWasi();
          passing.applyTo(store);
          Instance instance = linker.instantiate(store, guest);
          assertThat(instance.func("write").call()).isEqualTo(SUCCESS);
          assertThat(instance.func("written").call()).isEqualTo(1);
          assertThat(instance.func("sizes").call()).isEqualTo(SUCCESS);
        }
      }
    }
    assertThat(output.text()).isEqualTo("AAA");
  }

  @Test
  void severalInstancesOfAStoreHaveTheirOwnMemories() {
    WasiConfig passing =
        WasiConfig.builder().args("a").inFront("args_sizes_get", WasiCall::proceed).build();
    try (Linker linker = Linker.create(engine);
        Store store = Store.create(engine);
        Module calls = Guests.compile(engine, InFrontLinkingTest.class, "calls.wat")) {
      linker.defineWasi();
      passing.applyTo(store);
      Instance first = linker.instantiate(store, calls);
      Instance second = linker.instantiate(store, calls);
      for (Instance each : List.of(first, second, first)) {
        Func sizes = each.func("args_sizes_get");
        each.memory("memory").fill(0, 64, (byte) 0);
        assertThat(sizes.call(RESULT, RESULT + 4)).isEqualTo(SUCCESS);
        byte[] count = new byte[1];
        each.memory("memory").read(RESULT, count);
        assertThat(count[0]).isEqualTo((byte) 1);
      }
    }
  }

  @Test
  void callsThatArePassedOnLeaveNothingBehind() {
    WasiConfig passing = WasiConfig.builder().inFront("fd_seek", WasiCall::proceed).build();
    try (Guest guest = new Guest(engine, passing)) {
      // More than the engine lets a store have of anything.
      for (int i = 0; i < 20_000; i++) {
        assertThat(guest.call("fd_seek", 99, 0L, 0, RESULT)).isEqualTo(BADF);
      }
      // One instance for the guest and one for what is passed on: there is room for no third.
      guest.store.limit(StoreLimits.NONE.withInstances(1));
      assertThat(guest.call("fd_seek", 99, 0L, 0, RESULT)).isEqualTo(BADF);
    }
  }

  @Test
  void aStoreOutlivesItsEngine() {
    Engine own = Engine.create();
    WasiConfig passing = WasiConfig.builder().inFront("fd_close", WasiCall::proceed).build();
    try (Guest guest = new Guest(own, passing)) {
      own.close();
      assertThat(guest.close(1)).isEqualTo(SUCCESS);
    }
  }

  @Test
  void whereTheEngineInterpretsNothingIsPassedOn() {
    WasiConfig passing =
        WasiConfig.builder().stdout(output).inFront("fd_close", WasiCall::proceed).build();
    try (Engine pulley = Engine.builder().target("pulley64").build();
        Guest guest = new Guest(pulley, passing)) {
      assertThat(guest.write(1, "answered by Java")).isEqualTo(SUCCESS);
      assertThatIllegalStateException()
          .isThrownBy(() -> guest.close(1))
          .withMessageContaining("interpreter");
    }
    assertThat(output.text()).isEqualTo("answered by Java");
  }
}
