#include <assert.h>
#include <string.h>

#include "tlog/tlog.h"

void
tlog_leaf(struct hash *out, const void *leaf, size_t n)
{
	hash_of_two(out, "\0", 1, leaf, n);
}

void
tlog_leaf_led(struct hash *out, const void *led, size_t n)
{
	assert(n && *(const char *)led == '\0');
	hash_of(out, led, n);
}

void
tlog_node(struct hash *out, const struct hash *l, const struct hash *r)
{
	uint8_t in[1 + 2 * HASH_BYTES] = { 1 };

	memcpy(in + 1, l->b, HASH_BYTES);
	memcpy(in + 1 + HASH_BYTES, r->b, HASH_BYTES);
	hash_of(out, in, sizeof(in));
}

unsigned
tlog_edge_count(uint64_t size)
{
	return (unsigned)__builtin_popcountll(size);
}

/* The new leaf completes one subtree for each trailing one of the size. */
void
tlog_push(struct tlog_edge *edge, const struct hash *leaf)
{
	unsigned n = tlog_edge_count(edge->size);
	uint64_t ones;

	edge->h[n] = *leaf;
	for (ones = edge->size; ones & 1; ones >>= 1, n--)
		tlog_node(&edge->h[n - 1], &edge->h[n - 1], &edge->h[n]);
	edge->size++;
}

void
tlog_root(const struct tlog_edge *edge, struct hash *out)
{
	unsigned n = tlog_edge_count(edge->size);

	if (!n) {
		hash_of(out, "", 0);
		return;
	}
	*out = edge->h[--n];
	while (n--)
		tlog_node(out, &edge->h[n], out);
}

void
tlog_fold(struct hash *out, const struct hash *h, size_t n)
{
	struct tlog_edge edge = { 0 };
	size_t i;

	assert(n && !(n & (n - 1)));
	for (i = 0; i < n; i++)
		tlog_push(&edge, &h[i]);
	*out = edge.h[0];
}
