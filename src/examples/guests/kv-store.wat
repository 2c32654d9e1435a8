;; The component of ResourceComponent.java. In WIT:
;;
;;   package example:kv-store;
;;
;;   interface kvdb {
;;     resource connection {
;;       constructor();
;;       get: func(key: string) -> option<string>;
;;       set: func(key: string, value: string);
;;       remove: func(key: string) -> option<string>;
;;       clear: func();
;;     }
;;   }
;;
;;   world kv-database {
;;     import kvdb;
;;     import log: func(msg: string);
;;     export replace-value: func(key: string, value: string) -> option<string>;
;;   }
(component
  (import "example:kv-store/kvdb" (instance $kvdb
    (export "connection" (type $connection (sub resource)))
    (export "[constructor]connection" (func (result (own $connection))))
    (export "[method]connection.get"
      (func (param "self" (borrow $connection)) (param "key" string) (result (option string))))
    (export "[method]connection.set"
      (func (param "self" (borrow $connection)) (param "key" string) (param "value" string)))))
  (import "log" (func $log (param "msg" string)))

  ;; Values pass through this memory. It is never freed, as it would be in a real guest.
  (core module $memory
    (memory (export "memory") 1)
    (global $free (mut i32) (i32.const 1024))
    (func (export "realloc")
      (param $old i32) (param $old-size i32) (param $alignment i32) (param $size i32) (result i32)
      (global.get $free)
      (global.set $free (i32.add (global.get $free) (local.get $size)))))
  (core instance $memory (instantiate $memory))

  (core func $new (canon lower (func $kvdb "[constructor]connection")))
  (core func $get (canon lower (func $kvdb "[method]connection.get")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $set (canon lower (func $kvdb "[method]connection.set")
    (memory (core memory $memory "memory"))))
  (core func $log (canon lower (func $log) (memory (core memory $memory "memory"))))

  (core module $code
    (import "memory" "memory" (memory 1))
    (import "host" "new" (func $new (result i32)))
    (import "host" "get" (func $get (param i32 i32 i32 i32)))
    (import "host" "set" (func $set (param i32 i32 i32 i32 i32)))
    (import "host" "log" (func $log (param i32 i32)))
    (data (i32.const 64) "replacing a value")
    ;; The handle of the one connection; 0 until there is one.
    (global $connection (mut i32) (i32.const 0))

    (func (export "replace-value")
      (param $key i32) (param $key-size i32) (param $value i32) (param $value-size i32) (result i32)
      (if (i32.eqz (global.get $connection))
        (then (global.set $connection (call $new))))
      (call $log (i32.const 64) (i32.const 17))
      ;; The old value is written to 16, and is the result.
      (call $get
        (global.get $connection) (local.get $key) (local.get $key-size) (i32.const 16))
      (call $set
        (global.get $connection)
        (local.get $key) (local.get $key-size) (local.get $value) (local.get $value-size))
      (i32.const 16)))
  (core instance $code (instantiate $code
    (with "memory" (instance $memory))
    (with "host" (instance
      (export "new" (func $new))
      (export "get" (func $get))
      (export "set" (func $set))
      (export "log" (func $log))))))

  (func (export "replace-value")
    (param "key" string) (param "value" string) (result (option string))
    (canon lift (core func $code "replace-value")
      (memory (core memory $memory "memory")) (realloc (core func $memory "realloc")))))
