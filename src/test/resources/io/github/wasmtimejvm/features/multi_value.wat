(module
  (func $pair (result i32 i64) (i32.const 3) (i64.const 4))
  (func $many (result i32 i32 f32 i32 f64 i32 i64)
    (i32.const 1) (i32.const 2) (f32.const 3) (i32.const 4) (f64.const 5) (i32.const 6) (i64.const 7))
  (func (export "run") (result i32)
    (local $i i32)
    (call $many) drop drop drop drop drop drop drop
    (call $pair)
    (block (param i32 i64) (result i32 i32) i32.wrap_i64)
    i32.add))
