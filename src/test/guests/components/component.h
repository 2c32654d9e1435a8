// What the components in C share: memory for what crosses their border. Each exported function
// starts with enter() and has a cabi_post_ function that calls leave(). The memory is given back at
// once when the last call is over, since calls may be nested.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(name)))
#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

extern char __heap_base;

static uintptr_t top;
static uint32_t calls;

static void *allocate(size_t align, size_t size) {
  if (!top) top = (uintptr_t)&__heap_base;
  uintptr_t start = (top + align - 1) & -align;
  size_t pages = __builtin_wasm_memory_size(0);
  // A size near 4 GiB would wrap around.
  if (size > UINT32_MAX - 65535 - start) __builtin_trap();
  size_t needed = (start + size + 65535) / 65536;
  if (needed > pages && __builtin_wasm_memory_grow(0, needed - pages) == (size_t)-1) {
    __builtin_trap();
  }
  top = start + size;
  return (void *)start;
}

EXPORT("cabi_realloc")
void *cabi_realloc(void *old, size_t old_size, size_t align, size_t size) {
  void *block = allocate(align, size);
  __builtin_memcpy(block, old, old_size < size ? old_size : size);
  return block;
}

static void enter(void) { calls++; }

static void leave(void) {
  if (--calls == 0) top = (uintptr_t)&__heap_base;
}
