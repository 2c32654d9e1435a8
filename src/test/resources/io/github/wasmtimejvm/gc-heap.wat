;; Fills the heap of collected objects.
(module
  (type $bytes (array (mut i8)))
  (type $chain (struct (field (ref null $chain)) (field (ref $bytes))))
  (import "host" "object" (func $object (result externref)))
  (table $objects 0 externref)
  (global $chain (mut (ref null $chain)) (ref.null $chain))
  (func $fill (export "fill")
    (loop $again
      (global.set $chain
        (struct.new $chain (global.get $chain)
          (array.new_default $bytes (i32.const 100000))))
      (br $again)))
  (func (export "objects")
    (loop $again
      (drop (table.grow $objects (call $object) (i32.const 1)))
      (br $again)))
  (func (export "drop") (global.set $chain (ref.null $chain)))
  (func (export "one") (drop (array.new_default $bytes (i32.const 10)))))
