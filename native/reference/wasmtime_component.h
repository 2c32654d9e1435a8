/* The part of the C API's component model that the reference program uses, declared as wasmtime.h
 * declares the rest. */
#ifndef REFERENCE_WASMTIME_COMPONENT_H
#define REFERENCE_WASMTIME_COMPONENT_H

#include "wasmtime.h"

typedef struct wasmtime_component wasmtime_component_t;
typedef struct wasmtime_component_export_index wasmtime_component_export_index_t;
typedef struct wasmtime_component_func_type wasmtime_component_func_type_t;
typedef struct wasmtime_component_linker wasmtime_component_linker_t;
typedef struct wasmtime_component_linker_instance wasmtime_component_linker_instance_t;

typedef struct {
  uint64_t store_id;
  uint32_t private_1;
} wasmtime_component_instance_t;

typedef struct {
  struct {
    uint64_t store_id;
    uint32_t private_1;
  };
  uint32_t private_2;
  void *private_3;
} wasmtime_component_func_t;

enum {
  WASMTIME_COMPONENT_BOOL = 0,
  WASMTIME_COMPONENT_U8 = 2,
  WASMTIME_COMPONENT_U32 = 6,
  WASMTIME_COMPONENT_F64 = 10,
  WASMTIME_COMPONENT_STRING = 12,
  WASMTIME_COMPONENT_LIST = 13,
  WASMTIME_COMPONENT_RECORD = 14
};

typedef struct {
  size_t size;
  struct wasmtime_component_val *data;
} wasmtime_component_vallist_t;

typedef struct {
  size_t size;
  struct wasmtime_component_valrecord_entry *data;
} wasmtime_component_valrecord_t;

typedef struct wasmtime_component_val {
  uint8_t kind;
  union {
    bool boolean;
    uint8_t u8;
    uint32_t u32;
    double f64;
    wasm_byte_vec_t string;
    wasmtime_component_vallist_t list;
    wasmtime_component_valrecord_t record;
    uint64_t size_of_the_largest[3];
  } of;
} wasmtime_component_val_t;

typedef struct wasmtime_component_valrecord_entry {
  wasm_byte_vec_t name;
  wasmtime_component_val_t val;
} wasmtime_component_valrecord_entry_t;

_Static_assert(sizeof(wasmtime_component_instance_t) == 16, "wasmtime_component_instance_t");
_Static_assert(sizeof(wasmtime_component_func_t) == 32, "wasmtime_component_func_t");
_Static_assert(sizeof(wasmtime_component_val_t) == 32, "wasmtime_component_val_t");
_Static_assert(sizeof(wasmtime_component_valrecord_entry_t) == 48,
               "wasmtime_component_valrecord_entry_t");

/* Takes the arguments' values; its results become the engine's. */
typedef wasmtime_error_t *(*wasmtime_component_func_callback_t)(
    void *env, wasmtime_context_t *, const wasmtime_component_func_type_t *,
    wasmtime_component_val_t *args, size_t nargs, wasmtime_component_val_t *results,
    size_t nresults);

wasmtime_error_t *wasmtime_component_new(wasm_engine_t *, const uint8_t *, size_t,
                                         wasmtime_component_t **out);
void wasmtime_component_delete(wasmtime_component_t *);

/* Linkers: only one of a linker's instances may be in use, the innermost. */
wasmtime_component_linker_t *wasmtime_component_linker_new(wasm_engine_t *);
void wasmtime_component_linker_delete(wasmtime_component_linker_t *);
wasmtime_component_linker_instance_t *wasmtime_component_linker_root(wasmtime_component_linker_t *);
wasmtime_error_t *wasmtime_component_linker_instance_add_instance(
    wasmtime_component_linker_instance_t *, const char *name, size_t,
    wasmtime_component_linker_instance_t **out);
wasmtime_error_t *wasmtime_component_linker_instance_add_func(
    wasmtime_component_linker_instance_t *, const char *name, size_t,
    wasmtime_component_func_callback_t, void *env, void (*finalizer)(void *));
void wasmtime_component_linker_instance_delete(wasmtime_component_linker_instance_t *);

/* Instances. */
wasmtime_error_t *wasmtime_component_linker_instantiate(const wasmtime_component_linker_t *,
                                                        wasmtime_context_t *,
                                                        const wasmtime_component_t *,
                                                        wasmtime_component_instance_t *out);
wasmtime_component_export_index_t *wasmtime_component_instance_get_export_index(
    const wasmtime_component_instance_t *, wasmtime_context_t *,
    const wasmtime_component_export_index_t *in, const char *name, size_t);
bool wasmtime_component_instance_get_func(const wasmtime_component_instance_t *,
                                          wasmtime_context_t *,
                                          const wasmtime_component_export_index_t *,
                                          wasmtime_component_func_t *out);
void wasmtime_component_export_index_delete(wasmtime_component_export_index_t *);

/* Calls: the arguments are only read; what the results held before is deleted, so it must be valid. */
wasmtime_error_t *wasmtime_component_func_call(const wasmtime_component_func_t *,
                                               wasmtime_context_t *,
                                               const wasmtime_component_val_t *args, size_t,
                                               wasmtime_component_val_t *results, size_t);
void wasmtime_component_val_delete(wasmtime_component_val_t *);
void wasmtime_component_vallist_new_uninit(wasmtime_component_vallist_t *out, size_t);

#endif
