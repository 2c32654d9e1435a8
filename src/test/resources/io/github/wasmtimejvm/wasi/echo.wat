;; Copies what the host gave it to stdout, byte for byte: the arguments and the environment, each
;; entry followed by a NUL as WASI stores it, then the whole of stdin.
(module
  (import "wasi_snapshot_preview1" "args_sizes_get"
    (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get"
    (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get"
    (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get"
    (func $environ_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))

  ;; 0: count, 4: size, 8: iovec, 16: bytes done, 1024: pointers, 65536: text
  (memory (export "memory") 4)

  ;; Writes all of it: a write to a pipe may be cut short.
  (func $print (param $text i32) (param $length i32)
    (block $done
      (loop $more
        (br_if $done (i32.eqz (local.get $length)))
        (i32.store (i32.const 8) (local.get $text))
        (i32.store (i32.const 12) (local.get $length))
        (if (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16))
          (then (unreachable)))
        (local.set $text (i32.add (local.get $text) (i32.load (i32.const 16))))
        (local.set $length (i32.sub (local.get $length) (i32.load (i32.const 16))))
        (br $more))))

  (func $_start (export "_start")
    (drop (call $args_sizes_get (i32.const 0) (i32.const 4)))
    (drop (call $args_get (i32.const 1024) (i32.const 65536)))
    (call $print (i32.const 65536) (i32.load (i32.const 4)))

    (drop (call $environ_sizes_get (i32.const 0) (i32.const 4)))
    (drop (call $environ_get (i32.const 1024) (i32.const 65536)))
    (call $print (i32.const 65536) (i32.load (i32.const 4)))

    (block $end
      (loop $more
        (i32.store (i32.const 8) (i32.const 65536))
        (i32.store (i32.const 12) (i32.const 65536))
        (if (call $fd_read (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 16))
          (then (unreachable)))
        (br_if $end (i32.eqz (i32.load (i32.const 16))))
        (call $print (i32.const 65536) (i32.load (i32.const 16)))
        (br $more)))))
