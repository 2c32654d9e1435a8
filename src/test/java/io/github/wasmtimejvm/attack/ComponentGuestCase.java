package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentFunc;
import io.github.wasmtimejvm.component.ComponentInstance;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.component.GuestResource;
import io.github.wasmtimejvm.component.WitItem;
import io.github.wasmtimejvm.component.WitType;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One hostile component on one engine: some calls of it, and whether each ended as it may. */
final class ComponentGuestCase implements Runnable {
  private static final StoreLimits LIMITS = new StoreLimits(20 << 20, 200_000, 50, 50, 50);
  private static final int MAX_CALLS = 12;
  private static final int ROUNDS = 4;
  private static final int MAX_DEPTH = 3;
  private static final int DEEPEST = 100_000;

  /** A resource of the host's. */
  private static final class Blob implements AutoCloseable {
    private final ComponentGuestCase owner;
    private int closed;

    Blob(ComponentGuestCase owner) {
      this.owner = owner;
    }

    @Override
    public void close() {
      closed++;
      owner.blobsClosed++;
    }
  }

  private final long seed;
  private final ComponentGuest guest;
  private final EngineChoice choice;
  private final Random random;
  private final Tally tally;
  private final Journal journal;
  private final List<Object> resources = new ArrayList<>();
  private final List<ComponentFunc> functions = new ArrayList<>();
  private final List<Blob> blobs = new ArrayList<>();
  private int blobsClosed;
  private int depth;
  private boolean entered;
  private boolean spent;
  private @Nullable ComponentInstance instance;
  private @Nullable Thread thread; // guarded by this
  private @Nullable Throwable outside; // of all calls
  private String step = "build";

  ComponentGuestCase(
      long seed,
      ComponentGuest guest,
      EngineChoice choice,
      Random random,
      Tally tally,
      Journal journal) {
    this.seed = seed;
    this.guest = guest;
    this.choice = choice;
    this.random = random;
    this.tally = tally;
    this.journal = journal;
  }

  @Override
  public void run() {
    synchronized (this) {
      thread = Thread.currentThread();
    }
    try {
      onEngine();
      step = "end";
    } catch (Throwable t) {
      outside = t;
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
      step = "compile";
      try (Component component = Component.fromWat(engine, guest.text())) {
        step = "prepare";
        ComponentLinker linker = ComponentLinker.create(engine);
        component.imports().forEach((name, item) -> define(linker, name, item));
        if (guest.usesWasi()) {
          linker.defineWasi();
        }
        for (int n = guest.isOnlyStarted() ? 1 : ROUNDS; n > 0; n--) {
          round(engine, linker, component);
        }
      }
    }
  }

  // In a new store, until that is of no more use.
  private void round(Engine engine, ComponentLinker linker, Component component) {
    functions.clear();
    resources.clear();
    instance = null;
    spent = false;
    try (Store store = random.nextInt(3) == 0 ? Store.createShared(engine) : Store.create(engine)) {
      store.limit(LIMITS);
      if (choice.consumesFuel()) {
        store.setFuel(1L << 40);
      }
      if (guest.isOnlyStarted() || random.nextInt(8) == 0) {
        bound(store);
      }
      if (guest.usesWasi()) {
        WasiConfig.builder().build().applyTo(store);
      }
      step = "instantiate";
      ComponentInstance made = linker.instantiate(store, component);
      instance = made;
      step = "run";
      ComponentWorld.eachFunction(
          component.exports(),
          (in, name) -> functions.add(in.isEmpty() ? made.func(name) : made.func(in, name)));
      bound(store);
      int useless = 0;
      for (int n = random.nextInt(MAX_CALLS); n >= 0 && !functions.isEmpty() && useless < 2; n--) {
        if (random.nextInt(4) == 0) {
          bound(store);
        }
        call();
        useless += spent ? 1 : 0;
      }
      drop();
      step = "close";
    }
  }

  private void bound(Store store) {
    if (choice.consumesFuel()) {
      boolean isBound = choice.bound() == EngineChoice.Bound.FUEL;
      store.setFuel(isBound ? random.nextInt(500_000) : 1L << 40);
    }
    if (choice.bound() == EngineChoice.Bound.TIMEOUT) {
      store.setTimeout(Duration.ofNanos(random.nextInt(20_000_000) + 1));
    }
  }

  // Some are dropped by the store.
  private void drop() {
    for (Object resource : List.copyOf(resources)) {
      if (resource instanceof GuestResource handle && random.nextInt(3) > 0) {
        judged("close", handle::close);
      }
    }
  }

  private void define(ComponentLinker linker, String in, WitItem item) {
    if (!in.startsWith("wasi:") && item instanceof WitItem.Interface(Map<String, WitItem> items)) {
      items.forEach(
          (name, inner) -> {
            if (inner instanceof WitItem.Function type) {
              linker.define(in, name, arguments -> answer(name, type, arguments));
            }
          });
    }
  }

  private @Nullable Object answer(
      String name, WitItem.Function type, @Nullable Object[] arguments) {
    entered = true;
    for (Object argument : arguments) {
      if (argument instanceof GuestResource || argument instanceof Blob) {
        resources.add(argument);
      }
    }
    switch (name) {
      case "again" -> {
        if (depth == 0 || random.nextInt(DEEPEST) > 0) {
          depth++;
          try {
            return named("again").call(arguments);
          } finally {
            depth--;
          }
        }
      }
      case "pass" -> {
        return arguments[0];
      }
      case "[constructor]blob" -> {
        return blob();
      }
      default -> misbehave();
    }
    WitType result = type.result();
    return result == null ? null : values(0).of(result);
  }

  private Blob blob() {
    Blob blob = new Blob(this);
    blobs.add(blob);
    resources.add(blob);
    return blob;
  }

  private ComponentFunc named(String name) {
    ComponentInstance known = instance;
    if (known == null) {
      throw new Ending.Thrown(); // it only starts
    }
    return known.func(name);
  }

  private void misbehave() {
    switch (random.nextInt(12)) {
      case 0 -> throw new Ending.Thrown();
      case 1 -> throw new ExitException(random.nextInt());
      case 2 -> recurse(0);
      case 3, 4, 5 -> {
        if (depth < MAX_DEPTH && !functions.isEmpty()) {
          depth++;
          try {
            call();
          } finally {
            depth--;
          }
        }
      }
      case 6 -> drop();
      default -> {}
    }
  }

  private static int recurse(int n) {
    return recurse(n + 1) + 1;
  }

  private ComponentValues values(int wrong) {
    return new ComponentValues(random, this::resource, wrong);
  }

  private @Nullable Object resource(WitType type) {
    if (random.nextInt(6) == 0) {
      return blob();
    }
    return resources.isEmpty() ? null : resources.get(random.nextInt(resources.size()));
  }

  private void call() {
    ComponentFunc func = functions.get(random.nextInt(functions.size()));
    @Nullable Object[] arguments = values(random.nextInt(10) == 0 ? 4 : 0).of(func.type().params());
    for (int i = 0; i < arguments.length; i++) {
      if (func.type().params().get(i).name().equals("size") && random.nextInt(4) == 0) {
        arguments[i] = (long) random.nextInt(3 << 20);
      }
    }
    journal.note(func.type().toString());
    judged(
        "call",
        () -> {
          Object result = func.call(arguments);
          entered = true;
          if (result instanceof GuestResource || result instanceof Blob) {
            resources.add(result);
          } else if (result instanceof List<?> list) {
            list.stream().filter(GuestResource.class::isInstance).forEach(resources::add);
          }
        });
  }

  private void judged(String what, Runnable action) {
    boolean spentBefore = spent;
    Throwable thrown = null;
    try {
      action.run();
    } catch (Throwable t) {
      thrown = t;
    }
    String ending = Ending.of(thrown);
    if (thrown instanceof IllegalArgumentException) {
      ending = "refused";
    } else if (thrown instanceof IllegalStateException) {
      ending = "spent";
    }
    tally.count("component " + what, ending);
    entered |= Ending.isFromWithin(thrown);
    if (!isForeseen(thrown)) {
      tally.unexpected(seed, what + " of " + guest.name() + ", " + choice, thrown);
    }
    ComponentInstance known = instance;
    if (known == null || thrown instanceof StackOverflowError) {
      return;
    }
    boolean usable = known.isUsable();
    if (spentBefore && usable) {
      tally.unexpected(seed, "a spent store is usable again", guest.name());
    }
    if (spentBefore && thrown == null && what.equals("call")) {
      tally.unexpected(seed, "a call returned in a spent store", guest.name());
    }
    // An overflow where there is no room for an entry leaves all as it was.
    if (thrown instanceof TrapException trap && usable && !trap.frames().isEmpty()) {
      tally.unexpected(seed, "usable after a trap of " + guest.name(), thrown);
    }
    spent = !usable;
  }

  private static boolean isForeseen(@Nullable Throwable thrown) {
    return switch (thrown) {
      case null -> true;
      case WasmtimeException _, Ending.Thrown _, StackOverflowError _ -> true;
      // A resource that is not to be had, or of another type, or of the host's.
      case IllegalArgumentException e -> e.getMessage() != null;
      case IllegalStateException e -> e.getMessage() != null;
      default -> false;
    };
  }

  /**
   * Counts how it ended.
   *
   * @return whether the guest's code ran
   */
  boolean judge() {
    Throwable thrown = outside;
    tally.count("ending", step + " " + Ending.of(thrown));
    boolean foreseen =
        switch (thrown) {
          case null -> true;
          case EngineException _ -> true; // not for this engine, or for these limits
          case CompileException _ -> step.equals("compile") && !choice.settings().isEmpty();
          case WasmtimeException _, Ending.Thrown _ -> step.equals("instantiate");
          case StackOverflowError _ -> true;
          // It may not be entered again where it is interpreted, nor a setting be what it is.
          case IllegalArgumentException _, IllegalStateException _ -> !choice.settings().isEmpty();
          default -> false;
        };
    if (!foreseen) {
      tally.unexpected(seed, step + " of " + guest.name() + ", " + choice, thrown);
    }
    if (thrown == null && blobs.stream().anyMatch(blob -> blob.closed > 2)) {
      tally.count("blobs", "closed several times, as they were given");
    }
    tally.count("blobs", blobsClosed == 0 ? "none closed" : "closed");
    return entered || step.equals("instantiate") && Ending.isFromWithin(thrown);
  }
}
