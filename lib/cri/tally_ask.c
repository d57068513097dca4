/* What a tally has found: nodes and pairs in their order, and scores. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cri/impl.h"
#include "cri/tally_impl.h"
#include "node/purse.h"

void
tally_end(const struct tally *t, struct tally_end *out)
{
	*out = t->end;
	out->nodes = (int64_t)t->n_node;
	out->pairs = (int64_t)t->n_pair;
}

const struct tally_node *
tally_find(const struct tally *t, const char *node_id)
{
	const struct item *i =
	    (const struct item *)table_find(&t->nodes, node_id);

	return i ? &i->node : NULL;
}

static int
by_id(const void *a, const void *b)
{
	const struct item *const *x = a, *const *y = b;

	return strcmp((*x)->node.id, (*y)->node.id);
}

/* All of them in the order of their ids; the caller frees it. */
static const struct item **
sorted(const struct tally *t)
{
	const struct item **all = mem_zero(t->n_node + 1, sizeof(*all));
	size_t i;

	for (i = 0; i < t->n_node; i++)
		all[i] = t->node[i];
	qsort(all, t->n_node, sizeof(*all), by_id);
	return all;
}

int
tally_each(const struct tally *t, tally_told *told, void *arg, struct err *e)
{
	const struct item **all = sorted(t);
	size_t i;
	int rc = 0;

	for (i = 0; i < t->n_node && !rc; i++)
		rc = told(arg, &all[i]->node, e);
	free(all);
	return rc ? -1 : 0;
}

/* One direction of a pair, by where its two stand when sorted. */
struct sale {
	size_t seller, buyer;
	int64_t n, minor;
};

static int
by_place(const void *a, const void *b)
{
	const struct sale *x = a, *y = b;

	if (x->seller != y->seller)
		return x->seller < y->seller ? -1 : 1;
	return x->buyer < y->buyer ? -1 : x->buyer > y->buyer;
}

static size_t
sales_of(const struct tally *t, const struct item **all, struct sale *out)
{
	size_t *place = mem_zero(t->n_node + 1, sizeof(*place));
	size_t i, low, high, n = 0;
	int by;

	for (i = 0; i < t->n_node; i++)
		place[all[i]->number] = i;
	for (i = 0; i < t->cap_pair; i++)
		for (by = 0; by < 2; by++) {
			if (!t->pair[i].by[by].n)
				continue;
			low = place[t->pair[i].key & UINT32_MAX];
			high = place[t->pair[i].key >> 32];
			out[n++] = (struct sale){
				by ? high : low, by ? low : high,
				t->pair[i].by[by].n, t->pair[i].by[by].minor,
			};
		}
	free(place);
	return n;
}

int
tally_pairs(const struct tally *t, tally_pair_told *told, void *arg,
    struct err *e)
{
	struct sale *sale = mem_zero(2 * t->n_pair + 1, sizeof(*sale));
	const struct item **all = sorted(t);
	size_t i, n = sales_of(t, all, sale);
	int rc = 0;

	qsort(sale, n, sizeof(*sale), by_place);
	for (i = 0; i < n && !rc; i++)
		rc = told(arg, all[sale[i].seller]->node.id,
		    all[sale[i].buyer]->node.id, sale[i].n, sale[i].minor, e);
	free(all);
	free(sale);
	return rc ? -1 : 0;
}

void
tally_pair(const struct tally *t, const char *seller_id, const char *buyer_id,
    int64_t *n, int64_t *minor)
{
	const struct item *seller, *buyer;
	const struct pair *p;
	int by;

	*n = *minor = 0;
	seller = (const struct item *)table_find(&t->nodes, seller_id);
	buyer = (const struct item *)table_find(&t->nodes, buyer_id);
	if (!seller || !buyer || seller == buyer || !t->cap_pair)
		return;
	p = tally_slot(t, tally_key(seller, buyer));
	by = seller->number > buyer->number;
	*n = p->by[by].n;
	*minor = p->by[by].minor;
}

void
tally_score(const struct tally_node *t, int64_t now_ms,
    const struct params *p, struct cri *out)
{
	const struct cri_row row = {
		.facts = {
			.sold = t->sold, .bought = t->bought,
			.partners = t->partners, .most = t->most,
			.volume_minor = t->volume_minor,
			.delivered = t->delivered, .failed = t->failed,
		},
		.record = {
			.first_ms = t->first_ms, .last_ms = t->last_ms,
			.rank = t->rank, .awarded_ms = t->awarded_ms,
		},
	};
	struct node n = {
		.made_ms = t->made_ms, .strikes = t->strikes,
		.banned_ms = t->banned_ms,
	};

	snprintf(n.realm, sizeof(n.realm), "%s",
	    t->sandbox ? "sandbox" : "production");
	cri_of(&row, &n, now_ms, p, out);
}

void
tally_level(const struct tally_node *t, int64_t now_ms,
    const struct params *p, struct cri_level *out)
{
	struct cri c;

	tally_score(t, now_ms, p, &c);
	*out = (struct cri_level){
		.spent_minor = t->spent_minor, .tenths = c.tenths,
	};
	cri_level_of(out);
}

int
tally_stored(struct store *s, const char *node_id, struct tally_node *out,
    struct err *e)
{
	struct purse purse;
	struct cri_row row;
	struct node n;

	if (node_get(s, node_id, &n, e) || cri_row(s, node_id, &row, e) ||
	    purse_get(s, node_id, node_unit(&n), 0, &purse, e))
		return -1;
	*out = (struct tally_node){
		.registered = true, .sandbox = in_sandbox(&n),
		.early = n.early, .active = n.active, .made_ms = n.made_ms,
		.first_ms = row.record.first_ms, .last_ms = row.record.last_ms,
		.banned_ms = n.banned_ms, .rank = row.record.rank,
		.awarded_ms = row.record.awarded_ms, .strikes = n.strikes,
		.sold = row.facts.sold, .bought = row.facts.bought,
		.partners = row.facts.partners, .most = row.facts.most,
		.volume_minor = row.facts.volume_minor,
		.delivered = row.facts.delivered, .failed = row.facts.failed,
		.spent_minor = purse.spent_minor,
	};
	memcpy(out->id, n.id, sizeof(out->id));
	return 0;
}
