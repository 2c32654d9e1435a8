;; Guests that only somebody else can end, and some that end by themselves.
(module
  (import "host" "f" (func $f))
  (memory (export "memory") 1)
  (func (export "nothing"))
  (func $spin (export "spin") (loop $again (br $again)))
  (func (export "call") (call $f))
  (func (export "callThenSpin") (call $f) (call $spin))
  (func (export "callForEver") (loop $again (call $f) (br $again)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func $count (export "count") (param $n i32) (result i32)
    (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func $deep (export "deep") (param $n i32)
    (if (i32.eqz (local.get $n)) (then (call $spin)))
    (call $deep (i32.sub (local.get $n) (i32.const 1)))))
