package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.component.ComponentFunc;
import io.github.wasmtimejvm.component.ComponentHostFunction;
import io.github.wasmtimejvm.component.ComponentInstance;
import io.github.wasmtimejvm.component.LyingComponent;
import io.github.wasmtimejvm.component.LyingComponent.Doing;
import io.github.wasmtimejvm.component.LyingComponent.Realloc;
import io.github.wasmtimejvm.component.LyingValue;
import io.github.wasmtimejvm.component.SameValue;
import io.github.wasmtimejvm.component.WitType;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Guests that lie to a host that reads and writes their memory itself: about where values are, how
 * long they are and what they are, and with a {@code cabi_realloc} and post-return functions that
 * do what they should not. Each call is made directly and by the engine's values, and must end the
 * same; and while these cases run, each access of the library's asserts that it is within the
 * memory, and that this is where the engine has it.
 */
final class ComponentLiesAttack implements Attack {
  /** Names a flag that leaves accesses beyond the memory to the processor. */
  static final String WITHOUT_ASSERTIONS = "wasmtimejvm.attack.withoutAssertions";

  private static final int CASES_OF_A_WORLD = 50;
  private static final StoreLimits LIMITS = new StoreLimits(1 << 20, -1, 2, -1, 1); // what it needs
  private static final long FUEL = 3_000_000;
  private static final Duration TIME = Duration.ofMillis(5);

  private enum Host {
    RETURNS,
    THROWS,
    EXITS,
    CALLS,
    CALLS_AND_GOES_ON,
    CLOSES
  }

  /**
   * A call.
   *
   * @param name of the function
   * @param argument for it
   * @param gift what the host gives, if it is asked for a value
   * @param lies how many there are in the memory
   */
  private record Told(
      String name,
      Object argument,
      @Nullable Object gift,
      long from,
      byte[] bytes,
      int lies,
      Realloc realloc,
      long nth,
      long lie,
      Doing doing,
      Doing post,
      Host host) {
    boolean isHonest() {
      return lies == 0 && realloc == Realloc.ALLOCATES && doing == Doing.NOTHING && post == doing;
    }

    boolean loops() {
      return realloc == Realloc.LOOPS || doing == Doing.LOOPS || post == Doing.LOOPS;
    }

    // There the engine's own calls of these functions may not call the host.
    boolean isComparable() {
      return realloc != Realloc.CALLS && post != Doing.CALLS && post != Doing.CALLS_AND_GROWS;
    }

    boolean calls() {
      return doing == Doing.CALLS || doing == Doing.CALLS_AND_GROWS || name.matches("[tg].*");
    }

    @Override
    public String toString() {
      return "%s(%s), %s bytes with %s lies, realloc %s after %s: %s, %s, post %s, host %s"
          .formatted(name, argument, bytes.length, lies, realloc, nth, lie, doing, post, host);
    }
  }

  private record Outcome(
      @Nullable Object value, @Nullable Throwable thrown, boolean usable, boolean isDirect) {}

  private final Journal journal;
  private @Nullable LyingWorld world;
  private Host host = Host.RETURNS;
  private int depth;
  private @Nullable Runnable again;
  private @Nullable Store store;
  private @Nullable Object gift;
  private @Nullable Object taken;

  ComponentLiesAttack(Journal journal) {
    this.journal = journal;
    // Before the classes are loaded.
    System.setProperty("wasmtimejvm.directAlways", "true");
    ClassLoader.getSystemClassLoader()
        .setPackageAssertionStatus(
            "io.github.wasmtimejvm.component", !Boolean.getBoolean(WITHOUT_ASSERTIONS));
  }

  @Override
  public void run(long seed, Tally tally) {
    LyingWorld current = world(Math.floorDiv(seed, CASES_OF_A_WORLD));
    Told told = told(current, new Random(seed * 0x9e3779b97f4a7c15L + 1));
    journal.note(current + "\n" + told);
    Outcome direct = outcome(current, current.direct(), told);
    Outcome byValues = outcome(current, current.byValues(), told);
    String problem = problem(current, told, direct, byValues);
    if (problem != null) {
      tally.unexpected(
          seed,
          problem,
          "%s%n%s%ndirectly: %s%nby values: %s"
              .formatted(current, told, text(direct), text(byValues)));
    }
    tally.count(
        "lies",
        told.isHonest() ? "none" : direct.thrown() == null ? "not met" : kind(told),
        Ending.of(direct.thrown()));
    if (!told.isHonest() && direct.isDirect() && direct.thrown() != null) {
      tally.count(Tally.ENTERED, AttackKind.COMPONENT_LIES.toString());
    }
  }

  private static String kind(Told told) {
    return told.realloc() != Realloc.ALLOCATES
        ? "realloc " + told.realloc()
        : told.doing() != Doing.NOTHING
            ? "function " + told.doing()
            : told.post() != Doing.NOTHING ? "post-return " + told.post() : "memory";
  }

  private static String text(Outcome outcome) {
    Throwable thrown = outcome.thrown();
    if (thrown == null) {
      return String.valueOf(outcome.value());
    }
    java.io.StringWriter trace = new java.io.StringWriter();
    thrown.printStackTrace(new java.io.PrintWriter(trace));
    return trace.toString();
  }

  private LyingWorld world(long number) {
    LyingWorld known = world;
    if (known == null || known.number() != number) {
      if (known != null) {
        known.close();
      }
      journal.note("world " + number);
      known = new LyingWorld(number, this::function);
      world = known;
    }
    return known;
  }

  private static Told told(LyingWorld world, Random random) {
    LyingComponent guest = world.guest();
    int number = random.nextInt(guest.types().size());
    WitType type = guest.types().get(number);
    char kind = "rrrppttttgg".charAt(random.nextInt(11));
    boolean isParameter = kind == 'p' || kind == 'g';
    boolean misbehaves = random.nextInt(3) == 0;
    boolean endless = world.has("fuel") || world.has("interruption");
    Realloc realloc = Realloc.ALLOCATES;
    Doing doing = Doing.NOTHING;
    Doing post = Doing.NOTHING;
    if (isParameter) {
      do {
        realloc = Realloc.values()[random.nextInt(Realloc.values().length)];
      } while (realloc == Realloc.LOOPS && !endless);
    }
    if (misbehaves) {
      doing = doing(random, endless);
      post = doing(random, endless);
    }
    long lie = edge(random, guest.memorySize());
    Host host = Host.values()[random.nextInt(Host.values().length)];
    // Until a value fits, and lies unless all else is wrong.
    while (true) {
      long end = random.nextBoolean() ? guest.memorySize() : 40_000 + random.nextInt(8);
      int seldom = isParameter || misbehaves && random.nextBoolean() ? 0 : 1 + random.nextInt(8);
      LyingValue value = new LyingValue(random, guest, end, seldom);
      try {
        ComponentValues values = new ComponentValues(random, _ -> null, 0);
        Object argument =
            switch (kind) {
              case 'p' -> values.of(type);
              case 't' -> value.of(guest.taken(type));
              case 'g' -> value.room(type, random.nextInt(3) == 0 ? 1 : 0);
              default -> value.of(type);
            };
        if (seldom > 0 && value.lies() == 0 && random.nextInt(20) > 0) {
          continue;
        }
        return new Told(
            kind + "" + number,
            argument,
            kind == 'g' ? values.of(type) : null,
            value.from(),
            value.bytes(),
            value.lies(),
            realloc,
            random.nextInt(3),
            lie,
            doing,
            post,
            host);
      } catch (IndexOutOfBoundsException tooLarge) {
        // another one
      }
    }
  }

  private static Doing doing(Random random, boolean endless) {
    Doing doing = Doing.values()[random.nextInt(Doing.values().length)];
    return doing == Doing.LOOPS && !endless ? Doing.NOTHING : doing;
  }

  private static long edge(Random random, long size) {
    long edge =
        switch (random.nextInt(8)) {
          case 0 -> 0;
          case 1 -> random.nextInt(64);
          case 2 -> size - random.nextInt(64);
          case 3 -> size + random.nextInt(16);
          case 4 -> 1L << 31;
          case 5 -> -1 - random.nextInt(64);
          case 6 -> 2000; // the same for all
          default -> random.nextInt();
        };
    return edge & 0xffff_ffffL;
  }

  private Outcome outcome(LyingWorld world, LyingWorld.Side side, Told told) {
    host = Host.RETURNS;
    again = null;
    taken = null;
    gift = told.gift();
    depth = 0;
    try (Store made = Store.create(side.engine())) {
      store = made;
      made.limit(LIMITS);
      if (world.has("fuel")) {
        made.setFuel(FUEL);
      }
      ComponentInstance instance = side.linker().instantiate(made, side.component());
      ComponentFunc func = instance.func(told.name());
      boolean isDirect = isDirect(side, func, told.name());
      instance.func("poke").call(told.from(), told.bytes());
      instance
          .func("tell")
          .call(
              (long) told.realloc().ordinal(),
              told.nth(),
              told.lie(),
              (long) told.doing().ordinal(),
              (long) told.post().ordinal());
      host = told.host();
      again = () -> func.call(told.argument());
      if (world.has("interruption") && told.loops()) {
        made.setTimeout(TIME);
      }
      Object value = null;
      Throwable thrown = null;
      try {
        value = func.call(told.argument());
      } catch (Throwable t) {
        thrown = t;
      }
      if (value == null) {
        value = taken;
      }
      return new Outcome(value, thrown, instance.isUsable(), isDirect);
    } finally {
      store = null;
    }
  }

  private static boolean isDirect(LyingWorld.Side side, ComponentFunc func, String name) {
    String hostFunction =
        switch (name.charAt(0)) {
          case 't' -> "take";
          case 'g' -> "give";
          default -> null;
        };
    return hostFunction == null
        ? func.path().isDirect()
        : side.component()
            .hostCallPaths()
            .get("t:t/host " + hostFunction + name.substring(1))
            .isDirect();
  }

  private ComponentHostFunction function(String name) {
    return arguments -> {
      if (name.startsWith("take") && taken == null) {
        taken = arguments[0];
      }
      answer(arguments);
      return name.equals("call") ? (Object) 0L : name.startsWith("give") ? gift : null;
    };
  }

  // What the guest calls.
  private void answer(@Nullable Object[] arguments) {
    Runnable call = again;
    if (depth == 0 && call != null) {
      depth++;
      try {
        switch (host) {
          case RETURNS -> {}
          case THROWS -> throw new Ending.Thrown();
          case EXITS -> throw new ExitException(3);
          case CALLS -> call.run();
          case CALLS_AND_GOES_ON -> {
            try {
              call.run();
            } catch (RuntimeException swallowed) {
              // what called this ends otherwise, or does not
            }
          }
          case CLOSES -> {
            try {
              if (store != null) {
                store.close();
              }
            } catch (IllegalStateException busy) {
              // as it should be
            }
          }
        }
      } finally {
        depth--;
      }
    }
  }

  private static @Nullable String problem(
      LyingWorld world, Told told, Outcome direct, Outcome byValues) {
    for (Outcome outcome : List.of(direct, byValues)) {
      if (!isForeseen(world, told, outcome.thrown())) {
        return outcome == direct ? "not foreseen directly" : "not foreseen by values";
      }
    }
    boolean isInterpreted = world.has("interpreter") && told.name().matches("[tg].*");
    if (direct.isDirect() == isInterpreted || byValues.isDirect()) {
      return "not the paths that were meant";
    }
    Throwable thrown = direct.thrown();
    if (direct.usable()
        && thrown != null
        && !(thrown instanceof StoppedException)
        && !isRefused(thrown)) {
      return "usable after a lie";
    }
    if (!told.isComparable() || told.host() == Host.CALLS_AND_GOES_ON && told.calls()) {
      return null;
    }
    if (thrown == null && byValues.thrown() == null) {
      boolean sums = told.name().matches("[pg].*");
      return sums && told.realloc() == Realloc.LIES // which may have the parts overlap
              || sums && !world.guest().encoding().equals("utf8")
              || SameValue.is(direct.value(), byValues.value())
          ? null
          : "other values";
    }
    if (thrown instanceof StoppedException || byValues.thrown() instanceof StoppedException) {
      return null; // the machine may be slow
    }
    if (told.name().matches("[pg].*") && !world.guest().encoding().equals("utf8")) {
      return null; // the engine asks for room more often
    }
    if (thrown == null) {
      return isBound(byValues.thrown()) ? null : "only the engine saw it";
    }
    return byValues.thrown() != null || isBound(thrown) ? null : "only we saw it";
  }

  // It is no lie to return more than the host takes.
  private static boolean isBound(@Nullable Throwable thrown) {
    String message = thrown == null ? null : thrown.getMessage();
    return message != null
        && (message.contains("too many") || message.contains("too much data is being copied"));
  }

  // The interpreter's guests are not entered again.
  private static boolean isRefused(Throwable thrown) {
    return thrown instanceof IllegalStateException;
  }

  private static boolean isForeseen(LyingWorld world, Told told, @Nullable Throwable thrown) {
    return switch (thrown) {
      case null -> true;
      case TrapException _, WasmtimeException _ -> true;
      case Ending.Thrown _ -> told.host() == Host.THROWS;
      case IllegalStateException e -> e.getMessage() != null;
      default -> false;
    };
  }
}
