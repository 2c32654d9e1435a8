(module
  (import "host" "f" (func $f))
  (func $spin (call $f) (loop $again (br $again)))
  (func (export "start: endless"))
  (start $spin))
