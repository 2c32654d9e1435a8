;; What never ends by itself.
(module
  (import "host" "f" (func $f))
  (import "host" "nest" (func $nest))
  (type $nothing (func))
  (memory 2)
  (table $table 100 funcref)
  (elem (i32.const 0) $nop)
  (func $nop)
  (func (export "nested") (loop (call $nop) (br 0)))
  (func (export "loop: endless") (loop (br 0)))
  (func (export "br_if: endless") (loop (br_if 0 (i32.const 1))))
  (func (export "br_table: endless") (param i32)
    (loop $a
      (loop $b
        (br_table $a $b $a (local.get 0)))))
  (func (export "loops in loops: endless") (local i32)
    (loop $a
      (loop $b
        (br_if $b (i32.and (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 0xff)))
        (br $a))))
  (func (export "ping-pong with the host: endless") (loop (call $f) (br 0)))
  (func (export "calls: endless") (loop (call $nop) (br 0)))
  (func (export "calls through a table: endless")
    (loop (call_indirect (type $nothing) (i32.const 0)) (br 0)))
  (func (export "below the host: endless") (call $nest))
  (func (export "growing by nothing: endless") (loop (drop (memory.grow (i32.const 0))) (br 0)))
  (func (export "growing in vain: endless") (loop (drop (memory.grow (i32.const -1))) (br 0)))
  (func (export "filling: endless")
    (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 100000)) (br 0)))
  (func (export "copying: endless")
    (loop (memory.copy (i32.const 0) (i32.const 1) (i32.const 65536)) (br 0)))
  (func (export "a table: endless")
    (loop (table.fill $table (i32.const 0) (ref.null func) (i32.const 100)) (br 0)))
  (func (export "dividing: endless") (param i64)
    (loop
      (local.set 0 (i64.div_u (i64.const -1) (i64.or (local.get 0) (i64.const 1))))
      (br 0))))
