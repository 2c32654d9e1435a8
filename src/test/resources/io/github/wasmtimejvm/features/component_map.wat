;; A map goes from one component to another and back, through an adapter of the engine's.
(component
  (component $inner
    (core module $m
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
      (func (export "f") (param i32 i32) (result i32)
        (i32.store (i32.const 64) (local.get 0))
        (i32.store (i32.const 68) (local.get 1))
        (i32.const 64)))
    (core instance $i (instantiate $m))
    (func (export "f") (param "m" (map u32 u64)) (result (map u32 u64))
      (canon lift (core func $i "f") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
  (component $outer
    (import "inner" (instance $inner
      (export "f" (func (param "m" (map u32 u64)) (result (map u32 u64))))))
    (core module $libc
      (memory (export "memory") 1)
      (data (i32.const 128) "\02\00\00\00\00\00\00\00\07\00\00\00\00\00\00\00")
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 2048)))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $inner "f") (memory (core memory $libc "memory"))
      (realloc (core func $libc "realloc"))))
    (core module $m
      (import "" "memory" (memory 1))
      (import "" "f" (func $f (param i32 i32 i32)))
      (func (export "run") (result i32)
        (call $f (i32.const 128) (i32.const 1) (i32.const 256))
        (i32.load offset=8 (i32.load (i32.const 256)))))
    (core instance $i (instantiate $m
      (with "" (instance (export "f" (func $f)) (export "memory" (memory $libc "memory"))))))
    (func (export "run") (result u32) (canon lift (core func $i "run"))))
  (instance $inner (instantiate $inner))
  (instance $outer (instantiate $outer (with "inner" (instance $inner))))
  (export "run" (func $outer "run")))
