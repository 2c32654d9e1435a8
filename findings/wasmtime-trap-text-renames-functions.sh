#!/usr/bin/env bash
# wasmtime 50.0.1 (PyPI). The text of a trap shows each function by its name after demangling, and
# the demangler takes short names without any prefix for types of C++: a function named `f` in the
# WebAssembly text is shown as `float`, `z` as `...`, `Ss` as `std::string`. The frames of the
# same trap have the names as they were written. Who looks for a function of his in a log does not
# find it.
set -euo pipefail
unset RUST_BACKTRACE
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install -q --disable-pip-version-check wasmtime==50.0.1
cat > "$folder/case.py" << 'EOF'
import wasmtime

engine = wasmtime.Engine()
for name in ("f", "z", "Ss", "main"):
    store = wasmtime.Store(engine)
    module = wasmtime.Module(engine, f'(module (func ${name} (export "run") unreachable))')
    try:
        wasmtime.Instance(store, module, []).exports(store)["run"](store)
    except wasmtime.Trap as trap:
        shown = str(trap).splitlines()[1].split("!")[1]
        print(f"named {trap.frames[0].func_name}, shown as {shown}")
EOF
seen=$("$folder/python/bin/python" "$folder/case.py")
expected='named f, shown as float
named z, shown as ...
named Ss, shown as std::string
named main, shown as main'

if [ "$seen" != "$expected" ]; then
  printf 'The behaviour is another now:\n%s\n' "$seen"
  exit 1
fi
printf '%s\n' "$seen"
