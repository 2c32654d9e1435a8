;; One export per way to trap that wasi/traps.wat does not have.
(module
  (type $nothing (func))
  (type $other (func (param i32)))
  (type $struct (struct (field i32)))
  (type $array (array (mut i64)))

  (memory 1)
  (table $table 1 funcref)
  (elem (i32.const 0) $takes_a_number)

  (func $takes_a_number (type $other))

  (func (export "heap_misaligned") ;; 2
    (drop (i32.atomic.load (i32.const 1))))

  (func (export "bad_signature") ;; 5
    (call_indirect (type $nothing) (i32.const 0)))

  (func (export "atomic_wait_non_shared_memory") ;; 12
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0))))

  (func (export "null_reference") ;; 13
    (drop (struct.get $struct 0 (ref.null $struct))))

  (func (export "array_out_of_bounds") ;; 14
    (drop (array.get $array (array.new_default $array (i32.const 3)) (i32.const 3))))

  (func (export "allocation_too_large") ;; 15
    (drop (array.new_default $array (i32.const -1))))

  (func (export "cast_failure") ;; 16
    (drop (ref.cast (ref $array) (struct.new $struct (i32.const 0))))))
