#!/usr/bin/env bash
# wasmtime 50.0.1 (PyPI), components. A list<u8> of any size can be given to a guest, but one of 3
# MiB cannot be returned: all that a guest hands over in one call is bounded by 128 MiB of the
# host's own representation of it, in which a byte takes dozens of bytes. After that error the
# instance can no longer be called at all. Neither the Python package nor the C API below it has a
# way to raise the bound.
set -euo pipefail
unset RUST_BACKTRACE
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install -q --disable-pip-version-check wasmtime==50.0.1
cat > "$folder/case.py" << 'EOF'
import wasmtime
from wasmtime import component

engine = wasmtime.Engine()
guest = component.Component(engine, """
  (component
    (core module $code
      (memory (export "memory") 100)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
      (func (export "take") (param i32 i32) (result i32) (local.get 1))
      (func (export "give") (param i32) (result i32)
        (i32.store (i32.const 0) (i32.const 1024))
        (i32.store (i32.const 4) (local.get 0))
        (i32.const 0)))
    (core instance $made (instantiate $code))
    (alias core export $made "memory" (core memory $memory))
    (func (export "take") (param "bytes" (list u8)) (result u32)
      (canon lift (core func $made "take") (memory $memory) (realloc (core func $made "realloc"))))
    (func (export "give") (param "size" u32) (result (list u8))
      (canon lift (core func $made "give") (memory $memory))))""")
store = wasmtime.Store(engine)
instance = component.Linker(engine).instantiate(store, guest)
take, give = instance.get_func(store, "take"), instance.get_func(store, "give")
MIB = 1 << 20
print("given 4 MiB:", take(store, bytes(4 * MIB)))
for size in (2 * MIB, 3 * MIB, 1):
    try:
        print(f"asked for {size}:", len(give(store, size)))
    except wasmtime.WasmtimeError as error:
        print(f"asked for {size}:", str(error).strip().splitlines()[-1])
EOF
seen=$("$folder/python/bin/python" "$folder/case.py")
expected='given 4 MiB: 4194304
asked for 2097152: 2097152
asked for 3145728: too much data is being copied between the host and the guest: fuel allocated for hostcalls has been exhausted
asked for 1: wasm trap: cannot enter component instance'

if [ "$seen" != "$expected" ]; then
  printf 'The behaviour is another now:\n%s\n' "$seen"
  exit 1
fi
printf '%s\n' "$seen"
