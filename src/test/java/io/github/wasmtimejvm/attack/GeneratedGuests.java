package io.github.wasmtimejvm.attack;

import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Guests that are made by number: many of something, or something deep. */
final class GeneratedGuests {
  private static final String RUN = "run";
  private static final String FINE = "returns";
  private static final String INVALID_OR_FINE = "returns invalid";

  private GeneratedGuests() {}

  static List<Guest.Family> all() {
    return List.of(
        sized("locals", 52_000, INVALID_OR_FINE, GeneratedGuests::locals),
        sized("vectors on the stack", 6_000, "returns STACK_OVERFLOW", GeneratedGuests::vectors),
        sized("functions", 4_000, "returns STACK_OVERFLOW", GeneratedGuests::functions),
        sized("deep blocks", 30_000, FINE, n -> nested(n, "block", "end")),
        sized("deep loops", 30_000, FINE, n -> nested(n, "loop", "end")),
        sized("deep ifs", 10_000, FINE, n -> nested(n, "i32.const 0 if", "end")),
        sized("deep try_tables", 2_000, FINE, n -> nested(n, "try_table (catch_all 0)", "end")),
        sized("br_table", 70_000, INVALID_OR_FINE, GeneratedGuests::branches),
        sized("br_table to as many", 3_000, FINE, GeneratedGuests::branchesApart),
        sized("data segments", 110_000, INVALID_OR_FINE, GeneratedGuests::segments),
        sized("element segments", 20_000, FINE, GeneratedGuests::elements),
        sized("elements", 210_000, "returns errors", GeneratedGuests::elementsOfOne),
        sized("globals", 30_000, FINE, GeneratedGuests::globals),
        sized("exports", 30_000, FINE, GeneratedGuests::exports),
        sized("imports", 2_000, FINE, GeneratedGuests::imports),
        sized("types", 30_000, FINE, GeneratedGuests::types),
        sized("types in one group", 10_000, INVALID_OR_FINE, GeneratedGuests::group),
        sized("types below each other", 80, INVALID_OR_FINE, GeneratedGuests::subtypes),
        sized("parameters", 1_010, INVALID_OR_FINE, GeneratedGuests::parameters),
        sized("results", 1_010, INVALID_OR_FINE, GeneratedGuests::results),
        sized("instructions", 30_000, FINE, GeneratedGuests::instructions),
        // Without optimization the time to compile them grows with the square.
        sized("operands", 3_000, FINE, GeneratedGuests::operands),
        sized("memory.fill in a row", 300, "returns stopped", n -> inARow(n, "fill", 0)),
        sized("memory.copy in a row", 300, "returns stopped", n -> inARow(n, "copy", 1)),
        sized("calls", 10_000, FINE, GeneratedGuests::calls),
        sized("constant expression", 30_000, FINE, GeneratedGuests::constant),
        sized("memories", 110, "returns invalid errors", GeneratedGuests::memories),
        sized("tables", 110, "returns invalid errors", GeneratedGuests::tables),
        sized("tags and handlers", 1_000, FINE, GeneratedGuests::handlers),
        sized("fields of a struct", 10_010, INVALID_OR_FINE, GeneratedGuests::fields),
        sized("elements of a new array", 10_010, INVALID_OR_FINE, GeneratedGuests::newArray),
        sized(
            "name",
            110_000,
            INVALID_OR_FINE,
            n -> module("(export \"" + "x".repeat(n) + "\" (func $run))", "")),
        sized("folded text", 50_000, INVALID_OR_FINE, GeneratedGuests::folded),
        sized(
            "nested comments",
            50_000,
            INVALID_OR_FINE,
            n -> module("(;".repeat(n) + ";)".repeat(n), "")),
        sized(
            "nested parentheses",
            50_000,
            "invalid",
            n -> module("(".repeat(n) + ")".repeat(n), "")),
        sized("nested components", 1_000, "invalid", n -> "(component ".repeat(n) + ")".repeat(n)),
        new Guest.Family("lies about sizes", GeneratedGuests::lie),
        new Guest.Family("a memory's edges", MemoryEdges::guest),
        new Guest.Family("changed bytes", ChangedBytes::guest),
        new Guest.Family("wild calls of WASI", WildCalls::guest));
  }

  // The size is small as often as large.
  private static Guest.Family sized(
      String name, int most, String foreseen, IntFunction<String> text) {
    return new Guest.Family(
        name,
        (family, random) -> {
          int n = (int) Math.pow(most + 1, random.nextDouble());
          if (random.nextInt(4) == 0) {
            n = most - random.nextInt(1 + most / 10);
          }
          return Guest.ofText(family + " " + n, text.apply(n), RUN, foreseen);
        });
  }

  private static String module(String fields, String body) {
    return "(module %s (func $run (export \"run\") %s))".formatted(fields, body);
  }

  private static String times(int n, IntFunction<String> text) {
    return IntStream.range(0, n).mapToObj(text).collect(Collectors.joining("\n"));
  }

  private static String locals(int n) {
    return module(
        "", "(local" + " i64".repeat(n) + ")" + (n > 1 ? "(local.set 1 (i64.const 3))" : ""));
  }

  // All of them live across a call.
  private static String vectors(int n) {
    return module(
        "(global $g (mut v128) (v128.const i64x2 1 2)) (func $f (global.set $g (global.get $g)))",
        "(local"
            + " v128".repeat(n)
            + ") "
            + times(n, i -> "global.get $g local.set " + i)
            + " call $f "
            + times(n, i -> "local.get " + i + " global.set $g"));
  }

  private static String functions(int n) {
    return module(
        times(n, i -> "(func $f" + i + (i == 0 ? "" : " call $f" + (i - 1)) + ")"),
        "call $f" + (n - 1));
  }

  // On all of 16 MiB.
  private static String inARow(int n, String operation, int from) {
    return module(
        "(memory 256)",
        "(memory.%s (i32.const 0) (i32.const %d) (i32.const %d))"
            .formatted(operation, from, (16 << 20) - from)
            .repeat(n));
  }

  private static String nested(int n, String begin, String end) {
    return module("", (begin + "\n").repeat(n) + (end + "\n").repeat(n));
  }

  private static String branches(int n) {
    return module(
        "", "block block (br_table " + "0 1 ".repeat(n) + "0 (i32.const " + n + ")) end end");
  }

  private static String branchesApart(int n) {
    return module(
        "",
        "block ".repeat(n)
            + "(br_table "
            + times(n, Integer::toString)
            + " (i32.const "
            + n / 2
            + "))"
            + " end".repeat(n));
  }

  private static String segments(int n) {
    return module("(memory 1)" + times(n, i -> "(data (i32.const " + i % 65536 + ") \"x\")"), "");
  }

  private static String elements(int n) {
    return module(
        "(table 1000 funcref)" + times(n, i -> "(elem (i32.const " + i % 1000 + ") $run)"), "");
  }

  private static String elementsOfOne(int n) {
    return module(
        "(table " + n + " funcref) (elem (i32.const 0) func " + "$run ".repeat(n) + ")", "");
  }

  private static String globals(int n) {
    return module(
        times(n, i -> "(global (mut i64) (i64.const " + i + "))"),
        "(global.set " + (n - 1) + " (global.get 0))");
  }

  private static String exports(int n) {
    return module(times(n, i -> "(export \"e" + i + "\" (func $run))"), "");
  }

  private static String imports(int n) {
    return module(
        times(n, i -> "(import \"host\" \"f" + i % 100 + "\" (func $f" + i + "))"),
        "call $f" + (n - 1));
  }

  private static String types(int n) {
    return module(
        times(n, i -> "(type (struct (field i32) (field (mut i64) (ref null " + i + "))))"), "");
  }

  private static String group(int n) {
    return module(
        "(rec " + times(n, i -> "(type (struct (field (ref null " + (i + 1) % n + "))))") + ")",
        "(drop (struct.new_default 0))");
  }

  private static String subtypes(int n) {
    return module(
        times(n, i -> "(type $t%d (sub %s (struct)))".formatted(i, i == 0 ? "" : "$t" + (i - 1))),
        "(drop (ref.test (ref $t0) (struct.new $t" + (n - 1) + ")))");
  }

  private static String parameters(int n) {
    return module(
        "(func $f (param" + " i64".repeat(n) + "))", "(i64.const 1)".repeat(n) + "call $f");
  }

  private static String results(int n) {
    return module(
        "(func $f (result" + " v128".repeat(n) + ")" + "(v128.const i64x2 1 2)".repeat(n) + ")",
        "call $f " + "drop ".repeat(n));
  }

  private static String instructions(int n) {
    return module(
        "(global $g (mut i64) (i64.const 3))",
        "(local i64) (local.set 0 (global.get $g))"
            + "(local.set 0 (i64.mul (i64.add (local.get 0) (global.get $g)) (local.get 0)))"
                .repeat(n)
            + "(global.set $g (local.get 0))");
  }

  private static String operands(int n) {
    return module(
        "(global $g (mut i32) (i32.const 3))",
        "global.get $g ".repeat(n) + "i32.add ".repeat(n - 1) + "global.set $g");
  }

  private static String calls(int n) {
    return module(
        "(func $f (param i32) (result i32) (local.get 0))",
        "(drop (i32.const 1) " + "(call $f) ".repeat(n) + ")");
  }

  private static String constant(int n) {
    return module(
        "(global i32 (i32.const 1) " + "(i32.const 2) (i32.add) ".repeat(n) + ")",
        "(drop (global.get 0))");
  }

  private static String memories(int n) {
    return module(
        "(memory 1)".repeat(n), "(i32.store " + (n - 1) + " (i32.const 8) (i32.const 1))");
  }

  private static String tables(int n) {
    return module(
        "(table 10 funcref)".repeat(n),
        "(table.set " + (n - 1) + " (i32.const 9) (ref.null func))");
  }

  private static String handlers(int n) {
    return module(
        times(n, i -> "(tag $t" + i + ")"),
        "block (try_table "
            + times(n, i -> "(catch $t" + i + " 0)")
            + " (throw $t"
            + (n - 1)
            + ")) end");
  }

  private static String fields(int n) {
    return module(
        "(type (struct" + "(field (mut i8))".repeat(n) + "))", "(drop (struct.new_default 0))");
  }

  private static String newArray(int n) {
    return module(
        "(type (array i64))", "(drop (array.new_fixed 0 " + n + "i64.const 1 ".repeat(n) + "))");
  }

  private static String folded(int n) {
    return module("", "(drop " + "(i32.eqz ".repeat(n) + "(i32.const 0)" + ")".repeat(n) + ")");
  }

  // A section that says it has more than there is, or than there may be.
  private static Guest lie(String name, Random random) {
    byte[] most = {-1, -1, -1, -1, 15};
    byte[] magic = {0, 'a', 's', 'm', 1, 0, 0, 0};
    int section = random.nextInt(14);
    byte[] wasm = new byte[magic.length + 1 + most.length * 3 + random.nextInt(20)];
    random.nextBytes(wasm);
    System.arraycopy(magic, 0, wasm, 0, magic.length);
    int at = magic.length;
    wasm[at++] = (byte) section;
    if (random.nextBoolean()) {
      wasm[at] = (byte) (wasm.length - at - 1); // the section's size is true, its contents are not
      at++;
    }
    System.arraycopy(most, 0, wasm, at, most.length);
    if (random.nextBoolean()) {
      System.arraycopy(most, 0, wasm, at + most.length, most.length);
    }
    return Guest.of(name + " in section " + section, wasm, null, INVALID_OR_FINE);
  }
}
