#include <stdlib.h>
#include <sys/prctl.h>

#include <sodium.h>

#include "crypto/secret.h"

/*
 * Whoever has a secret leaves no core: pages can be kept out of it, but not
 * registers, in which memcpy() leaves what it has copied.  Nor can others of
 * the same user look into it, but for LeakSanitizer in builds for tests.
 */
static void
leave_no_core(void)
{
#ifndef BZN_TEST
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		abort();
#endif
}

void
secret_init(struct secret *s, size_t cap)
{
	leave_no_core();
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
