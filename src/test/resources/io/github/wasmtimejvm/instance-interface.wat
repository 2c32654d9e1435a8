;; Exports of every kind, for methods of an interface.
(module
  (memory (export "memory") 1)
  (table (export "table") 1 funcref)
  (global (export "global") i32 (i32.const 1))
  (tag (export "tag"))
  (func (export "add") (param i32 i32) (result i32)
    (i32.add (local.get 0) (local.get 1)))
  (func (export "sub-float") (param f64 f64) (result f64)
    (f64.sub (local.get 0) (local.get 1)))
  (func (export "") (result i32) (i32.const 5))
  (func (export "object") (result externref) (ref.null extern))
  (func (export "other") (result externref) (ref.null extern)))
