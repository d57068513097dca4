/*
 * The scan: leaves are taken a tile at a time, hashed by whoever is free, and
 * judged in their order.
 */
#include <stdlib.h>
#include <string.h>

#include "base/crew.h"
#include "base/mem.h"
#include "verify/impl.h"

#define BATCH_BYTES (256 * 1024)	/* what long leaves may take */

struct batch {
	size_t n, used, cap;
	char *bytes;			/* 00, leaf, NUL, id, NUL, and so on */
	struct { int64_t seq; size_t at, n, id, id_n; } leaf[BATCH];
	struct hash h[BATCH], root;
	bool tile;			/* a whole one, with its root */
	int rc;
};

static void
keep(struct batch *b, const struct stored *s)
{
	const char *id = s->id ? s->id : "";
	size_t id_n = s->id ? s->id_n : 0;
	size_t need = b->used + 1 + s->leaf_n + 1 + id_n + 1;
	char *p;

	if (need > b->cap) {
		b->cap = need > 2 * b->cap ? need : 2 * b->cap;
		b->bytes = mem_grow(b->bytes, b->cap, 1);
	}
	b->leaf[b->n].seq = s->seq;
	b->leaf[b->n].at = b->used + 1;
	b->leaf[b->n].n = s->leaf_n;
	b->leaf[b->n].id_n = id_n;
	b->leaf[b->n++].id = b->used + 1 + s->leaf_n + 1;
	p = b->bytes + b->used;
	*p++ = '\0';
	memcpy(p, s->leaf, s->leaf_n);
	p += s->leaf_n;
	*p++ = '\0';
	memcpy(p, id, id_n + 1);
	b->used = need;
}

/* Reading fails late, so that what was read before is judged. */
static int
take(void *arg, void *slot, struct err *e)
{
	struct run *r = arg;
	struct batch *b = slot;
	struct stored s;

	(void)e;
	b->n = b->used = 0;
	for (b->rc = 1; b->n < BATCH && b->used < BATCH_BYTES; keep(b, &s)) {
		b->rc = verify_leaves_next(r, &s);
		if (b->rc <= 0)
			break;
	}
	return b->n || b->rc < 0;
}

static void
work(void *arg, void *slot)
{
	const struct run *r = arg;
	struct batch *b = slot;
	size_t i;

	b->tile = false;
	if (!(r->want & (LAYER(6) | LAYER(7))) && !r->n_ask)
		return;
	for (i = 0; i < b->n; i++)
		tlog_leaf_led(&b->h[i], b->bytes + b->leaf[i].at - 1,
		    b->leaf[i].n + 1);
	b->tile = b->n == BATCH && b->leaf[0].seq >= 0 &&
	    b->leaf[0].seq % TLOG_TILE == 0 &&
	    b->leaf[BATCH - 1].seq - b->leaf[0].seq == BATCH - 1;
	if (b->tile)
		tlog_fold(&b->root, b->h, BATCH);
}

static int
give(void *arg, void *slot, struct err *e)
{
	struct run *r = arg;
	struct batch *b = slot;
	struct stored s;
	size_t i, first = 0, hashed = 0;

	(void)e;
	for (i = 0; i < b->n; i++) {
		s = (struct stored){
			.seq = b->leaf[i].seq,
			.id = r->store ? b->bytes + b->leaf[i].id : NULL,
			.leaf = b->bytes + b->leaf[i].at,
			.id_n = b->leaf[i].id_n,
			.leaf_n = b->leaf[i].n,
		};
		if (verify_leaf(r, &s))
			return -1;
		first += s.seq < 0;
		hashed += s.seq >= 0 && !r->tree.broken;
	}
	/* From the first that has a place, up to a hole. */
	if ((r->want & (LAYER(6) | LAYER(7)) || r->n_ask) &&
	    verify_add_hashes(r, b->h + first, hashed,
	    b->tile && hashed == BATCH ? &b->root : NULL))
		return -1;
	return b->rc < 0 ? -1 : 0;
}

static void
end(void *slot)
{
	free(((struct batch *)slot)->bytes);
}

int
verify_scan(struct run *r)
{
	const struct crew crew = {
		.jobs = r->how->jobs, .arg = r, .size = sizeof(struct batch),
		.take = take, .work = work, .give = give, .end = end,
	};

	return crew_run(&crew, r->e);
}
