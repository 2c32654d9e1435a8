package io.github.wasmtimejvm.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.build.CapiCoverage.Function;
import io.github.wasmtimejvm.build.CapiCoverage.Reason;
import io.github.wasmtimejvm.build.CapiCoverage.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Each C function is reached by a public method, or it is said why not. With {@code
 * -Dcoverage.write=true}, as scripts/generate-c-api-table has it, the table is written first.
 */
class CapiCoverageTest {
  private static final String REMEDY = "run scripts/generate-c-api-table and commit the difference";

  // In Javadoc, but no names of the C API: a module's, and a row of them.
  private static final Set<String> OTHER_NAMES =
      Set.of("wasi_snapshot_preview1", "wasm_functype_new_M_N");

  private static CapiCoverage coverage;

  @BeforeAll
  static void read() throws Exception {
    coverage = new CapiCoverage();
    if (Boolean.getBoolean("coverage.write")) {
      List<String> idle = coverage.idleRules().stream().map(Rule::line).toList();
      List<String> rules = new ArrayList<>(Files.readAllLines(CapiCoverage.REASONS));
      if (rules.removeAll(idle)) {
        Files.write(CapiCoverage.REASONS, rules);
        coverage = new CapiCoverage();
      }
      Files.writeString(CapiCoverage.TABLE, coverage.table());
    }
  }

  @Test
  void everyFunctionIsReachedOrHasAReason() {
    assertThat(coverage.functions).hasSizeGreaterThan(800);
    assertThat(coverage.notReached())
        .as("reached by no public method, and without a reason in %s", CapiCoverage.REASONS)
        .allMatch(function -> coverage.reason(function) != null);
  }

  @Test
  void aFunctionThatIsLeftOutIsNotReached() {
    assertThat(coverage.functions.values())
        .filteredOn(function -> function.excluded() != null)
        .hasSizeGreaterThan(100)
        .noneMatch(function -> coverage.isReached(function.name()));
  }

  @Test
  void whatIsSupersededOrUnsafeNamesWhatReplacesIt() {
    assertThat(coverage.notReached())
        .extracting(coverage::reason)
        .filteredOn(
            reason ->
                reason != null
                    && (reason.why() == CoverageReason.SUPERSEDED
                        || reason.why() == CoverageReason.UNSAFE_BY_NATURE))
        .extracting(Reason::text)
        .doesNotContain("");
  }

  @Test
  void everyReasonIsNeeded() {
    assertThat(coverage.idleRules()).as(REMEDY).isEmpty();
  }

  @Test
  void theTableIsUpToDate() throws IOException {
    assertThat(CapiCoverage.TABLE).exists();
    assertThat(Files.readString(CapiCoverage.TABLE)).as(REMEDY).isEqualTo(coverage.table());
  }

  @Test
  void everyNameOfTheCApiInJavadocExists() throws IOException {
    Set<String> known = new TreeSet<>(coverage.functions.keySet());
    Pattern word = Pattern.compile("\\b(?:wasm|wasmtime|wasi)_\\w+");
    try (Stream<Path> sources =
        Files.list(Path.of("src/generated/java/io/github/wasmtimejvm/capi"))) {
      for (Path source : sources.toList()) {
        word.matcher(Files.readString(source)).results().forEach(name -> known.add(name.group()));
      }
    }

    // An enum's values are constants of the class, and its name is nowhere but in its type's.
    Set<String> enums = new TreeSet<>();
    known.stream()
        .filter(name -> name.endsWith("_t"))
        .forEach(name -> enums.add(name.replaceFirst("_t$", "_enum")));
    known.addAll(enums);

    Set<String> unknown = new TreeSet<>();
    coverage.javadoc.forEach(
        (element, names) -> {
          for (String name : names) {
            boolean isThere =
                name.endsWith("_")
                    ? known.stream().anyMatch(other -> other.startsWith(name))
                    : known.contains(name) || OTHER_NAMES.contains(name);
            if (!isThere) {
              unknown.add(element + ": " + name);
            }
          }
        });
    assertThat(coverage.javadoc).hasSizeGreaterThan(100);
    assertThat(unknown).isEmpty();
  }

  /**
   * A method may also name a function that it stands for without calling it; then the table says
   * what it calls. How a setter's value gets to the function is not followed exactly, only that
   * both use a field.
   */
  @Test
  void whatNamesAFunctionInItsJavadocCallsIt() {
    Set<String> untrue = new TreeSet<>();
    int claims = 0;
    for (String element : coverage.elements()) {
      for (String name : coverage.javadoc.getOrDefault(element, Set.of())) {
        Function function = coverage.functions.get(name);
        if (function != null) {
          claims++;
          Reason reason = coverage.isReached(name) ? null : coverage.reason(function);
          boolean replaced = reason != null;
          if (!replaced && !coverage.isTied(element, name)) {
            untrue.add(element + ": " + name);
          }
        }
      }
    }
    assertThat(claims).isGreaterThan(100);
    assertThat(untrue).isEmpty();
  }

  @Test
  void theGraphTellsWhatIsReachedFromWhatIsNot() {
    reaches("Module.fromBytes", "wasmtime_module_new");
    doesNotReach("Module.fromBytes", "wasmtime_module_serialize");
    // By address, through the shim, in code that is generated, and up from the guest.
    reaches("Instance.create", "wasmtime_instance_new");
    doesNotReach("Instance.create", "wasmtime_linker_module");
    reaches("Func.as", "wasmtime_func_call_unchecked");
    doesNotReach("Store.close", "wasmtime_func_call_unchecked");
    reaches("Linker.define", "wasmtime_context_set_exception");
    // By a method reference in a constant.
    reaches("WasmFeature.GC", "wasmtime_config_wasm_gc_set");
    doesNotReach("WasmFeature.GC", "wasmtime_config_wasm_simd_set");
    // By no more than a field: of a builder, or with what the Cleaner does.
    doesNotReach("EngineBuilder.debugInfo", "wasmtime_config_debug_info_set");
    assertThat(coverage.isTied("EngineBuilder.debugInfo", "wasmtime_config_debug_info_set"))
        .isTrue();
    assertThat(coverage.isTied("Engine.close", "wasm_engine_delete")).isTrue();
    assertThat(coverage.isTied("Engine.isPulley", "wasmtime_module_delete")).isFalse();
    assertThat(coverage.isTied("EngineBuilder.debugInfo", "wasmtime_module_serialize")).isFalse();
  }

  private static void reaches(String element, String function) {
    assertThat(coverage.isReached(element, function)).as("%s, %s", element, function).isTrue();
  }

  private static void doesNotReach(String element, String function) {
    assertThat(coverage.elements()).contains(element);
    assertThat(coverage.functions).containsKey(function);
    assertThat(coverage.isReached(element, function)).as("%s, %s", element, function).isFalse();
  }
}
