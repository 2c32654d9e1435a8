;; A command that exits, with what its argument says it does: see `does`.
(component
  (import "wasi:cli/exit@0.2.0" (instance $exit
    (export "exit" (func (param "status" (result))))))
  (import "wasi:random/random@0.2.0" (instance $random
    (export "get-random-bytes" (func (param "len" u64) (result (list u8))))))
  (core module $memory
    (memory (export "memory") 1 300)
    (global $top (mut i32) (i32.const 4096))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $top) (i32.const 15)) (i32.const -16)))
      (global.set $top (i32.and (i32.add (local.get $at) (local.get 3)) (i32.const 0x7fff)))
      (local.get $at)))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $m))
  (alias core export $memory "realloc" (core func $realloc))
  (core func $exit (canon lower (func $exit "exit")))
  (core func $bytes (canon lower (func $random "get-random-bytes") (memory $m) (realloc $realloc)))
  (core module $guest
    (import "h" "exit" (func $exit (param i32)))
    (import "h" "bytes" (func $bytes (param i64 i32)))
    (func (export "run") (result i32) (call $exit (i32.const 1)) (i32.const 0))
    (func (export "exit") (param i32) (call $exit (local.get 0)))
    (func (export "bytes") (param i64 i32) (call $bytes (local.get 0) (local.get 1)))
    (func (export "text") (result i32) (i32.const 16))
    (func (export "post") (param i32) (call $exit (i32.const 0))))
  (core instance $guest (instantiate $guest
    (with "h" (instance (export "exit" (func $exit)) (export "bytes" (func $bytes))))))
  (func $run (result (result)) (canon lift (core func $guest "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $run))
  (func (export "exit") (param "status" u32) (canon lift (core func $guest "exit")))
  (func (export "bytes") (param "count" u64) (param "at" u32)
    (canon lift (core func $guest "bytes")))
  (func (export "late") (result string)
    (canon lift (core func $guest "text") (memory $m) (post-return (core func $guest "post")))))
