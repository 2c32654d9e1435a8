#!/usr/bin/env bash
# wasmtime 50.0.1 (PyPI), components. An import of a:b/c@1.0.0 is satisfied by a linked
# a:b/c@1.1.0, as the versions are compatible. After define_unknown_imports_as_traps, which is to
# fill what is missing, the same linker no longer uses the version that it has: the call ends in
# "unknown import". So a component that worked stops working when the host becomes more lenient.
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
    (import "a:b/c@1.0.0" (instance $host (export "f" (func (result u32)))))
    (core func $f (canon lower (func $host "f")))
    (core module $code
      (import "host" "f" (func $f (result i32)))
      (func (export "g") (result i32) (call $f)))
    (core instance $made
      (instantiate $code (with "host" (instance (export "f" (func $f))))))
    (func (export "g") (result u32) (canon lift (core func $made "g"))))""")
for fill in (False, True):
    linker = component.Linker(engine)
    with linker.root() as root, root.add_instance("a:b/c@1.1.0") as instance:
        instance.add_func("f", lambda store: 42)
    if fill:
        linker.define_unknown_imports_as_traps(guest)
    store = wasmtime.Store(engine)
    try:
        print(linker.instantiate(store, guest).get_func(store, "g")(store))
    except wasmtime.WasmtimeError as error:
        print(str(error).strip().splitlines()[-1].strip())
EOF
seen=$("$folder/python/bin/python" "$folder/case.py")
expected='42
unknown import: `a:b/c@1.0.0#f` has not been defined'

if [ "$seen" != "$expected" ]; then
  printf 'The behaviour is another now:\n%s\n' "$seen"
  exit 1
fi
printf '%s\n' "$seen"
