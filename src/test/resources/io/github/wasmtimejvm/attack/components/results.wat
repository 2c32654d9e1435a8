;; Asks the host for values of which some have parts elsewhere in memory, and some have not.
(component
  (import "t:t/host" (instance $host
    (type $shape' (variant (case "none") (case "text" string) (case "number" u64)))
    (export "shape" (type $shape (eq $shape')))
    (export "a-shape" (func (result $shape)))
    (export "an-option" (func (result (option string))))
    (export "a-result" (func (result (result string (error u32)))))))
  (core module $memory
    (memory (export "m") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096)))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "m" (core memory $m))
  (alias core export $memory "realloc" (core func $realloc))
  (core func $shape (canon lower (func $host "a-shape") (memory $m) (realloc $realloc)))
  (core func $option (canon lower (func $host "an-option") (memory $m) (realloc $realloc)))
  (core func $result (canon lower (func $host "a-result") (memory $m) (realloc $realloc)))
  (core module $guest
    (import "h" "shape" (func $shape (param i32)))
    (import "h" "option" (func $option (param i32)))
    (import "h" "result" (func $result (param i32)))
    (import "h" "m" (memory 1))
    (func (export "all") (result i32)
      (call $shape (i32.const 64))
      (call $option (i32.const 128))
      (call $result (i32.const 192))
      (call $shape (i32.const 64))
      (i32.load8_u (i32.const 64))))
  (core instance $guest (instantiate $guest (with "h" (instance
    (export "shape" (func $shape))
    (export "option" (func $option))
    (export "result" (func $result))
    (export "m" (memory $m))))))
  (func (export "all") (result u8) (canon lift (core func $guest "all"))))
