#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "key/ident.h"
#include "ledger/read.h"
#include "node/node.h"
#include "trust/audit.h"
#include "trust/fold.h"
#include "trust/impl.h"

struct auditing {
	struct store *store;
	const struct params *params;
	struct trust_fold *fold;
	trust_audit_told *told;
	void *arg;
	struct trust_audit *out;
	char (*id)[HASH_HEX];		/* owned: whom either speaks of */
	size_t n, cap;
};

static int
report(struct auditing *a, const char *node_id, const char *what,
    const char *name, const char *fault, struct err *e)
{
	const struct trust_fault f = { node_id, what, name, fault };

	a->out->faults++;
	return a->told(a->arg, &f, e);
}

/* --- facts and wallets, each list in the same order ----------------------- */

static int
same_fact(const void *a, const void *b)
{
	const struct trust_fact *x = a, *y = b;

	return x->kind == y->kind && x->at_ms == y->at_ms &&
	    x->since_ms == y->since_ms && x->until_ms == y->until_ms &&
	    x->ok == y->ok && x->fail == y->fail && x->good == y->good &&
	    x->sold == y->sold && x->disputed == y->disputed &&
	    x->weight == y->weight && !strcmp(x->from_id, y->from_id) &&
	    !strcmp(x->escrow_id, y->escrow_id) &&
	    !strcmp(x->evidence, y->evidence) &&
	    !strcmp(x->stake_wei, y->stake_wei);
}

/* Of two identities with one order, each has an entry of the same name. */
static int
order_fact(const void *a, const void *b)
{
	const struct trust_fact *x = a, *y = b;
	int order = strcmp(x->id, y->id);

	return order ? order : x->sold - y->sold;
}

static int
same_bond(const void *a, const void *b)
{
	(void)a;
	(void)b;
	return 1;
}

static int
order_bond(const void *a, const void *b)
{
	const struct trust_bond *x = a, *y = b;
	int order = strcmp(x->node_id, y->node_id);

	if (!order)
		order = strcmp(x->wallet, y->wallet);
	return order ? order : x->proven - y->proven;
}

/* Two lists of one kind of thing: what is stored, and what the log says. */
struct list {
	const char *what;
	size_t size;			/* of one */
	int (*order)(const void *, const void *);
	int (*same)(const void *, const void *);
	size_t name;			/* where it stands in one */
};

static const struct list facts_list = {
	"fact", sizeof(struct trust_fact), order_fact, same_fact,
	offsetof(struct trust_fact, id),
};
static const struct list bonds_list = {
	"wallet", sizeof(struct trust_bond), order_bond, same_bond,
	offsetof(struct trust_bond, wallet),
};

static int
compare(struct auditing *a, const char *node_id, const struct list *l,
    char *stored, size_t n, char *said, size_t n_said, struct err *e)
{
	const char *end = stored + n * l->size, *last = said +
	    n_said * l->size;
	int order;

	if (n)
		qsort(stored, n, l->size, l->order);
	if (n_said)
		qsort(said, n_said, l->size, l->order);
	while (stored < end || said < last) {
		order = stored == end ? 1 : said == last ? -1 :
		    l->order(stored, said);
		if (order && report(a, node_id, l->what,
		    (order < 0 ? stored : said) + l->name,
		    order < 0 ? "extra" : "missing", e))
			return -1;
		if (!order && !l->same(stored, said) && report(a, node_id,
		    l->what, stored + l->name, "different", e))
			return -1;
		stored += order <= 0 ? l->size : 0;
		said += order >= 0 ? l->size : 0;
	}
	return 0;
}

static int
compare_facts(struct auditing *a, const char *node_id, struct err *e)
{
	struct trust_facts stored, said;
	int rc;

	if (trust_facts_read(a->store, node_id, &stored, e))
		return -1;
	(void)trust_fold_facts(a->fold, node_id, &said);
	a->out->facts += (int64_t)said.n;
	rc = compare(a, node_id, &facts_list, (char *)stored.fact, stored.n,
	    (char *)said.fact, said.n, e) || compare(a, node_id, &bonds_list,
	    (char *)stored.bond, stored.bonds, (char *)said.bond, said.bonds,
	    e) ? -1 : 0;
	trust_facts_release(&stored);
	trust_facts_release(&said);
	return rc;
}

/* --- a stored score ------------------------------------------------------- */

static void
take_row(const struct query *q, struct trust_score *t)
{
	const char *complaints = query_get_text(q, 8);
	const char *orders = query_get_text(q, 9);

	*t = (struct trust_score){ .in = {
		.verified = query_get_int(q, 1) != 0,
		.ok = query_get_int(q, 2), .fail = query_get_int(q, 3),
		.rated = query_get_int(q, 4), .good = query_get_int(q, 5),
		.endorsers = query_get_int(q, 6),
		.weight = query_get_int(q, 7),
		.complaints = num_read(complaints, strlen(complaints)),
		.orders = num_read(orders, strlen(orders)),
	} };
	query_put_text(q, 0, t->in.stake_wei, TRUST_WEI);
	t->in.stake = trust_wei_units(t->in.stake_wei);
}

/* By other rules than those of now nothing can be said of it. */
static int
compare_score(struct auditing *a, const char *node_id, struct err *e)
{
	char rules[HASH_HEX], tier[32] = "", of[HASH_HEX] = "";
	struct trust_score t;
	struct hash h;
	struct query q;
	int64_t hundredths = 0;
	bool same = true;
	int got;

	trust_rules(&h, a->params);
	hash_hex(rules, &h);
	query_open(&q, a->store, SQL_TRUST_NODE_STORED);
	query_text(&q, node_id);
	got = query_row(&q, e);
	if (got > 0) {
		take_row(&q, &t);
		hundredths = query_get_int(&q, 10);
		query_put_text(&q, 11, tier, sizeof(tier));
		same = query_get_int(&q, 12) == TRUST_FORMULA;
		query_put_text(&q, 13, of, sizeof(of));
	}
	query_close(&q);
	if (got <= 0 || !same || strcmp(of, rules))
		return got < 0 ? -1 : 0;
	trust_formula(&t, a->params);
	return t.hundredths == hundredths &&
	    !strcmp(trust_tier_word(t.tier), tier) ? 0 :
	    report(a, node_id, "score", NULL, "different", e);
}

/* --- everybody ------------------------------------------------------------ */

static int
add(void *auditing, const char *node_id, struct err *e)
{
	struct auditing *a = auditing;

	(void)e;
	if (a->n == a->cap) {
		a->cap = 2 * a->cap + 64;
		a->id = mem_grow(a->id, a->cap, sizeof(*a->id));
	}
	memcpy(a->id[a->n++], node_id, HASH_HEX);
	return 0;
}

/* Who has only traded has no row of trust. */
static int
add_traders(struct auditing *a, struct err *e)
{
	struct node n = { 0 };
	int got;

	while ((got = node_next(a->store, &n, e)) > 0)
		if (ident_is_id(n.id) && add(a, n.id, e))
			return -1;
	return got;
}

static int
by_id(const void *a, const void *b)
{
	return memcmp(a, b, HASH_HEX);
}

static int
compare_all(struct auditing *a, struct err *e)
{
	struct trust_epoch stored, said;
	const char *id;
	size_t i;

	if (a->n)
		qsort(a->id, a->n, sizeof(*a->id), by_id);
	for (i = 0; i < a->n; i++) {
		id = a->id[i];
		if (i && !by_id(id, a->id[i - 1]))
			continue;
		a->out->nodes++;
		trust_fold_epoch(a->fold, id, &said);
		if (trust_row_epoch(a->store, id, &stored, e) < 0 ||
		    compare_facts(a, id, e) || compare_score(a, id, e))
			return -1;
		if (stored.weight != trust_weight(&said) &&
		    report(a, id, "weight", NULL, "different", e))
			return -1;
	}
	return 0;
}

static int
take(void *fold, const struct entry *x, struct err *e)
{
	return trust_fold_take(fold, x, e);
}

int
trust_audit(struct store *s, const struct params *p, trust_audit_told *told,
    void *arg, struct trust_audit *out, struct err *e)
{
	struct auditing a = {
		.store = s, .params = p, .told = told, .arg = arg,
		.out = out,
	};
	struct units units = { 0 };
	struct ledger_head head;
	int rc;

	*out = (struct trust_audit){ 0 };
	if (ledger_head(s, &head, e) || ledger_units_read(s, &units, e))
		return -1;
	out->size = head.size;
	a.fold = trust_fold_new();
	rc = ledger_entries(s, head.size, &units, take, a.fold, e) ||
	    trust_fold_each(a.fold, add, &a, e) ||
	    trust_each(s, add, &a, e) || add_traders(&a, e) ||
	    compare_all(&a, e) ? -1 : 0;
	ledger_units_free(&units);
	trust_fold_free(a.fold);
	free(a.id);
	return rc;
}
