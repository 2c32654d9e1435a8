;; Exits with the status given, in a frame whose handlers count how often they run.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "host" "nested" (func $nested (param i32)))
  (memory (export "memory") 1)
  (global $handled (export "handled") (mut i32) (i32.const 0))
  ;; The handler throws on.
  (func $cleanup (export "cleanup") (param i32)
    (local $e exnref)
    (local.set $e
      (block $handler (result exnref)
        (try_table (catch_all_ref $handler) (call $exit (local.get 0)))
        (return)))
    (global.set $handled (i32.add (global.get $handled) (i32.const 1)))
    (throw_ref (local.get $e)))
  ;; The same, but the exit is two frames of the host's away.
  (func (export "outer") (param i32)
    (local $e exnref)
    (local.set $e
      (block $handler (result exnref)
        (try_table (catch_all_ref $handler) (call $nested (local.get 0)))
        (return)))
    (global.set $handled (i32.add (global.get $handled) (i32.const 10)))
    (throw_ref (local.get $e)))
  ;; The handler does not.
  (func (export "swallow") (param i32)
    (block $handler
      (try_table (catch_all $handler) (call $exit (local.get 0))))
    (global.set $handled (i32.add (global.get $handled) (i32.const 100)))))
