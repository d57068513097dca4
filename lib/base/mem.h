/*
 * mem - memory that is there or the program ends.
 *
 * Running out ends the process through a hook, after one line on stderr
 * (lib/cli sets it: status 7, or 8 once a commit has begun).  That is sound
 * because durable state changes only in transactions or by rename, and
 * because every input has a ceiling: see buf.h.
 */
#ifndef MEM_H
#define MEM_H

#include <stddef.h>

/* All return memory that free() takes; mem_zero's is cleared. */
void *mem_zero(size_t count, size_t size) __attribute__((returns_nonnull));
void *mem_grow(void *, size_t count, size_t size)
    __attribute__((returns_nonnull));
char *mem_text(const char *) __attribute__((returns_nonnull));

/* Set what is called when memory is gone; it must not return. */
void mem_on_empty(void (*hook)(void));

#endif
