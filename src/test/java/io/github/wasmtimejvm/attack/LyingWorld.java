package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineBuilder;
import io.github.wasmtimejvm.PoolingAllocation;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentHostFunction;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.component.LyingComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A lying component, compiled for two engines that differ in how functions are called only. */
final class LyingWorld implements AutoCloseable {
  private static final int TYPES = 8;
  private static final long MOST_MEMORY = 1 << 20;

  private static final List<Map.Entry<String, UnaryOperator<EngineBuilder>>> SETTINGS =
      List.of(
          Map.entry("fuel", builder -> builder.consumeFuel(true)),
          Map.entry("interruption", builder -> builder.interruptible(true)),
          Map.entry("no collector", builder -> builder.gcSupport(false)),
          Map.entry("no copy on write", builder -> builder.memoryInitCow(false)),
          Map.entry(
              "memory that moves",
              builder ->
                  builder.memoryReservation(0).memoryReservationForGrowth(0).memoryGuardSize(0)),
          Map.entry("interpreter", builder -> builder.target("pulley64")));

  private static final Map.Entry<String, UnaryOperator<EngineBuilder>> POOL =
      Map.entry(
          "pool",
          builder ->
              builder.pooling(
                  PoolingAllocation.builder()
                      .totalComponentInstances(2)
                      .totalCoreInstances(4)
                      .maxCoreInstancesPerComponent(2)
                      .totalMemories(2)
                      .maxMemorySize(MOST_MEMORY)
                      .build()));

  /** One of the two. */
  record Side(Engine engine, Component component, ComponentLinker linker) {}

  private final long number;
  private final List<String> settings = new ArrayList<>();
  private final LyingComponent guest;
  private final Side direct;
  private final Side byValues;

  /**
   * @param host what the component may call, by the names of the functions
   */
  LyingWorld(long number, Function<String, ComponentHostFunction> host) {
    this.number = number;
    Random random = new Random(number * 0x9e3779b97f4a7c15L);
    guest = new LyingComponent(random, TYPES);
    List<UnaryOperator<EngineBuilder>> some = new ArrayList<>();
    SETTINGS.forEach(
        setting -> {
          if (random.nextInt(4) == 0) {
            settings.add(setting.getKey());
            some.add(setting.getValue());
          }
        });
    if (random.nextInt(4) == 0 && !settings.contains("memory that moves")) {
      settings.add(POOL.getKey());
      some.add(POOL.getValue());
    }
    direct = side(some, true, host);
    byValues = side(some, false, host);
  }

  private Side side(
      List<UnaryOperator<EngineBuilder>> settings,
      boolean isDirect,
      Function<String, ComponentHostFunction> host) {
    EngineBuilder builder = Engine.builder().directComponentCalls(isDirect);
    settings.forEach(setting -> setting.apply(builder));
    Engine engine = builder.build();
    ComponentLinker linker = ComponentLinker.create(engine);
    for (String name : guest.hostFunctions()) {
      linker.define("t:t/host", name, host.apply(name));
    }
    return new Side(engine, Component.fromWat(engine, guest.wat()), linker);
  }

  long number() {
    return number;
  }

  LyingComponent guest() {
    return guest;
  }

  Side direct() {
    return direct;
  }

  Side byValues() {
    return byValues;
  }

  boolean has(String setting) {
    return settings.contains(setting);
  }

  @Override
  public String toString() {
    return "%s, %s, %s".formatted(settings, guest.encoding(), guest.types());
  }

  @Override
  public void close() {
    for (Side side : List.of(direct, byValues)) {
      side.component().close();
      side.engine().close();
    }
  }
}
