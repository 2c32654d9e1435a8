(module
  (memory 1)
  (func $bytes (param $a v128) (param $b v128) (result v128)
    (i8x16.add
      (i8x16.add
        (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 (local.get $a) (local.get $b))
        (i8x16.swizzle (local.get $a) (local.get $b)))
      (i8x16.sub
        (i8x16.add (i8x16.popcnt (local.get $a)) (i8x16.avgr_u (local.get $a) (local.get $b)))
        (i8x16.add
          (i8x16.min_s (i8x16.abs (local.get $a)) (i8x16.max_u (local.get $a) (local.get $b)))
          (i8x16.add (i8x16.shl (local.get $a) (i32.const 3)) (i8x16.shr_s (local.get $b) (i32.const 2)))))))
  (func $shorts (param $a v128) (param $b v128) (result v128)
    (i16x8.add
      (i16x8.q15mulr_sat_s (local.get $a) (local.get $b))
      (i16x8.add
        (i16x8.extadd_pairwise_i8x16_u (local.get $a))
        (i16x8.add
          (i16x8.extmul_high_i8x16_s (local.get $a) (local.get $b))
          (i16x8.narrow_i32x4_u (local.get $a) (local.get $b))))))
  (func $ints (param $a v128) (param $b v128) (result v128)
    (i32x4.add
      (i32x4.dot_i16x8_s (local.get $a) (local.get $b))
      (i32x4.add
        (i32x4.mul (local.get $a) (local.get $b))
        (i32x4.add
          (i32x4.trunc_sat_f32x4_u (local.get $a))
          (i32x4.add
            (i32x4.trunc_sat_f64x2_s_zero (local.get $b))
            (i32x4.max_u (i32x4.extend_high_i16x8_s (local.get $a)) (local.get $b)))))))
  (func $longs (param $a v128) (param $b v128) (result v128)
    (i64x2.add
      (i64x2.mul (local.get $a) (local.get $b))
      (i64x2.add
        (i64x2.abs (local.get $a))
        (i64x2.add
          (i64x2.shr_s (local.get $a) (i32.const 7))
          (i64x2.add
            (i64x2.gt_s (local.get $a) (local.get $b))
            (i64x2.extmul_low_i32x4_u (local.get $a) (local.get $b)))))))
  (func $floats (param $a v128) (param $b v128) (result v128)
    (f32x4.add
      (f32x4.add (f32x4.ceil (local.get $a)) (f32x4.nearest (local.get $b)))
      (f32x4.add
        (f32x4.pmin (local.get $a) (local.get $b))
        (f32x4.add (f32x4.max (local.get $a) (local.get $b)) (f32x4.convert_i32x4_u (local.get $a))))))
  (func $doubles (param $a v128) (param $b v128) (result v128)
    (f64x2.add
      (f64x2.add (f64x2.floor (local.get $a)) (f64x2.trunc (local.get $b)))
      (f64x2.add
        (f64x2.min (local.get $a) (local.get $b))
        (f64x2.add (f64x2.convert_low_i32x4_u (local.get $a)) (f64x2.promote_low_f32x4 (local.get $b))))))
  (func (export "run") (result i32)
    (local $v v128)
    (local.set $v (i32x4.splat (i32.const 7)))
    (drop (call $bytes (local.get $v) (local.get $v)))
    (drop (call $shorts (local.get $v) (local.get $v)))
    (drop (call $ints (local.get $v) (local.get $v)))
    (drop (call $longs (local.get $v) (local.get $v)))
    (drop (call $floats (local.get $v) (local.get $v)))
    (drop (call $doubles (local.get $v) (local.get $v)))
    (v128.store (i32.const 16) (v128.bitselect (local.get $v) (local.get $v) (v128.load32_splat (i32.const 0))))
    (drop (v128.load8x8_s (i32.const 16)))
    (drop (v128.load64_lane 1 (i32.const 16) (local.get $v)))
    (drop (i8x16.bitmask (local.get $v)))
    (drop (i64x2.all_true (local.get $v)))
    (i32x4.extract_lane 3 (v128.load (i32.const 16)))))
