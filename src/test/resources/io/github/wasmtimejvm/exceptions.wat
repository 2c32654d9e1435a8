;; Throws, calls the host, and catches what that throws.
(module
  (import "host" "f" (func $f (param i32)))
  (tag $tag (export "tag") (param i32 externref))
  (tag (export "other"))
  (func (export "throw") (param i32 externref)
    (throw $tag (local.get 0) (local.get 1)))
  (func (export "call") (param i32) (call $f (local.get 0)))
  (func (export "catch") (param i32) (result i32 externref)
    (block $caught (result i32 externref)
      (try_table (catch $tag $caught) (call $f (local.get 0)))
      (i32.const -1) (ref.null extern))))
