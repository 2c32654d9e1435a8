// prints: a: begin
// prints: a is closed
// prints: b: begin
// prints: b is closed
public class HostResources {
  // block

  /** What the component exports. */
  public interface Guest {
    void finish(String name);

    void keep(String name);
  }

  private static final String GUEST =
      """
      (component
        (import "example:app/logging" (instance $logging
          (export "logger" (type $logger (sub resource)))
          (export "[constructor]logger" (func (param "name" string) (result (own $logger))))
          (export "[method]logger.write"
            (func (param "self" (borrow $logger)) (param "line" string)))))
        (alias export $logging "logger" (type $logger))
        (core module $memory
          (memory (export "memory") 1)
          (data (i32.const 64) "begin")
          (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
        (core instance $memory (instantiate $memory))
        (core func $new (canon lower (func $logging "[constructor]logger")
          (memory (core memory $memory "memory"))))
        (core func $write (canon lower (func $logging "[method]logger.write")
          (memory (core memory $memory "memory"))))
        (core func $drop (canon resource.drop $logger))
        (core module $code
          (import "logger" "new" (func $new (param i32 i32) (result i32)))
          (import "logger" "write" (func $write (param i32 i32 i32)))
          (import "logger" "drop" (func $drop (param i32)))
          (func $keep (export "keep") (param $name i32) (param $size i32)
            (drop (call $begin (local.get $name) (local.get $size))))
          (func (export "finish") (param $name i32) (param $size i32)
            (call $drop (call $begin (local.get $name) (local.get $size))))
          (func $begin (param $name i32) (param $size i32) (result i32)
            (local $logger i32)
            (local.set $logger (call $new (local.get $name) (local.get $size)))
            (call $write (local.get $logger) (i32.const 64) (i32.const 5))
            (local.get $logger)))
        (core instance $code (instantiate $code (with "logger" (instance
          (export "new" (func $new))
          (export "write" (func $write))
          (export "drop" (func $drop))))))
        (func (export "keep") (param "name" string) (canon lift (core func $code "keep")
          (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
        (func (export "finish") (param "name" string) (canon lift (core func $code "finish")
          (memory (core memory $memory "memory")) (realloc (core func $memory "realloc")))))
      """;

  public static void main(String[] args) {
    try (Engine engine = Engine.create();
        Component component = Component.fromWat(engine, GUEST)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      // block
      try (Store store = Store.create(engine)) {
        Guest guest = linker.instantiate(store, component).as(Guest.class);
        guest.finish("a");
        guest.keep("b");
      }
    }
  }
}
