#include <string.h>

#include "crypto/der.h"

bool
der_is(const struct der *in, uint8_t tag)
{
	return in->n && in->p[0] == tag;
}

/* The length at in->p[1], and how many bytes it and the tag take. */
static bool
length(const struct der *in, size_t *n, size_t *head)
{
	size_t bytes, i;

	if (in->n < 2)
		return false;
	*n = in->p[1];
	*head = 2;
	if (*n < 0x80)
		return true;
	bytes = *n & 0x7f;
	if (!bytes || bytes > 4 || in->n < 2 + bytes || !in->p[2])
		return false;
	for (*n = 0, i = 0; i < bytes; i++)
		*n = *n << 8 | in->p[2 + i];
	*head = 2 + bytes;
	return *n >= 0x80;
}

bool
der_take(struct der *content, struct der *in, uint8_t tag)
{
	size_t n, head;

	if (!der_is(in, tag) || !length(in, &n, &head) || n > in->n - head)
		return false;
	*content = (struct der){ in->p + head, n };
	in->p += head + n;
	in->n -= head + n;
	return true;
}

bool
der_number(struct der *digits, struct der *in)
{
	struct der d;

	if (!der_take(&d, in, DER_INTEGER) || !d.n || d.p[0] & 0x80)
		return false;
	if (!d.p[0]) {
		if (d.n > 1 && !(d.p[1] & 0x80))
			return false;
		d.p++;
		d.n--;
	}
	*digits = d;
	return true;
}

bool
der_small(uint64_t *out, struct der *in)
{
	struct der d;

	if (!der_number(&d, in) || d.n > sizeof(*out))
		return false;
	for (*out = 0; d.n; d.p++, d.n--)
		*out = *out << 8 | *d.p;
	return true;
}

bool
der_same(const struct der *d, const void *bytes, size_t n)
{
	return d->n == n && !memcmp(d->p, bytes, n);
}
