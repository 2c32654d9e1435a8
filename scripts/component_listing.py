"""Lists what a component imports and exports, a line for each function and type, from the JSON that
`wasm-tools component wit --json` prints: what ComponentListing.java lists by the library's reader."""
import json
import sys

wit = json.load(sys.stdin)
types = wit["types"]


def use(type):
    if type is None:
        return "_"
    if isinstance(type, str):
        return type
    return types[type]["name"] or definition(type)


def several(name, parts):
    return name + "(" + ", ".join(parts) + ")"


def definition(type):
    if isinstance(type, str):
        return type
    kind = types[type]["kind"]
    if kind == "resource":
        return kind
    ((name, content),) = kind.items()
    if name == "type":
        return definition(content)
    if name == "handle":
        ((name, content),) = content.items()
        return several(name, [use(content)])
    if name == "record":
        return several(name, [f["name"] + ": " + use(f["type"]) for f in content["fields"]])
    if name == "variant":
        return several(name, [c["name"] + ": " + use(c["type"]) for c in content["cases"]])
    if name == "enum":
        return several(name, [c["name"] for c in content["cases"]])
    if name == "flags":
        return several(name, [f["name"] for f in content["flags"]])
    if name == "tuple":
        return several(name, map(use, content["types"]))
    if name == "result":
        return several(name, [use(content["ok"]), use(content["err"])])
    if name == "map":
        return several(name, map(use, content if isinstance(content, list) else content.values()))
    if name == "fixed-length-list":
        element, length = content if isinstance(content, list) else content.values()
        return several("list", [use(element), str(length)])
    return several(name, [use(content)])


def function(path, function):
    kind = function["kind"]
    asynchronous = "async " if "async" in (kind if isinstance(kind, str) else "".join(kind)) else ""
    parameters = [p["name"] + ": " + use(p["type"]) for p in function["params"]]
    result = use(function.get("result"))
    print(f"{path}: {asynchronous}{several('func', parameters)} -> {result}")


def interface_name(key, interface):
    if interface["name"] is None:
        return key
    package, _, version = wit["packages"][interface["package"]]["name"].partition("@")
    return f"{package}/{interface['name']}" + ("@" + version if version else "")


for direction in ("import", "export"):
    for key, item in wit["worlds"][0][direction + "s"].items():
        if "function" in item:
            function(f"{direction} {key}", item["function"])
        elif "type" in item:
            print(f"{direction} {key} = {definition(item['type'])}")
        else:
            interface = wit["interfaces"][item["interface"]["id"]]
            path = f"{direction} {interface_name(key, interface)}"
            for name, type in interface["types"].items():
                print(f"{path} {name} = {definition(type)}")
            for name, content in interface["functions"].items():
                function(f"{path} {name}", content)
