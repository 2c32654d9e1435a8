;; Traps three calls deep, in functions with and without names.
(module $program
  (import "host" "call" (func $call))
  (func $outer (export "outer") (param i32)
    (call $middle (local.get 0)))
  (func $middle (param i32)
    (call 3 (local.get 0)))
  (func (param i32)
    (if (local.get 0) (then (unreachable)))
    (call $call)))
