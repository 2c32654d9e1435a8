"""Writes the components of kinds.wit in C: for each function of the world's exported interfaces one
that returns its arguments, or passes them on to the imported function of the same name.

    wasm-tools component wit --json kinds.wit | python3 kinds_c.py WORLD > kinds.c

What is done here is the canonical ABI: how values are flattened into parameters, and how they lie in
memory."""
import json
import sys

FLAT = {"s64": "i64", "u64": "i64", "f32": "f32", "f64": "f64"}
SIZES = {"bool": 1, "s8": 1, "u8": 1, "s16": 2, "u16": 2, "s64": 8, "u64": 8, "f64": 8}
C_TYPES = {"i32": "uint32_t", "i64": "uint64_t", "f32": "float", "f64": "double"}

wit = json.load(sys.stdin)


class Scalar:
    def __init__(self, flat, size):
        self.flat, self.size, self.align = [flat], size, size

    def store(self, offset, values):
        to = C_TYPES[self.flat[0]] if self.flat[0] != "i32" else f"uint{self.size * 8}_t"
        return [f"*({to} *)(r + {offset}) = {values[0]};"]


class Record:
    def __init__(self, fields):
        self.fields, self.flat, self.align, end = [], [], 1, 0
        for field in fields:
            offset = aligned(end, field.align)
            self.fields.append((offset, field))
            self.flat += field.flat
            self.align = max(self.align, field.align)
            end = offset + field.size
        self.size = aligned(end, self.align)

    def store(self, offset, values):
        lines, values = [], list(values)
        for at, field in self.fields:
            mine, values = values[: len(field.flat)], values[len(field.flat) :]
            lines += field.store(offset + at, mine)
        return lines


class Variant:
    def __init__(self, cases):
        self.cases = cases
        count = len(cases)
        self.number = Scalar("i32", 1 if count <= 1 << 8 else 2 if count <= 1 << 16 else 4)
        payloads = [case for case in cases if case]
        payload_align = max([case.align for case in payloads], default=1)
        self.align = max(self.number.align, payload_align)
        self.payload = aligned(self.number.size, payload_align)
        end = self.payload + max([case.size for case in payloads], default=0)
        self.size = aligned(end, self.align)
        self.flat = ["i32"]
        for i in range(max([len(case.flat) for case in payloads], default=0)):
            kinds = {case.flat[i] for case in payloads if i < len(case.flat)}
            self.flat.append(joined(kinds))

    def store(self, offset, values):
        lines = self.number.store(offset, values)
        if not any(self.cases):
            return lines
        lines.append(f"switch ({values[0]}) {{")
        for number, case in enumerate(self.cases):
            if case:
                converted = [
                    convert(have, want, value)
                    for have, want, value in zip(self.flat[1:], case.flat, values[1:])
                ]
                lines.append(f"case {number}:")
                lines += case.store(offset + self.payload, converted)
                lines.append("break;")
        return lines + ["}"]


def aligned(offset, align):
    return -(-offset // align) * align


def joined(kinds):
    if len(kinds) == 1:
        return next(iter(kinds))
    return "i32" if kinds == {"i32", "f32"} else "i64"


def convert(have, want, value):
    if have == want:
        return value
    if want == "f32":
        return f"f32_of_bits({value})"
    if want == "f64":
        return f"f64_of_bits({value})"
    return f"(uint32_t){value}"


def type_of(reference):
    if reference is None:
        return None
    if reference == "string":
        return Record([Scalar("i32", 4), Scalar("i32", 4)])
    if isinstance(reference, str):
        return Scalar(FLAT.get(reference, "i32"), SIZES.get(reference, 4))
    ((kind, content),) = wit["types"][reference]["kind"].items()
    if kind == "type":
        return type_of(content)
    if kind in ("list", "map"):
        return type_of("string")
    if kind == "record":
        return Record([type_of(field["type"]) for field in content["fields"]])
    if kind == "tuple":
        return Record([type_of(type) for type in content["types"]])
    if kind == "flags":
        count = len(content["flags"])
        return Scalar("i32", 1 if count <= 8 else 2 if count <= 16 else 4)
    if kind == "enum":
        return Variant([None] * len(content["cases"]))
    if kind == "variant":
        return Variant([type_of(case["type"]) for case in content["cases"]])
    if kind == "option":
        return Variant([None, type_of(content)])
    if kind == "result":
        return Variant([type_of(content["ok"]), type_of(content["err"])])
    raise ValueError(f"no C for {kind}")


def write(interface, function, passes_on):
    """Each parameter and result of the C function is one flat value, or a pointer to them all."""
    type = Record([type_of(parameter["type"]) for parameter in function["params"]])
    name = function["name"].replace("-", "_")
    by_pointer = len(type.flat) > 16
    parameters = ["i32"] if by_pointer else type.flat
    values = [f"v{i}" for i in range(len(parameters))]
    declared = ", ".join(f"{C_TYPES[flat]} {value}" for flat, value in zip(parameters, values))
    result = "void" if not type.flat else C_TYPES[type.flat[0]] if len(type.flat) == 1 else "char *"
    in_memory = len(type.flat) > 1

    if passes_on:
        more = ["char *r"] if in_memory else []
        print(f'IMPORT("{interface}", "{function["name"]}")')
        print(f"{'void' if in_memory else result} host_{name}({', '.join([declared] * bool(values) + more) or 'void'});")
    print(f'EXPORT("{interface}#{function["name"]}")')
    print(f"{result} {name}({declared or 'void'}) {{")
    print("enter();")
    if in_memory and not (by_pointer and not passes_on):
        print(f"char *r = allocate({type.align}, {type.size});")
    if passes_on:
        call = f"host_{name}({', '.join(values + ['r'] * in_memory)});"
        print(f"{call}\nreturn r;" if in_memory else f"return {call}" if values else call)
    elif by_pointer:
        print("return (char *)v0;")
    elif in_memory:
        print("\n".join(type.store(0, values)))
        print("return r;")
    elif values:
        print("return v0;")
    print("}")
    print(f'EXPORT("cabi_post_{interface}#{function["name"]}")')
    print(f"void post_{name}({result + ' r' if values else 'void'}) {{")
    print("(void)r;\nleave();\n}" if values else "leave();\n}")


(world,) = [world for world in wit["worlds"] if world["name"] == sys.argv[1]]
print('#include "component.h"')
print("#define f32_of_bits(bits) __builtin_bit_cast(float, (uint32_t)(bits))")
print("#define f64_of_bits(bits) __builtin_bit_cast(double, (uint64_t)(bits))")
print('EXPORT("held") uint32_t held(void) { return top ? top - (uintptr_t)&__heap_base : 0; }')
for item in world["exports"].values():
    if "interface" in item:
        interface = wit["interfaces"][item["interface"]["id"]]
        package, _, version = wit["packages"][interface["package"]]["name"].partition("@")
        for function in interface["functions"].values():
            write(f"{package}/{interface['name']}@{version}", function, bool(world["imports"]))
