(module
  (import "host" "f" (func $f))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $start (call $f) (call $exit (i32.const 300)))
  (func (export "start: exits"))
  (start $start))
