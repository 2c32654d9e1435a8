#include "component.h"

#define BLOBS "test:resources/blobs@1.0.0"
#define TASKS "test:resources/tasks@1.0.0"
#define HOST(name) IMPORT(BLOBS, name)
#define GUEST(name) EXPORT(TASKS "#" name)

#define POST(type, function, name)                                          \
  EXPORT("cabi_post_" TASKS "#" name) void post_##function(type result) {   \
    (void)result;                                                           \
    leave();                                                                \
  }

struct bytes {
  const uint8_t *start;
  uint32_t size;
};

struct list {
  uint32_t *elements;
  uint32_t size;
};

struct opened {
  uint8_t error;
  union {
    uint32_t blob;
    struct bytes text;
  };
};

struct option {
  uint8_t some;
  uint32_t value;
};

HOST("[constructor]blob") uint32_t blob_new(const uint8_t *content, uint32_t size);
HOST("[method]blob.size") uint32_t blob_size(uint32_t blob);
HOST("[method]blob.read") void blob_read(uint32_t blob, uint32_t n, struct bytes *result);
HOST("[method]blob.append") void blob_append(uint32_t blob, const uint8_t *content, uint32_t size);
HOST("[static]blob.concat") uint32_t blob_concat(uint32_t a, uint32_t b);
HOST("[static]blob.open") void blob_open(const char *name, uint32_t size, struct opened *result);
HOST("[resource-drop]blob") void blob_drop(uint32_t blob);
HOST("consume") uint32_t consume(uint32_t blob);
HOST("look") uint32_t look(uint32_t blob);

static bool keeps;
static uint32_t kept;

GUEST("make") uint32_t make(const uint8_t *content, uint32_t size) {
  enter();
  return blob_new(content, size);
}
POST(uint32_t, make, "make")

GUEST("make-several") struct list *make_several(uint32_t n) {
  enter();
  struct list *list = allocate(4, sizeof *list);
  *list = (struct list){allocate(4, n * sizeof(uint32_t)), n};
  for (uint32_t i = 0; i < n; i++) {
    uint8_t content = (uint8_t)i;
    list->elements[i] = blob_new(&content, 1);
  }
  return list;
}
POST(struct list *, make_several, "make-several")

GUEST("id") uint32_t id(uint32_t blob) { return blob; }

GUEST("size") uint32_t size(uint32_t blob) {
  uint32_t size = blob_size(blob);
  blob_drop(blob);
  return size;
}

GUEST("sizes") struct list *sizes(const uint32_t *blobs, uint32_t count) {
  enter();
  struct list *list = allocate(4, sizeof *list);
  *list = (struct list){allocate(4, count * sizeof(uint32_t)), count};
  for (uint32_t i = 0; i < count; i++) list->elements[i] = size(blobs[i]);
  return list;
}
POST(struct list *, sizes, "sizes")

GUEST("extend")
struct bytes *extend(uint32_t blob, const uint8_t *content, uint32_t content_size) {
  enter();
  struct bytes *all = allocate(4, sizeof *all);
  blob_append(blob, content, content_size);
  blob_read(blob, UINT32_MAX, all);
  blob_drop(blob);
  return all;
}
POST(struct bytes *, extend, "extend")

GUEST("finish") uint32_t finish(uint32_t blob) { return size(blob); }

GUEST("pass") uint32_t pass(const uint8_t *content, uint32_t content_size) {
  enter();
  return consume(blob_new(content, content_size));
}
POST(uint32_t, pass, "pass")

GUEST("pass-on") uint32_t pass_on(uint32_t blob) { return consume(blob); }

GUEST("lend") uint32_t lend(const uint8_t *content, uint32_t content_size) {
  enter();
  uint32_t blob = blob_new(content, content_size);
  look(blob);
  uint32_t size = look(blob);
  blob_drop(blob);
  return size;
}
POST(uint32_t, lend, "lend")

GUEST("lend-on") uint32_t lend_on(uint32_t blob) {
  uint32_t size = look(blob);
  blob_drop(blob);
  return size;
}

GUEST("concat") uint32_t concat(uint32_t a, uint32_t b) {
  uint32_t both = blob_concat(a, b);
  blob_drop(b);
  return both;
}

GUEST("open") struct opened *open(const char *name, uint32_t name_size) {
  enter();
  struct opened *opened = allocate(4, sizeof *opened);
  blob_open(name, name_size, opened);
  return opened;
}
POST(struct opened *, open, "open")

static uint32_t numbered(uint32_t number) {
  return blob_new((const uint8_t *)&number, sizeof number);
}

GUEST("churn") void churn(uint32_t n) {
  for (uint32_t i = 0; i < n; i++) blob_drop(numbered(i));
}

GUEST("leak") void leak(uint32_t n) {
  for (uint32_t i = 0; i < n; i++) numbered(i);
}

GUEST("drop-kept") void drop_kept(void) {
  if (keeps) blob_drop(kept);
  keeps = false;
}

GUEST("keep") void keep(uint32_t blob) {
  drop_kept();
  keeps = true;
  kept = blob;
}

GUEST("kept-size") struct option *kept_size(void) {
  static struct option option;
  option.some = keeps;
  if (keeps) option.value = blob_size(kept);
  return &option;
}

GUEST("give-back") struct option *give_back(void) {
  static struct option option;
  option.some = keeps;
  option.value = kept;
  keeps = false;
  return &option;
}

GUEST("keep-borrow") void keep_borrow(uint32_t blob) { blob_size(blob); }

GUEST("drop-twice") void drop_twice(uint32_t blob) {
  blob_drop(blob);
  blob_drop(blob);
}

GUEST("use-after-drop") uint32_t use_after_drop(uint32_t blob) {
  blob_drop(blob);
  return blob_size(blob);
}

GUEST("use-after-pass") uint32_t use_after_pass(uint32_t blob) {
  consume(blob);
  return blob_size(blob);
}

GUEST("use-of-nothing") uint32_t use_of_nothing(void) { return blob_size(12345); }
