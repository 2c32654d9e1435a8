package io.github.wasmtimejvm.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A hostile component: its functions are called in any order with any values, and it does what they
 * say.
 *
 * @param usesWasi whether its store needs a configuration of WASI
 */
record ComponentGuest(String name, String text, boolean usesWasi) {
  private static final Map<String, String> STARTS =
      Map.of(
          "returns", "nop",
          "traps", "unreachable",
          "loops", "(loop (br 0))",
          "recurses", "(call $s)",
          "calls", "(call $call)",
          "grows", "(loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))");

  /** All. */
  static List<ComponentGuest> all() {
    List<ComponentGuest> all = new ArrayList<>();
    for (ComponentCorpus known : ComponentCorpus.ALL) {
      String text =
          switch (known.name()) {
            case "lies", "handles" ->
                io.github.wasmtimejvm.testing.Guests.read(
                    ComponentCorpus.class, "components/" + known.name() + ".wat");
            default -> known.text();
          };
      all.add(new ComponentGuest(known.name(), text, known.name().equals("exits")));
    }
    STARTS.keySet().stream()
        .sorted()
        .forEach(
            how ->
                all.add(
                    new ComponentGuest("start " + how, START.formatted(STARTS.get(how)), false)));
    all.add(new ComponentGuest("many instances", many(), false));
    all.add(new ComponentGuest("waits", waiting(), true));
    return List.copyOf(all);
  }

  private static final String START =
      """
      (component
        (import "t:t/host" (instance $host (export "call" (func))))
        (core func $call (canon lower (func $host "call")))
        (core module $m
          (import "h" "call" (func $call))
          (memory 1 300)
          (func $s %s)
          (start $s)
          (func (export "f")))
        (core instance $i
          (instantiate $m (with "h" (instance (export "call" (func $call))))))
        (func (export "f") (canon lift (core func $i "f"))))
      """;

  // Some milliseconds at most, as on some engines nothing stops it.
  private static String waiting() {
    return io.github.wasmtimejvm.testing.Guests.read(
            ComponentCorpus.class, "/io/github/wasmtimejvm/component/waiting.wat")
        .replace("(call $timer", "(call $short-timer")
        .replace(
            "(func (export \"sleep\") (param $nanos",
            "(func $short-timer (param $nanos i64) (result i32) (call $timer"
                + " (i64.and (local.get $nanos) (i64.const 0x7fffff))))"
                + "(func (export \"sleep\") (param $nanos");
  }

  // More than a store may have, within components of components.
  private static String many() {
    StringBuilder text = new StringBuilder();
    text.append("(component (component $c (core module $m (memory 1)) ");
    text.append("(core instance (instantiate $m)) ".repeat(5));
    text.append(") ").append("(instance (instantiate $c)) ".repeat(8));
    return text.append(")").toString();
  }

  /** Whether it has nothing to call. */
  boolean isOnlyStarted() {
    return name.startsWith("start ") || name.startsWith("many ");
  }

  /** What an engine is chosen by. */
  Guest guest() {
    return Guest.of(name, new byte[0], null, Guest.ENDLESS);
  }
}
