package io.github.wasmtimejvm.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.build.PublicMethods.Method;
import io.github.wasmtimejvm.build.PublicMethods.Parameter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every public method says of itself. */
class JavadocTest {
  // The rules that the package's own Javadoc explains.
  private static final Pattern THREADS =
      Pattern.compile("Threads: (any|the store's|the guest's|one at a time)\\b[^.]*\\.");

  private static final Set<String> NUMBERS =
      Set.of("int", "long", "float", "double", "byte", "Duration", "Instant");

  // What there may be of it; "bytes" and the like say what it counts.
  private static final Pattern RANGE =
      Pattern.compile(
          "\\b(from|not negative|positive|unsigned|any number|at least \\d|below|more than zero"
              + "|its (initial|largest) (size|number)|the value of each)\\b");
  private static final Pattern UNIT =
      Pattern.compile(
          "\\b(bytes?|pages|elements|how many|nanoseconds|unsigned|status|error number|index"
              + "|number|ticks|argument|i32|i64|fuel)\\b");

  private static List<Method> methods;

  @BeforeAll
  static void read() throws IOException {
    methods = PublicMethods.all();
    assertThat(methods).hasSizeGreaterThan(300).extracting(Method::toString).contains("Func.call");
  }

  // Of what it overrides, or of Object.
  private static boolean inheritsAll(Method method) {
    return method.overrides() && (method.doc() == null || method.doc().equals("{@inheritDoc}"));
  }

  @Test
  void whichThreadsMayCallIt() {
    assertThat(methods)
        .filteredOn(method -> !inheritsAll(method))
        .filteredOn(method -> method.doc() == null || !THREADS.matcher(method.doc()).find())
        .isEmpty();
  }

  @Test
  void itSaysSoOnce() {
    assertThat(methods)
        .filteredOn(method -> method.doc() != null)
        .filteredOn(method -> THREADS.matcher(method.doc()).results().count() > 1)
        .isEmpty();
  }

  @Test
  void whichNumbersItTakes() {
    List<String> silent = new ArrayList<>();
    for (Method method : methods) {
      for (Parameter parameter : method.parameters()) {
        if (NUMBERS.contains(parameter.type())
            && !inheritsAll(method)
            && !isOfARecord(method)
            && !RANGE.matcher(param(method, parameter)).find()) {
          silent.add(method + " " + parameter + ": " + param(method, parameter));
        }
      }
    }
    assertThat(silent).isEmpty();
  }

  // Its components are described with the type.
  private static boolean isOfARecord(Method method) {
    return method.name().equals("<init>")
        && method.doc() != null
        && !method.doc().contains("@param");
  }

  private static String param(Method method, Parameter parameter) {
    Matcher found =
        Pattern.compile("@param " + parameter.name() + " (.*?)(?= @\\w|$)")
            .matcher(String.valueOf(method.doc()));
    return found.find() ? found.group(1) : "";
  }

  @Test
  void whatTheNumberCountsThatItReturns() {
    assertThat(methods)
        .filteredOn(method -> Set.of("int", "long").contains(method.result()))
        .filteredOn(method -> !method.overrides())
        .filteredOn(method -> method.doc() == null || !UNIT.matcher(method.doc()).find())
        .isEmpty();
  }
}
