package io.github.wasmtimejvm.settings;

import io.github.wasmtimejvm.OptLevel;
import io.github.wasmtimejvm.ProfilingStrategy;
import io.github.wasmtimejvm.RegallocAlgorithm;
import io.github.wasmtimejvm.Strategy;
import io.github.wasmtimejvm.WasmFeature;
import java.util.EnumMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an engine as plain values, with the defaults. What each one means, {@code
 * EngineBuilder} says at the method of the same name.
 *
 * <p>The fields are public because this class has no rule to protect: the builder checks each value
 * that it writes, and {@link EngineRules} checks all of them together. An engine is built from a
 * {@link #copy} and keeps it; nobody writes to a copy.
 */
public final class EngineSettings implements Cloneable {
  /** The target triple of the interpreter. */
  public static final String PULLEY = "pulley64";

  private static final long DEFAULT_GUARD_SIZE = 32 << 20;

  // A null is a setting that nobody has made: what then holds depends on others.
  public Strategy strategy = Strategy.AUTO;
  public @Nullable String target;
  public OptLevel optLevel = OptLevel.SPEED;
  public RegallocAlgorithm regallocAlgorithm = RegallocAlgorithm.BACKTRACKING;
  public SortedSet<String> enabledFlags = new TreeSet<>();
  public SortedMap<String, String> flags = new TreeMap<>();
  public boolean nanCanonicalization;
  public boolean parallelCompilation = true;
  public boolean debugVerifier;
  public boolean debugInfo;
  public boolean nativeUnwindInfo = true;
  public ProfilingStrategy profiler = ProfilingStrategy.NONE;

  public EnumMap<WasmFeature, Boolean> features = new EnumMap<>(WasmFeature.class);
  public @Nullable Boolean gcSupport;
  public boolean relaxedSimdDeterministic;
  public @Nullable Boolean signalsBasedTraps;
  public long maxWasmStack = 512 * 1024;
  public boolean consumeFuel;
  public boolean interruptible;
  public boolean sharedMemory;
  public boolean directCalls = true;

  public boolean memoryMayMove = true;
  public long memoryReservation = 1L << 32;
  public @Nullable Long memoryGuardSize;
  public long memoryReservationForGrowth = 2L << 30;
  public boolean memoryInitCow = true;
  public @Nullable PoolLimits pooling;

  public boolean hasCache;
  public @Nullable String cacheFile; // null for the engine's default

  /** Returns the same settings, which later changes of these do not change. */
  public EngineSettings copy() {
    try {
      EngineSettings copy = (EngineSettings) clone();
      copy.enabledFlags = new TreeSet<>(enabledFlags);
      copy.flags = new TreeMap<>(flags);
      copy.features = features.clone();
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether guests are compiled by Winch. */
  public boolean isWinch() {
    return strategy == Strategy.WINCH;
  }

  /** Whether guests are run by the interpreter. */
  public boolean isPulley() {
    return PULLEY.equals(target);
  }

  /** Whether guests' traps may be signals of the processor. */
  public boolean usesSignals() {
    return signalsBasedTraps != null ? signalsBasedTraps : !isPulley();
  }

  /** Whether there are heaps of garbage-collected objects. */
  public boolean usesGc() {
    return gcSupport != null ? gcSupport : !isWinch();
  }

  /** How much address space without access lies before and behind each memory, in bytes. */
  public long memoryGuardSize() {
    return memoryGuardSize != null ? memoryGuardSize : isPulley() ? 0 : DEFAULT_GUARD_SIZE;
  }

  /** Whether the code of guests does not speculate beyond the end of memories and tables. */
  public boolean hindersSpeculation() {
    return usesSignals()
        && !"false".equals(flags.get("enable_heap_access_spectre_mitigation"))
        && !"false".equals(flags.get("enable_table_access_spectre_mitigation"));
  }

  /** Whether modules may use a proposal, by a setting or by default. */
  public boolean has(WasmFeature feature) {
    Boolean set = features.get(feature);
    return set != null ? set : isOnByDefault(feature) && (usesGc() || !needsGc(feature));
  }

  /** Whether compiling a module that uses the proposal would end the process without a heap. */
  static boolean needsGc(WasmFeature feature) {
    return feature == WasmFeature.GC || feature == WasmFeature.EXCEPTIONS;
  }

  private boolean isOnByDefault(WasmFeature feature) {
    return switch (feature) {
      case MULTI_VALUE,
          BULK_MEMORY,
          REFERENCE_TYPES,
          SIMD,
          MULTI_MEMORY,
          MEMORY64,
          COMPONENT_MODEL ->
          true;
      case RELAXED_SIMD, TAIL_CALL, FUNCTION_REFERENCES, GC, EXCEPTIONS, WIDE_ARITHMETIC ->
          !isWinch();
      case THREADS -> !isWinch() && !isPulley();
      case BRANCH_HINTING,
          CUSTOM_PAGE_SIZES,
          COMPACT_IMPORTS,
          STACK_SWITCHING,
          COMPONENT_MODEL_MAP,
          COMPONENT_MODEL_IMPLEMENTS,
          COMPONENT_MODEL_CANONICAL_NAMES,
          COMPONENT_MODEL_ACCESSORS,
          COMPONENT_MODEL_ASYNC,
          COMPONENT_MODEL_MORE_ASYNC_BUILTINS,
          COMPONENT_MODEL_ASYNC_STACKFUL ->
          false;
    };
  }
}
