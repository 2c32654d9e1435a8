package io.github.wasmtimejvm.component;

/**
 * The text of a component that waits in WASI for others. Each of its functions has the name and the
 * type of one of the engine's, and does the same by those that do not wait, and by {@code poll}
 * with a timer beside: so it comes back to code of its own again and again, which can be stopped.
 */
final class WaitingComponent {
  /** How long it waits at most before it comes back, in nanoseconds. */
  private static final long SLICE = 20_000_000;

  /** How many bytes it reads at most at a time, as they are handed on one by one. */
  private static final long CHUNK = 16 * 1024;

  private static final String IMPORTS =
      """
      (import "wasi:io/poll@0.2.0" (instance $poll
        (export "pollable" (type $pollable (sub resource)))
        (export "poll" (func (param "in" (list (borrow $pollable))) (result (list u32))))))
      (alias export $poll "pollable" (type $pollable))
      (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
        (alias outer 1 $pollable (type $outer))
        (export "pollable" (type $pollable (eq $outer)))
        (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))
      (import "wasi:io/error@0.2.0" (instance $errors (export "error" (type (sub resource)))))
      (alias export $errors "error" (type $error))
      (import "wasi:io/streams@0.2.0" (instance $streams
        (alias outer 1 $pollable (type $outer-pollable))
        (export "pollable" (type $pollable (eq $outer-pollable)))
        (alias outer 1 $error (type $outer-error))
        (export "error" (type $error (eq $outer-error)))
        (type $errors (variant (case "last-operation-failed" (own $error)) (case "closed")))
        (export "stream-error" (type $stream-error (eq $errors)))
        (export "input-stream" (type $in (sub resource)))
        (export "output-stream" (type $out (sub resource)))
        (type $bytes (result (list u8) (error $stream-error)))
        (type $count (result u64 (error $stream-error)))
        (type $done (result (error $stream-error)))
        (export "[method]input-stream.subscribe" (func
          (param "self" (borrow $in)) (result (own $pollable))))
        (export "[method]input-stream.read" (func
          (param "self" (borrow $in)) (param "len" u64) (result $bytes)))
        (export "[method]input-stream.skip" (func
          (param "self" (borrow $in)) (param "len" u64) (result $count)))
        (export "[method]output-stream.subscribe" (func
          (param "self" (borrow $out)) (result (own $pollable))))
        (export "[method]output-stream.check-write" (func
          (param "self" (borrow $out)) (result $count)))
        (export "[method]output-stream.write" (func
          (param "self" (borrow $out)) (param "contents" (list u8)) (result $done)))
        (export "[method]output-stream.write-zeroes" (func
          (param "self" (borrow $out)) (param "len" u64) (result $done)))
        (export "[method]output-stream.flush" (func
          (param "self" (borrow $out)) (result $done)))
        (export "[method]output-stream.splice" (func
          (param "self" (borrow $out)) (param "src" (borrow $in)) (param "len" u64)
          (result $count)))
        (export "[method]output-stream.blocking-write-and-flush" (func
          (param "self" (borrow $out)) (param "contents" (list u8)) (result $done)))
        (export "[method]output-stream.blocking-write-zeroes-and-flush" (func
          (param "self" (borrow $out)) (param "len" u64) (result $done)))))
      (alias export $streams "stream-error" (type $stream-error))
      (alias export $streams "input-stream" (type $in))
      (alias export $streams "output-stream" (type $out))
      """;

  // What a call needs lies one behind the other from 1024 on, and is gone when it ends.
  private static final String MEMORY =
      """
      (core module $memory-module
        (memory (export "memory") 1)
        (global $top (export "top") (mut i32) (i32.const 1024))
        (func (export "realloc")
            (param $old i32) (param $old-size i32) (param $alignment i32) (param $size i32)
            (result i32)
          (local $at i32) (local $end i64)
          (if (local.get $old) (then unreachable))
          (local.set $at (i32.and
            (i32.add (global.get $top) (i32.sub (local.get $alignment) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get $alignment))))
          (local.set $end (i64.add
            (i64.extend_i32_u (local.get $at)) (i64.extend_i32_u (local.get $size))))
          (if (i64.gt_u (local.get $end) (i64.const 0xffff0000)) (then unreachable))
          (if (i64.gt_u
                (local.get $end) (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16)))
            (then (if (i32.eq (i32.const -1) (memory.grow (i32.sub
                  (i32.wrap_i64 (i64.shr_u
                    (i64.add (local.get $end) (i64.const 65535)) (i64.const 16)))
                  (memory.size))))
              (then unreachable))))
          (global.set $top (i32.wrap_i64 (local.get $end)))
          (local.get $at))
        (func (export "end") (global.set $top (i32.const 1024)))
        (func (export "end-of-result") (param i32) (global.set $top (i32.const 1024))))
      (core instance $memory (instantiate $memory-module))
      (alias core export $memory "memory" (core memory $m))
      (core func $realloc (alias core export $memory "realloc"))
      (core func $end-of-result (alias core export $memory "end-of-result"))
      (core func $drop-pollable (canon resource.drop $pollable))
      (core func $drop-in (canon resource.drop $in))
      (core func $drop-out (canon resource.drop $out))
      """;

  // 16: the list that poll returns; 32 and 64: a result of a function that cannot wait.
  private static final String CODE =
      """
      (core module $code
        (import "memory" "memory" (memory 1))
        (import "memory" "top" (global $top (mut i32)))
        (import "memory" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
        (import "memory" "end" (func $end))
        (import "engine" "poll" (func $engine-poll (param i32 i32 i32)))
        (import "engine" "subscribe-duration" (func $timer (param i64) (result i32)))
        (import "engine" "drop-pollable" (func $drop-pollable (param i32)))
        (import "engine" "drop-in" (func $drop-in (param i32)))
        (import "engine" "drop-out" (func $drop-out (param i32)))
        (import "engine" "in.subscribe" (func $in-subscribe (param i32) (result i32)))
        (import "engine" "in.read" (func $in-read (param i32 i64 i32)))
        (import "engine" "in.skip" (func $in-skip (param i32 i64 i32)))
        (import "engine" "out.subscribe" (func $out-subscribe (param i32) (result i32)))
        (import "engine" "out.check-write" (func $check-write (param i32 i32)))
        (import "engine" "out.write" (func $write (param i32 i32 i32 i32)))
        (import "engine" "out.write-zeroes" (func $write-zeroes (param i32 i64 i32)))
        (import "engine" "out.flush" (func $flush (param i32 i32)))
        (import "engine" "out.splice" (func $splice (param i32 i32 i64 i32)))
        (import "engine" "out.blocking-write-and-flush"
          (func $engine-write (param i32 i32 i32 i32)))
        (import "engine" "out.blocking-write-zeroes-and-flush"
          (func $engine-write-zeroes (param i32 i64 i32)))

        (func $room (param $size i32) (result i32)
          (call $realloc (i32.const 0) (i32.const 0) (i32.const 4) (local.get $size)))

        ;; Waits until one of the handles is ready: 16 gets the list of those that are.
        (func $wait (param $handles i32) (param $n i32)
          (local $list i32) (local $last i32) (local $mark i32) (local $i i32) (local $kept i32)
          (local $ready i32) (local $number i32)
          (local.set $list (call $room
            (i32.shl (i32.add (local.get $n) (i32.const 1)) (i32.const 2))))
          (local.set $last (i32.add (local.get $list) (i32.shl (local.get $n) (i32.const 2))))
          (loop $copying
            (if (i32.lt_u (local.get $i) (local.get $n)) (then
              (i32.store
                (i32.add (local.get $list) (i32.shl (local.get $i) (i32.const 2)))
                (i32.load (i32.add (local.get $handles) (i32.shl (local.get $i) (i32.const 2)))))
              (local.set $i (i32.add (local.get $i) (i32.const 1)))
              (br $copying))))
          (local.set $mark (global.get $top))
          (loop $waiting
            (global.set $top (local.get $mark))
            (i32.store (local.get $last) (call $timer (i64.const SLICE)))
            (call $engine-poll
              (local.get $list) (i32.add (local.get $n) (i32.const 1)) (i32.const 16))
            (call $drop-pollable (i32.load (local.get $last)))
            (local.set $ready (i32.load (i32.const 16)))
            (local.set $i (i32.const 0))
            (local.set $kept (i32.const 0))
            (loop $removing-the-timer
              (if (i32.lt_u (local.get $i) (i32.load (i32.const 20))) (then
                (local.set $number (i32.load
                  (i32.add (local.get $ready) (i32.shl (local.get $i) (i32.const 2)))))
                (if (i32.ne (local.get $number) (local.get $n)) (then
                  (i32.store
                    (i32.add (local.get $ready) (i32.shl (local.get $kept) (i32.const 2)))
                    (local.get $number))
                  (local.set $kept (i32.add (local.get $kept) (i32.const 1)))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br $removing-the-timer))))
            (br_if $waiting (i32.eqz (local.get $kept))))
          (i32.store (i32.const 20) (local.get $kept)))

        (func (export "poll") (param $handles i32) (param $n i32) (result i32)
          (local $i i32)
          (if (local.get $n)
            (then (call $wait (local.get $handles) (local.get $n)))
            (else (call $engine-poll (local.get $handles) (i32.const 0) (i32.const 16))))
          (loop $dropping
            (if (i32.lt_u (local.get $i) (local.get $n)) (then
              (call $drop-pollable (i32.load
                (i32.add (local.get $handles) (i32.shl (local.get $i) (i32.const 2)))))
              (local.set $i (i32.add (local.get $i) (i32.const 1)))
              (br $dropping))))
          (i32.const 16))

        ;; Waits for one, and drops the handle.
        (func $wait-for (param $handle i32)
          (local $list i32) (local $mark i32)
          (local.set $mark (global.get $top))
          (local.set $list (call $room (i32.const 4)))
          (i32.store (local.get $list) (local.get $handle))
          (call $wait (local.get $list) (i32.const 1))
          (call $drop-pollable (local.get $handle))
          (global.set $top (local.get $mark)))
        (func (export "block") (param $self i32)
          (call $wait-for (local.get $self))
          (call $end))

        (func (export "blocking-read") (param $self i32) (param $len i64) (result i32)
          (if (i64.gt_u (local.get $len) (i64.const CHUNK))
            (then (local.set $len (i64.const CHUNK))))
          (if (i64.eqz (local.get $len))
            (then (call $wait-for (call $in-subscribe (local.get $self)))))
          (loop $reading
            (call $in-read (local.get $self) (local.get $len) (i32.const 32))
            (if (i32.and
                  (i32.eqz (i32.load8_u (i32.const 32)))
                  (i32.and
                    (i32.eqz (i32.load (i32.const 40)))
                    (i64.ne (local.get $len) (i64.const 0))))
              (then
                (call $wait-for (call $in-subscribe (local.get $self)))
                (br $reading))))
          (call $drop-in (local.get $self))
          (i32.const 32))

        (func (export "blocking-skip") (param $self i32) (param $len i64) (result i32)
          (if (i64.eqz (local.get $len))
            (then (call $wait-for (call $in-subscribe (local.get $self)))))
          (loop $skipping
            (call $in-skip (local.get $self) (local.get $len) (i32.const 32))
            (if (i32.and
                  (i32.eqz (i32.load8_u (i32.const 32)))
                  (i32.and
                    (i64.eqz (i64.load (i32.const 40)))
                    (i64.ne (local.get $len) (i64.const 0))))
              (then
                (call $wait-for (call $in-subscribe (local.get $self)))
                (br $skipping))))
          (call $drop-in (local.get $self))
          (i32.const 32))

        ;; Waits until something may be written, and returns how much: a result at 64. If there is
        ;; none, 32 gets the error, and 0 is returned.
        (func $permit (param $out i32) (result i64)
          (loop $asking
            (call $check-write (local.get $out) (i32.const 64))
            (if (i32.load8_u (i32.const 64)) (then
              (i32.store8 (i32.const 32) (i32.const 1))
              (i32.store8 (i32.const 36) (i32.load8_u (i32.const 72)))
              (i32.store (i32.const 40) (i32.load (i32.const 76)))
              (return (i64.const 0))))
            (if (i64.eqz (i64.load (i32.const 72))) (then
              (call $wait-for (call $out-subscribe (local.get $out)))
              (br $asking))))
          (i64.load (i32.const 72)))

        (func $flush-and-wait (param $out i32)
          (call $flush (local.get $out) (i32.const 32))
          (if (i32.eqz (i32.load8_u (i32.const 32)))
            (then (drop (call $permit (local.get $out))))))

        (func (export "blocking-flush") (param $self i32) (result i32)
          (call $flush-and-wait (local.get $self))
          (call $drop-out (local.get $self))
          (i32.const 32))

        (func (export "blocking-write-and-flush")
            (param $self i32) (param $from i32) (param $size i32) (result i32)
          (local $permit i64) (local $part i32)
          (block $ended
            ;; The engine refuses so much at once.
            (if (i32.gt_u (local.get $size) (i32.const 4096)) (then
              (call $engine-write
                (local.get $self) (local.get $from) (local.get $size) (i32.const 32))
              (br $ended)))
            (loop $writing
              (local.set $permit (call $permit (local.get $self)))
              (br_if $ended (i64.eqz (local.get $permit)))
              (local.set $part (local.get $size))
              (if (i64.lt_u (local.get $permit) (i64.extend_i32_u (local.get $size)))
                (then (local.set $part (i32.wrap_i64 (local.get $permit)))))
              (call $write
                (local.get $self) (local.get $from) (local.get $part) (i32.const 32))
              (br_if $ended (i32.load8_u (i32.const 32)))
              (local.set $from (i32.add (local.get $from) (local.get $part)))
              (local.set $size (i32.sub (local.get $size) (local.get $part)))
              (br_if $writing (local.get $size)))
            (call $flush-and-wait (local.get $self)))
          (call $drop-out (local.get $self))
          (i32.const 32))

        (func (export "blocking-write-zeroes-and-flush")
            (param $self i32) (param $size i64) (result i32)
          (local $permit i64) (local $part i64)
          (block $ended
            (if (i64.gt_u (local.get $size) (i64.const 4096)) (then
              (call $engine-write-zeroes (local.get $self) (local.get $size) (i32.const 32))
              (br $ended)))
            (loop $writing
              (local.set $permit (call $permit (local.get $self)))
              (br_if $ended (i64.eqz (local.get $permit)))
              (local.set $part (local.get $size))
              (if (i64.lt_u (local.get $permit) (local.get $size))
                (then (local.set $part (local.get $permit))))
              (call $write-zeroes (local.get $self) (local.get $part) (i32.const 32))
              (br_if $ended (i32.load8_u (i32.const 32)))
              (local.set $size (i64.sub (local.get $size) (local.get $part)))
              (br_if $writing (i64.ne (local.get $size) (i64.const 0))))
            (call $flush-and-wait (local.get $self)))
          (call $drop-out (local.get $self))
          (i32.const 32))

        (func (export "blocking-splice")
            (param $self i32) (param $src i32) (param $len i64) (result i32)
          (block $ended
            (loop $splicing
              (if (i64.eqz (call $permit (local.get $self))) (then
                ;; The error has another place in the result of this function.
                (i32.store (i32.const 44) (i32.load (i32.const 40)))
                (i32.store8 (i32.const 40) (i32.load8_u (i32.const 36)))
                (br $ended)))
              (call $wait-for (call $in-subscribe (local.get $src)))
              (call $splice
                (local.get $self) (local.get $src) (local.get $len) (i32.const 32))
              (br_if $splicing (i32.and
                (i32.eqz (i32.load8_u (i32.const 32)))
                (i32.and
                  (i64.eqz (i64.load (i32.const 40)))
                  (i64.ne (local.get $len) (i64.const 0)))))))
          (call $drop-out (local.get $self))
          (call $drop-in (local.get $src))
          (i32.const 32)))
      """;

  private static final String EXPORTS =
      """
      (func (export "poll") (param "in" (list (borrow $pollable))) (result (list u32))
        (canon lift (core func $i "poll") (memory $m) (realloc $realloc)
          (post-return $end-of-result)))
      (func (export "block") (param "self" (borrow $pollable))
        (canon lift (core func $i "block")))
      (func (export "blocking-read") (param "self" (borrow $in)) (param "len" u64)
        (result (result (list u8) (error $stream-error)))
        (canon lift (core func $i "blocking-read") (memory $m) (post-return $end-of-result)))
      (func (export "blocking-skip") (param "self" (borrow $in)) (param "len" u64)
        (result (result u64 (error $stream-error)))
        (canon lift (core func $i "blocking-skip") (memory $m) (post-return $end-of-result)))
      (func (export "blocking-flush") (param "self" (borrow $out))
        (result (result (error $stream-error)))
        (canon lift (core func $i "blocking-flush") (memory $m) (post-return $end-of-result)))
      (func (export "blocking-write-and-flush")
        (param "self" (borrow $out)) (param "contents" (list u8))
        (result (result (error $stream-error)))
        (canon lift (core func $i "blocking-write-and-flush") (memory $m) (realloc $realloc)
          (post-return $end-of-result)))
      (func (export "blocking-write-zeroes-and-flush")
        (param "self" (borrow $out)) (param "len" u64)
        (result (result (error $stream-error)))
        (canon lift (core func $i "blocking-write-zeroes-and-flush") (memory $m)
          (post-return $end-of-result)))
      (func (export "blocking-splice")
        (param "self" (borrow $out)) (param "src" (borrow $in)) (param "len" u64)
        (result (result u64 (error $stream-error)))
        (canon lift (core func $i "blocking-splice") (memory $m) (post-return $end-of-result)))
      """;

  private WaitingComponent() {}

  static String text() {
    StringBuilder text = new StringBuilder("(component\n").append(IMPORTS).append(MEMORY);
    StringBuilder instance = new StringBuilder();
    lower(text, instance, "poll", "poll", "poll");
    lower(text, instance, "clock", "subscribe-duration", "subscribe-duration");
    for (String name : new String[] {"subscribe", "read", "skip"}) {
      lower(text, instance, "streams", "[method]input-stream." + name, "in." + name);
    }
    for (String name :
        new String[] {
          "subscribe",
          "check-write",
          "write",
          "write-zeroes",
          "flush",
          "splice",
          "blocking-write-and-flush",
          "blocking-write-zeroes-and-flush"
        }) {
      lower(text, instance, "streams", "[method]output-stream." + name, "out." + name);
    }
    return text.append(
            CODE.replace("SLICE", Long.toString(SLICE)).replace("CHUNK", Long.toString(CHUNK)))
        .append("(core instance $engine\n")
        .append(instance)
        .append(
            """
              (export "drop-pollable" (func $drop-pollable))
              (export "drop-in" (func $drop-in))
              (export "drop-out" (func $drop-out)))
            (core instance $i (instantiate $code
              (with "memory" (instance $memory)) (with "engine" (instance $engine))))
            """)
        .append(EXPORTS)
        .append(")\n")
        .toString();
  }

  private static void lower(
      StringBuilder text, StringBuilder instance, String from, String name, String as) {
    text.append(
        "(core func $%s (canon lower (func $%s \"%s\") (memory $m) (realloc $realloc)))\n"
            .formatted(as, from, name));
    instance.append("  (export \"%s\" (func $%s))\n".formatted(as, as));
  }
}
