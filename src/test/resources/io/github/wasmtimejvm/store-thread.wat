;; An export of every kind, and a type of each kind of object.
(module
  (type $struct (struct (field i32)))
  (type $array (array (mut i32)))
  (memory (export "memory") 1 10)
  (table (export "table") 1 10 funcref)
  (global (export "global") (mut i32) (i32.const 7))
  (tag (export "tag") (param i32))
  (func (export "func")))
