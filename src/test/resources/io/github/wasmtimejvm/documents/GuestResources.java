// prints: 5
// prints: 6
// prints: dropped
// prints: dropped
public class GuestResources {
  // block

  @WitName("example:counting/log")
  public interface Log {
    void dropped();
  }

  private static final String GUEST =
      """
      (component
        (import "example:counting/log" (instance $log (export "dropped" (func))))
        (core func $dropped (canon lower (func $log "dropped")))
        (core module $destructor
          (import "log" "dropped" (func $dropped))
          (func (export "drop") (param i32) (call $dropped)))
        (core instance $destructor (instantiate $destructor
          (with "log" (instance (export "dropped" (func $dropped))))))
        (type $counter' (resource (rep i32) (dtor (core func $destructor "drop"))))
        (core func $new (canon resource.new $counter'))
        (core module $code
          (import "counter" "new" (func $new (param i32) (result i32)))
          (memory 1)
          (global $next (mut i32) (i32.const 0))
          (func (export "new") (param $start i32) (result i32)
            (global.set $next (i32.add (global.get $next) (i32.const 4)))
            (i32.store (global.get $next) (local.get $start))
            (call $new (global.get $next)))
          (func (export "increment") (param $self i32) (result i32)
            (i32.store (local.get $self)
              (i32.add (i32.load (local.get $self)) (i32.const 1)))
            (i32.load (local.get $self)))
          (func (export "sum") (param $a i32) (param $b i32) (result i32)
            (i32.add (i32.load (local.get $a)) (i32.load (local.get $b)))))
        (core instance $code (instantiate $code
          (with "counter" (instance (export "new" (func $new))))))
        (func $new (param "start" u32) (result (own $counter'))
          (canon lift (core func $code "new")))
        (func $increment (param "self" (borrow $counter')) (result u32)
          (canon lift (core func $code "increment")))
        (func $sum (param "a" (borrow $counter')) (param "b" (borrow $counter')) (result u32)
          (canon lift (core func $code "sum")))
        (component $counters
          (import "counter" (type $counter (sub resource)))
          (import "new" (func $new (param "start" u32) (result (own $counter))))
          (import "increment" (func $increment (param "self" (borrow $counter)) (result u32)))
          (import "sum" (func $sum
            (param "a" (borrow $counter)) (param "b" (borrow $counter)) (result u32)))
          (export $c "counter" (type $counter))
          (export "[constructor]counter" (func $new)
            (func (param "start" u32) (result (own $c))))
          (export "[method]counter.increment" (func $increment)
            (func (param "self" (borrow $c)) (result u32)))
          (export "[static]counter.sum" (func $sum)
            (func (param "a" (borrow $c)) (param "b" (borrow $c)) (result u32))))
        (instance $counters (instantiate $counters
          (with "counter" (type $counter'))
          (with "new" (func $new))
          (with "increment" (func $increment))
          (with "sum" (func $sum))))
        (export "example:counting/counters" (instance $counters)))
      """;

  public static void main(String[] args) {
    try (Engine engine = Engine.create();
        Component component = Component.fromWat(engine, GUEST);
        Store store = Store.create(engine)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.define(Log.class, () -> System.out.println("dropped"));
      Counters counters = linker.instantiate(store, component).as(Counters.class);
      // block
    }
  }
}
