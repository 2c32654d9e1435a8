package io.github.wasmtimejvm.attack;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The classes of attacks. */
enum AttackKind {
  /** Hostile callers: random sequences of calls of public methods. */
  API(ApiAttack::ofModules, 100_000, 1000, "-Xmx1g", "-Xmx1g", "-Xmx64m"),

  /** Hostile guests: whatever WebAssembly can do, at any place, on any engine. */
  GUESTS(GuestAttack::new, 10_000, 500, "-Xmx1g"),

  /** Random and changed modules, run on two engines. */
  FUZZ(FuzzAttack::new, 20_000, 500, "-Xmx1g"),

  /** Compiled modules that are not what they were. */
  COMPILED(CompiledAttack::new, 5_000, 500, "-Xmx1g"),

  /** Hostile callers of components. */
  COMPONENT_API(ApiAttack::ofComponents, 20_000, 500, "-Xmx1g", "-Xmx1g", "-Xmx64m"),

  /** Hostile components, at any place, on any engine. */
  COMPONENT_GUESTS(ComponentGuestAttack::new, 5_000, 250, "-Xmx1g"),

  /** Components that lie to a host that reads and writes their memory itself. */
  COMPONENT_LIES(ComponentLiesAttack::new, 70_000, 5_000, "-Xmx1g"),

  /** Changed components, and random values of random types. */
  COMPONENT_FUZZ(ComponentFuzzAttack::new, 10_000, 500, "-Xmx1g"),

  /** Compiled components that are not what they were. */
  COMPONENT_COMPILED(ComponentCompiledAttack::new, 2_000, 250, "-Xmx1g"),

  /** Environments that lack something: each case is a process of its own. */
  ENVIRONMENT(EnvironmentAttack::new, 500, 1, "-Xmx48m");

  private final Function<Journal, Attack> make;
  private final int cases;
  private final int batch;
  private final List<String> heaps;

  AttackKind(Function<Journal, Attack> make, int cases, int batch, String... heaps) {
    this.heaps = List.of(heaps);
    this.make = make;
    this.cases = cases;
    this.batch = batch;
  }

  Attack attack(Journal journal) {
    return make.apply(journal);
  }

  /** How many cases a run has that is not told otherwise. */
  int cases() {
    return cases;
  }

  /** How many cases one process has. */
  int batch() {
    return batch;
  }

  /** The flag for the heap of the process that begins with that case. */
  String heap(long seed) {
    return heaps.get(Math.floorMod(seed / batch, heaps.size()));
  }

  /** Whether it can attack here: the limits of processes are Linux's. */
  boolean isForThisSystem() {
    return this != ENVIRONMENT || System.getProperty("os.name").startsWith("Linux");
  }

  /** Whether it attacks components. */
  boolean isOfComponents() {
    return name().startsWith("COMPONENT_");
  }

  static AttackKind of(String name) {
    try {
      return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "there is no class of attacks " + name + ": use " + List.of(names()), e);
    }
  }

  private static String[] names() {
    return java.util.Arrays.stream(values()).map(AttackKind::toString).toArray(String[]::new);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
