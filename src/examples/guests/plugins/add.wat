;; A plugin of Wasip2Plugins.java; its world is in plugin.wit.
(component
  (core module $code
    (memory (export "memory") 1)
    ;; At 0 the address and the size of the name.
    (data (i32.const 0) "\08\00\00\00\03\00\00\00add")
    (func (export "get-plugin-name") (result i32) (i32.const 0))
    (func (export "evaluate") (param $x i32) (param $y i32) (result i32)
      (i32.add (local.get $x) (local.get $y))))
  (core instance $code (instantiate $code))

  (func (export "get-plugin-name") (result string)
    (canon lift (core func $code "get-plugin-name") (memory (core memory $code "memory"))))
  (func (export "evaluate") (param "x" s32) (param "y" s32) (result s32)
    (canon lift (core func $code "evaluate"))))
