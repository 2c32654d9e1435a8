#!/usr/bin/env bash
# wasmtime 50.0.1 (PyPI). A compiled module carries the settings that it was compiled with, and an
# engine refuses it where they differ: so for fuel, epochs and deterministic relaxed SIMD. Not so
# for NaN canonicalization: code compiled without it is accepted by an engine that has it, and
# gives NaNs of other bits than the same module compiled there. Who counts on equal bits on all
# machines must compare that setting himself.
set -euo pipefail
unset RUST_BACKTRACE
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install -q --disable-pip-version-check wasmtime==50.0.1
cat > "$folder/case.py" << 'EOF'
import wasmtime

MODULE = """(module (func (export "add") (param i32) (result i32)
  (i32.reinterpret_f32 (f32.add (f32.reinterpret_i32 (local.get 0)) (f32.const 1)))))"""


def engine(setting):
    config = wasmtime.Config()
    setattr(config, setting, True)
    return wasmtime.Engine(config)


code = wasmtime.Module(wasmtime.Engine(), MODULE).serialize()
for setting in ("consume_fuel", "epoch_interruption", "wasm_relaxed_simd_deterministic",
                "cranelift_nan_canonicalization"):
    try:
        wasmtime.Module.deserialize(engine(setting), code)
        print(setting, "accepted")
    except wasmtime.WasmtimeError:
        print(setting, "refused")
canonical = engine("cranelift_nan_canonicalization")
for way, module in (("compiled here", wasmtime.Module(canonical, MODULE)),
                    ("brought along", wasmtime.Module.deserialize(canonical, code))):
    store = wasmtime.Store(canonical)
    add = wasmtime.Instance(store, module, []).exports(store)["add"]
    print(way, hex(add(store, 0x7fc12345)))
EOF
seen=$("$folder/python/bin/python" "$folder/case.py")
expected='consume_fuel refused
epoch_interruption refused
wasm_relaxed_simd_deterministic refused
cranelift_nan_canonicalization accepted
compiled here 0x7fc00000
brought along 0x7fc12345'

if [ "$seen" != "$expected" ]; then
  printf 'The behaviour is another now:\n%s\n' "$seen"
  exit 1
fi
printf '%s\n' "$seen"
