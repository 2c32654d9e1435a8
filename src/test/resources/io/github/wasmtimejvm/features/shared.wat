(module
  (memory 1 4 shared)
  (data (i32.const 0) "\03")
  (func (export "run") (result i32)
    (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 4)))
    (drop (memory.grow (i32.const 1)))
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const 1000)))
    (i32.load (i32.const 0))))
