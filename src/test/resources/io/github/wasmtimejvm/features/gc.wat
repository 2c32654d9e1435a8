(module
  (type $point (struct (field $x (mut i32)) (field $y f64)))
  (type $row (array (mut i16)))
  (func (export "run") (result i32)
    (local $p (ref null $point))
    (local $n i32)
    (loop $again
      (local.set $p (struct.new $point (i32.const 3) (f64.const 1)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $n) (i32.const 1000))))
    (struct.set $point $x (local.get $p) (i32.const 4))
    (drop (array.new_fixed $row 3 (i32.const 1) (i32.const 2) (i32.const 3)))
    (drop (ref.test (ref $point) (local.get $p)))
    (i32.add
      (i31.get_u (ref.i31 (i32.const 2)))
      (i32.add
        (struct.get $point $x (local.get $p))
        (array.get_u $row (array.new $row (i32.const 1) (i32.const 10)) (i32.const 9))))))
