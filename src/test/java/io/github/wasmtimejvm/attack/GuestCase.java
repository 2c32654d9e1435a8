package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.GuestException;
import io.github.wasmtimejvm.HostFunction;
import io.github.wasmtimejvm.ImportType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.Tag;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.V128;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.wasi.WasiClock;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One guest on one engine, run once, and whether it ended as it may. */
final class GuestCase implements Runnable {
  private enum Step {
    NOT_BEGUN,
    BUILD,
    COMPILE,
    PREPARE,
    RUN,
    END
  }

  private static final StoreLimits LIMITS = new StoreLimits(20 << 20, 200_000, 20, 20, 20);
  private static final long FUEL_FOR_ALL = 1L << 40;
  private static final long[] EDGES = {
    0,
    1,
    -1,
    8,
    65532,
    65535,
    65536,
    65537,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xffff_fff0L,
    0xffff_ffffL,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final Guest guest;
  private final EngineChoice choice;
  private final Random random;
  private final Path folder;

  private @Nullable Thread thread; // guarded by this
  private Step step = Step.NOT_BEGUN;
  private boolean hostCalled;
  private @Nullable Throwable ended;
  private @Nullable Object[] arguments = {};

  /**
   * @param folder what a guest of WASI may write into
   */
  GuestCase(Guest guest, EngineChoice choice, Random random, Path folder) {
    this.guest = guest;
    this.choice = choice;
    this.random = random;
    this.folder = folder;
  }

  @Override
  public void run() {
    synchronized (this) {
      thread = Thread.currentThread();
    }
    try {
      step = Step.BUILD;
      onEngine();
      step = Step.END;
    } catch (Throwable t) {
      ended = t;
    } finally {
      synchronized (this) {
        thread = null;
      }
      Thread.interrupted();
    }
  }

  /** Interrupts it, if it is running; does nothing once it has ended. */
  synchronized void interrupt() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void onEngine() {
    try (Engine engine = choice.build()) {
      step = Step.COMPILE;
      try (Module module = guest.source().compile(engine);
          Linker linker = Linker.create(engine);
          Store store =
              random.nextInt(3) == 0 ? Store.createShared(engine) : Store.create(engine)) {
        step = Step.PREPARE;
        prepare(linker, store, module);
        step = Step.RUN;
        Instance instance = linker.instantiate(store, module);
        if (guest.export() != null) {
          Func func = export(instance);
          for (int i = 0; func != null && i < guest.calls(); i++) {
            arguments = arguments(func.type());
            func.call(arguments);
            hostCalled = true; // or might have been
          }
        }
      }
    }
  }

  private @Nullable Func export(Instance instance) {
    String name = guest.export();
    if (!Guest.ANY.equals(name)) {
      return instance.func(name);
    }
    List<Func> all =
        instance.exports().values().stream()
            .filter(Func.class::isInstance)
            .map(Func.class::cast)
            .toList();
    return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
  }

  private void prepare(Linker linker, Store store, Module module) {
    store.limit(LIMITS);
    if (choice.consumesFuel()) {
      boolean isBound = choice.bound() == EngineChoice.Bound.FUEL;
      store.setFuel(isBound ? random.nextInt(100_000) : FUEL_FOR_ALL);
    }
    if (choice.bound() == EngineChoice.Bound.TIMEOUT) {
      store.setTimeout(Duration.ofNanos(random.nextInt(20_000_000) + 1));
    }
    boolean wasi = false;
    for (ImportType needed : module.imports()) {
      if (needed.module().equals("host") && needed.type() instanceof FuncType type) {
        linker.allowShadowing(true);
        linker.define("host", needed.name(), type, host(needed.name(), type));
      } else {
        wasi = true;
      }
    }
    if (wasi) {
      linker.defineWasi();
      config(choice.hasHeap()).applyTo(store);
    }
  }

  private WasiConfig config(boolean exceptions) {
    WasiConfig.Builder config =
        WasiConfig.builder().args("program").writableDirectory(folder, "folder");
    if (exceptions && random.nextBoolean()) {
      config.unwindingExit();
    }
    if (random.nextBoolean()) {
      config.stdin(new ByteArrayInputStream(new byte[100])).stdout(OutputStream.nullOutputStream());
    }
    if (random.nextInt(4) == 0) {
      config.clock(WasiClock.virtual(Instant.EPOCH));
    }
    return config.build();
  }

  private HostFunction host(String name, FuncType type) {
    HostFunction function =
        switch (name) {
          case "again" -> (caller, _) -> caller.func(guest.export()).call(arguments);
          case "nest" -> (caller, _) -> caller.func("nested").call();
          case "java" -> (_, _) -> recurse(0);
          case "throw" ->
              (_, _) -> {
                throw new Ending.Thrown();
              };
          case "exit" ->
              (_, _) -> {
                throw new ExitException(random.nextInt());
              };
          case "raise" ->
              (caller, _) -> {
                throw new GuestException((Tag) caller.export("tag").orElseThrow(), 7);
              };
          default -> (_, _) -> results(type);
        };
    return (caller, values) -> {
      hostCalled = true;
      return function.call(caller, values);
    };
  }

  private @Nullable Object results(FuncType type) {
    @Nullable Object[] values = type.results().stream().map(this::argument).toArray();
    return values.length == 0 ? null : values.length == 1 ? values[0] : values;
  }

  private static int recurse(int n) {
    return recurse(n + 1) + 1;
  }

  private @Nullable Object[] arguments(FuncType type) {
    List<Object> given = guest.arguments();
    return given != null ? given.toArray() : type.params().stream().map(this::argument).toArray();
  }

  private @Nullable Object argument(ValType type) {
    long number =
        switch (random.nextInt(4)) {
          case 0 -> EDGES[random.nextInt(EDGES.length)];
          case 1 -> EDGES[random.nextInt(EDGES.length)] - random.nextInt(32);
          case 2 -> random.nextInt(16);
          default -> random.nextInt(70_000);
        };
    if (type.equals(ValType.I32)) {
      return (int) number;
    } else if (type.equals(ValType.I64)) {
      return number;
    } else if (type.equals(ValType.F32)) {
      return (float) number;
    } else if (type.equals(ValType.F64)) {
      return (double) number;
    }
    if (type.equals(ValType.V128)) {
      return new V128(number, -number);
    }
    return type.equals(ValType.EXTERNREF) && random.nextBoolean() ? new Object() : null;
  }

  /**
   * Counts how it ended.
   *
   * @param tight whether there may have been too little stack for anything
   * @return whether the guest's code ran
   */
  boolean judge(long seed, boolean tight, Tally tally) {
    boolean entered =
        hostCalled
            || step == Step.END && guest.export() != null
            || step == Step.RUN && Ending.isFromWithin(ended);
    String ending = ended == null && step != Step.END ? Ending.OVERFLOWS : Ending.of(ended);
    if (isRefusal()) {
      tally.count("refused", step.name().toLowerCase(java.util.Locale.ROOT) + " " + ending);
    } else if (isForeseen(ending, tight)) {
      tally.count("ending", ending);
    } else {
      String what =
          "%s at %s of %s".formatted(ending, step.name().toLowerCase(java.util.Locale.ROOT), guest);
      if (ended == null) {
        tally.unexpected(seed, what, choice.toString());
      } else {
        tally.unexpected(seed, what, ended);
      }
    }
    if (!entered && ending.equals(Ending.STOPPED)) {
      tally.count(Tally.STOPPED_BEFORE, AttackKind.GUESTS.toString());
    }
    return entered;
  }

  // By an engine that cannot be, or that has not what the guest needs.
  private boolean isRefusal() {
    return !choice.settings().isEmpty()
        && switch (step) {
          case BUILD ->
              ended instanceof IllegalArgumentException || ended instanceof EngineException;
          case COMPILE -> ended instanceof CompileException || ended instanceof EngineException;
          // An exit cannot unwind a guest without gcSupport.
          case PREPARE ->
              ended instanceof EngineException || ended instanceof IllegalStateException;
          case RUN -> ended instanceof EngineException;
          default -> false;
        };
  }

  private boolean isForeseen(String ending, boolean tight) {
    if (tight
        && (ending.equals(Ending.OVERFLOWS) || ending.equals(TrapCode.STACK_OVERFLOW.name()))) {
      return true;
    }
    if (ended instanceof IllegalStateException && choice.isInterpreted()) {
      return true; // it may not be entered again, nor pass a call on to WASI
    }
    if (ending.equals(TrapCode.MEMORY_OUT_OF_BOUNDS.name())
        && guest.foreseen().contains(Guest.GROWS)
        && choice.mayRefuseGrowth()) {
      return step == Step.RUN;
    }
    if (ending.equals(Ending.INVALID)) {
      return step == Step.COMPILE && guest.foreseen().contains(ending);
    }
    if (guest.mayBeEndless()
        && switch (choice.bound()) {
          case NONE -> false;
          case TIMEOUT, INTERRUPT -> ending.equals(Ending.STOPPED);
          case FUEL -> ending.equals(TrapCode.OUT_OF_FUEL.name());
        }) {
      return true;
    }
    return (step == Step.RUN || step == Step.END) && guest.foreseen().contains(ending);
  }
}
