;; Two components, so that the engine generates an adapter between them, which copies a string, a
;; list and a record from one memory to the other.
(component
  (component $inner
    (core module $m
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
      (func (export "f") (param i32 i32 i32 i32 i32 i64) (result i32)
        (i32.store (i32.const 64) (local.get 0))
        (i32.store (i32.const 68) (local.get 1))
        (i32.const 64)))
    (core instance $i (instantiate $m))
    (type $record' (record (field "a" u32) (field "b" s64)))
    (export $record "record" (type $record'))
    (func (export "f") (param "s" string) (param "l" (list (tuple u8 u64))) (param "r" $record)
      (result string)
      (canon lift (core func $i "f") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
  (component $outer
    (import "inner" (instance $inner
      (type $record' (record (field "a" u32) (field "b" s64)))
      (export "record" (type $record (eq $record')))
      (export "f" (func (param "s" string) (param "l" (list (tuple u8 u64))) (param "r" $record)
        (result string)))))
    (core module $libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 2048)))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $inner "f") (memory (core memory $libc "memory"))
      (realloc (core func $libc "realloc")) string-encoding=utf16))
    (core module $m
      (import "" "f" (func $f (param i32 i32 i32 i32 i32 i64 i32)))
      (func (export "run") (result i32)
        (call $f (i32.const 0) (i32.const 4) (i32.const 128) (i32.const 2) (i32.const 1)
          (i64.const 2) (i32.const 256))
        (i32.const 7)))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "run") (result u32) (canon lift (core func $i "run"))))
  (instance $inner (instantiate $inner))
  (instance $outer (instantiate $outer (with "inner" (instance $inner))))
  (export "run" (func $outer "run")))
