#!/usr/bin/env bash
# wasmtime 45.0.0 and 46.0.1 (PyPI). The same module takes the same fuel for filling one byte of a
# memory and 100,000 up to 45; from 46 on each byte takes one, so that a guest whose fuel was
# measured with the version before runs out of it.
set -euo pipefail
unset RUST_BACKTRACE
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/case.py" << 'EOF'
import sys

import wasmtime

config = wasmtime.Config()
config.consume_fuel = True
engine = wasmtime.Engine(config)
store = wasmtime.Store(engine)
store.set_fuel(1_000_000)
module = wasmtime.Module(engine, """(module (memory 2) (func (export "fill") (param i32)
  (memory.fill (i32.const 0) (i32.const 1) (local.get 0))))""")
fill = wasmtime.Instance(store, module, []).exports(store)["fill"]
used = []
for size in (1, 1000, 100_000):
    before = store.get_fuel()
    fill(store, size)
    used.append(before - store.get_fuel())
print(sys.argv[1], *used)
EOF
seen=$(for version in 45.0.0 46.0.1; do
  python3 -m venv "$folder/$version"
  "$folder/$version/bin/pip" install -q --disable-pip-version-check "wasmtime==$version"
  "$folder/$version/bin/python" "$folder/case.py" "$version"
done)
expected='45.0.0 5 5 5
46.0.1 6 1005 100005'

if [ "$seen" != "$expected" ]; then
  printf 'The behaviour is another now:\n%s\n' "$seen"
  exit 1
fi
printf '%s\n' "$seen"
