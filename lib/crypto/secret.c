#include <stdlib.h>

#include <sodium.h>

#include "crypto/secret.h"

void
secret_init(struct secret *s, size_t cap)
{
	if (sodium_init() < 0)
		abort();
	*s = (struct secret){ .data = sodium_malloc(cap), .cap = cap };
	if (!s->data)
		abort();
}

void
secret_random(struct secret *s, size_t n)
{
	secret_init(s, n);
	randombytes_buf(s->data, n);
	s->len = n;
}

void
secret_release(struct secret *s)
{
	sodium_free(s->data);
	*s = (struct secret){ 0 };
}
