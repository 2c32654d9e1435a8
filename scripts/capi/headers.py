"""Reads the C headers into what is to be bound of each."""

import html
import re
from pathlib import Path
from typing import NamedTuple, Optional

from pycparser import c_ast, c_generator, c_parser

from choices import EXCLUDED, INLINES, NOT_INLINES, UNDECLARED
from command import Failure, run

UNDECLARED_LINE = 1000000  # where UNDECLARED stands in its header: beyond the end

# Just enough of a C library for the parser.
LIBC = {
    "assert.h": "#define static_assert(condition, message)\n",
    "stdalign.h": "#define alignof(type) sizeof(type)\n",
    "stdbool.h": "typedef _Bool bool;\n",
    "stddef.h": "#define NULL ((void *)0)\ntypedef unsigned long size_t;\ntypedef long ptrdiff_t;\n",
    "stdint.h": "".join(
        f"typedef {c} {name};\n" for c, name in [
            ("signed char", "int8_t"), ("unsigned char", "uint8_t"),
            ("short", "int16_t"), ("unsigned short", "uint16_t"),
            ("int", "int32_t"), ("unsigned", "uint32_t"),
            ("long", "int64_t"), ("unsigned long", "uint64_t"),
            ("long", "intptr_t"), ("unsigned long", "uintptr_t")]),
    "string.h": "size_t strlen(const char *);\n",
}


class CType(NamedTuple):
    """A C type as Java sees it; `java` is empty where C passes no value of it."""
    java: str
    layout: str
    size: int
    align: int


class Struct(NamedTuple):
    union: bool
    name: str
    fields: list  # of (name, CType, offset)
    size: int
    align: int


POINTER = CType("MemorySegment", "ADDRESS", 8, 8)
SCALARS = {
    name: CType(java, layout, size, size)
    for names, java, layout, size in [
        ("bool", "boolean", "JAVA_BOOLEAN", 1),
        ("char int8_t uint8_t", "byte", "JAVA_BYTE", 1),
        ("int16_t uint16_t", "short", "JAVA_SHORT", 2),
        ("int32_t uint32_t", "int", "JAVA_INT", 4),
        ("int64_t uint64_t size_t ptrdiff_t", "long", "JAVA_LONG", 8),
        ("float", "float", "JAVA_FLOAT", 4),
        ("double", "double", "JAVA_DOUBLE", 8)]
    for name in names.split()
}


def parse(include, work):
    libc = work / "libc"
    libc.mkdir()
    for name, text in LIBC.items():
        (libc / name).write_text(text)
    source = '#include "wasmtime.h"\n' + "".join(
        f'# {UNDECLARED_LINE} "{include / header}"\n{text}\n' for header, text in UNDECLARED.items())
    (work / "all.c").write_text(source)
    text = run("cc", "-E", "-nostdinc", "-I", str(libc), "-I", str(include), str(work / "all.c"),
               remedy="install a C compiler")
    try:
        return c_parser.CParser().parse(text)
    except Exception as e:  # the parser's own class moves between its versions
        raise Failure(f"The headers cannot be parsed: {e}")


class Header:
    """One header's declarations and the text they were written in."""

    def __init__(self, include, name):
        self.name = name
        self.lines = (include / name).read_text(encoding="utf-8").splitlines()
        self.constants = []  # (name, Java type, Java value, documentation)
        self.structs = []  # (Struct, Typedef)
        self.callbacks = []  # (name, FuncDecl, C source)
        self.functions = []  # Decl
        self.inlines = []  # Decl
        self.excluded = []  # (function, why in one word, reason)
        self.aliases = []  # (name, target)

    @property
    def java_class(self):
        return "".join(part.capitalize() for part in re.findall("[a-z]+", self.name[:-2]))

    def brief(self, line):
        """The first paragraph of the comment that ends above the declaration on that line."""
        if line >= UNDECLARED_LINE:
            return ""
        at = line - 1
        while at > 0 and not re.match(r"\s*///|.*\*/\s*$", self.lines[at - 1]):
            if re.match(r"\s*$|.*[;}]\s*$|#", self.lines[at - 1]):
                return ""
            at -= 1
        comment = []
        while at > 0 and re.match(r"\s*(///|/?\*)", self.lines[at - 1]):
            at -= 1
            comment.insert(0, re.sub(r"^\s*(///?|/?\*+/?)|\*/\s*$", "", self.lines[at]).strip())
        text = "\n".join(comment).strip()
        if re.search(r"\\(fn|typedef|struct)", text):  # it tells of another declaration
            return ""
        text = re.split(r"\n\s*\n|\n\\", re.sub(r"^\\brief\s+", "", text))[0]
        return re.sub(r"(?<=\w|\}|\))$", ".", javadoc_text(" ".join(text.split())))


def javadoc_text(text):
    def code(match):
        return "{@code " + next(group for group in match.groups() if group) + "}"

    # Doxygen's marks: `code`, #name, \p name, \ref name, ::name.
    parts = re.split(r"(`[^`]+`|(?<!\w)#\w+(?:::\w+)?|\\(?:p|ref|c) \w+)", text)
    return "".join(
        re.sub(r"^(?:`(.+)`|#(.+)|\\\w+ (.+))$", code, part) if i % 2
        else html.escape(part, quote=False).replace("@", "{@literal @}")
        for i, part in enumerate(parts))


class Headers:
    """Every header with what is to be bound of it."""

    def __init__(self, tree, include):
        self.include = include
        self.types = dict(SCALARS)
        self.headers = {}
        for node in tree.ext:
            file = Path(node.coord.file)
            if include in file.parents:
                self.add(node, self.header(file.relative_to(include).as_posix()))
        self.header("wasmtime.h")
        bound = {f.name for header in self.headers.values() for f in header.functions}
        for header in self.headers.values():
            self.add_macros(header, bound)

    def header(self, name):
        return self.headers.setdefault(name, Header(self.include, name))

    def add(self, node, header):
        if isinstance(node, c_ast.FuncDef):
            if not why_excluded(node.decl.name, header) and node.decl.name not in NOT_INLINES:
                if node.decl.name not in INLINES:
                    raise Failure(f"INLINES has no Java for the C function {node.decl.name}.")
                header.inlines.append(node.decl)
        elif isinstance(node, c_ast.Typedef):
            self.add_typedef(node, header)
        elif isinstance(node.type, c_ast.Enum):
            self.add_enum(node.type, header)
        elif isinstance(node.type, c_ast.FuncDecl):
            excluded = why_excluded(node.name, header)
            if excluded:
                header.excluded.append((node.name, *excluded))
            else:
                header.functions.append(node)
        elif node.init is not None:  # static const size_t MEMORY_PAGE_SIZE = 0x10000;
            java = self.type(node.type).java
            header.constants.append((node.name, java, node.init.value, header.brief(node.coord.line)))
        elif not (isinstance(node.type, c_ast.Struct) and node.type.decls is None):
            raise Failure(f"The declaration at {node.coord} is of a kind the generator does not know.")

    def add_typedef(self, node, header):
        kind = node.type
        if isinstance(kind, c_ast.PtrDecl) and isinstance(kind.type, c_ast.FuncDecl):
            self.types[node.name] = POINTER
            if not why_excluded(node.name, header):
                header.callbacks.append((node.name, kind.type, c_source(node)))
        elif isinstance(kind.type, (c_ast.Struct, c_ast.Union)):
            if kind.type.decls and not why_excluded(node.name, header):
                struct = self.struct(node.name, kind.type)
                header.structs.append((struct, node))
                layout = f"{header.java_class}.{node.name}.LAYOUT"  # JavaClass drops its own name
                self.types[node.name] = CType("", layout, struct.size, struct.align)
        else:
            self.types[node.name] = self.type(kind)

    def add_enum(self, enum, header):
        value = -1
        for item in enum.values.enumerators:
            value = int(item.value.value, 0) if item.value else value + 1
            header.constants.append((item.name, *java_constant(value), header.brief(item.coord.line)))

    def add_macros(self, header, bound):
        for number, line in enumerate(header.lines, 1):
            match = re.fullmatch(r'#define (\w+) (\d+|"[^"]*"|\w+)\s*', line)
            if not match:
                continue
            name, value = match.groups()
            if value.isdecimal():
                # Kinds and codes are passed as uint8_t, versions are numbers.
                java = ("int", value) if "_VERSION_" in name else java_constant(int(value))
                header.constants.append((name, *java, header.brief(number)))
            elif value.startswith('"'):
                header.constants.append((name, "String", value, header.brief(number)))
            elif value in bound:
                header.aliases.append((name, value))

    def type(self, node) -> Optional[CType]:
        """What Java sees of a type; None for void."""
        if isinstance(node, c_ast.PtrDecl):
            return POINTER
        if isinstance(node, c_ast.ArrayDecl):
            element, count = self.type(node.type), int(node.dim.value)
            layout = f"MemoryLayout.sequenceLayout({count}, {element.layout})"
            return CType("", layout, element.size * count, element.align)
        if isinstance(node.type, c_ast.IdentifierType):
            name = " ".join(node.type.names)
            if name == "void":
                return None
            if name in self.types:
                return self.types[name]
            names = set(node.type.names)
            if names <= {"signed", "unsigned", "char"}:
                return SCALARS["char"]
        raise Failure(f"The type at {node.coord} is of a kind the generator does not know.")

    def struct(self, name, node):
        fields, end, align = [], 0, 1
        union = isinstance(node, c_ast.Union)
        for decl in node.decls:
            if decl.name is None:  # an anonymous struct: its fields become fields of this one
                inner = self.struct(name, decl.type)
                inner_fields, size, to = inner.fields, inner.size, inner.align
            else:
                kind = self.type(decl.type)
                inner_fields, size, to = [(decl.name, kind, 0)], kind.size, kind.align
            start = 0 if union else round_up(end, to)
            fields += [(field, kind, start + offset) for field, kind, offset in inner_fields]
            end, align = max(end, start + size), max(align, to)
        return Struct(union, name, fields, round_up(end, align), align)


def why_excluded(name, header):
    """Why EXCLUDED names it, in one word and in a sentence, or None."""
    for file, names, word, reason in EXCLUDED:
        if re.fullmatch(file, header.name) and re.fullmatch(names, name):
            return word, reason
    return None


def round_up(n, to):
    return -(-n // to) * to


def java_constant(value):
    return "byte", str(value) if value < 128 else f"(byte) {value}"


def c_source(node):
    return re.sub(r"\n\s*\{", " {", c_generator.CGenerator().visit(node))
