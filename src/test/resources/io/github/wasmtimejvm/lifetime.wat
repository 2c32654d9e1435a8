;; A counter, a memory, and a call to the host.
(module
  (import "host" "f" (func $f (param i32) (result i32)))
  (memory (export "memory") 1 100)
  (global $count (mut i32) (i32.const 0))
  (func (export "count") (result i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (global.get $count))
  (func (export "call") (param i32) (result i32) (call $f (local.get 0))))
