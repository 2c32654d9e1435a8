// With the C library, whose functions of WASI become those of components by an adapter.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(name)))
#define GREETER "example:greeter/greeter@1.2.0#"

struct string {
  char *start;
  uint32_t size;
};

struct strings {
  struct string *start;
  uint32_t size;
};

struct person {
  struct string name;
  struct strings languages;
};

struct greeting {
  uint8_t error;
  struct string text;
};

enum mood { FORMAL, FRIENDLY, TIRED };

EXPORT("cabi_realloc") void *cabi_realloc(void *old, size_t old_size, size_t align, size_t size) {
  (void)old_size, (void)align;
  void *block = realloc(old, size ? size : 1);
  if (!block) abort();
  return block;
}

// What a call was given or returned, except the strings that it passes on.
static void free_strings(struct strings strings) {
  for (uint32_t i = 0; i < strings.size; i++) {
    if (strings.start[i].size) free(strings.start[i].start);
  }
  if (strings.size) free(strings.start);
}

static struct string greeting(struct string name, enum mood mood) {
  static const char *const words[] = {"Good day", "Hello", "Oh"};
  char *text;
  int size = asprintf(&text, "%s, %.*s, from C", words[mood], (int)name.size, name.start);
  if (size < 0) abort();
  return (struct string){text, (uint32_t)size};
}

EXPORT(GREETER "greet")
struct greeting *greet(char *name, uint32_t name_size, struct string *languages,
                       uint32_t languages_size, uint32_t mood) {
  static struct greeting result;
  free_strings((struct strings){languages, languages_size});
  result.error = name_size == 0;
  if (result.error) {
    result.text.start = strdup("a person without a name");
    result.text.size = (uint32_t)strlen(result.text.start);
  } else {
    result.text = greeting((struct string){name, name_size}, mood);
    free(name);
  }
  return &result;
}

EXPORT("cabi_post_" GREETER "greet") void post_greet(struct greeting *result) {
  free(result->text.start);
}

static struct strings *result_of(struct string *start, uint32_t size) {
  static struct strings result;
  result = (struct strings){start, size};
  return &result;
}

static void post_strings(struct strings *result) {
  free_strings(*result);
  if (!result->size) free(result->start);
}

EXPORT(GREETER "greet-all") struct strings *greet_all(struct person *people, uint32_t size) {
  struct string *greetings = malloc(size * sizeof *greetings + 1);
  uint32_t count = 0;
  for (uint32_t i = 0; i < size; i++) {
    free_strings(people[i].languages);
    if (!people[i].name.size) continue;
    greetings[count++] = greeting(people[i].name, FRIENDLY);
    free(people[i].name.start);
  }
  if (size) free(people);
  return result_of(greetings, count);
}

EXPORT("cabi_post_" GREETER "greet-all") void post_greet_all(struct strings *result) {
  post_strings(result);
}

static int equal(struct string a, struct string b) {
  return a.size == b.size && memcmp(a.start, b.start, a.size) == 0;
}

EXPORT(GREETER "languages") struct strings *languages(struct person *people, uint32_t size) {
  uint32_t most = 0, count = 0;
  for (uint32_t i = 0; i < size; i++) most += people[i].languages.size;
  struct string *found = malloc(most * sizeof *found + 1);
  for (uint32_t i = 0; i < size; i++) {
    struct strings known = people[i].languages;
    for (uint32_t j = 0; j < known.size; j++) {
      uint32_t k = 0;
      while (k < count && !equal(found[k], known.start[j])) k++;
      if (k == count) {
        found[count++] = known.start[j];
      } else if (known.start[j].size) {
        free(known.start[j].start);
      }
    }
    if (known.size) free(known.start);
    if (people[i].name.size) free(people[i].name.start);
  }
  if (size) free(people);
  return result_of(found, count);
}

EXPORT("cabi_post_" GREETER "languages") void post_languages(struct strings *result) {
  post_strings(result);
}

EXPORT("language") struct string *language(void) {
  static struct string result = {"C", 1};
  return &result;
}

EXPORT("echo") struct string *echo(char *start, uint32_t size) {
  static struct string result;
  result = (struct string){start, size};
  return &result;
}

EXPORT("cabi_post_echo") void post_echo(struct string *result) {
  if (result->size) free(result->start);
}
