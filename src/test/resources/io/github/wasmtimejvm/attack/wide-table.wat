;; A table that the C API ends the process for if it is asked for its limits.
(module (table (export "table") i64 1 0x10000000000 funcref))
