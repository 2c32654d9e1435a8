;; Calls back and forth, and throws.
(module
  (import "host" "f" (func $f (param i32)))
  (tag $tag (export "tag") (param i32))
  (func (export "call") (param i32) (call $f (local.get 0)))
  (func (export "trap") (param i32) (call $f (local.get 0)) (unreachable))
  (func (export "throw") (param i32) (throw $tag (local.get 0)))
  ;; Catches all WebAssembly exceptions, which those of the host are not.
  (func (export "catch-all") (param i32) (result i32)
    (block $caught
      (try_table (catch_all $caught) (call $f (local.get 0)))
      (return (i32.const 0)))
    (i32.const 1))
  (func (export "answer") (result i32) (i32.const 42)))
