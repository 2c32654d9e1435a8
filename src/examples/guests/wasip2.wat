;; The component of Wasip2.java: a program that says hello. Compilers for wasm32-wasip2 make such
;; components; this has no more than it takes. In WIT:
;;
;;   world program {
;;     import wasi:io/error@0.2.0;
;;     import wasi:io/streams@0.2.0;
;;     import wasi:cli/stdout@0.2.0;
;;     export wasi:cli/run@0.2.0;
;;   }
(component $program
  (import "wasi:io/error@0.2.0" (instance $error
    (export "error" (type (sub resource)))))
  (alias export $error "error" (type $error))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "output-stream" (type $output (sub resource)))
    (alias outer $program $error (type $error))
    (type $stream-error (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $failure (eq $stream-error)))
    (export "[method]output-stream.blocking-write-and-flush"
      (func (param "self" (borrow $output)) (param "contents" (list u8))
        (result (result (error $failure)))))))
  (alias export $streams "output-stream" (type $output))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer $program $output (type $output))
    (export "get-stdout" (func (result (own $output))))))

  (core module $memory
    (memory (export "memory") 1)
    (data (i32.const 64) "Hello, world!\n"))
  (core instance $memory (instantiate $memory))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush")
    (memory (core memory $memory "memory"))))
  (core func $drop (canon resource.drop $output))

  (core module $code
    (import "memory" "memory" (memory 1))
    (import "wasi" "get-stdout" (func $get-stdout (result i32)))
    (import "wasi" "write" (func $write (param i32 i32 i32 i32)))
    (import "wasi" "drop" (func $drop (param i32)))
    ;; The result: 0 is success, 1 an error.
    (func (export "run") (result i32)
      (local $stdout i32)
      (local.set $stdout (call $get-stdout))
      ;; Whether writing failed goes to 16.
      (call $write (local.get $stdout) (i32.const 64) (i32.const 14) (i32.const 16))
      (call $drop (local.get $stdout))
      (i32.load8_u (i32.const 16))))
  (core instance $code (instantiate $code
    (with "memory" (instance $memory))
    (with "wasi" (instance
      (export "get-stdout" (func $get-stdout))
      (export "write" (func $write))
      (export "drop" (func $drop))))))

  (func $run (result (result)) (canon lift (core func $code "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $run)))
