"""What is bound of the headers, and what beyond them."""

import itertools

# What is not bound: header, name (both regular expressions that match the whole), why in one word of
# the enum CoverageReason, and in a sentence. The names are those of functions, structs and callback
# types; the one that is spared as async only asks about a type.
EXCLUDED = [
    ("wasmtime/async.h", ".*", "ASYNC",
     "its callbacks run on a fiber's stack, where an upcall ends the VM"),
    (".*", "(?!wasmtime_component_func_type_async$).*_async(_callback_t)?", "ASYNC",
     "runs guests on a fiber's stack, where an upcall ends the VM"),
    ("wasmtime/config.h", "wasmtime_pooling_allocation_config_async_.*", "ASYNC",
     "memory of fiber stacks"),
    ("wasmtime/config.h", "wasmtime_((new_)?memory_(get_|grow_)?callback|linear_memory"
     "|memory_creator)_t|wasmtime_config_host_memory_creator_set",
     "UNSAFE_BY_NATURE",
     "would let Java provide a guest's memory; the engine does, as EngineBuilder and StoreLimits say"),
    ("wasm.h", "wasm_(store|module|shared_module|instance|func|global|table|memory|extern|ref|foreign"
     "|val)_.*|wasm_trap_.*host_info.*", "SUPERSEDED",
     "wasmtime_* does it; many of these end the process whatever they are given"),
    ("wasm.h", "wasm_trap_(new|same|as_ref|as_ref_const)|wasm_frame_instance",
     "SUPERSEDED",
     "takes or gives one of the superseded objects; all but wasm_trap_new always end the process"),
]

# Exported by the library and missing in its headers, written as the header would have them.
UNDECLARED = {
    "wasmtime/component/types/val.h": """
        enum { WASMTIME_COMPONENT_VALTYPE_FIXED_LENGTH_LIST = 27 };
        typedef struct wasmtime_component_fixed_length_list_type
            wasmtime_component_fixed_length_list_type_t;
        wasmtime_component_fixed_length_list_type_t *wasmtime_component_fixed_length_list_type_clone(
            const wasmtime_component_fixed_length_list_type_t *ty);
        bool wasmtime_component_fixed_length_list_type_equal(
            const wasmtime_component_fixed_length_list_type_t *a,
            const wasmtime_component_fixed_length_list_type_t *b);
        void wasmtime_component_fixed_length_list_type_delete(
            wasmtime_component_fixed_length_list_type_t *ptr);
        void wasmtime_component_fixed_length_list_type_element(
            const wasmtime_component_fixed_length_list_type_t *ty,
            struct wasmtime_component_valtype_t *type_ret);
        """,
    "wasmtime/component/val.h": "enum { WASMTIME_COMPONENT_FIXED_LENGTH_LIST = 23 };",
}

# The headers' static inline functions, which the library does not export: name, Java, body.
INLINES = {
    "wasm_name_new_from_string": ("void (MemorySegment out, MemorySegment s)",
                                  "wasm_byte_vec_new(out, CLinker.strlen(s), s);"),
    "wasm_name_new_from_string_nt": ("void (MemorySegment out, MemorySegment s)",
                                     "wasm_byte_vec_new(out, CLinker.strlen(s) + 1, s);"),
    "wasm_valkind_is_num": ("boolean (byte k)", "return !wasm_valkind_is_ref(k);"),
    "wasm_valkind_is_ref": ("boolean (byte k)", "return (k & 0xff) >= (WASM_EXTERNREF & 0xff);"),
    "wasm_valtype_is_num": ("boolean (MemorySegment t)",
                            "return wasm_valkind_is_num(wasm_valtype_kind(t));"),
    "wasm_valtype_is_ref": ("boolean (MemorySegment t)",
                            "return wasm_valkind_is_ref(wasm_valtype_kind(t));"),
}
for kind in "i32", "i64", "f32", "f64", "externref", "funcref":
    INLINES["wasm_valtype_new_" + kind] = (
        "MemorySegment ()", f"return wasm_valtype_new(WASM_{kind.upper()});")
for m, n in itertools.product(range(4), range(3)):
    params, results = [f"p{i + 1}" for i in range(m)], [f"r{i + 1}" for i in range(n)]
    INLINES[f"wasm_functype_new_{m}_{n}"] = (
        f"MemorySegment ({', '.join('MemorySegment ' + p for p in params + results)})",
        f"return CLinker.functype({', '.join([str(m)] + params + results)});")
for ref in "func", "extern", "any", "eq", "struct", "array", "exn":
    struct = ("WasmtimeExtern.wasmtime_func_t" if ref == "func"
              else f"WasmtimeVal.wasmtime_{ref}ref_t")
    INLINES[f"wasmtime_{ref}ref_set_null"] = (
        "void (MemorySegment ref)", f"ref.set(JAVA_LONG, {struct}.store_id$OFFSET, 0);")
    INLINES[f"wasmtime_{ref}ref_is_null"] = (
        "boolean (MemorySegment ref)", f"return ref.get(JAVA_LONG, {struct}.store_id$OFFSET) == 0;")
NOT_INLINES = {"assertions", "__wasmtime_val_assertions"}
