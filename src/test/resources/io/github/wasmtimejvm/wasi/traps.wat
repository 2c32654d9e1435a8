;; One export per way to trap, each without parameters. The code behind each name is the one of
;; wasmtime_trap_code_enum.
(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))

  (type $nothing (func))
  (memory (export "memory") 1)
  (table 1 funcref)
  (data (i32.const 0) "\10\00\00\00\09\00\00\00")
  (data (i32.const 16) "trapping\n")

  ;; Traps with some output before: what was printed must still arrive.
  (func $_start (export "_start")
    (drop
      (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    (unreachable))

  (func $stack_overflow (export "stack_overflow") ;; 0
    (call $stack_overflow))

  (func $memory_out_of_bounds (export "memory_out_of_bounds") ;; 1
    (drop (i32.load (i32.const 65536))))

  (func $table_out_of_bounds (export "table_out_of_bounds") ;; 3
    (call_indirect (type $nothing) (i32.const 1)))

  (func $indirect_call_to_null (export "indirect_call_to_null") ;; 4
    (call_indirect (type $nothing) (i32.const 0)))

  (func $integer_overflow (export "integer_overflow") ;; 6
    (drop (i32.div_s (i32.const 0x80000000) (i32.const -1))))

  (func $integer_division_by_zero (export "integer_division_by_zero") ;; 7
    (drop (i32.div_s (i32.const 1) (i32.const 0))))

  (func $bad_conversion_to_integer (export "bad_conversion_to_integer") ;; 8
    (drop (i32.trunc_f64_s (f64.const nan))))

  (func $unreachable_code (export "unreachable_code") ;; 9
    (unreachable)))
