(module
  (type $t (func (param i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (table 1 funcref)
  (elem (i32.const 0) $many)
  (func $many (type $t) (local.get 8))
  (func $few (param $n i32) (result i32)
    (if (i32.eqz (local.get $n))
      (then
        (return_call_indirect (type $t)
          (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
          (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 7) (i32.const 0))))
    (return_call $few (i32.sub (local.get $n) (i32.const 1))))
  (func (export "run") (result i32) (return_call $few (i32.const 100000))))
