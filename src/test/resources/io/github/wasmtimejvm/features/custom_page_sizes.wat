(module
  (memory 100 (pagesize 1))
  (func (export "out_of_bounds") (result i32) (i32.load (i32.const 200)))
  (func (export "run") (result i32)
    (i32.store (i32.const 96) (i32.const 7))
    (drop (memory.grow (i32.const 3)))
    (i32.load (i32.const 96))))
