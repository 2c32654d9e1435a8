#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int copy_file(void) {
  char text[100];
  FILE *in = fopen("/data/in.txt", "r");
  if (!in) {
    perror("/data/in.txt");
    return 1;
  }
  size_t size = fread(text, 1, sizeof text, in);
  fclose(in);
  FILE *out = fopen("/data/out.txt", "w");
  if (!out) {
    perror("/data/out.txt");
    return 1;
  }
  fprintf(out, "C read: %.*s", (int)size, text);
  return fclose(out) == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
  const char *command = argc > 1 ? argv[1] : "";
  if (strcmp(command, "hello") == 0) {
    printf("hello from C\n");
    fprintf(stderr, "C complains\n");
  } else if (strcmp(command, "args") == 0) {
    for (int i = 2; i < argc; i++) printf("[%s]\n", argv[i]);
  } else if (strcmp(command, "env") == 0) {
    const char *absent = getenv("ABSENT");
    printf("%s, %s\n", getenv("GREETING"), absent ? absent : "absent");
  } else if (strcmp(command, "file") == 0) {
    return copy_file();
  } else if (strcmp(command, "exit") == 0) {
    exit(atoi(argv[2]));
  } else if (strcmp(command, "crash") == 0) {
    abort();
  } else if (strcmp(command, "return") != 0) {
    return 64;
  }
  return 0;
}
