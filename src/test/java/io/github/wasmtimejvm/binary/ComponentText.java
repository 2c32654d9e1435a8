package io.github.wasmtimejvm.binary;

import io.github.wasmtimejvm.Module;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Components from text, which the engine translates. */
final class ComponentText {
  private ComponentText() {}

  static byte[] bytes(String content) {
    return Module.wat2wasm("(component " + content + ")");
  }

  static Component read(String content) {
    return Component.read(bytes(content));
  }

  /** A component of sections, in hexadecimal and without their sizes: what no text says. */
  static Component sections(String... hex) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(HexFormat.of().parseHex("0061736d0d000100"));
    for (String one : hex) {
      byte[] section = HexFormat.of().parseHex(one);
      bytes.write(section[0]);
      bytes.write(section.length - 1);
      bytes.write(section, 1, section.length - 1);
    }
    return Component.read(bytes.toByteArray());
  }

  /** A component of every section, with a nested component and a resource. */
  static final String EVERYTHING =
      """
      $everything
      (core module $m
        (memory (export "m") 1)
        (func (export "f") (param i32 i32) (result i32) i32.const 0)
        (func (export "p") (param i32))
        (func (export "r") (param i32 i32 i32 i32) (result i32) i32.const 0)
        (func (export "d") (param i32)))
      (core type $ft (func (param i32) (result i64)))
      (core type $mt (module
        (import "a" "b" (func (param i32)))
        (export "m" (memory 1 2)) (export "g" (global (mut i64)))))
      (import "log" (func $log (param "n" u32)))
      (import "mod" (core module (type $mt)))
      (import "ns:pkg/types@1.2.3" (instance $types
        (type $p' (record (field "x" u32) (field "y" string)))
        (export "point" (type $p (eq $p')))
        (export "res" (type $r (sub resource)))
        (export "[method]res.m" (func (param "self" (borrow $r)) (result $p)))))
      (alias export $types "point" (type $point))
      (alias export $types "res" (type $res))
      (core func $drop (canon resource.drop $res))
      (core func $lowered (canon lower (func $log)))
      (core instance $shim (export "d" (func $drop)) (export "l" (func $lowered)))
      (core instance $i (instantiate $m (with "env" (instance $shim))))
      (alias core export $i "m" (core memory $mem))
      (alias core export $i "f" (core func $f))
      (alias core export $i "p" (core func $p))
      (alias core export $i "r" (core func $realloc))
      (alias core export $i "d" (core func $d))
      (type $own (resource (rep i32) (dtor (core func $d))))
      (core func $new (canon resource.new $own))
      (core func $rep (canon resource.rep $own))
      (type $greet (func (param "name" string) (result string)))
      (func $g (type $greet) (canon lift (core func $f) string-encoding=utf16
        (memory (core memory $mem)) (realloc (core func $realloc)) (post-return (core func $p))))
      (component $inner
        (import "f" (func $f (param "name" string) (result string)))
        (type $t (enum "a" "b"))
        (export $t' "color" (type $t))
        (export "greet" (func $f)))
      (instance $made (instantiate $inner (with "f" (func $g))))
      (export "ns:pkg/greeter@2.0.0" (instance $made))
      (export "greet" (func $g))
      """;
}
