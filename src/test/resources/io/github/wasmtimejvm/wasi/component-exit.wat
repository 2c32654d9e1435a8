;; Exits in many ways: exit(n) of WASI 0.2 in the function named for it, or at the start.
(component
  (import "wasi:cli/exit@0.2.0" (instance $exit
    (export "exit" (func (param "status" (result))))
    (export "exit-with-code" (func (param "status-code" u8)))))
  (import "h:h/host@1.0.0" (instance $host (export "call-back" (func))))
  (core func $exit (canon lower (func $exit "exit")))
  (core func $exit-with-code (canon lower (func $exit "exit-with-code")))
  (core func $call-back (canon lower (func $host "call-back")))
  (core module $main
    (import "wasi" "exit" (func $exit (param i32)))
    (import "wasi" "exit-with-code" (func $exit-with-code (param i32)))
    (import "host" "call-back" (func $call-back))
    (func (export "exit") (param i32) (call $exit (local.get 0)))
    (func (export "exit-with-code") (param i32) (call $exit-with-code (local.get 0)))
    (func (export "return") (param i32) (result i32) (local.get 0))
    (func (export "trap") unreachable)
    (func (export "call-back") (call $call-back)))
  (core instance $main (instantiate $main
    (with "host" (instance (export "call-back" (func $call-back))))
    (with "wasi" (instance
      (export "exit" (func $exit))
      (export "exit-with-code" (func $exit-with-code))))))
  (func (export "exit") (param "status" (result)) (canon lift (core func $main "exit")))
  (func (export "exit-with-code") (param "code" u8) (canon lift (core func $main "exit-with-code")))
  (func (export "return") (param "status" (result)) (result (result))
    (canon lift (core func $main "return")))
  (func (export "trap") (canon lift (core func $main "trap")))
  (func (export "call-back") (canon lift (core func $main "call-back"))))
