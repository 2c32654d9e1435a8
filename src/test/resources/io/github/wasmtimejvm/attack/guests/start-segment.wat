;; Traps before its start function.
(module
  (import "host" "f" (func $f))
  (memory 1)
  (data (i32.const 0) "in place")
  (data (i32.const 65530) "too long")
  (func (export "start: MEMORY_OUT_OF_BOUNDS"))
  (start $f))
