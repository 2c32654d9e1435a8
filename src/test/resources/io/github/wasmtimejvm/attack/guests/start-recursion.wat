(module
  (import "host" "f" (func $f))
  (func $forever (call $f) (call $forever))
  (func (export "start: STACK_OVERFLOW"))
  (start $forever))
