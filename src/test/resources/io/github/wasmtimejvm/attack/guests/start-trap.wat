(module
  (import "host" "f" (func $f))
  (memory (export "memory") 1)
  (func $start (call $f) (drop (i32.load (i32.const -1))))
  (func (export "start: MEMORY_OUT_OF_BOUNDS"))
  (start $start))
