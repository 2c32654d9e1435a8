;; Exceptions of the guest and of the host, through each other's frames.
(module
  (import "host" "f" (func $f))
  (import "host" "g" (func $g (param i32) (result i32)))
  (tag $t (export "tag") (param i32))
  (func $throw (export "throw") (param i32) (call $f) (throw $t (local.get 0)))
  (func (export "catch") (param i32) (result i32)
    (block $caught (result i32)
      (try_table (catch $t $caught) (call $throw (local.get 0)))
      (i32.const -1)))
  (func (export "catchAll") (param i32) (result i32)
    (block $caught
      (try_table (catch_all $caught) (return (call $g (local.get 0)))))
    (call $g (i32.const -2)))
  (func (export "catchRef") (param i32) (result exnref)
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (call $throw (local.get 0)))
      (ref.null exn)))
  (func (export "rethrow") (param exnref) (throw_ref (local.get 0)))
  (func $deep (export "deep") (param i32)
    (block $caught
      (try_table (catch_all $caught) (call $deep (i32.add (local.get 0) (i32.const 1)))))
    (call $f)))
