;; Functions of every value type, most of them the identity.
(module
  (func (export "nothing"))
  (func (export "i32") (param i32) (result i32) (local.get 0))
  (func (export "i64") (param i64) (result i64) (local.get 0))
  (func (export "f32") (param f32) (result f32) (local.get 0))
  (func (export "f64") (param f64) (result f64) (local.get 0))
  (func (export "v128") (param v128) (result v128) (local.get 0))
  (func (export "funcref") (param funcref) (result funcref) (local.get 0))
  (func (export "non_null") (param (ref func)) (result (ref func)) (local.get 0))
  (func (export "bottom") (param nullfuncref) (result nullfuncref) (local.get 0))
  (func (export "externref") (param externref) (result externref) (local.get 0))

  (func (export "subtract") (param i32 i32) (result i32)
    (i32.sub (local.get 0) (local.get 1)))

  (func (export "splat") (param i32) (result v128)
    (i32x4.splat (local.get 0)))

  ;; Several results: the arguments in reverse.
  (func (export "reverse") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
    (local.get 3) (local.get 2) (local.get 1) (local.get 0))

  ;; More values than fit the store's own buffer, and more results than parameters.
  (func (export "eighteen")
    (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64)
    (result i64)
    (i64.sub (local.get 17) (i64.extend_i32_s (local.get 16))))
  (func (export "spread") (param i32)
    (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 v128)
    (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0)
    (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0)
    (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0)
    (i64x2.splat (i64.extend_i32_s (local.get 0))))

  ;; Calls what it is given.
  (type $binary (func (param i32 i32) (result i32)))
  (table $t 1 funcref)
  (func (export "apply") (param funcref i32 i32) (result i32)
    (table.set $t (i32.const 0) (local.get 0))
    (call_indirect $t (type $binary) (local.get 1) (local.get 2) (i32.const 0))))
