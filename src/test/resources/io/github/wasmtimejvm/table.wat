;; Two tables, read, called and grown by the guest.
(module
  (type $number (func (result i32)))
  (table (export "table") 4 8 funcref)
  (table (export "numbers") 2 (ref null $number))
  (elem (i32.const 1) $one)
  (func $one (export "one") (type $number) (i32.const 1))
  (func (export "two") (type $number) (i32.const 2))
  (func (export "other") (param i64))
  (func (export "call") (param i32) (result i32)
    (call_indirect (type $number) (local.get 0)))
  (func (export "size") (result i32) (table.size 0))
  (func (export "grow") (param i32) (result i32)
    (table.grow 0 (ref.null func) (local.get 0))))
