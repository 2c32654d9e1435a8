;; Does with files and streams what the test asks for: the name or the text is what the test has
;; written to address 1024. Every function returns the errno of WASI, 0 for success.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_create_directory"
    (func $path_create_directory (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file"
    (func $path_unlink_file (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name"
    (func $fd_prestat_dir_name (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))

  ;; 0: descriptor, 8: iovec, 16: bytes done, 1024: name or text
  (memory (export "memory") 1)

  (func $open (param $directory i32) (param $length i32) (param $how i32) (param $rights i64)
    (result i32)
    (call $path_open
      (local.get $directory)
      (i32.const 1) ;; follow symbolic links
      (i32.const 1024) (local.get $length)
      (local.get $how)
      (local.get $rights)
      (i64.const 0)
      (i32.const 0)
      (i32.const 0)))

  (func (export "open_to_read") (param $directory i32) (param $length i32) (result i32)
    (call $open (local.get $directory) (local.get $length) (i32.const 0) (i64.const 2)))

  (func (export "open_to_write") (param $directory i32) (param $length i32) (result i32)
    (call $open (local.get $directory) (local.get $length) (i32.const 0) (i64.const 64)))

  (func (export "create") (param $directory i32) (param $length i32) (result i32)
    (call $open (local.get $directory) (local.get $length) (i32.const 1) (i64.const 64)))

  ;; The descriptor of what was opened last.
  (func (export "opened") (result i32)
    (i32.load (i32.const 0)))

  (func (export "create_directory") (param $directory i32) (param $length i32) (result i32)
    (call $path_create_directory
      (local.get $directory) (i32.const 1024) (local.get $length)))

  (func (export "unlink") (param $directory i32) (param $length i32) (result i32)
    (call $path_unlink_file (local.get $directory) (i32.const 1024) (local.get $length)))

  ;; Puts the guest's name of a directory to address 1024.
  (func (export "name") (param $directory i32) (param $length i32) (result i32)
    (call $fd_prestat_dir_name
      (local.get $directory) (i32.const 1024) (local.get $length)))

  (func (export "write") (param $descriptor i32) (param $length i32) (result i32)
    (i32.store (i32.const 8) (i32.const 1024))
    (i32.store (i32.const 12) (local.get $length))
    (call $fd_write (local.get $descriptor) (i32.const 8) (i32.const 1) (i32.const 16))))
