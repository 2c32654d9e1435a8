package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.binary.CoreValueType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The text of a component that does what it is told by {@code tell}, however wrong that is: its
 * {@code cabi_realloc}, what its functions do before they return, and its post-return functions.
 *
 * <p>{@code poke} puts bytes into its memory; {@code r0}, {@code r1} and so on return the core
 * value that they are given as a value of a type, so mostly an address; {@code p0} and so on take a
 * value, and return a checksum of it as it has come, and of how {@code cabi_realloc} was called for
 * it. {@code t0} and so on pass the value at an address to {@code take0} of the imported interface
 * {@code t:t/host}, and {@code g0} and so on have its {@code give0} put a value there, and return a
 * checksum.
 */
public final class LyingComponent {
  /** What {@code cabi_realloc} does. */
  public enum Realloc {
    ALLOCATES,
    LIES,
    TRAPS,
    LOOPS,
    GROWS,
    CALLS,
    MISALIGNS,
    GROWS_TO_THE_LIMIT
  }

  /** What a function does before it returns, and a post-return function. */
  public enum Doing {
    NOTHING,
    TRAPS,
    LOOPS,
    GROWS,
    CALLS,
    GROWS_TO_THE_LIMIT,
    CALLS_AND_GROWS
  }

  /** Where what {@code cabi_realloc} gives begins. */
  static final int HEAP = 1024;

  private static final int OTHERS = Layout.MOST_PARAMETERS; // so that none is passed by itself
  private static final Object[] OTHER_NAMES =
      IntStream.range(0, OTHERS).mapToObj(i -> "o" + i).toArray();

  private final @Nullable RandomTypes random; // null for given types
  private final List<WitType> types = new ArrayList<>();
  private final Layouts layouts = new Layouts();
  private final String encoding;
  private final int pages;
  private final int mostPages;

  /**
   * Makes one with random types.
   *
   * @param count how many types
   */
  public LyingComponent(Random random, int count) {
    RandomTypes made = new RandomTypes(random);
    this.random = made;
    encoding =
        switch (random.nextInt(4)) {
          case 0 -> "utf16";
          case 1 -> "latin1+utf16";
          default -> "utf8";
        };
    pages = 1 + random.nextInt(2);
    mostPages = pages + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      types.add(made.next());
    }
  }

  /**
   * Makes one with given types.
   *
   * @param pages of its memory at first
   * @param types without records, variants, enums and flags
   */
  public LyingComponent(String encoding, int pages, int mostPages, List<WitType> types) {
    this.random = null;
    this.encoding = encoding;
    this.pages = pages;
    this.mostPages = mostPages;
    this.types.addAll(types);
  }

  /** Returns the types that there are functions for. */
  public List<WitType> types() {
    return types;
  }

  /** Returns how strings are passed. */
  public String encoding() {
    return encoding;
  }

  /** Returns the size of its memory at first, in bytes. */
  public long memorySize() {
    return (long) pages << 16;
  }

  /** Returns the names of the functions of the host's. */
  public List<String> hostFunctions() {
    List<String> names = new ArrayList<>(List.of("call"));
    for (int i = 0; i < types.size(); i++) {
      names.add("take" + i);
      names.add("give" + i);
    }
    return names;
  }

  Layout layout(WitType type) {
    return layouts.of(type);
  }

  /** Returns the text. */
  public String wat() {
    StringBuilder core = new StringBuilder();
    StringBuilder lifts = new StringBuilder();
    for (int i = 0; i < types.size(); i++) {
      add(i, core, lifts);
    }
    StringBuilder text = new StringBuilder("(component\n  (import \"t:t/host\" (instance $host\n");
    text.append(random == null ? "" : random.definitions());
    text.append("    (export \"call\" (func (param \"x\" u32) (result u32)))\n");
    each(
        (i, type) ->
            text.append("    (export \"take%s\" (func (param \"x\" %s)".formatted(i, type))
                .append(" (param \"%s\" u8)".repeat(OTHERS).formatted(OTHER_NAMES))
                .append("))\n    (export \"give%s\" (func (result %s)))%n".formatted(i, type)));
    text.append("  ))\n");
    if (random != null) {
      random
          .names()
          .forEach(
              name ->
                  text.append("  (alias export $host \"%1$s\" (type $%1$s))%n".formatted(name)));
    }
    text.append("  (core func $call (canon lower (func $host \"call\")))\n")
        .append(MODULE.formatted(pages, mostPages, core))
        .append(LIFTS.formatted(options(false)))
        .append(lifts);
    addHosts(text);
    return text.append(")\n").toString();
  }

  private interface Adding {
    void add(int number, String type);
  }

  private void each(Adding adding) {
    for (int i = 0; i < types.size(); i++) {
      adding.add(i, RandomTypes.text(types.get(i)));
    }
  }

  /** Returns the type of all that a function is given which takes a value of a type. */
  public WitType taken(WitType type) {
    List<WitType> all = new ArrayList<>(List.of(type));
    all.addAll(Collections.nCopies(OTHERS, WitType.Primitive.U8));
    return new WitType.TupleType(all);
  }

  /** Returns the size of a value in memory. */
  public long size(WitType type) {
    return layout(type).size();
  }

  // The functions of the host's, in a module that uses the memory of the other one.
  private void addHosts(StringBuilder text) {
    StringBuilder module =
        new StringBuilder(
            """
              (core module $hosts
                (import "m" "sum" (func $sum (result i64)))
                (import "m" "range" (func $range (param i32 i32) (result i64)))
                (import "m" "top" (func $top (result i32)))
            """);
    StringBuilder arguments = new StringBuilder();
    StringBuilder code = new StringBuilder();
    StringBuilder lifted = new StringBuilder();
    each(
        (i, _) -> {
          WitType type = types.get(i);
          boolean pointer = layout(type).flat().size() > 1;
          text.append(
              """
                (core func $take%1$s (canon lower (func $host "take%1$s") %2$s))
                (core func $give%1$s (canon lower (func $host "give%1$s") %2$s))
              """
                  .formatted(i, options(false)));
          arguments.append(
              " (export \"take%1$s\" (func $take%1$s)) (export \"give%1$s\" (func $give%1$s))"
                  .formatted(i));
          module.append(
              "    (import \"h\" \"take%1$s\" (func $take%1$s (param i32)))%n".formatted(i));
          module.append(
              "    (import \"h\" \"give%1$s\" (func $give%1$s (%2$s)))%n"
                  .formatted(i, pointer ? "param i32" : "result " + name(returned(type))));
          code.append(
              """
                  (func (export "t%1$s") (param i32) (call $take%1$s (local.get 0)))
                  (func (export "g%1$s") (param i32) (result i64)
                    %2$s
                    ;; If the value overlaps with its parts, it depends on what is written first.
                    (if (result i64) (i32.gt_u (call $top) (local.get 0))
                      (then (i64.const 0))
                      (else (i64.add (call $sum)
                        (call $range (local.get 0) (i32.add (local.get 0) (i32.const %3$s)))))))
              """
                  .formatted(
                      i,
                      (pointer ? "(call $give%s (local.get 0))" : "(drop (call $give%s))")
                          .formatted(i),
                      size(type)));
          lifted.append(
              """
                (func (export "t%1$s") (param "at" u32) (canon lift (core func $hosts "t%1$s")))
                (func (export "g%1$s") (param "at" u32) (result u64)
                  (canon lift (core func $hosts "g%1$s")))
              """
                  .formatted(i));
        });
    text.append(module)
        .append(code)
        .append("  )\n  (core instance $hosts (instantiate $hosts (with \"m\" (instance $main))")
        .append(" (with \"h\" (instance")
        .append(arguments)
        .append("))))\n")
        .append(lifted);
  }

  private String options(boolean post) {
    return "(memory (core memory $main \"m\")) (realloc (core func $main \"realloc\"))"
        + " string-encoding="
        + encoding
        + (post ? " (post-return (core func $main \"%s\"))" : "");
  }

  private static final Map<CoreValueType, String> LIFTED =
      Map.of(
          CoreValueType.I32, "u32",
          CoreValueType.I64, "u64",
          CoreValueType.F32, "f32",
          CoreValueType.F64, "f64");

  /** Returns the type of the core value that a function is told to return. */
  CoreValueType returned(WitType type) {
    List<CoreValueType> flat = layout(type).flat();
    return flat.size() > 1 ? CoreValueType.I32 : flat.getFirst();
  }

  private void add(int number, StringBuilder core, StringBuilder lifts) {
    WitType type = types.get(number);
    CoreValueType returned = returned(type);
    String name = name(returned);
    core.append(
        """
            (func (export "r%1$s") (param %2$s) (result %2$s)
              (call $do (global.get $doing)) (local.get 0))
            (func (export "post%1$s") (param %2$s) (call $do (global.get $post)))
        """
            .formatted(number, name));
    lifts.append(
        "  (func (export \"r%1$s\") (param \"x\" %2$s) (result %3$s) (canon lift (core func $main \"r%1$s\") %4$s))%n"
            .formatted(
                number,
                LIFTED.get(returned),
                RandomTypes.text(type),
                options(number % 2 == 0).formatted("post" + number)));
    List<CoreValueType> flat = layout(type).flat();
    List<CoreValueType> params =
        flat.size() > Layout.MOST_PARAMETERS ? List.of(CoreValueType.I32) : flat;
    core.append("    (func (export \"p%s\")".formatted(number));
    params.forEach(param -> core.append(" (param %s)".formatted(name(param))));
    core.append(" (result i64)\n");
    for (int i = 0; i < params.size(); i++) {
      core.append(
          "      (%s.store (i32.const %s) (local.get %s))%n"
              .formatted(name(params.get(i)), 256 + 8 * i, i));
    }
    core.append("      (call $do (global.get $doing)) (call $sum))\n");
    lifts.append(
        "  (func (export \"p%1$s\") (param \"x\" %2$s) (result u64) (canon lift (core func $main \"p%1$s\") %3$s))%n"
            .formatted(number, RandomTypes.text(type), options(false)));
  }

  private static String name(CoreValueType type) {
    return type.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static final String MODULE =
      """
        (core module $main
          (import "h" "call" (func $call (param i32) (result i32)))
          (memory (export "m") %1$s %2$s)
          (global $top (mut i32) (i32.const 1024))
          (global $calls (mut i64) (i64.const 0))
          (global $mode (mut i32) (i32.const 0))
          (global $nth (mut i32) (i32.const 0))
          (global $lie (mut i32) (i32.const 0))
          (global $doing (mut i32) (i32.const 0))
          (global $post (mut i32) (i32.const 0))
          (func $grow (param $all i32)
            (loop $again
              (br_if $again (i32.and (local.get $all)
                (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))))
          (func $do (param $what i32)
            (block $6 (block $5 (block $4 (block $3 (block $2 (block $1 (block $0
              (br_table $0 $1 $2 $3 $4 $5 $6 (local.get $what)))
              (return))
              (unreachable))
              (loop $for_ever (br $for_ever)))
              (call $grow (i32.const 0)) (return))
              (drop (call $call (i32.const 1))) (return))
              (call $grow (i32.const 1)) (return))
            (drop (call $call (i32.const 1)))
            (call $grow (i32.const 0)))
          (func $bump (param $align i32) (param $size i32) (result i32)
            (local $at i32)
            (local.set $at (i32.and
              (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
              (i32.sub (i32.const 0) (local.get $align))))
            (global.set $top (i32.add (local.get $at) (local.get $size)))
            (global.set $calls (i64.add (i64.mul (global.get $calls) (i64.const 31))
              (i64.extend_i32_u (i32.add (i32.mul (local.get $size) (i32.const 16)) (local.get $align)))))
            (block $fits
              (loop $more
                (br_if $fits (i32.le_u (global.get $top)
                  (i32.mul (memory.size) (i32.const 65536))))
                (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
              (unreachable))
            (local.get $at))
          (func (export "realloc") (param $old i32) (param $was i32) (param $align i32) (param $new i32)
            (result i32)
            (if (global.get $nth) (then
              (global.set $nth (i32.sub (global.get $nth) (i32.const 1)))
              (return (call $bump (local.get $align) (local.get $new)))))
            (block $7 (block $6 (block $5 (block $4 (block $3 (block $2 (block $1 (block $0
              (br_table $0 $1 $2 $3 $4 $5 $6 $7 (global.get $mode)))
              (return (call $bump (local.get $align) (local.get $new))))
              (return (global.get $lie)))
              (unreachable))
              (loop $for_ever (br $for_ever)))
              (call $grow (i32.const 0))
              (return (call $bump (local.get $align) (local.get $new))))
              (drop (call $call (i32.const 0)))
              (return (call $bump (local.get $align) (local.get $new))))
              (return (i32.add (i32.const 1) (call $bump (local.get $align) (local.get $new)))))
            (call $grow (i32.const 1))
            (call $bump (local.get $align) (local.get $new)))
          (func $range (export "range") (param $at i32) (param $end i32) (result i64)
            (local $sum i64)
            (loop $next
              (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 1099511628211))
                (i64.load8_u (local.get $at))))
              (local.set $at (i32.add (local.get $at) (i32.const 1)))
              (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
            (local.get $sum))
          (func $sum (export "sum") (result i64)
            (i64.add (call $range (i32.const 256) (global.get $top)) (global.get $calls)))
          (func (export "top") (result i32) (global.get $top))
          (func (export "poke") (param $to i32) (param $at i32) (param $size i32)
            (memory.copy (local.get $to) (local.get $at) (local.get $size))
            (memory.fill (i32.const 1024) (i32.const 0) (local.get $size))
            (global.set $top (i32.const 1024))
            (global.set $calls (i64.const 0)))
          (func (export "tell") (param i32 i32 i32 i32 i32)
            (global.set $mode (local.get 0))
            (global.set $nth (local.get 1))
            (global.set $lie (local.get 2))
            (global.set $doing (local.get 3))
            (global.set $post (local.get 4)))
      %3$s  )
        (core instance $main (instantiate $main (with "h" (instance (export "call" (func $call))))))
      """;

  private static final String LIFTS =
      """
        (func (export "poke") (param "at" u32) (param "bytes" (list u8))
          (canon lift (core func $main "poke") %1$s))
        (func (export "tell") (param "realloc" u32) (param "nth" u32) (param "lie" u32)
          (param "doing" u32) (param "post" u32) (canon lift (core func $main "tell")))
      """;
}
