package io.github.wasmtimejvm.attack;

import static io.github.wasmtimejvm.ValType.EXTERNREF;
import static io.github.wasmtimejvm.ValType.I32;

import io.github.wasmtimejvm.ArrayType;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineBuilder;
import io.github.wasmtimejvm.FieldType;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.GlobalType;
import io.github.wasmtimejvm.HostFunction;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.PoolingAllocation;
import io.github.wasmtimejvm.RefType;
import io.github.wasmtimejvm.SettingValues;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.Strategy;
import io.github.wasmtimejvm.StructType;
import io.github.wasmtimejvm.TableType;
import io.github.wasmtimejvm.UntrustedGuests;
import io.github.wasmtimejvm.WasmFeature;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.wasi.WasiClock;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a sequence begins with: an engine or two, stores, and guests in them that run. */
final class World {
  /** An engine's settings, and the guests that it has compiled. */
  private record Kind(UnaryOperator<EngineBuilder> settings, Map<String, byte[]> compiled) {
    Kind(UnaryOperator<EngineBuilder> settings) {
      this(settings, new HashMap<>());
    }
  }

  private static final UntrustedGuests UNTRUSTED = UntrustedGuests.builder().build();

  private static final List<Kind> KINDS =
      List.of(
          new Kind(b -> b),
          new Kind(b -> b.interruptible(true)),
          new Kind(b -> b.consumeFuel(true)),
          new Kind(b -> b.sharedMemory(true)),
          new Kind(b -> b.strategy(Strategy.WINCH)),
          new Kind(b -> b.target("pulley64")),
          new Kind(b -> b.memoryMayMove(true).memoryReservation(0)),
          new Kind(b -> b.signalsBasedTraps(false)),
          new Kind(b -> b.feature(WasmFeature.GC, false).gcSupport(false)),
          new Kind(
              b ->
                  b.pooling(
                      PoolingAllocation.builder()
                          .totalMemories(10)
                          .totalTables(10)
                          .totalCoreInstances(10)
                          .totalGcHeaps(10)
                          .maxMemorySize(1 << 20)
                          .build())),
          new Kind(b -> b.consumeFuel(true).interruptible(true).parallelCompilation(false)),
          new Kind(_ -> UNTRUSTED.engineBuilder()));

  private final Sequence sequence;
  private final Callbacks callbacks;
  private final Random random;
  private final boolean smallStack;
  private final boolean components;

  private World(
      Sequence sequence,
      Callbacks callbacks,
      Random random,
      boolean smallStack,
      boolean components) {
    this.smallStack = smallStack;
    this.components = components;
    this.sequence = sequence;
    this.callbacks = callbacks;
    this.random = random;
  }

  /**
   * Puts it into the sequence's pool.
   *
   * @param smallStack whether guests must do with little stack, or none of them would run
   * @param components whether most guests are components
   */
  static void build(
      Sequence sequence,
      Callbacks callbacks,
      Random random,
      boolean smallStack,
      boolean components) {
    World world = new World(sequence, callbacks, random, smallStack, components);
    int engines = random.nextInt(4) == 0 ? 2 : 1;
    for (int i = 0; i < engines; i++) {
      world.engine(
          switch (random.nextInt(8)) {
            case 0, 1 -> KINDS.getFirst();
            case 2 -> new Kind(World.some(random));
            default -> KINDS.get(random.nextInt(KINDS.size()));
          });
    }
  }

  // A few settings that may not go together.
  private static UnaryOperator<EngineBuilder> some(Random random) {
    List<SettingValues.Setting> all = SettingValues.all();
    List<SettingValues.Setting> chosen = new ArrayList<>();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      chosen.add(all.get(random.nextInt(all.size())));
    }
    return builder -> {
      chosen.forEach(setting -> setting.apply().accept(builder));
      return builder;
    };
  }

  /** Bounds what a store may take, and the time of its guests. */
  static void bound(Store store, Random random) {
    try {
      store.limit(new StoreLimits(16 << 20, 10_000, 50, 50, 50));
    } catch (IllegalStateException | WrongThreadException closedOrAnothers) {
      return;
    }
    try {
      store.setFuel(5_000_000);
    } catch (IllegalStateException | UnsupportedOperationException noFuel) {
      // its engine does not count any
    }
    try {
      store.setTimeout(Duration.ofMillis(random.nextInt(4) == 0 ? 5 : 1000));
    } catch (IllegalStateException | UnsupportedOperationException notInterruptible) {
      // its guests cannot be stopped; they all end by themselves
    }
  }

  private void engine(Kind kind) {
    EngineBuilder builder = kind.settings().apply(Engine.builder());
    if (smallStack) {
      builder.maxWasmStack(SmallStack.BYTES);
    }
    Engine engine;
    try {
      engine = builder.build();
    } catch (IllegalArgumentException | WasmtimeException notTogether) {
      sequence.count("refused", "settings");
      engine = Engine.create();
      kind = KINDS.getFirst();
    }
    add(engine);
    add(UNTRUSTED);
    types(engine);
    Linker linker = linker(engine);
    List<Module> modules = new ArrayList<>();
    for (int i = 0; i < 6 && modules.size() < (components ? 1 : 3); i++) {
      Corpus guest = Corpus.ALL.get(random.nextInt(Corpus.ALL.size()));
      try {
        modules.add(module(engine, kind, guest));
      } catch (WasmtimeException notForThisEngine) {
        sequence.count("refused", guest.name());
      }
    }
    List<Store> stores = new ArrayList<>();
    for (int n = 1 + random.nextInt(2); n > 0; n--) {
      Store store = random.nextInt(3) == 0 ? Store.createShared(engine) : Store.create(engine);
      bound(store, random);
      add(store);
      stores.add(store);
      if (random.nextInt(8) > 0) {
        wasi(store);
      }
      for (Module module : modules) {
        instantiate(linker, store, module);
      }
    }
    if (components || random.nextInt(8) == 0) {
      new ComponentWorld(sequence, callbacks, random).build(engine, stores);
    }
  }

  // Types that belong to the engine, which another must not be given.
  private void types(Engine engine) {
    try {
      StructType struct = StructType.create(engine, FieldType.mutable(I32));
      RefType reference = new RefType(true, struct);
      add(struct);
      add(reference);
      add(FuncType.of(reference).returns(reference));
      add(new GlobalType(reference, true));
      add(TableType.of(reference, 1));
      add(ArrayType.create(engine, FieldType.mutable(reference)));
    } catch (IllegalStateException noHeap) {
      sequence.count("refused", "types");
    }
  }

  private void wasi(Store store) {
    WasiConfig.Builder config = WasiConfig.builder().args("program", "argument").env("A", "b");
    if (random.nextBoolean()) {
      config.stdin(callbacks.input(random, 0)).stdout(callbacks.output(random, 0));
    }
    if (random.nextBoolean()) {
      config.clock(WasiClock.virtual(Instant.EPOCH)).unwindingExit();
    }
    WasiConfig built = config.build();
    add(built);
    try {
      built.applyTo(store);
    } catch (IllegalStateException noExceptions) {
      sequence.count("refused", "unwinding exit"); // its engine has no heap for them
    }
  }

  private Linker linker(Engine engine) {
    Linker linker = Linker.create(engine);
    add(linker);
    linker.defineWasi();
    linker.allowShadowing(true);
    linker.define("host", "f", FuncType.of(), host(_ -> null));
    linker.define("host", "g", FuncType.of(I32).returns(I32), host(arguments -> arguments[0]));
    try {
      linker.define(
          "host", "r", FuncType.of(EXTERNREF).returns(EXTERNREF), host(arguments -> arguments[0]));
    } catch (IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) {
      sequence.count("refused", "externref"); // no references in this engine
    }
    return linker;
  }

  // Mostly with the result that its type wants.
  private HostFunction host(Function<@Nullable Object[], @Nullable Object> result) {
    HostFunction behaviour = callbacks.of(HostFunction.class, random, 0);
    Random own = new Random(random.nextLong());
    return (caller, arguments) -> {
      sequence.noteEntered();
      Object any = behaviour.call(caller, arguments);
      return own.nextInt(8) == 0 ? any : result.apply(arguments);
    };
  }

  private Module module(Engine engine, Kind kind, Corpus guest) {
    byte[] compiled = kind.compiled().get(guest.name());
    Module module;
    if (compiled == null) {
      module = Module.fromBytes(engine, guest.binary());
      kind.compiled().put(guest.name(), module.serialize());
    } else {
      module = Module.deserialize(engine, compiled);
    }
    add(module);
    return module;
  }

  // What its start function, or a host function in it, throws is nothing to us.
  private void instantiate(Linker linker, Store store, Module module) {
    try {
      Instance instance = linker.instantiate(store, module);
      add(instance);
      sequence.pool.add(instance.exports(), random);
      instance
          .exports()
          .values()
          .forEach(
              item -> {
                if (item instanceof Func func) {
                  sequence.guests.add(func);
                } else if (item instanceof Memory memory) {
                  add(memory.segment());
                }
              });
    } catch (Throwable t) {
      sequence.count("instantiate", String.valueOf(t).lines().findFirst().orElse(""));
      sequence.threw("World.instantiate", t, true, random);
    }
  }

  private void add(Object object) {
    sequence.pool.add(object, random);
  }
}
