#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The one mutable global of lib/: a program has one way to die. */
static void (*on_empty)(void) = abort;

static void *
there(void *p)
{
	if (!p) {
		on_empty();
		abort();
	}
	return p;
}

void *
mem_zero(size_t count, size_t size)
{
	return there(calloc(count ? count : 1, size ? size : 1));
}

void *
mem_grow(void *p, size_t count, size_t size)
{
	return there(reallocarray(p, count ? count : 1, size ? size : 1));
}

char *
mem_text(const char *s)
{
	return there(strdup(s));
}

void
mem_on_empty(void (*hook)(void))
{
	on_empty = hook;
}
