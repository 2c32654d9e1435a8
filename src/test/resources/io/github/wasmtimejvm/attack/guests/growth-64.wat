;; The same with addresses of 64 bits.
(module
  (memory (export "memory") i64 1)
  (memory $small i64 0 3)
  (table $few i64 0 5 funcref)
  (func (export "page by page: returns") (result i64)
    (loop $more
      (i32.store8 (i64.sub (i64.mul (memory.size) (i64.const 65536)) (i64.const 1)) (i32.const 1))
      (br_if $more (i64.ne (memory.grow (i64.const 1)) (i64.const -1))))
    (memory.size))
  (func (export "by any number: returns") (param i64) (result i64)
    (memory.grow (local.get 0)))
  (func (export "beyond its end: MEMORY_OUT_OF_BOUNDS") (param i64)
    (drop (memory.grow $small (local.get 0)))
    (i32.store8 $small (i64.const 0x1000000000000) (i32.const 1)))
  (func (export "a table by any number: returns") (param i64) (result i64)
    (table.grow $few (ref.null func) (local.get 0)))
  (func (export "a table beyond its end: TABLE_OUT_OF_BOUNDS") (param i64)
    (table.set $few (i64.or (local.get 0) (i64.const 0x100000000)) (ref.null func))))
