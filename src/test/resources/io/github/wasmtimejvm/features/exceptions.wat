(module
  (tag $e (param i32))
  (func $throws (throw $e (i32.const 7)))
  (func (export "run") (result i32)
    (block $caught (result i32)
      (try_table (catch $e $caught) (call $throws))
      (i32.const 0))))
