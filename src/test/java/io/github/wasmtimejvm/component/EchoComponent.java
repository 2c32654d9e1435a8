package io.github.wasmtimejvm.component;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The text of a component whose functions return what they are given. A function {@code f} of lists
 * of a type has a twin {@code f-relay}, which hands the list to {@code f} of the imported interface
 * {@code t:t/host}, and returns what that returns.
 */
public final class EchoComponent {
  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<String, String> lists = new LinkedHashMap<>();
  private final List<String> more = new ArrayList<>();

  /** Adds a type with a name; others may refer to it as {@code $name}. */
  public EchoComponent type(String name, String text) {
    types.put(name, text);
    return this;
  }

  /** Adds a function of lists, and its twin. */
  public EchoComponent lists(String function, String element) {
    lists.put(function, element);
    return this;
  }

  /** Adds a function of one value that is one core value. */
  public EchoComponent scalar(String function, String type, String coreType) {
    more.add(
        """
          (core module $%1$s (func (export "f") (param %3$s) (result %3$s) (local.get 0)))
          (core instance $%1$s (instantiate $%1$s))
          (func $%1$s (param "x" %2$s) (result %2$s) (canon lift (core func $%1$s "f")))
          (export "%1$s" (func $%1$s))
        """
            .formatted(function, type, coreType));
    return this;
  }

  /** Adds a function without parameters that traps. */
  public EchoComponent trap(String function) {
    more.add(
        """
          (core module $%1$s (func (export "f") unreachable))
          (core instance $%1$s (instantiate $%1$s))
          (func $%1$s (canon lift (core func $%1$s "f")))
          (export "%1$s" (func $%1$s))
        """
            .formatted(function));
    return this;
  }

  /** Returns the text. */
  public String wat() {
    StringBuilder text = new StringBuilder("(component\n  (import \"t:t/host\" (instance $host\n");
    types.forEach(
        (name, type) ->
            text.append(
                "    (type $%1$s_ %2$s) (export \"%1$s\" (type $%1$s (eq $%1$s_)))\n"
                    .formatted(name, type)));
    lists.forEach(
        (name, type) ->
            text.append(
                "    (type $l_%1$s (list %2$s)) (export \"%1$s\" (func (param \"x\" $l_%1$s) (result $l_%1$s)))\n"
                    .formatted(name, type)));
    text.append("  ))\n");
    types
        .keySet()
        .forEach(
            name -> text.append("  (alias export $host \"%1$s\" (type $%1$s))\n".formatted(name)));
    text.append(
        """
          (core module $memory
            (memory (export "m") 512)
            (global $top (mut i32) (i32.const 1024))
            (func (export "free") (param i32) (global.set $top (i32.const 1024)))
            (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32)
              (result i32)
              (local $at i32)
              (local.set $at
                (i32.and (i32.add (global.get $top) (i32.const 15)) (i32.const -16)))
              (global.set $top (i32.add (local.get $at) (local.get $new)))
              (local.get $at)))
          (core instance $memory (instantiate $memory))
        """);
    lists.keySet().forEach(name -> text.append(LIST.formatted(name, lists.get(name))));
    more.forEach(text::append);
    return text.append(")\n").toString();
  }

  private static final String LIST =
      """
        (core func $h_%1$s (canon lower (func $host "%1$s") (memory (core memory $memory "m"))
          (realloc (core func $memory "realloc"))))
        (core module $%1$s
          (import "h" "f" (func $f (param i32 i32 i32)))
          (import "h" "m" (memory 1))
          (func (export "identity") (param i32 i32) (result i32)
            (i32.store (i32.const 16) (local.get 0))
            (i32.store (i32.const 20) (local.get 1))
            (i32.const 16))
          (func (export "relay") (param i32 i32) (result i32)
            (call $f (local.get 0) (local.get 1) (i32.const 32))
            (i32.const 32)))
        (core instance $%1$s (instantiate $%1$s (with "h" (instance
          (export "f" (func $h_%1$s)) (export "m" (memory $memory "m"))))))
        (type $l_%1$s (list %2$s))
        (func $i_%1$s (param "x" $l_%1$s) (result $l_%1$s) (canon lift (core func $%1$s "identity")
          (memory (core memory $memory "m")) (realloc (core func $memory "realloc"))
          (post-return (core func $memory "free"))))
        (func $r_%1$s (param "x" $l_%1$s) (result $l_%1$s) (canon lift (core func $%1$s "relay")
          (memory (core memory $memory "m")) (realloc (core func $memory "realloc"))
          (post-return (core func $memory "free"))))
        (export "%1$s" (func $i_%1$s))
        (export "%1$s-relay" (func $r_%1$s))
      """;
}
