;; Exports one of every kind. The first function takes and returns a function reference.
(module
  (func (export "func") (param funcref) (result funcref) (local.get 0))
  (memory (export "memory") 1 10)
  (table (export "table") 1 10 funcref)
  (global (export "global") (mut i32) (i32.const 7))
  (tag (export "tag") (param i32)))
