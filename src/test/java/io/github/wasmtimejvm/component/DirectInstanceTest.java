package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineBuilder;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.MemoryType;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.ModuleCache;
import io.github.wasmtimejvm.PoolingAllocation;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.WasmtimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The memory of an instance is found with every engine, and within the limits of the guest. */
class DirectInstanceTest {
  private static final String WAT = new EchoComponent().lists("u8s", "u8").wat();
  private static final int INSTANCES = 2; // of the component's own: the memory's, and the list's
  private static final byte[] BYTES = {1, 2, 3};

  static Stream<Map.Entry<String, UnaryOperator<EngineBuilder>>> engines() {
    return Stream.of(
        Map.entry("defaults", builder -> builder),
        Map.entry("no collector", builder -> builder.gcSupport(false)),
        Map.entry("a pool", builder -> builder.pooling(PoolingAllocation.builder().build())),
        Map.entry(
            "a pool without a collector",
            builder ->
                builder
                    .gcSupport(false)
                    .pooling(
                        PoolingAllocation.builder()
                            .totalComponentInstances(1)
                            .totalCoreInstances(INSTANCES)
                            .maxCoreInstancesPerComponent(INSTANCES)
                            .totalMemories(1)
                            .build())),
        Map.entry("no copy on write", builder -> builder.memoryInitCow(false)),
        Map.entry("a moving memory", builder -> builder.memoryReservation(0)),
        Map.entry("fuel", builder -> builder.consumeFuel(true)),
        Map.entry("interruption", builder -> builder.interruptible(true)));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theMemoryIsFound(Map.Entry<String, UnaryOperator<EngineBuilder>> engineOf) {
    try (Engine engine = engineOf.getValue().apply(Engine.builder()).build();
        Store store = Store.create(engine);
        Component component = Component.fromWat(engine, WAT)) {
      store.limit(new StoreLimits(-1, -1, INSTANCES, -1, 1));
      if (engineOf.getKey().equals("fuel")) {
        store.setFuel(10_000);
      }
      ComponentInstance instance = linker(engine).instantiate(store, component);
      ComponentFunc func = instance.func("u8s");
      assertThat(func.path().isDirect()).isTrue();
      assertThat(func.call(BYTES)).isEqualTo(BYTES);
      assertThat(instance.func("u8s-relay").call(BYTES)).isEqualTo(BYTES);
    }
  }

  private static ComponentLinker linker(Engine engine) {
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define("t:t/host", "u8s", args -> args[0]);
    return linker;
  }

  @Test
  void theLimitsOfTheGuestStayWhatTheyAre() {
    try (Engine engine = Engine.create();
        Component component = Component.fromWat(engine, WAT)) {
      for (StoreLimits limits :
          List.of(
              new StoreLimits(-1, -1, INSTANCES - 1, -1, -1), new StoreLimits(-1, -1, -1, -1, 0))) {
        try (Store store = Store.create(engine)) {
          store.limit(limits);
          assertThatExceptionOfType(WasmtimeException.class)
              .isThrownBy(() -> linker(engine).instantiate(store, component));
        }
      }
    }
  }

  @Test
  void severalInstancesAndThingsOfTheHostsInBetween() {
    try (Engine engine = Engine.create();
        Store store = Store.create(engine);
        Component component = Component.fromWat(engine, WAT)) {
      ComponentInstance first = linker(engine).instantiate(store, component);
      Memory.create(store, MemoryType.of(1));
      ComponentInstance second = linker(engine).instantiate(store, component);
      assertThat(second.func("u8s").call(BYTES)).isEqualTo(BYTES);
      Memory.create(store, MemoryType.of(1));
      assertThat(first.func("u8s").call(BYTES)).isEqualTo(BYTES);
      assertThat(first.func("u8s").path().isDirect()).isTrue();
      assertThat(second.func("u8s").path().isDirect()).isTrue();
    }
  }

  @Test
  void whatIsSerializedAndTheCacheRememberTheWay() {
    try (Engine direct = Engine.create();
        Engine byValues = Engine.builder().directComponentCalls(false).build();
        Component component = Component.fromWat(direct, WAT);
        Component plain = Component.fromWat(byValues, WAT)) {
      assertThat(isDirect(Component.deserialize(direct, component.serialize()))).isTrue();
      assertThat(isDirect(Component.deserialize(direct, plain.serialize()))).isFalse();
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Component.deserialize(byValues, component.serialize()))
          .withMessageContaining("directComponentCalls");
      assertThat(isDirect(Component.deserialize(byValues, plain.serialize()))).isFalse();
    }
  }

  @Test
  void theCacheKeepsBothWaysApart(@TempDir Path folder) {
    byte[] wasm = Module.wat2wasm(WAT);
    ModuleCache cache = ModuleCache.open(folder, 1 << 30);
    try (Engine direct = Engine.create();
        Engine byValues = Engine.builder().directComponentCalls(false).build()) {
      for (int n = 0; n < 2; n++) {
        assertThat(isDirect(Component.fromCache(cache, direct, wasm))).isTrue();
        assertThat(isDirect(Component.fromCache(cache, byValues, wasm))).isFalse();
      }
    }
  }

  @Test
  void anInstanceThatFailedLeavesNoRoomForAnotherOne() {
    try (Engine engine = Engine.create();
        Store store = Store.create(engine);
        Component component = Component.fromWat(engine, WAT);
        Module module = Module.fromWat(engine, "(module)")) {
      store.limit(new StoreLimits(-1, -1, INSTANCES - 1, -1, -1));
      for (int n = 0; n < 5; n++) {
        assertThatExceptionOfType(WasmtimeException.class)
            .isThrownBy(() -> linker(engine).instantiate(store, component));
      }
      // Its own instances count, and nothing is left of what is ours.
      store.limit(new StoreLimits(-1, -1, INSTANCES + 1, -1, -1));
      Instance.create(store, module);
      assertThatExceptionOfType(WasmtimeException.class)
          .isThrownBy(() -> Instance.create(store, module));
    }
  }

  private static boolean isDirect(Component component) {
    try (component;
        Store store = Store.create(component.engine())) {
      ComponentInstance instance = linker(component.engine()).instantiate(store, component);
      assertThat(instance.func("u8s-relay").call(BYTES)).isEqualTo(BYTES);
      return instance.func("u8s").path().isDirect();
    }
  }

  @Test
  void whatAnotherPlanHasCompiledIsRefused() {
    String wat =
        """
        (component
          (core module $m
            (memory (export "m") 1)
            (func (export "f") (param i32 i32) (result i32) (local.get 1))
            (func (export "r") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
          (core instance $i (instantiate $m))
          (func (export "lists") (param "x" (list u8)) (result u32) (canon lift
            (core func $i "f") (memory (core memory $i "m")) (realloc (core func $i "r"))))
          (func (export "texts") (param "x" (tuple string)) (result u32) (canon lift
            (core func $i "f") (memory (core memory $i "m")) (realloc (core func $i "r")))))
        """;
    boolean before = CallCost.ignored;
    try (Engine engine = Engine.create()) {
      byte[] compiled;
      CallCost.ignored = true;
      try (Component component = Component.fromWat(engine, wat)) {
        assertThat(component.callPaths().values()).allMatch(CallPath::isDirect);
        compiled = component.serialize();
      }
      CallCost.ignored = false;
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Component.deserialize(engine, compiled))
          .withMessageContaining("another version of this library: compile it anew");
      try (Component component = Component.fromWat(engine, wat)) {
        assertThat(component.callPaths().values()).anyMatch(path -> !path.isDirect());
      }
    } finally {
      CallCost.ignored = before;
    }
  }
}
