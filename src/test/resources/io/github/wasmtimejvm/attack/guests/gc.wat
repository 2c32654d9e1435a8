;; Objects: many, large, in chains and in circles, which counting references never frees.
(module
  (import "host" "f" (func $f))
  (type $pair (struct (field $n (mut i32)) (field $next (mut (ref null $pair)))))
  (type $bytes (array (mut i8)))
  (type $vectors (array (mut v128)))
  (type $refs (array (mut anyref)))
  (global $kept (mut (ref null $pair)) (ref.null $pair))
  (global $any (mut anyref) (ref.null any))
  (func (export "garbage: returns") (local $i i32)
    (loop
      (drop (struct.new $pair (i32.const 1) (ref.null $pair)))
      (br_if 0
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 200000)))))
  (func (export "a chain that is dropped: returns errors") (local $i i32)
    (loop
      (global.set $kept (struct.new $pair (local.get $i) (global.get $kept)))
      (br_if 0
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 200000))))
    (call $f)
    (global.set $kept (ref.null $pair))
    (drop (struct.new $pair (i32.const 1) (ref.null $pair))))
  (func (export "a chain until the heap is full: errors ALLOCATION_TOO_LARGE")
    (loop
      (global.set $kept (struct.new $pair (i32.const 1) (global.get $kept)))
      (br 0)))
  (func (export "circles until the heap is full: errors ALLOCATION_TOO_LARGE")
    (local (ref null $pair))
    (loop
      (local.set 0 (struct.new $pair (i32.const 1) (ref.null $pair)))
      (struct.set $pair $next (local.get 0) (local.get 0))
      (br 0)))
  (func (export "an array of any size: returns errors ALLOCATION_TOO_LARGE") (param i32) (result i32)
    (array.len (array.new_default $bytes (local.get 0))))
  (func (export "vectors of any number: returns errors ALLOCATION_TOO_LARGE")
    (param i32) (result i32)
    (array.len (array.new $vectors (v128.const i64x2 1 2) (local.get 0))))
  (func (export "an array in itself: returns errors ALLOCATION_TOO_LARGE") (param i32)
    (local (ref null $refs))
    (local.set 1
      (array.new $refs (ref.null any) (i32.or (i32.const 1) (i32.and (local.get 0) (i32.const 0xffff)))))
    (array.fill $refs (local.get 1) (i32.const 0) (local.get 1) (array.len (local.get 1)))
    (global.set $any (local.get 1)))
  (func (export "copy in an array: returns ARRAY_OUT_OF_BOUNDS") (param i32 i32 i32)
    (local (ref null $bytes))
    (local.set 3 (array.new_default $bytes (i32.const 1000)))
    (array.copy $bytes $bytes
      (local.get 3) (local.get 0) (local.get 3) (local.get 1) (local.get 2)))
  (func (export "fill an array: returns ARRAY_OUT_OF_BOUNDS") (param i32 i32)
    (array.fill $bytes
      (array.new_default $bytes (i32.const 1000)) (local.get 0) (i32.const 7) (local.get 1)))
  (func (export "read an array: returns ARRAY_OUT_OF_BOUNDS") (param i32) (result v128)
    (array.get $vectors
      (array.new $vectors (v128.const i64x2 1 2) (i32.const 65536)) (local.get 0)))
  (func (export "cast: CAST_FAILURE") (result i32)
    (array.len (ref.cast (ref $bytes) (struct.new_default $pair)))))
