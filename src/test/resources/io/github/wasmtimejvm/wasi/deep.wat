;; Calls itself until its stack ends, and at every depth one of three functions of WASI.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\08\00\00\00\01\00\00\00A")
  (func $recurse (export "recurse") (param $which i32) (result i32)
    (block $seek
      (block $poll
        (block $write
          (br_table $write $poll $seek (i32.rem_u (local.get $which) (i32.const 3))))
        (drop
          (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16))))
      (drop
        (call $poll (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 16))))
    (drop (call $seek (i32.const 99) (i64.const 0) (i32.const 0) (i32.const 16)))
    (i32.add (call $recurse (i32.add (local.get $which) (i32.const 1))) (i32.const 1))))
