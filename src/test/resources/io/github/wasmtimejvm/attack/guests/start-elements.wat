(module
  (import "host" "f" (func $f))
  (table 3 funcref)
  (elem (i32.const 2) $f $f)
  (func (export "start: TABLE_OUT_OF_BOUNDS"))
  (start $f))
