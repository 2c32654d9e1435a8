;; What WebAssembly 1.0 has, each kind of instruction once. Returns 7.
(module
  (type $unary (func (param i32) (result i32)))
  (memory 1)
  (data (i32.const 8) "\07\00\00\00\00\00\00\00")
  (table 4 funcref)
  (elem (i32.const 0) $twice $same)
  (global $g (mut i64) (i64.const 3))
  (func $twice (type $unary) (i32.mul (local.get 0) (i32.const 2)))
  (func $same (type $unary) (local.get 0))
  (func $floats (param $x f64) (param $y f32) (result f64)
    (f64.add
      (f64.add
        (f64.add (f64.ceil (local.get $x)) (f64.floor (local.get $x)))
        (f64.add (f64.trunc (local.get $x)) (f64.nearest (local.get $x))))
      (f64.add
        (f64.max (f64.sqrt (f64.abs (local.get $x))) (f64.min (f64.neg (local.get $x)) (f64.const 2)))
        (f64.promote_f32
          (f32.copysign
            (f32.add
              (f32.add (f32.ceil (local.get $y)) (f32.floor (local.get $y)))
              (f32.add (f32.trunc (local.get $y)) (f32.nearest (local.get $y))))
            (f32.demote_f64 (local.get $x)))))))
  (func $integers (param $x i64) (param $y i32) (result i64)
    (i64.add
      (i64.add
        (i64.add (i64.clz (local.get $x)) (i64.ctz (local.get $x)))
        (i64.add (i64.popcnt (local.get $x)) (i64.rotl (local.get $x) (i64.const 5))))
      (i64.add
        (i64.extend_i32_u
          (i32.add
            (i32.add (i32.clz (local.get $y)) (i32.ctz (local.get $y)))
            (i32.add (i32.popcnt (local.get $y)) (i32.rotr (local.get $y) (i32.const 3)))))
        (i64.add
          (i64.div_s (local.get $x) (i64.const 3))
          (i64.rem_u (local.get $x) (i64.const 5))))))
  (func $loop (param $n i32) (result i32)
    (local $sum i32)
    (block $done
      (loop $again
        (br_if $done (i32.eqz (local.get $n)))
        (local.set $sum (i32.add (local.get $sum) (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again)))
    (local.get $sum))
  (func $choose (param i32) (result i32)
    (block $b (block $a (br_table $a $b (local.get 0))) (return (i32.const 10)))
    (i32.const 20))
  (func $convert (param $x f64) (result i32)
    (i32.add
      (i32.add (i32.trunc_f64_s (local.get $x)) (i32.trunc_sat_f64_u (local.get $x)))
      (i32.add
        (i32.wrap_i64 (i64.trunc_f64_u (local.get $x)))
        (i32.trunc_f32_u (f32.convert_i64_u (i64.extend8_s (i64.const 5)))))))
  (func $out_of_bounds (export "out_of_bounds") (result i32)
    (i32.load offset=5000000 (i32.const 0)))
  (func (export "divide") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
  (func (export "unreachable") unreachable)
  (func $deep (export "deep") (result i32) (i32.add (i32.const 1) (call $deep)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "run") (result i32)
    (drop (call $floats (f64.const 1.5) (f32.const -2.5)))
    (drop (call $integers (i64.const 1234567) (i32.const 89)))
    (drop (call $loop (i32.const 10)))
    (drop (call $choose (i32.const 1)))
    (drop (call $convert (f64.const 3.5)))
    (drop (call_indirect (type $unary) (i32.const 2) (i32.const 0)))
    (global.set $g (i64.add (global.get $g) (i64.const 1)))
    (i64.store (i32.const 65528) (global.get $g))
    (drop (memory.grow (i32.const 1)))
    (i32.store16 (i32.const 65000) (i32.load8_s (i32.const 8)))
    (i32.load (i32.const 8))))
