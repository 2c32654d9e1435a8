;; Traps while it is being instantiated.
(module
  (func $initialize
    (unreachable))

  (func $_start (export "_start"))

  (start $initialize))
