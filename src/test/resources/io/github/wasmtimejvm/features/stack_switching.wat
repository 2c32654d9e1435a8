(module
  (type $f (func))
  (type $k (cont $f))
  (func $nothing)
  (elem declare func $nothing)
  (func (export "run") (result i32)
    (resume $k (cont.new $k (ref.func $nothing)))
    (i32.const 7)))
