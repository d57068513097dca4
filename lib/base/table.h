/*
 * table - things of the caller's by their names.
 *
 * What is kept begins with a struct table_item, whose key is the caller's to
 * set and to keep; the table owns nothing but its buckets.  It grows with
 * what is in it, so looking one up takes the same time with many as with few.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stddef.h>
#include <stdint.h>

struct table_item {
	struct table_item *next;	/* the table's */
	uint64_t hash;			/* the same */
	const char *key;
};

struct table {
	struct table_item **bucket;	/* owned */
	size_t n, buckets;
};

/* The one of this key, or NULL. */
struct table_item *table_find(const struct table *, const char *key);

/* There must be none of this key yet. */
void table_add(struct table *, struct table_item *);

/* Take one out, which is in it. */
void table_drop(struct table *, struct table_item *);

/* Call for each, which may free it, and be empty then. */
typedef void table_end(struct table_item *);
void table_release(struct table *, table_end *);

#endif
