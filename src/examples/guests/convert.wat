;; The component of ComponentExample.java. In WIT:
;;
;;   world convert {
;;     import host: interface {
;;       multiply: func(a: f32, b: f32) -> f32;
;;     }
;;     export convert-celsius-to-fahrenheit: func(x: f32) -> f32;
;;   }
(component
  (import "host" (instance $host
    (export "multiply" (func (param "a" f32) (param "b" f32) (result f32)))))
  (core func $multiply (canon lower (func $host "multiply")))

  (core module $code
    (import "host" "multiply" (func $multiply (param f32 f32) (result f32)))
    (func (export "convert") (param $x f32) (result f32)
      (f32.add (call $multiply (local.get $x) (f32.const 1.8)) (f32.const 32))))
  (core instance $code (instantiate $code
    (with "host" (instance (export "multiply" (func $multiply))))))

  (func (export "convert-celsius-to-fahrenheit") (param "x" f32) (result f32)
    (canon lift (core func $code "convert"))))
