(module
  (import "host" "f" (func $f))
  (tag $t (export "tag") (param i32))
  (func $start (call $f) (throw $t (i32.const 3)))
  (func (export "start: raises"))
  (start $start))
