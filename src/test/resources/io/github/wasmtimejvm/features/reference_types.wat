(module
  (table $functions 2 funcref)
  (table $externs 2 externref)
  (global $g (mut externref) (ref.null extern))
  (func $f)
  (elem declare func $f)
  (func (export "run") (result i32)
    (table.set $functions (i32.const 1) (ref.func $f))
    (drop (table.grow $functions (ref.null func) (i32.const 1)))
    (table.fill $functions (i32.const 0) (ref.null func) (i32.const 1))
    (table.set $externs (i32.const 0) (global.get $g))
    (i32.add
      (table.size $functions)
      (i32.add
        (i32.mul (i32.const 2) (ref.is_null (table.get $functions (i32.const 0))))
        (i32.mul (i32.const 2) (ref.is_null (table.get $externs (i32.const 0))))))))
