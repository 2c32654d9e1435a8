public class Greeter {
  // block

  private static final String GUEST =
      """
      (component
        (import "example:greeter/journal@1.2.0" (instance $journal
          (type $level' (enum "info" "warning"))
          (export "level" (type $level (eq $level')))
          (export "write" (func (param "level" $level) (param "text" string)))))

        (core module $memory
          (memory (export "memory") 1)
          (global $free (mut i32) (i32.const 1024))
          (func (export "realloc") (param i32 i32 i32 i32) (result i32)
            (global.get $free)
            (global.set $free (i32.add (global.get $free) (local.get 3)))))
        (core instance $memory (instantiate $memory))
        (core func $write (canon lower (func $journal "write")
          (memory (core memory $memory "memory"))))

        (core module $code
          (import "memory" "memory" (memory 1))
          (import "journal" "write" (func $write (param i32 i32 i32)))
          (data (i32.const 64) "Somebody is greeted")
          (data (i32.const 128) "Somebody is refused")
          (data (i32.const 96) "Hello, ")
          (func (export "greet") (param $name i32) (param $size i32) (param $age i32) (result i32)
            (i64.store (i32.const 16) (i64.const 1))
            (if (i32.eqz (local.get $size)) (then (return (i32.const 16))))
            (if (i32.lt_u (local.get $age) (i32.const 18))
              (then
                (call $write (i32.const 1) (i32.const 128) (i32.const 19))
                (i32.store8 (i32.const 20) (i32.const 1))
                (i32.store8 (i32.const 21) (local.get $age))
                (return (i32.const 16))))
            (call $write (i32.const 0) (i32.const 64) (i32.const 19))
            (memory.copy (i32.const 103) (local.get $name) (local.get $size))
            (i32.store8 (i32.add (i32.const 103) (local.get $size)) (i32.const 33))
            (i32.store (i32.const 16) (i32.const 0))
            (i32.store (i32.const 20) (i32.const 96))
            (i32.store (i32.const 24) (i32.add (i32.const 8) (local.get $size)))
            (i32.const 16)))
        (core instance $code (instantiate $code
          (with "memory" (instance $memory))
          (with "journal" (instance (export "write" (func $write))))))

        (type $person (record (field "name" string) (field "age" u8)))
        (type $problem (variant (case "nameless") (case "too-young" u8)))
        (func $greet (param "who" $person) (result (result string (error $problem)))
          (canon lift (core func $code "greet")
            (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
        (component $greetings
          (type $person' (record (field "name" string) (field "age" u8)))
          (type $problem' (variant (case "nameless") (case "too-young" u8)))
          (import "person" (type $person (eq $person')))
          (import "problem" (type $problem (eq $problem')))
          (import "greet"
            (func $greet (param "who" $person) (result (result string (error $problem)))))
          (export $p "person" (type $person'))
          (export $q "problem" (type $problem'))
          (export "greet" (func $greet)
            (func (param "who" $p) (result (result string (error $q))))))
        (instance $greetings (instantiate $greetings
          (with "person" (type $person))
          (with "problem" (type $problem))
          (with "greet" (func $greet))))
        (export "example:greeter/greetings@1.2.0" (instance $greetings)))
      """;

  public static void main(String[] args) throws Exception {
    Files.write(Path.of("greeter.wasm"), Module.wat2wasm(GUEST));
    // block
  }
}
