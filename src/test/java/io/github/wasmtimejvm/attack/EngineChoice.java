package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineBuilder;
import io.github.wasmtimejvm.SettingValues;
import io.github.wasmtimejvm.SettingValues.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What engine a guest runs on, and what ends the guest.
 *
 * @param settings some of all that there are
 * @param smallStack whether guests get little stack, so that they fit a small thread
 */
record EngineChoice(List<Setting> settings, boolean smallStack, boolean sharedMemory, Bound bound) {
  /** What ends a guest that does not end by itself. */
  enum Bound {
    NONE,
    TIMEOUT,
    INTERRUPT,
    FUEL
  }

  private static final List<Setting> ALL = SettingValues.all();
  private static final List<Setting> COMPILERS =
      ALL.stream().filter(s -> s.name().matches("strategy|target|parallelCompilation")).toList();

  /** Names a setting that all engines have, to look at it alone: {@code target=pulley64}. */
  static final String ALWAYS = "wasmtimejvm.attack.setting";

  private static final List<Setting> WANTED =
      ALL.stream().filter(s -> s.toString().equals(System.getProperty(ALWAYS))).toList();

  /** The default. */
  static EngineChoice plain(Guest guest) {
    return new EngineChoice(
        List.of(),
        false,
        guest.usesSharedMemory(),
        guest.mayBeEndless() ? Bound.TIMEOUT : Bound.NONE);
  }

  static EngineChoice of(Random random, Guest guest, Place place) {
    List<Setting> settings = new ArrayList<>(WANTED);
    // With more of them, fewer guests run.
    for (int n = Math.max(0, random.nextInt(7) - 3); n > 0; n--) {
      settings.add(ALL.get(random.nextInt(ALL.size())));
    }
    // How guests are run: few settings among the many, but those that matter most.
    if (random.nextInt(4) == 0) {
      settings.add(COMPILERS.get(random.nextInt(COMPILERS.size())));
    }
    Bound bound = Bound.NONE;
    if (guest.mayBeEndless()) {
      boolean fuel = guest.endsWithFuel() && random.nextInt(3) == 0;
      bound = fuel ? Bound.FUEL : random.nextBoolean() ? Bound.TIMEOUT : Bound.INTERRUPT;
    }
    boolean smallStack = place.isTight() && random.nextInt(4) > 0;
    return new EngineChoice(settings, smallStack, guest.usesSharedMemory(), bound);
  }

  /** Whether it has a setting that may leave any guest too little stack. */
  boolean limitsStack() {
    return smallStack || settings.stream().anyMatch(s -> s.name().equals("maxWasmStack"));
  }

  /** Whether a memory may not grow although its type and the store's limits let it. */
  boolean mayRefuseGrowth() {
    return settings.stream().anyMatch(s -> s.name().matches("memoryReservation|pooling"));
  }

  boolean consumesFuel() {
    return bound == Bound.FUEL || last("consumeFuel", false);
  }

  /** Whether there is a heap for exceptions. */
  boolean hasHeap() {
    return last("gcSupport", true);
  }

  boolean isInterpreted() {
    return settings.stream().anyMatch(s -> s.toString().equals("target=pulley64"));
  }

  private boolean last(String name, boolean otherwise) {
    boolean value = otherwise;
    for (Setting setting : settings) {
      if (setting.name().equals(name)) {
        value = setting.value().equals("true"); // the last one counts
      }
    }
    return value;
  }

  Engine build() {
    EngineBuilder builder = Engine.builder();
    if (smallStack) {
      builder.maxWasmStack(SmallStack.BYTES);
    }
    builder.sharedMemory(sharedMemory);
    settings.forEach(setting -> setting.apply().accept(builder));
    switch (bound) {
      case NONE -> {}
      case TIMEOUT, INTERRUPT -> builder.interruptible(true);
      case FUEL -> builder.consumeFuel(true);
    }
    return builder.build();
  }
}
