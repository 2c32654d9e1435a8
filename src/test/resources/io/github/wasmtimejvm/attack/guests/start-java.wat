(module
  (import "host" "throw" (func $throw))
  (func (export "start: throws"))
  (start $throw))
