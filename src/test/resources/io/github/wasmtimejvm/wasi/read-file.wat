;; Prints the file `input.txt` of the first preopened directory (descriptor 3) to stdout. An error
;; of WASI becomes the exit status, so that a missing file or right can be told from a trap.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit"
    (func $proc_exit (param i32)))

  ;; 0: descriptor, 8: iovec, 16: bytes done, 32: name, 65536: text
  (memory (export "memory") 2)
  (data (i32.const 32) "input.txt")

  (func $check (param $errno i32)
    (if (local.get $errno) (then (call $proc_exit (local.get $errno)))))

  (func $_start (export "_start")
    (call $check
      (call $path_open
        (i32.const 3)
        (i32.const 0)
        (i32.const 32) (i32.const 9)
        (i32.const 0)
        (i64.const 2) ;; the right to read
        (i64.const 0)
        (i32.const 0)
        (i32.const 0)))
    (block $end
      (loop $more
        (i32.store (i32.const 8) (i32.const 65536))
        (i32.store (i32.const 12) (i32.const 4096))
        (call $check
          (call $fd_read (i32.load (i32.const 0)) (i32.const 8) (i32.const 1) (i32.const 16)))
        (br_if $end (i32.eqz (i32.load (i32.const 16))))
        (i32.store (i32.const 12) (i32.load (i32.const 16)))
        (call $check
          (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))
        (br $more)))))
