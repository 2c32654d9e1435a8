;; Exits with 7 while it is instantiated.
(component
  (import "wasi:cli/exit@0.2.0" (instance $exit
    (export "exit-with-code" (func (param "status-code" u8)))))
  (core func $exit (canon lower (func $exit "exit-with-code")))
  (core module $main
    (import "wasi" "exit" (func $exit (param i32)))
    (func $start (call $exit (i32.const 7)))
    (func (export "run") (result i32) unreachable)
    (start $start))
  (core instance $main (instantiate $main
    (with "wasi" (instance (export "exit" (func $exit))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $run)))
