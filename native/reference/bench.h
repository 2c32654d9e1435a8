/* How the reference program measures. */
#ifndef REFERENCE_BENCH_H
#define REFERENCE_BENCH_H

#include <stddef.h>

/* Prints `name nanoseconds`: what one of `times` operations takes. */
void measure(const char *name, void (*operation)(const void *setup, int times), const void *setup,
             int times);

/* Prints the figures of modules, or what the options ask for. */
int bench(int argc, char **argv);

/* Prints the figures of a component, whose text is in the file. */
int bench_components(const char *file);

/* reference.c: the bytes of a file, which the caller frees. */
char *read_file(const char *path, size_t *size);

#endif
