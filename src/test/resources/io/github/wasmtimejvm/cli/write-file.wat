;; Writes "written" to the new file `output.txt` of the first preopened directory (descriptor 3). An
;; error of WASI becomes the exit status.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit"
    (func $proc_exit (param i32)))

  ;; 0: descriptor, 8: iovec, 16: bytes done, 32: name, 64: text
  (memory (export "memory") 1)
  (data (i32.const 8) "\40\00\00\00\07\00\00\00")
  (data (i32.const 32) "output.txt")
  (data (i32.const 64) "written")

  (func $check (param $errno i32)
    (if (local.get $errno) (then (call $proc_exit (local.get $errno)))))

  (func (export "_start")
    (call $check
      (call $path_open
        (i32.const 3)
        (i32.const 0)
        (i32.const 32) (i32.const 10)
        (i32.const 1) ;; create it
        (i64.const 64) ;; the right to write
        (i64.const 0)
        (i32.const 0)
        (i32.const 0)))
    (call $check
      (call $fd_write (i32.load (i32.const 0)) (i32.const 8) (i32.const 1) (i32.const 16)))))
