;; A shared memory and waits that end.
(module
  (import "host" "f" (func $f))
  (memory (export "memory") 1 10 shared)
  (func (export "wait") (param i32) (result i32)
    (call $f)
    (memory.atomic.wait32 (local.get 0) (i32.const 0) (i64.const 10000)))
  (func (export "notify") (param i32 i32) (result i32)
    (memory.atomic.notify (local.get 0) (local.get 1)))
  (func (export "add") (param i32 i64) (result i64)
    (i64.atomic.rmw.add (local.get 0) (local.get 1)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
