;; Garbage for ever.
(module
  (import "host" "f" (func $f))
  (type $pair (struct (field (mut i32)) (field (mut (ref null $pair)))))
  (type $bytes (array (mut i8)))
  (func (export "structs: endless")
    (loop (drop (struct.new $pair (i32.const 1) (ref.null $pair))) (br 0)))
  (func (export "arrays: endless errors ALLOCATION_TOO_LARGE") (param i32)
    (loop
      (drop (array.new_default $bytes (i32.and (local.get 0) (i32.const 0xfffff))))
      (br 0)))
  (func (export "numbers: endless") (loop (drop (ref.i31 (i32.const 1))) (br 0)))
  (func (export "tests: endless") (local anyref)
    (local.set 0 (struct.new_default $pair))
    (loop (drop (ref.test (ref $bytes) (local.get 0))) (br 0)))
  (func (export "calling the host: endless") (local (ref null $pair))
    (loop
      (local.set 0 (struct.new $pair (i32.const 1) (ref.null $pair)))
      (call $f)
      (br 0))))
