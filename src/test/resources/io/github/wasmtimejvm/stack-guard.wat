;; Ways to run out of stack. The host functions call back into these exports.
(module
  (import "host" "again" (func $again))
  (import "host" "java" (func $java))
  (import "host" "other" (func $other))
  (func (export "add") (param i32 i32) (result i32)
    (i32.add (local.get 0) (local.get 1)))
  (func $forever (export "forever") (call $forever))
  (func (export "through-host") (call $again))
  (func (export "java-recursion") (call $java))
  (func (export "other-store") (call $other)))
