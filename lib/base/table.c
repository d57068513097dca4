#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"

#define LEAST 64

static uint64_t
hash_of(const char *key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
	return h ^ h >> 29;
}

static struct table_item **
place(const struct table *t, uint64_t hash)
{
	return &t->bucket[hash & (t->buckets - 1)];
}

struct table_item *
table_find(const struct table *t, const char *key)
{
	uint64_t hash = hash_of(key);
	struct table_item *i = t->n ? *place(t, hash) : NULL;

	while (i && (i->hash != hash || strcmp(i->key, key)))
		i = i->next;
	return i;
}

static void
grow(struct table *t)
{
	struct table bigger = { .buckets = t->n ? 2 * t->buckets : LEAST };
	struct table_item *i, *next, **at;
	size_t b;

	bigger.bucket = mem_zero(bigger.buckets, sizeof(*bigger.bucket));
	for (b = 0; b < t->buckets; b++)
		for (i = t->bucket[b]; i; i = next) {
			next = i->next;
			at = place(&bigger, i->hash);
			i->next = *at;
			*at = i;
		}
	bigger.n = t->n;
	free(t->bucket);
	*t = bigger;
}

void
table_add(struct table *t, struct table_item *i)
{
	struct table_item **at;

	if (t->n == t->buckets)
		grow(t);
	i->hash = hash_of(i->key);
	at = place(t, i->hash);
	i->next = *at;
	*at = i;
	t->n++;
}

void
table_drop(struct table *t, struct table_item *i)
{
	struct table_item **at = place(t, i->hash);

	while (*at != i)
		at = &(*at)->next;
	*at = i->next;
	t->n--;
}

void
table_release(struct table *t, table_end *end)
{
	struct table_item *i, *next;
	size_t b;

	for (b = 0; b < t->buckets; b++)
		for (i = t->bucket[b]; i; i = next) {
			next = i->next;
			end(i);
		}
	free(t->bucket);
	*t = (struct table){ 0 };
}
