#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/table.h"
#include "trust/facts.h"

#define WEI_A_UNIT 1e18

static const char *const kinds[] = {
	[TRUST_ENDORSE] = "endorse",
	[TRUST_COMPLAIN] = "complain",
	[TRUST_QUALITY] = "quality",
	[TRUST_UPTIME] = "uptime",
	[TRUST_STAKE] = "stake",
	[TRUST_VERIFY] = "verify",
	[TRUST_ORDER] = "order",
};

const char *
trust_kind_word(enum trust_kind kind)
{
	return kinds[kind];
}

/* An order is nothing that anybody says. */
bool
trust_kind_named(const char *word, enum trust_kind *out)
{
	int i;

	for (i = 0; i < TRUST_ORDER; i++)
		if (!strcmp(word, kinds[i])) {
			*out = (enum trust_kind)i;
			return true;
		}
	return false;
}

struct trust_fact *
trust_facts_add(struct trust_facts *f)
{
	if (f->n == f->cap) {
		f->cap = 2 * f->cap + 16;
		f->fact = mem_grow(f->fact, f->cap, sizeof(*f->fact));
	}
	f->fact[f->n] = (struct trust_fact){ 0 };
	return &f->fact[f->n++];
}

struct trust_bond *
trust_facts_bond(struct trust_facts *f)
{
	if (f->bonds == f->bonds_cap) {
		f->bonds_cap = 2 * f->bonds_cap + 16;
		f->bond = mem_grow(f->bond, f->bonds_cap, sizeof(*f->bond));
	}
	f->bond[f->bonds] = (struct trust_bond){ 0 };
	return &f->bond[f->bonds++];
}

void
trust_facts_release(struct trust_facts *f)
{
	free(f->fact);
	free(f->bond);
	*f = (struct trust_facts){ 0 };
}

bool
trust_wei_ok(const char *wei)
{
	size_t n = strspn(wei, "0123456789");

	return n && !wei[n] && n < TRUST_WEI && (*wei != '0' || n == 1);
}

int
trust_wei_compare(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b);

	return na == nb ? strcmp(a, b) : na < nb ? -1 : 1;
}

double
trust_wei_units(const char *wei)
{
	return num_read(wei, strlen(wei)) / WEI_A_UNIT;
}

static int
by_time(const void *a, const void *b)
{
	const struct trust_fact *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	if (x->since_ms != y->since_ms)
		return x->since_ms < y->since_ms ? -1 : 1;
	return strcmp(x->id, y->id);
}

/* So that which claim comes first depends on nothing but the claims. */
static int
by_node(const void *a, const void *b)
{
	const struct trust_bond *x = a, *y = b;
	int order = strcmp(x->node_id, y->node_id);

	return order ? order : strcmp(x->wallet, y->wallet);
}

/* --- who counts once ------------------------------------------------------ */

/* An endorser, or the node itself, which has no weight of its own. */
struct member {
	struct table_item item;
	size_t group;		/* of its own wallets: another, or itself */
	size_t in;		/* where it counts */
	int64_t weight;
};

/* A wallet, and the group of those that have proven it. */
struct wallet {
	struct table_item item;
	size_t group;
};

struct circle {
	struct table members, wallets, claims;
	struct member *member;		/* owned */
	struct wallet *wallet;		/* owned; one a bond */
	size_t n;
};

/* A group is named by the first of it. */
static size_t
group_of(struct circle *c, size_t i)
{
	while (c->member[i].group != i)
		i = c->member[i].group = c->member[c->member[i].group].group;
	return i;
}

static void
join(struct circle *c, size_t a, size_t b)
{
	a = group_of(c, a);
	b = group_of(c, b);
	c->member[a < b ? b : a].group = a < b ? a : b;
}

static void
add_member(struct circle *c, const char *node_id, int64_t weight)
{
	struct member *m = (struct member *)table_find(&c->members, node_id);

	if (!m) {
		m = &c->member[c->n];
		m->item.key = node_id;
		m->group = c->n++;
		table_add(&c->members, &m->item);
	}
	if (m->weight < weight)
		m->weight = weight;
}

/* Take a bond in: *w is a place for its wallet, should that be new. */
static void
tie(struct circle *c, const struct trust_bond *b, struct wallet *w)
{
	struct member *m = (struct member *)table_find(&c->members,
	    b->node_id);
	struct wallet *known;

	if (!m)
		return;
	known = (struct wallet *)table_find(&c->wallets, b->wallet);
	if (b->proven && known) {
		join(c, known->group, (size_t)(m - c->member));
	} else if (b->proven) {
		w->group = (size_t)(m - c->member);
		w->item.key = b->wallet;
		table_add(&c->wallets, &w->item);
	}
}

/* Where a claim moves the one that makes it; after all that is proven. */
static void
move(struct circle *c, const struct trust_bond *b, struct wallet *w)
{
	struct member *m = (struct member *)table_find(&c->members,
	    b->node_id);
	struct wallet *known;

	if (!m || b->proven)
		return;
	known = (struct wallet *)table_find(&c->wallets, b->wallet);
	if (known) {
		m->in = group_of(c, known->group);
		return;
	}
	known = (struct wallet *)table_find(&c->claims, b->wallet);
	if (known) {
		m->in = known->group;
		return;
	}
	w->group = m->in;	/* the first that claims it stays */
	w->item.key = b->wallet;
	table_add(&c->claims, &w->item);
}

static void
forget(struct table_item *item)
{
	(void)item;
}

static void
take_endorsements(const struct trust_facts *f, struct trust_inputs *in)
{
	struct circle c = { 0 };
	int64_t *most = mem_zero(f->n + 1, sizeof(*most));
	size_t i;

	c.member = mem_zero(f->n + 1, sizeof(*c.member));
	c.wallet = mem_zero(f->bonds + 1, sizeof(*c.wallet));
	for (i = 0; i < f->n; i++)
		if (f->fact[i].kind == TRUST_ENDORSE)
			add_member(&c, f->fact[i].from_id,
			    f->fact[i].weight);
	in->endorsers = (int64_t)c.n;
	add_member(&c, f->node_id, 0);
	for (i = 0; i < f->bonds; i++)
		tie(&c, &f->bond[i], &c.wallet[i]);
	for (i = 0; i < c.n; i++)
		c.member[i].in = group_of(&c, i);
	for (i = 0; i < f->bonds; i++)
		move(&c, &f->bond[i], &c.wallet[i]);
	for (i = 0; i < c.n; i++)
		if (most[c.member[i].in] < c.member[i].weight)
			most[c.member[i].in] = c.member[i].weight;
	for (i = 0; i < c.n; i++)
		in->weight += most[i];
	table_release(&c.members, forget);
	table_release(&c.wallets, forget);
	table_release(&c.claims, forget);
	free(c.member);
	free(c.wallet);
	free(most);
}

/* --- all the rest --------------------------------------------------------- */

/* The order of a rating that a dispute has decided. */
struct judged {
	struct table_item item;
};

/*
 * What became of disputes comes before what the buyer said of the same order:
 * that is decided.
 */
static void
take_ratings(const struct trust_facts *f, struct trust_inputs *in)
{
	struct judged *judged = mem_zero(f->n + 1, sizeof(*judged));
	struct table orders = { 0 };
	const struct trust_fact *x;
	size_t i;

	for (i = 0; i < f->n; i++) {
		x = &f->fact[i];
		if (x->kind != TRUST_ORDER || !x->sold || !x->disputed)
			continue;
		judged[i].item.key = x->escrow_id;
		table_add(&orders, &judged[i].item);
		in->rated++;
		in->good += x->good;
	}
	for (i = 0; i < f->n; i++) {
		x = &f->fact[i];
		if (x->kind != TRUST_QUALITY ||
		    table_find(&orders, x->escrow_id))
			continue;
		in->rated++;
		in->good += x->good;
	}
	table_release(&orders, forget);
	free(judged);
}

bool
trust_fact_counts(const struct trust_fact *x, int64_t now_ms,
    const struct params *p)
{
	switch (x->kind) {
	case TRUST_UPTIME:
		return x->since_ms >=
		    now_ms - p->value[PARAM_trust_probe_window];
	case TRUST_ORDER:
		return x->good || (x->sold && x->disputed);
	case TRUST_ENDORSE:
	case TRUST_COMPLAIN:
	case TRUST_QUALITY:
	case TRUST_STAKE:
	case TRUST_VERIFY:
	case TRUST__KINDS:
		break;
	}
	return true;
}

/*
 * The least stake of the window: what there was when it began, which is
 * nothing before the first, and all that it became since.  They are in the
 * order of since_ms, or were not taken.
 */
static void
take_stake(const struct trust_facts *f, int64_t now_ms,
    const struct params *p, struct trust_inputs *in)
{
	int64_t from_ms = now_ms - p->value[PARAM_trust_stake_window];
	const struct trust_fact *x;
	const char *least = "0";
	size_t i;

	for (i = 0; i < f->n; i++) {
		x = &f->fact[i];
		if (x->kind != TRUST_STAKE)
			continue;
		if (x->since_ms <= from_ms ||
		    trust_wei_compare(x->stake_wei, least) < 0)
			least = x->stake_wei;
	}
	memcpy(in->stake_wei, least, strlen(least) + 1);
	in->stake = trust_wei_units(least);
}

static void
take_fact(const struct trust_fact *x, int64_t now_ms, const struct params *p,
    struct trust_inputs *in)
{
	double left = trust_decay(now_ms - x->at_ms,
	    p->value[PARAM_trust_half_life]);

	switch (x->kind) {
	case TRUST_UPTIME:
		in->ok += x->ok;
		in->fail += x->fail;
		break;
	case TRUST_COMPLAIN:
		in->complaints += left;
		break;
	case TRUST_ORDER:
		in->orders += x->good ? left : 0;
		break;
	case TRUST_VERIFY:
		in->verified = x->good;
		break;
	case TRUST_ENDORSE:
	case TRUST_QUALITY:
	case TRUST_STAKE:
	case TRUST__KINDS:
		break;
	}
}

void
trust_facts_score(struct trust_facts *f, int64_t now_ms,
    const struct params *p, struct trust_score *out)
{
	size_t i;

	*out = (struct trust_score){ .in.column = TRUST_MEASURED };
	if (f->n)
		qsort(f->fact, f->n, sizeof(*f->fact), by_time);
	if (f->bonds)
		qsort(f->bond, f->bonds, sizeof(*f->bond), by_node);
	take_endorsements(f, &out->in);
	take_ratings(f, &out->in);
	take_stake(f, now_ms, p, &out->in);
	for (i = 0; i < f->n; i++)
		if (trust_fact_counts(&f->fact[i], now_ms, p))
			take_fact(&f->fact[i], now_ms, p, &out->in);
	trust_formula(out, p);
}
