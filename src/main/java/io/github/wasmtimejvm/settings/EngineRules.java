package io.github.wasmtimejvm.settings;

import io.github.wasmtimejvm.WasmFeature;
import io.github.wasmtimejvm.internal.Mapping;
import io.github.wasmtimejvm.loader.Platform;
import java.util.List;

/**
 * Which settings go together. The engine checks the same when it is built, but ends the process
 * where two settings clash.
 */
public final class EngineRules {
  private static final long PAGE = 64 * 1024; // no platform has larger ones
  private static final long TABLE_ELEMENT = 8;

  private static final long WINCH_RESERVATION = 1L << 32;

  // The interpreter's stack must not end in the entry of a function: that ends the process. 1000
  // vectors each for parameters and results are the most that there may be.
  private static final long SMALLEST_PULLEY_STACK = 64 * 1024;

  // What the engine keeps about each memory and table of a pool.
  private static final long BOOKKEEPING = 512;

  private final EngineSettings settings;
  private final SettingsAccess access;

  private EngineRules(EngineSettings settings, SettingsAccess access) {
    this.settings = settings;
    this.access = access;
  }

  /**
   * Throws unless an engine can be built this way.
   *
   * @param access makes the exception if the system does not give what the settings need
   * @throws IllegalArgumentException if two settings clash
   */
  public static void check(EngineSettings settings, SettingsAccess access) {
    EngineRules rules = new EngineRules(settings, access);
    rules.compiler();
    rules.features();
    rules.flags();
    rules.profiler();
    if (settings.pooling != null) {
      rules.pooling(settings.pooling);
    }
  }

  private void compiler() {
    boolean winch = settings.isWinch();
    boolean pulley = settings.isPulley();
    refuse(
        winch && pulley,
        "strategy WINCH and target pulley64: Winch compiles for the host's processor only");
    refuse(
        winch && !settings.usesSignals(),
        "strategy WINCH and signalsBasedTraps(false): its code relies on signals for traps");
    refuse(
        winch
            && !settings.memoryMayMove
            && settings.memoryReservation < WINCH_RESERVATION
            && settings.pooling == null,
        "strategy WINCH, memoryReservation below 4 GiB and memoryMayMove(false): its code would"
            + " trap where a larger memory is accessed within its bounds");
    refuse(
        winch && settings.debugInfo,
        "strategy WINCH and debugInfo: it generates no debug information");
    refuse(
        pulley && Boolean.TRUE.equals(settings.signalsBasedTraps),
        "target pulley64 and signalsBasedTraps(true): an interpreter's traps are not signals");
    refuse(
        pulley && settings.maxWasmStack < SMALLEST_PULLEY_STACK,
        "target pulley64 and maxWasmStack "
            + settings.maxWasmStack
            + ": the interpreter needs "
            + SMALLEST_PULLEY_STACK
            + " to enter a function with all the parameters and results that there may be");
    refuse(
        !settings.nativeUnwindInfo && Platform.host().startsWith("windows"),
        "nativeUnwindInfo(false) on Windows, which cannot do without");
  }

  private void features() {
    for (WasmFeature feature :
        List.of(
            WasmFeature.STACK_SWITCHING,
            WasmFeature.COMPONENT_MODEL_ASYNC,
            WasmFeature.COMPONENT_MODEL_MORE_ASYNC_BUILTINS,
            WasmFeature.COMPONENT_MODEL_ASYNC_STACKFUL)) {
      refuse(
          settings.has(feature),
          feature
              + ": guests would run on stacks of their own, where a call up into Java ends the"
              + " VM");
    }
    if (settings.isWinch()) {
      for (WasmFeature feature :
          List.of(WasmFeature.GC, WasmFeature.FUNCTION_REFERENCES, WasmFeature.RELAXED_SIMD)) {
        refuse(settings.has(feature), "strategy WINCH and feature " + feature);
      }
      refuse(
          settings.has(WasmFeature.THREADS) && Platform.host().contains("aarch64"),
          "strategy WINCH and feature THREADS on aarch64");
    }
    refuse(
        settings.isPulley() && settings.has(WasmFeature.THREADS),
        "target pulley64 and feature THREADS: the interpreter has no atomic instructions");
    refuse(
        settings.has(WasmFeature.RELAXED_SIMD) && !settings.has(WasmFeature.SIMD),
        "feature RELAXED_SIMD without feature SIMD; switch both off");
    for (WasmFeature feature : WasmFeature.values()) {
      refuse(
          settings.has(feature) && EngineSettings.needsGc(feature) && !settings.usesGc(),
          "feature " + feature + " without gcSupport, which Winch has off by default");
    }
    for (WasmFeature feature : List.of(WasmFeature.MULTI_VALUE, WasmFeature.MULTI_MEMORY)) {
      refuse(
          settings.has(WasmFeature.COMPONENT_MODEL) && !settings.has(feature),
          "feature COMPONENT_MODEL without feature "
              + feature
              + ", which the engine uses between components; switch both off");
    }
  }

  private void flags() {
    for (String flag : settings.enabledFlags) {
      refuse(
          settings.flags.containsKey(flag), "the Cranelift flag " + flag + " both enabled and set");
      flag(flag);
    }
    settings.flags.keySet().forEach(this::flag);
    for (String flag :
        List.of(
            "enable_heap_access_spectre_mitigation", "enable_table_access_spectre_mitigation")) {
      boolean on = settings.enabledFlags.contains(flag) || "true".equals(settings.flags.get(flag));
      refuse(
          on && !settings.usesSignals(),
          "the Cranelift flag " + flag + " without signalsBasedTraps, which it relies on");
    }
  }

  private void flag(String flag) {
    refuse(
        settings.isPulley() && CraneliftFlags.isAboutProcessor(flag),
        "target pulley64 and the Cranelift flag " + flag + ", which is about a processor");
  }

  private void profiler() {
    switch (settings.profiler) {
      case JITDUMP ->
          refuse(!Platform.host().startsWith("linux"), "profiler JITDUMP: only on Linux");
      case PERFMAP ->
          refuse(Platform.host().startsWith("windows"), "profiler PERFMAP: not on Windows");
      case VTUNE -> refuse(!Platform.host().contains("x86_64"), "profiler VTUNE: only on x86_64");
      case NONE -> {}
    }
  }

  private void pooling(PoolLimits pool) {
    refuse(
        pool.maxMemorySize > settings.memoryReservation,
        "pooling with maxMemorySize "
            + pool.maxMemorySize
            + " and memoryReservation "
            + settings.memoryReservation
            + ": a pooled memory does not grow beyond its reservation");
    long slot = roundUp(settings.memoryReservation) + roundUp(settings.memoryGuardSize());
    long memories = product(slot, pool.totalMemories + 1L, "totalMemories");
    long table = roundUp(product(pool.tableElements, TABLE_ELEMENT, "tableElements"));
    long tables = product(table, pool.totalTables, "totalTables");
    long own = BOOKKEEPING * (pool.totalMemories + (long) pool.totalTables);
    if (!Mapping.canMap(memories, tables + own)) {
      throw access.refused(
          "pooling needs "
              + (memories + tables)
              + " bytes of address space for "
              + pool.totalMemories
              + " memories and "
              + pool.totalTables
              + " tables, and the process does not get them");
    }
  }

  private static long roundUp(long size) {
    return (size + PAGE - 1) & -PAGE;
  }

  private static long product(long size, long count, String what) {
    refuse(
        size > 0 && count > Ranges.LARGEST_SIZE / size,
        "pooling with " + what + ": " + count + " times " + size + " bytes of address space");
    return size * count;
  }

  private static void refuse(boolean clash, String what) {
    if (clash) {
      throw new IllegalArgumentException("no engine can be built with " + what);
    }
  }
}
