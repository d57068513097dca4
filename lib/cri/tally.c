#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cri/tally_impl.h"
#include "ledger/at.h"
#include "ledger/read.h"
#include "ledger/type.h"

struct tally *
tally_new(void)
{
	return mem_zero(1, sizeof(struct tally));
}

static void
end(struct table_item *i)
{
	free(i);
}

void
tally_free(struct tally *t)
{
	if (!t)
		return;
	table_release(&t->nodes, end);
	table_release(&t->escrows, end);
	table_release(&t->bounties, end);
	free(t->node);
	free(t->pair);
	free(t);
}

static struct item *
node_of(struct tally *t, const char *node_id)
{
	struct item *i = (struct item *)table_find(&t->nodes, node_id);

	if (i)
		return i;
	i = mem_zero(1, sizeof(*i));
	snprintf(i->node.id, sizeof(i->node.id), "%s", node_id);
	i->item.key = i->node.id;
	i->number = t->n_node;
	table_add(&t->nodes, &i->item);
	if (t->n_node == t->cap_node) {
		t->cap_node = 2 * t->cap_node + 64;
		t->node = mem_grow(t->node, t->cap_node, sizeof(*t->node));
	}
	t->node[t->n_node++] = i;
	return i;
}

/* --- pairs ---------------------------------------------------------------- */

uint64_t
tally_key(const struct item *a, const struct item *b)
{
	uint64_t low = a->number, high = b->number;

	return low < high ? high << 32 | low : low << 32 | high;
}

struct pair *
tally_slot(const struct tally *t, uint64_t key)
{
	uint64_t h = key * UINT64_C(0x9e3779b97f4a7c15);
	size_t mask = t->cap_pair - 1, i = (size_t)(h >> 20) & mask;

	while (t->pair[i].key && t->pair[i].key != key)
		i = (i + 1) & mask;
	return &t->pair[i];
}

static void
grow_pairs(struct tally *t)
{
	struct pair *old = t->pair;
	size_t i, n = t->cap_pair;

	t->cap_pair = n ? 2 * n : 256;
	t->pair = mem_zero(t->cap_pair, sizeof(*t->pair));
	for (i = 0; i < n; i++)
		if (old[i].key)
			*tally_slot(t, old[i].key) = old[i];
	free(old);
}

static struct pair *
pair_of(struct tally *t, const struct item *a, const struct item *b)
{
	struct pair *p;

	if (2 * t->n_pair >= t->cap_pair)
		grow_pairs(t);
	p = tally_slot(t, tally_key(a, b));
	if (!p->key) {
		p->key = tally_key(a, b);
		t->n_pair++;
	}
	return p;
}

/* --- what entries count --------------------------------------------------- */

/* Sums of a true log never are too large; those of a made-up one might. */
static void
add(struct tally *t, int64_t *sum, int64_t minor)
{
	t->full |= __builtin_add_overflow(*sum, minor, sum);
}

static const struct leg *
payer(const struct entry *x)
{
	return &x->legs[x->legs[0].minor > 0];
}

static struct open *
take_lock(struct tally *t, struct table *opens, const struct entry *x)
{
	struct open *o;

	if (!x->ref || strlen(x->ref) >= LEAF_ID ||
	    table_find(opens, x->ref))
		return NULL;
	o = mem_zero(1, sizeof(*o));
	snprintf(o->id, sizeof(o->id), "%s", x->ref);
	o->item.key = o->id;
	o->buyer = node_of(t, payer(x)->account);
	o->minor = -payer(x)->minor;
	add(t, &o->buyer->node.spent_minor, o->minor);
	table_add(opens, &o->item);
	return o;
}

static void
take_escrow(struct tally *t, const struct entry *x)
{
	struct open *o = take_lock(t, &t->escrows, x);
	char seller[NODE_ID];

	if (o && leaf_data_text(x->data, "seller", seller, sizeof(seller)))
		o->seller = node_of(t, seller);
}

static struct open *
open_of(const struct table *opens, const struct entry *x)
{
	return x->ref ? (struct open *)table_find(opens, x->ref) : NULL;
}

static void
take_side(struct tally *t, struct tally_node *n, int64_t times, int64_t minor,
    int64_t at_ms)
{
	n->partners += times == 1;
	if (n->most < times)
		n->most = times;
	add(t, &n->volume_minor, minor);
	n->last_ms = at_ms;
}

static void
settle(struct tally *t, const struct open *o, int64_t at_ms)
{
	struct tally_node *seller = &o->seller->node;
	struct tally_node *buyer = &o->buyer->node;
	struct pair *p;
	int by = o->seller->number > o->buyer->number;
	int64_t times;

	if (o->disputed)
		seller->failed--;
	t->end.settled++;
	if (seller == buyer)
		return;
	p = pair_of(t, o->seller, o->buyer);
	p->by[by].n++;
	add(t, &p->by[by].minor, o->minor);
	times = p->by[0].n + p->by[1].n;
	seller->sold++;
	buyer->bought++;
	if (!seller->sandbox && !seller->first_ms)
		seller->first_ms = at_ms;
	take_side(t, seller, times, o->minor, at_ms);
	take_side(t, buyer, times, o->minor, at_ms);
}

/*
 * Given back: in time's name, nothing was delivered; by the seller before any
 * dispute, what was delivered counts no more; by a rule, it failed; and what
 * was disputed has failed already.
 */
static void
give_back(const struct open *o, const char *data)
{
	if (!o->delivered || o->disputed || !data)
		return;
	if (leaf_data_is(data, "reason", "MANUAL"))
		o->seller->node.delivered--;
	else
		o->seller->node.failed++;
}

static void
take_close(struct tally *t, struct table *opens, const struct entry *x,
    bool came_back)
{
	struct open *o = open_of(opens, x);

	if (!o)
		return;
	if (came_back)
		add(t, &o->buyer->node.spent_minor, -o->minor);
	if (o->seller && came_back)
		give_back(o, x->data);
	else if (o->seller)
		settle(t, o, x->at_ms);
	table_drop(opens, &o->item);
	free(o);
}

static void
take_transfer(struct tally *t, const struct entry *x)
{
	enum type type;

	if (!type_named(x->type, &type))
		return;
	if (type == TYPE_ESCROW_LOCK)
		take_escrow(t, x);
	else if (type == TYPE_ESCROW_SETTLE || type == TYPE_DISPUTE_RELEASE)
		take_close(t, &t->escrows, x, false);
	else if (type == TYPE_ESCROW_REFUND || type == TYPE_DISPUTE_REFUND)
		take_close(t, &t->escrows, x, true);
	else if (type == TYPE_BOUNTY_HOLD)
		(void)take_lock(t, &t->bounties, x);
	else if (type == TYPE_BOUNTY_RELEASE || type == TYPE_BOUNTY_REFUND)
		take_close(t, &t->bounties, x, type == TYPE_BOUNTY_REFUND);
	else if (type == TYPE_LISTING_FEE)
		add(t, &node_of(t, payer(x)->account)->node.spent_minor,
		    -payer(x)->minor);
}

static void
take_made(struct tally_node *n, const struct entry *x)
{
	n->registered = n->active = true;
	n->sandbox = leaf_data_is(x->data, "realm", "sandbox");
	n->early = leaf_data_true(x->data, "early");
	n->made_ms = x->at_ms;
	(void)leaf_data_int(x->data, "made_ms", &n->made_ms);
}

/* What is said of a node itself. */
static void
take_word(struct tally_node *n, const struct entry *x)
{
	const char *type = x->type + strcspn(x->type, ".") + 1;

	if (!strcmp(type, "registered")) {
		take_made(n, x);
	} else if (!strcmp(type, "strike")) {
		(void)leaf_data_int(x->data, "strikes", &n->strikes);
	} else if (!strcmp(type, "banned")) {
		n->banned_ms = x->at_ms;
		n->active = false;
	} else if (!strcmp(type, "expired")) {
		n->active = false;
	} else if (!strcmp(type, "genesis")) {
		if (leaf_data_int(x->data, "rank", &n->rank))
			n->awarded_ms = x->at_ms;
	} else if (!strcmp(x->type, "admin.act")) {
		if (leaf_data_is(x->data, "act", "node.activate"))
			n->active = true;
		else if (leaf_data_is(x->data, "act", "node.deactivate"))
			n->active = false;
	}
}

static void
take_event(struct tally *t, const struct entry *x)
{
	struct open *o;

	if (!x->ref)
		return;
	if (!strncmp(x->type, "node.", 5) || !strcmp(x->type, "admin.act")) {
		if (strlen(x->ref) < NODE_ID)
			take_word(&node_of(t, x->ref)->node, x);
		return;
	}
	o = open_of(&t->escrows, x);
	if (!o || !o->seller)
		return;
	if (!strcmp(x->type, "task.completed") && !o->delivered) {
		o->delivered = true;
		o->seller->node.delivered++;
	} else if (!strcmp(x->type, "escrow.disputed") && !o->disputed) {
		o->disputed = true;
		o->seller->node.failed++;
	}
}

int
tally_take(struct tally *t, const struct entry *x, struct err *e)
{
	if (x->kind == ENTRY_TRANSFER)
		take_transfer(t, x);
	else if (x->kind == ENTRY_EVENT)
		take_event(t, x);
	t->end.size = x->seq + 1;
	t->end.at_ms = x->at_ms;
	return !t->full ? 0 : err_set(e, E_amount_overflow, "a node has "
	    "traded more than can be counted");
}

static int
take(void *tally, const struct entry *x, struct err *e)
{
	return tally_take(tally, x, e);
}

static bool
begins(const char *type, size_t n, const char *with)
{
	size_t len = strlen(with);

	return n >= len && !memcmp(type, with, len);
}

/* What others say counts for nothing: taxes, credits, skills. */
static bool
wants(const char *type, size_t n)
{
	static const char *const words[] = {
		"ESCROW_", "DISPUTE_", "BOUNTY_", "LISTING_FEE", "node.",
		"task.completed", "escrow.disputed", "admin.act",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (begins(type, n, words[i]))
			return true;
	return false;
}

int
tally_read(struct tally *t, struct store *s, int64_t size, struct err *e)
{
	struct units units = { 0 };
	int rc;

	if (ledger_units_read(s, &units, e))
		return -1;
	rc = ledger_entries_of(s, size, &units, wants, take, t, e) ||
	    (size && at_time(s, size - 1, &t->end.at_ms, e)) ? -1 : 0;
	ledger_units_free(&units);
	t->end.size = size;
	return rc;
}
