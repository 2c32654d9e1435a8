package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Named cases that all run in one JVM of their own: if one of them ends it, that case and those
 * behind it have not passed.
 */
final class GuardCases {
  /** One attempt, in a world of its own. */
  interface Case {
    void run(GuardWorld world) throws Throwable;
  }

  private GuardCases() {}

  /** Runs the cases; for the {@code main} of the child. */
  static void run(Map<String, Case> cases) {
    cases.forEach(
        (name, test) -> {
          try (GuardWorld world = new GuardWorld()) {
            test.run(world);
            System.out.println("passed: " + name);
          } catch (Throwable t) {
            System.out.println("failed: " + name);
            t.printStackTrace();
          }
        });
  }

  /** Starts the child and returns a test for each case, and one for the child's end. */
  static Stream<DynamicTest> tests(Class<?> main, Map<String, Case> cases) {
    return tests(ChildJvm.with(), main, cases);
  }

  /** The same in a child with settings of its own. */
  static Stream<DynamicTest> tests(
      ChildJvm.Prepared child, Class<?> main, Map<String, Case> cases) {
    ChildJvm.Result result = child.run(main);
    return Stream.concat(
        cases.keySet().stream()
            .map(
                name ->
                    DynamicTest.dynamicTest(
                        name,
                        () ->
                            assertThat(result.stdout())
                                .as(result.toString())
                                .contains("passed: " + name + "\n"))),
        Stream.of(
            DynamicTest.dynamicTest(
                "and the process ends normally",
                () -> assertThat(result.exitCode()).as(result.toString()).isZero())));
  }
}
