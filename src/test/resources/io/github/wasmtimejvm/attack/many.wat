;; More than one memory, one of 64 bits, and imports of every kind.
(module
  (import "host" "f" (func $f))
  (memory (export "memory") 1 10)
  (memory $wide (export "wide") i64 1 10)
  (func (export "run") (param i64 i32)
    (call $f)
    (i32.store8 $wide (local.get 0) (local.get 1))
    (i32.store8 (local.get 1) (i32.const 1)))
  (func (export "grow") (param i64) (result i64) (memory.grow $wide (local.get 0)))
  (func (export "copy") (param i32 i64 i32)
    (memory.copy 0 $wide (local.get 0) (local.get 1) (local.get 2))))
