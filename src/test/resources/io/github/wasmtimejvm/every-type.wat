;; Every type that a signature may have.
(module
  (type $struct (struct (field i32)))
  (type $array (array i8))
  (type $func (func))
  (import "host" "concrete" (func (param (ref null $struct) (ref $array) (ref null $func))))
  (import "host" "simd" (global v128))
  (func (export "numbers") (param i32 i64 f32 f64 v128))
  (func (export "host") (param externref (ref extern) nullexternref))
  (func (export "functions") (param funcref (ref func) nullfuncref))
  (func (export "objects")
    (param anyref (ref any) eqref (ref eq) i31ref (ref i31) structref (ref struct) arrayref
      (ref array) nullref))
  (func (export "exceptions") (param exnref (ref exn) nullexnref))
  (table (export "table") 0 (ref null $struct))
  (tag (export "tag") (param v128 (ref null $array))))
