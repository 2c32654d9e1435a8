#include "component.h"

#define COUNTERS "test:resources/counters@1.0.0"
#define GUEST(name) EXPORT(COUNTERS "#" name)
#define POST(name) EXPORT("cabi_post_" COUNTERS "#" name)

IMPORT("[export]" COUNTERS, "[resource-new]counter") uint32_t handle_of(uint32_t place);
IMPORT("[export]" COUNTERS, "[resource-drop]counter") void drop(uint32_t handle);
// For a handle that is passed as a borrow this was done already.
IMPORT("[export]" COUNTERS, "[resource-rep]counter") uint32_t place_of(uint32_t handle);

enum { MOST = 10000 };

// The places are numbered from 1: nothing that is found has the number 0.
static struct {
  bool live;
  uint32_t count;
} counters[MOST + 1];

static uint32_t living;

static uint32_t new_counter(uint32_t start) {
  static uint32_t place;
  if (living == MOST) __builtin_trap();
  do place = place % MOST + 1;
  while (counters[place].live);
  counters[place].live = true;
  counters[place].count = start;
  living++;
  return handle_of(place);
}

static uint32_t *count(uint32_t place) {
  if (place == 0 || place > MOST || !counters[place].live) __builtin_trap();
  return &counters[place].count;
}

GUEST("[dtor]counter") void destroy(uint32_t place) {
  count(place);
  counters[place].live = false;
  living--;
}

GUEST("[constructor]counter") uint32_t construct(uint32_t start) { return new_counter(start); }

GUEST("[method]counter.add") uint32_t add(uint32_t place, uint32_t n) { return *count(place) += n; }

GUEST("[method]counter.get") uint32_t get(uint32_t place) { return *count(place); }

GUEST("[static]counter.merge") uint32_t merge(uint32_t a, uint32_t b) {
  uint32_t sum = *count(place_of(a)) + *count(b);
  drop(a);
  return new_counter(sum);
}

struct parsed {
  uint8_t error;
  union {
    uint32_t counter;
    struct {
      const char *text;
      uint32_t size;
    };
  };
};

GUEST("[static]counter.parse") struct parsed *parse(const char *text, uint32_t size) {
  enter();
  struct parsed *parsed = allocate(4, sizeof *parsed);
  uint32_t number = 0;
  for (uint32_t i = 0; i < size; i++) {
    if (text[i] < '0' || text[i] > '9') {
      *parsed = (struct parsed){.error = 1, .text = text, .size = size};
      return parsed;
    }
    number = 10 * number + (uint32_t)(text[i] - '0');
  }
  *parsed = (struct parsed){.error = 0, .counter = new_counter(number)};
  return parsed;
}

POST("[static]counter.parse") void post_parse(struct parsed *parsed) {
  (void)parsed;
  leave();
}

GUEST("id") uint32_t id(uint32_t counter) { return counter; }

GUEST("peek") uint32_t peek(uint32_t place) { return *count(place); }

GUEST("finish") uint32_t finish(uint32_t counter) {
  uint32_t counted = *count(place_of(counter));
  drop(counter);
  return counted;
}

GUEST("sum") uint32_t sum(const uint32_t *places, uint32_t size) {
  enter();
  uint32_t sum = 0;
  for (uint32_t i = 0; i < size; i++) sum += *count(places[i]);
  return sum;
}

POST("sum") void post_sum(uint32_t sum) {
  (void)sum;
  leave();
}

struct list {
  uint32_t *elements;
  uint32_t size;
};

GUEST("several") struct list *several(uint32_t n) {
  enter();
  struct list *list = allocate(4, sizeof *list);
  *list = (struct list){allocate(4, n * sizeof(uint32_t)), n};
  for (uint32_t i = 0; i < n; i++) list->elements[i] = new_counter(i);
  return list;
}

POST("several") void post_several(struct list *list) {
  (void)list;
  leave();
}

struct option {
  uint8_t some;
  uint32_t counter;
};

GUEST("maybe") struct option *maybe(uint32_t some, uint32_t counter) {
  static struct option option;
  option.some = some;
  option.counter = counter;
  return &option;
}

GUEST("live") uint32_t live(void) { return living; }
