;; Waits in WASI: for a time, for several things, and for its standard streams.
(component
  (import "wasi:io/poll@0.2.3" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.ready" (func (param "self" (borrow $pollable)) (result bool)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))
    (export "poll" (func (param "in" (list (borrow $pollable))) (result (list u32))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.3" (instance $clock
    (alias outer 1 $pollable (type $outer))
    (export "pollable" (type $pollable (eq $outer)))
    (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))
  (import "wasi:io/error@0.2.3" (instance $errors (export "error" (type (sub resource)))))
  (alias export $errors "error" (type $error))
  (import "wasi:io/streams@0.2.3" (instance $streams
    (alias outer 1 $error (type $outer-error))
    (export "error" (type $error (eq $outer-error)))
    (type $variant (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $variant)))
    (export "input-stream" (type $in (sub resource)))
    (export "output-stream" (type $out (sub resource)))
    (type $bytes (result (list u8) (error $stream-error)))
    (type $count (result u64 (error $stream-error)))
    (type $done (result (error $stream-error)))
    (export "[method]input-stream.blocking-read" (func
      (param "self" (borrow $in)) (param "len" u64) (result $bytes)))
    (export "[method]input-stream.blocking-skip" (func
      (param "self" (borrow $in)) (param "len" u64) (result $count)))
    (export "[method]output-stream.blocking-write-and-flush" (func
      (param "self" (borrow $out)) (param "contents" (list u8)) (result $done)))
    (export "[method]output-stream.blocking-write-zeroes-and-flush" (func
      (param "self" (borrow $out)) (param "len" u64) (result $done)))
    (export "[method]output-stream.blocking-flush" (func
      (param "self" (borrow $out)) (result $done)))
    (export "[method]output-stream.blocking-splice" (func
      (param "self" (borrow $out)) (param "src" (borrow $in)) (param "len" u64)
      (result $count)))))
  (alias export $streams "input-stream" (type $in))
  (alias export $streams "output-stream" (type $out))
  (import "wasi:cli/stdin@0.2.3" (instance $stdin
    (alias outer 1 $in (type $outer))
    (export "input-stream" (type $in (eq $outer)))
    (export "get-stdin" (func (result (own $in))))))
  (import "wasi:cli/stdout@0.2.3" (instance $stdout
    (alias outer 1 $out (type $outer))
    (export "output-stream" (type $out (eq $outer)))
    (export "get-stdout" (func (result (own $out))))))

  (core module $memory-module
    (memory (export "memory") 1)
    (global $top (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32) (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
      (global.set $top (i32.add (local.get $at) (local.get $size)))
      (if (i32.gt_u (global.get $top) (i32.const 65536)) (then unreachable))
      (local.get $at))
    (func (export "free") (global.set $top (i32.const 1024)))
    (func (export "free-result") (param i32) (global.set $top (i32.const 1024))))
  (core instance $memory (instantiate $memory-module))
  (alias core export $memory "memory" (core memory $m))
  (core func $realloc (alias core export $memory "realloc"))
  (core func $free-result (alias core export $memory "free-result"))
  (core func $ready (canon lower (func $poll "[method]pollable.ready")))
  (core func $block (canon lower (func $poll "[method]pollable.block")))
  (core func $poll (canon lower (func $poll "poll") (memory $m) (realloc $realloc)))
  (core func $timer (canon lower (func $clock "subscribe-duration")))
  (core func $drop-pollable (canon resource.drop $pollable))
  (core func $drop-in (canon resource.drop $in))
  (core func $drop-out (canon resource.drop $out))
  (core func $stdin (canon lower (func $stdin "get-stdin")))
  (core func $stdout (canon lower (func $stdout "get-stdout")))
  (core func $read (canon lower
    (func $streams "[method]input-stream.blocking-read") (memory $m) (realloc $realloc)))
  (core func $skip (canon lower
    (func $streams "[method]input-stream.blocking-skip") (memory $m)))
  (core func $write (canon lower
    (func $streams "[method]output-stream.blocking-write-and-flush") (memory $m)))
  (core func $write-zeroes (canon lower
    (func $streams "[method]output-stream.blocking-write-zeroes-and-flush") (memory $m)))
  (core func $flush (canon lower
    (func $streams "[method]output-stream.blocking-flush") (memory $m)))
  (core func $splice (canon lower
    (func $streams "[method]output-stream.blocking-splice") (memory $m)))

  (core module $code
    (import "memory" "memory" (memory 1))
    (import "memory" "free" (func $free))
    (import "wasi" "ready" (func $ready (param i32) (result i32)))
    (import "wasi" "block" (func $block (param i32)))
    (import "wasi" "poll" (func $poll (param i32 i32 i32)))
    (import "wasi" "timer" (func $timer (param i64) (result i32)))
    (import "wasi" "drop-pollable" (func $drop-pollable (param i32)))
    (import "wasi" "drop-in" (func $drop-in (param i32)))
    (import "wasi" "drop-out" (func $drop-out (param i32)))
    (import "wasi" "stdin" (func $stdin (result i32)))
    (import "wasi" "stdout" (func $stdout (result i32)))
    (import "wasi" "read" (func $read (param i32 i64 i32)))
    (import "wasi" "skip" (func $skip (param i32 i64 i32)))
    (import "wasi" "write" (func $write (param i32 i32 i32 i32)))
    (import "wasi" "write-zeroes" (func $write-zeroes (param i32 i64 i32)))
    (import "wasi" "flush" (func $flush (param i32 i32)))
    (import "wasi" "splice" (func $splice (param i32 i32 i64 i32)))

    (func (export "sleep") (param $nanos i64)
      (local $timer i32)
      (local.set $timer (call $timer (local.get $nanos)))
      (call $block (local.get $timer))
      (if (i32.eqz (call $ready (local.get $timer))) (then unreachable))
      (call $drop-pollable (local.get $timer)))

    ;; The timers' handles take the place of the times.
    (func (export "first") (param $times i32) (param $n i32) (result i32)
      (local $i i32)
      (loop $subscribing
        (if (i32.lt_u (local.get $i) (local.get $n)) (then
          (i32.store
            (i32.add (local.get $times) (i32.shl (local.get $i) (i32.const 2)))
            (call $timer (i64.load
              (i32.add (local.get $times) (i32.shl (local.get $i) (i32.const 3))))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $subscribing))))
      (call $poll (local.get $times) (local.get $n) (i32.const 16))
      (local.set $i (i32.const 0))
      (loop $dropping
        (if (i32.lt_u (local.get $i) (local.get $n)) (then
          (call $drop-pollable (i32.load
            (i32.add (local.get $times) (i32.shl (local.get $i) (i32.const 2)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $dropping))))
      (i32.const 16))

    (func (export "read") (param $len i64) (result i32)
      (call $read (call $stdin) (local.get $len) (i32.const 32))
      (if (i32.load8_u (i32.const 32)) (then unreachable))
      (i32.const 36))

    ;; A result is at 32: 1 for an error, and at 36 or 40 which one, of which 1 is the end.
    (func (export "copy") (result i64)
      (local $in i32) (local $out i32) (local $copied i64)
      (local.set $in (call $stdin))
      (local.set $out (call $stdout))
      (block $closed
        (loop $copying
          (call $free)
          (call $read (local.get $in) (i64.const 4000) (i32.const 32))
          (if (i32.load8_u (i32.const 32)) (then
            (br_if $closed (i32.load8_u (i32.const 36)))
            unreachable))
          (local.set $copied
            (i64.add (local.get $copied) (i64.extend_i32_u (i32.load (i32.const 40)))))
          (call $write (local.get $out)
            (i32.load (i32.const 36)) (i32.load (i32.const 40)) (i32.const 64))
          (if (i32.load8_u (i32.const 64)) (then unreachable))
          (br $copying)))
      (call $write-zeroes (local.get $out) (i64.const 4096) (i32.const 64))
      (if (i32.load8_u (i32.const 64)) (then unreachable))
      (call $drop-in (local.get $in))
      (call $drop-out (local.get $out))
      (local.get $copied))

    (func (export "splice") (result i64)
      (local $in i32) (local $out i32) (local $copied i64)
      (local.set $in (call $stdin))
      (local.set $out (call $stdout))
      (call $skip (local.get $in) (i64.const 3) (i32.const 32))
      (if (i32.load8_u (i32.const 32)) (then unreachable))
      (local.set $copied (i64.load (i32.const 40)))
      (block $closed
        (loop $copying
          (call $splice (local.get $out) (local.get $in) (i64.const 1000000) (i32.const 32))
          (if (i32.load8_u (i32.const 32)) (then
            (br_if $closed (i32.load8_u (i32.const 40)))
            unreachable))
          (local.set $copied (i64.add (local.get $copied) (i64.load (i32.const 40))))
          (br $copying)))
      (call $flush (local.get $out) (i32.const 64))
      (if (i32.load8_u (i32.const 64)) (then unreachable))
      (call $drop-in (local.get $in))
      (call $drop-out (local.get $out))
      (local.get $copied))

    (func (export "write-too-much")
      (call $write (call $stdout) (i32.const 0) (i32.const 4097) (i32.const 64)))
    (func (export "write-too-many-zeroes")
      (call $write-zeroes (call $stdout) (i64.const 4097) (i32.const 64))))
  (core instance $i (instantiate $code
    (with "memory" (instance $memory))
    (with "wasi" (instance
      (export "ready" (func $ready))
      (export "block" (func $block))
      (export "poll" (func $poll))
      (export "timer" (func $timer))
      (export "drop-pollable" (func $drop-pollable))
      (export "drop-in" (func $drop-in))
      (export "drop-out" (func $drop-out))
      (export "stdin" (func $stdin))
      (export "stdout" (func $stdout))
      (export "read" (func $read))
      (export "skip" (func $skip))
      (export "write" (func $write))
      (export "write-zeroes" (func $write-zeroes))
      (export "flush" (func $flush))
      (export "splice" (func $splice))))))

  (func (export "sleep") (param "nanos" u64) (canon lift (core func $i "sleep")))
  (func (export "first") (param "nanos" (list u64)) (result (list u32))
    (canon lift (core func $i "first") (memory $m) (realloc $realloc)
      (post-return $free-result)))
  (func (export "read") (param "len" u64) (result (list u8))
    (canon lift (core func $i "read") (memory $m) (post-return $free-result)))
  (func (export "copy") (result u64) (canon lift (core func $i "copy")))
  (func (export "splice") (result u64) (canon lift (core func $i "splice")))
  (func (export "write-too-much") (canon lift (core func $i "write-too-much")))
  (func (export "write-too-many-zeroes")
    (canon lift (core func $i "write-too-many-zeroes"))))
