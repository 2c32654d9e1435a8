;; Calls the host, and itself, before it is there.
(module
  (import "host" "f" (func $f))
  (import "host" "g" (func $g (param i32) (result i32)))
  (memory (export "memory") 1 10)
  (global $n (mut i32) (i32.const 0))
  (func $start
    (call $f)
    (global.set $n (call $g (i32.const 3))))
  (func (export "_initialize") (call $f))
  (func (export "") (result i32) (global.get $n))
  (start $start))
