;; Valid, but nothing that the C API can describe.
(module (table (export "table") i64 1 0x10000000000 funcref))
