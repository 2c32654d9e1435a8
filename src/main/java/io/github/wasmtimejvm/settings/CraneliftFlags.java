package io.github.wasmtimejvm.settings;

import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The Cranelift flags that may be changed one by one: those that were tried. An unknown flag ends
 * the process when the engine is built. Some known flags make the compiler panic or generate code
 * that the engine cannot run.
 */
public final class CraneliftFlags {
  /** Flags that every processor has. */
  private static final Set<String> SHARED =
      Set.of(
          "enable_alias_analysis",
          "enable_heap_access_spectre_mitigation",
          "enable_table_access_spectre_mitigation",
          "machine_code_cfg_info",
          "regalloc_checker");

  private static final Set<String> X86_64 =
      Set.of(
          "has_avx",
          "has_avx2",
          "has_avx512bitalg",
          "has_avx512dq",
          "has_avx512f",
          "has_avx512vbmi",
          "has_avx512vl",
          "has_avx512vnni",
          "has_avx_vnni",
          "has_bmi1",
          "has_bmi2",
          "has_cmpxchg16b",
          "has_fma",
          "has_lzcnt",
          "has_popcnt",
          "has_sse3",
          "has_sse41",
          "has_sse42",
          "has_ssse3");

  /** Names of groups of these flags, which can only be enabled. */
  private static final Set<String> X86_64_PRESETS =
      Set.of("baseline", "x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4");

  private static final Set<String> AARCH64 =
      Set.of("has_dotprod", "has_fp16", "has_i8mm", "has_lse", "has_pauth");

  private static final Map<String, String> SETTERS =
      Map.of(
          "enable_nan_canonicalization", "nanCanonicalization",
          "enable_verifier", "debugVerifier",
          "opt_level", "optLevel",
          "regalloc_algorithm", "regallocAlgorithm",
          "unwind_info", "nativeUnwindInfo");

  private CraneliftFlags() {}

  /** Returns the flags that are not about the processor. */
  public static SortedSet<String> shared() {
    return new TreeSet<>(SHARED);
  }

  /** Whether a flag that is not about the processor is on unless it is set. */
  static boolean isOnByDefault(String flag) {
    return flag.startsWith("enable_");
  }

  /**
   * Throws unless the flag can be enabled on this architecture.
   *
   * @param architecture {@code x86_64} or {@code aarch64}
   */
  public static void checkEnable(String flag, String architecture) {
    if (!(architecture.equals("x86_64") && X86_64_PRESETS.contains(flag))) {
      check(flag, architecture);
    }
  }

  /** Throws unless the flag can be set to the value on this architecture. */
  public static void checkSet(String flag, String value, String architecture) {
    check(flag, architecture);
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException(
          "the Cranelift flag " + flag + " is either true or false: " + value);
    }
  }

  private static void check(String flag, String architecture) {
    String setter = SETTERS.get(flag);
    if (setter != null) {
      throw new IllegalArgumentException(
          "the Cranelift flag " + flag + " has a setter of its own: " + setter);
    }
    if (!SHARED.contains(flag) && !forArchitecture(architecture).contains(flag)) {
      throw new IllegalArgumentException(
          "not a Cranelift flag that can be changed on "
              + architecture
              + ", the engine would end the process or miscompile: "
              + flag);
    }
  }

  private static Set<String> forArchitecture(String architecture) {
    return architecture.equals("x86_64") ? X86_64 : AARCH64;
  }

  /** Whether the flag is about the processor. An interpreter has no such flags. */
  static boolean isAboutProcessor(String flag) {
    return !SHARED.contains(flag);
  }
}
