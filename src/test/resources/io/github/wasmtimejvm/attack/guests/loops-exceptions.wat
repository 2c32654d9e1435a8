(module
  (import "host" "f" (func $f))
  (import "host" "raise" (func $raise))
  (tag $t (export "tag") (param i32))
  (func $throw (throw $t (i32.const 1)))
  (func (export "throw and catch: endless")
    (loop $again
      (block $caught (try_table (catch_all $caught) (call $throw)))
      (br $again)))
  (func (export "back by catching: endless")
    (loop $again
      (try_table (catch_all $again) (call $f) (call $throw))))
  (func (export "what the host throws: endless")
    (loop $again
      (try_table (catch_all $again) (call $raise))))
  (func (export "throwing on: endless")
    (loop $again
      (try_table (catch_all $again)
        (block $caught (result exnref)
          (try_table (catch_all_ref $caught) (call $throw))
          (return))
        (throw_ref)))))
