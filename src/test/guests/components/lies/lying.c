#include <stdbool.h>
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(name)))
#define LIES "test:lies/lies@1.0.0"
#define GUEST(name) EXPORT(LIES "#" name)
#define POST(name) EXPORT("cabi_post_" LIES "#" name)

enum answer { RIGHT, OUTSIDE, UNALIGNED, TRAPPING, ENDLESS };

struct bytes {
  uint32_t start;
  uint32_t size;
};

struct choice {
  uint8_t number;
  uint32_t value[2];
};

static uint32_t answer;
static struct bytes bytes;
static struct choice choice;
static volatile uint32_t rounds;

static void loop_for_ever(void) {
  for (;;) rounds++;
}

EXPORT("cabi_realloc")
uint32_t cabi_realloc(uint32_t old, uint32_t old_size, uint32_t align, uint32_t size) {
  static uint64_t memory[8192];
  (void)old, (void)old_size, (void)align;
  switch (answer) {
    case OUTSIDE: return 0xfffffff8;
    case UNALIGNED: return (uint32_t)memory + 1;
    case TRAPPING: __builtin_trap();
    case ENDLESS: loop_for_ever();
  }
  if (size > sizeof memory) __builtin_trap();
  return (uint32_t)memory;
}

GUEST("a-bool") uint32_t a_bool(uint32_t number) { return number; }
GUEST("a-u8") uint32_t a_u8(uint32_t number) { return number; }
GUEST("an-s16") uint32_t an_s16(uint32_t number) { return number; }
GUEST("a-char") uint32_t a_char(uint32_t number) { return number; }
GUEST("a-color") uint32_t a_color(uint32_t number) { return number; }
GUEST("some-perms") uint32_t some_perms(uint32_t number) { return number; }
GUEST("a-thing") uint32_t a_thing(uint32_t handle) { return handle; }

static struct choice *choose(uint32_t number) {
  choice = (struct choice){(uint8_t)number, {0, 0}};
  return &choice;
}

GUEST("an-option") struct choice *an_option(uint32_t number) { return choose(number); }
GUEST("a-result") struct choice *a_result(uint32_t number) { return choose(number); }

static struct bytes *at(uint32_t address, uint32_t size) {
  bytes = (struct bytes){address, size};
  return &bytes;
}

GUEST("some-things") struct bytes *some_things(uint32_t handle) {
  static uint32_t handles[2];
  handles[0] = handles[1] = handle;
  return at((uint32_t)handles, 2);
}

GUEST("text") struct bytes *text(uint32_t address, uint32_t size) { return at(address, size); }
GUEST("bytes") struct bytes *some_bytes(uint32_t address, uint32_t size) {
  return at(address, size);
}
GUEST("numbers") struct bytes *numbers(uint32_t address, uint32_t size) {
  return at(address, size);
}
GUEST("texts") struct bytes *texts(uint32_t address, uint32_t size) { return at(address, size); }
GUEST("text-of") uint32_t text_of(uint32_t address) { return address; }

GUEST("not-utf8") struct bytes *not_utf8(void) { return at((uint32_t) "a\xff", 2); }
GUEST("half-of-a-pair") struct bytes *half_of_a_pair(void) {
  return at((uint32_t) "\xed\xa0\x80", 3);
}

GUEST("answer-with") void answer_with(uint32_t with) { answer = with; }
GUEST("take") uint32_t take(uint32_t address, uint32_t size) {
  (void)address;
  return size;
}
GUEST("take-numbers") uint32_t take_numbers(uint32_t address, uint32_t size) {
  (void)address;
  return size;
}

GUEST("trap-afterwards") struct bytes *trap_afterwards(void) { return at((uint32_t) "so far", 6); }
POST("trap-afterwards") void post_trap(struct bytes *result) {
  (void)result;
  __builtin_trap();
}

GUEST("loop-afterwards") struct bytes *loop_afterwards(void) { return at((uint32_t) "so far", 6); }
POST("loop-afterwards") void post_loop(struct bytes *result) {
  (void)result;
  loop_for_ever();
}

GUEST("trap") void trap(void) { __builtin_trap(); }
GUEST("loop") void loop(void) { loop_for_ever(); }

GUEST("recurse") __attribute__((noinline)) uint64_t recurse(uint64_t depth) {
  // Not a tail call, which would be a loop.
  rounds++;
  return depth == 0 ? 0 : 1 + recurse(depth - 1) * (rounds | 1);
}

GUEST("grow") uint32_t grow(void) {
  while (__builtin_wasm_memory_grow(0, 1) != (uint32_t)-1) continue;
  return __builtin_wasm_memory_size(0);
}
