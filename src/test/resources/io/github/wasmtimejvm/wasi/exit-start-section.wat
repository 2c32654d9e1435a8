;; Leaves with the status in argv[1] while it is being instantiated: from its start section, before
;; anybody has an instance. _start is never reached.
(module
  (import "wasi_snapshot_preview1" "args_get"
    (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit"
    (func $proc_exit (param i32)))

  ;; 0: argv, 512: iovec of $print, 1024: the arguments' text, 4096: our own text
  (memory (export "memory") 1)
  (data (i32.const 4096) "leaving from the start section\n")
  (data (i32.const 4352) "_start was reached\n")

  ;; argv[1] as a number: an optional minus and decimal digits, wrapping to 32 bits, so that every
  ;; status can be written, -2147483648 and 4294967295 included. No argument is a trap.
  (func $status (result i32)
    (local $at i32)
    (local $sum i32)
    (local $digit i32)
    (local $negative i32)
    (drop (call $args_get (i32.const 0) (i32.const 1024)))
    (local.set $at (i32.load (i32.const 4)))
    (if (i32.eqz (local.get $at)) (then (unreachable)))
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 45))
      (then
        (local.set $negative (i32.const 1))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))))
    (loop $next
      (local.set $digit (i32.load8_u (local.get $at)))
      (if (local.get $digit)
        (then
          (local.set $sum
            (i32.add
              (i32.mul (local.get $sum) (i32.const 10))
              (i32.sub (local.get $digit) (i32.const 48))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next))))
    (if (result i32) (local.get $negative)
      (then (i32.sub (i32.const 0) (local.get $sum)))
      (else (local.get $sum))))

  (func $print (param $text i32) (param $length i32)
    (i32.store (i32.const 512) (local.get $text))
    (i32.store (i32.const 516) (local.get $length))
    (drop
      (call $fd_write (i32.const 1) (i32.const 512) (i32.const 1) (i32.const 520))))

  (func $initialize
    (call $print (i32.const 4096) (i32.const 31))
    (call $proc_exit (call $status)))

  (func $_start (export "_start")
    (call $print (i32.const 4352) (i32.const 19)))

  (start $initialize))
