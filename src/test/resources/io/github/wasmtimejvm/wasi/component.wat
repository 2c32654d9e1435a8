;; A program for WASI 0.2. It writes its arguments and environment to stdout, one on a line; then of each
;; directory its name, what is in the file in.txt, and whether out.txt can be written. What comes from
;; stdin it writes to stderr.
(component $program
  (import "wasi:cli/environment@0.2.0" (instance $environment
    (export "get-environment" (func (result (list (tuple string string)))))
    (export "get-arguments" (func (result (list string))))))
  (import "wasi:io/error@0.2.0" (instance $error
    (export "error" (type (sub resource)))))
  (alias export $error "error" (type $error))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (alias outer $program $error (type $error))
    (type $stream-error (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $failure (eq $stream-error)))
    (export "input-stream" (type $input (sub resource)))
    (export "output-stream" (type $output (sub resource)))
    (export "[method]input-stream.blocking-read"
      (func (param "self" (borrow $input)) (param "len" u64)
        (result (result (list u8) (error $failure)))))
    (export "[method]output-stream.blocking-write-and-flush"
      (func (param "self" (borrow $output)) (param "contents" (list u8))
        (result (result (error $failure)))))))
  (alias export $streams "input-stream" (type $input))
  (alias export $streams "output-stream" (type $output))
  (import "wasi:cli/stdin@0.2.0" (instance $stdin
    (alias outer $program $input (type $input))
    (export "get-stdin" (func (result (own $input))))))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer $program $output (type $output))
    (export "get-stdout" (func (result (own $output))))))
  (import "wasi:cli/stderr@0.2.0" (instance $stderr
    (alias outer $program $output (type $output))
    (export "get-stderr" (func (result (own $output))))))
  (import "wasi:filesystem/types@0.2.0" (instance $files
    (type $code (enum "access" "would-block" "already" "bad-descriptor" "busy" "deadlock" "quota"
      "exist" "file-too-large" "illegal-byte-sequence" "in-progress" "interrupted" "invalid" "io"
      "is-directory" "loop" "too-many-links" "message-size" "name-too-long" "no-device" "no-entry"
      "no-lock" "insufficient-memory" "insufficient-space" "not-directory" "not-empty"
      "not-recoverable" "unsupported" "no-tty" "no-such-device" "overflow" "not-permitted" "pipe"
      "read-only" "invalid-seek" "text-file-busy" "cross-device"))
    (export "error-code" (type $failure (eq $code)))
    (type $flags (flags "read" "write" "file-integrity-sync" "data-integrity-sync"
      "requested-write-sync" "mutate-directory"))
    (export "descriptor-flags" (type $descriptor-flags (eq $flags)))
    (type $path (flags "symlink-follow"))
    (export "path-flags" (type $path-flags (eq $path)))
    (type $open (flags "create" "directory" "exclusive" "truncate"))
    (export "open-flags" (type $open-flags (eq $open)))
    (export "descriptor" (type $descriptor (sub resource)))
    (export "[method]descriptor.open-at"
      (func (param "self" (borrow $descriptor)) (param "path-flags" $path-flags)
        (param "path" string) (param "open-flags" $open-flags) (param "flags" $descriptor-flags)
        (result (result (own $descriptor) (error $failure)))))
    (export "[method]descriptor.read"
      (func (param "self" (borrow $descriptor)) (param "length" u64) (param "offset" u64)
        (result (result (tuple (list u8) bool) (error $failure)))))))
  (alias export $files "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.0" (instance $preopens
    (alias outer $program $descriptor (type $descriptor))
    (export "get-directories" (func (result (list (tuple (own $descriptor) string)))))))

  (core module $memory
    (memory (export "memory") 2)
    (global $free (mut i32) (i32.const 4096))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $start i32)
      (local.set $start (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
      (global.set $free (i32.add (local.get $start) (local.get 3)))
      (local.get $start)))
  (core instance $memory (instantiate $memory))
  (core func $environment (canon lower (func $environment "get-environment")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $arguments (canon lower (func $environment "get-arguments")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $read (canon lower (func $streams "[method]input-stream.blocking-read")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush")
    (memory (core memory $memory "memory"))))
  (core func $stdin (canon lower (func $stdin "get-stdin")))
  (core func $stdout (canon lower (func $stdout "get-stdout")))
  (core func $stderr (canon lower (func $stderr "get-stderr")))
  (core func $directories (canon lower (func $preopens "get-directories")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $open (canon lower (func $files "[method]descriptor.open-at")
    (memory (core memory $memory "memory"))))
  (core func $read-file (canon lower (func $files "[method]descriptor.read")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))

  (core module $main
    (import "memory" "memory" (memory 0))
    (import "wasi" "environment" (func $environment (param i32)))
    (import "wasi" "arguments" (func $arguments (param i32)))
    (import "wasi" "read" (func $read (param i32 i64 i32)))
    (import "wasi" "write" (func $write (param i32 i32 i32 i32)))
    (import "wasi" "stdin" (func $stdin (result i32)))
    (import "wasi" "stdout" (func $stdout (result i32)))
    (import "wasi" "stderr" (func $stderr (result i32)))
    (import "wasi" "directories" (func $directories (param i32)))
    (import "wasi" "open" (func $open (param i32 i32 i32 i32 i32 i32 i32)))
    (import "wasi" "read-file" (func $read-file (param i32 i64 i64 i32)))
    (global $out (mut i32) (i32.const 0))
    (data (i32.const 256) "in.txt")
    (data (i32.const 272) "out.txt")
    (data (i32.const 288) "writable\n")
    (data (i32.const 304) "read-only\n")
    (data (i32.const 320) "=\n")

    (func $print (param $start i32) (param $size i32)
      (call $write (global.get $out) (local.get $start) (local.get $size) (i32.const 64))
      (if (i32.load8_u (i32.const 64)) (then unreachable)))
    (func $print-at (param $address i32) ;; of a string's address and size
      (call $print (i32.load (local.get $address)) (i32.load offset=4 (local.get $address))))
    (func $new-line (call $print (i32.const 321) (i32.const 1)))

    (func $print-arguments
      (local $at i32) (local $end i32)
      (call $arguments (i32.const 0))
      (local.set $at (i32.load (i32.const 0)))
      (local.set $end
        (i32.add (local.get $at) (i32.shl (i32.load (i32.const 4)) (i32.const 3))))
      (block $done (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (call $print-at (local.get $at))
        (call $new-line)
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $next))))
    (func $print-environment
      (local $at i32) (local $end i32)
      (call $environment (i32.const 0))
      (local.set $at (i32.load (i32.const 0)))
      (local.set $end
        (i32.add (local.get $at) (i32.shl (i32.load (i32.const 4)) (i32.const 4))))
      (block $done (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (call $print-at (local.get $at))
        (call $print (i32.const 320) (i32.const 1))
        (call $print-at (i32.add (local.get $at) (i32.const 8)))
        (call $new-line)
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next))))
    (func $print-directories
      (local $at i32) (local $end i32)
      (call $directories (i32.const 0))
      (local.set $at (i32.load (i32.const 0)))
      (local.set $end
        (i32.add (local.get $at) (i32.mul (i32.load (i32.const 4)) (i32.const 12))))
      (block $done (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (call $print-at (i32.add (local.get $at) (i32.const 4)))
        (call $new-line)
        (call $print-files (i32.load (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 12)))
        (br $next))))
    (func $print-files (param $directory i32)
      (call $open (local.get $directory) (i32.const 1) (i32.const 256) (i32.const 6)
        (i32.const 0) (i32.const 1) (i32.const 128))
      (if (i32.load8_u (i32.const 128)) (then unreachable))
      (call $read-file (i32.load (i32.const 132)) (i64.const 1000) (i64.const 0) (i32.const 144))
      (if (i32.load8_u (i32.const 144)) (then unreachable))
      (call $print-at (i32.const 148))
      (call $open (local.get $directory) (i32.const 1) (i32.const 272) (i32.const 7)
        (i32.const 1) (i32.const 2) (i32.const 128))
      (if (i32.load8_u (i32.const 128))
        (then (call $print (i32.const 304) (i32.const 10)))
        (else (call $print (i32.const 288) (i32.const 9)))))
    (func $copy-input
      (local $in i32)
      (local.set $in (call $stdin))
      (global.set $out (call $stderr))
      (block $done (loop $next
        (call $read (local.get $in) (i64.const 4096) (i32.const 160))
        (br_if $done (i32.load8_u (i32.const 160)))
        (call $print-at (i32.const 164))
        (br $next))))
    (func (export "run") (result i32)
      (global.set $out (call $stdout))
      (call $print-arguments)
      (call $print-environment)
      (call $print-directories)
      (call $copy-input)
      (i32.const 0)))
  (core instance $main (instantiate $main
    (with "memory" (instance $memory))
    (with "wasi" (instance
      (export "environment" (func $environment))
      (export "arguments" (func $arguments))
      (export "read" (func $read))
      (export "write" (func $write))
      (export "stdin" (func $stdin))
      (export "stdout" (func $stdout))
      (export "stderr" (func $stderr))
      (export "directories" (func $directories))
      (export "open" (func $open))
      (export "read-file" (func $read-file))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $run)))
