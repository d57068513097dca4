/* Counting: what settlements, deliveries and disputes change. */
#include <assert.h>

#include "cri/impl.h"
#include "ledger/ledger.h"

int
cri_open_in(struct store *s, const char *node_id, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_CRI_OPEN);
	query_text(&q, node_id);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

static void
bind_time(struct query *q, int64_t ms)
{
	if (ms)
		query_int(q, ms);
	else
		query_null(q);
}

/* How often the two have traded, with this time. */
static int
add_pair(struct store *s, const struct cri_trade *t, bool sale,
    int64_t *times, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_CRI_PAIR_ADD);
	query_text(&q, sale ? t->seller_id : t->buyer_id);
	query_text(&q, sale ? t->buyer_id : t->seller_id);
	query_int(&q, sale);
	query_int(&q, !sale);
	query_int(&q, t->amount.minor);
	return query_run(&q, times, e) < 0 ? -1 : 0;
}

/* Nearly all have a row: 1, or 0 if there is none yet, -1. */
static int
add_to_row(struct ledger *l, const struct cri_trade *t, const struct node *n,
    bool sale, int64_t times, struct err *e)
{
	struct query q;

	query_open(&q, ledger_store(l), SQL_CRI_SETTLE);
	query_text(&q, n->id);
	query_int(&q, sale);
	query_int(&q, !sale);
	query_int(&q, times == 1);
	query_int(&q, times);
	query_int(&q, t->amount.minor);
	bind_time(&q, sale && !in_sandbox(n) ? ledger_now(l) : 0);
	query_int(&q, ledger_now(l));
	return query_run(&q, NULL, e);
}

/* One side of a trade; the most with one partner only ever grows. */
static int
add_trade(struct ledger *l, const struct cri_trade *t, const struct node *n,
    bool sale, struct err *e)
{
	struct store *s = ledger_store(l);
	int64_t times = 0;
	int got;

	if (add_pair(s, t, sale, &times, e))
		return -1;
	got = add_to_row(l, t, n, sale, times, e);
	if (!got)
		got = cri_open_in(s, n->id, e) ? -1 :
		    add_to_row(l, t, n, sale, times, e);
	return got < 0 ? -1 : 0;
}

int
cri_settled_in(struct ledger *l, const struct cri_trade *t,
    const struct params *p, struct err *e)
{
	struct store *s = ledger_store(l);
	struct node seller, buyer;

	assert(ledger_writing(l));
	return node_get(s, t->seller_id, &seller, e) ||
	    node_get(s, t->buyer_id, &buyer, e) ||
	    add_trade(l, t, &seller, true, e) ||
	    add_trade(l, t, &buyer, false, e) ||
	    cri_genesis_wait_in(l, &seller, e) ||
	    cri_genesis_in(l, &seller, &buyer, p, e) ||
	    cri_keep_in(l, &seller, p, e) ||
	    cri_keep_in(l, &buyer, p, e) ? -1 : 0;
}

static int
count_row(struct store *s, const char *node_id, int delivered, int failed,
    struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_CRI_COUNT);
	query_text(&q, node_id);
	query_int(&q, delivered);
	query_int(&q, failed);
	return query_run(&q, NULL, e);
}

static int
count(struct ledger *l, const char *node_id, int delivered, int failed,
    struct err *e)
{
	struct store *s = ledger_store(l);
	int got;

	assert(ledger_writing(l));
	got = count_row(s, node_id, delivered, failed, e);
	if (!got)
		got = cri_open_in(s, node_id, e) ? -1 :
		    count_row(s, node_id, delivered, failed, e);
	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_store_corrupt,
	    "'%s' cannot have delivered, or failed, less often than never",
	    node_id);
}

int
cri_delivered_in(struct ledger *l, const char *seller_id,
    const struct params *p, struct err *e)
{
	(void)p;
	return count(l, seller_id, 1, 0, e);
}

int
cri_withdrawn_in(struct ledger *l, const char *seller_id,
    const struct params *p, struct err *e)
{
	return count(l, seller_id, -1, 0, e) ||
	    cri_struck_in(l, seller_id, p, e) ? -1 : 0;
}

int
cri_disputed_in(struct ledger *l, const char *seller_id, int by,
    const struct params *p, struct err *e)
{
	return count(l, seller_id, 0, by, e) ||
	    cri_struck_in(l, seller_id, p, e) ? -1 : 0;
}

int
cri_struck_in(struct ledger *l, const char *node_id, const struct params *p,
    struct err *e)
{
	struct node n;

	assert(ledger_writing(l));
	return node_get(ledger_store(l), node_id, &n, e) ||
	    cri_open_in(ledger_store(l), node_id, e) ||
	    cri_keep_in(l, &n, p, e) ? -1 : 0;
}

static int
add_snapshot(struct store *s, int64_t key, int64_t at_ms,
    const struct cri *c, int64_t was, struct err *e)
{
	const struct cri_facts *f = &c->facts;
	const double part[] = {
		c->base, c->tx, c->diversity, c->volume, c->age, c->buyer,
		c->genesis, c->dispute, c->concentration, c->strike,
	};
	const int64_t fact[] = {
		f->sold, f->bought, f->partners, f->most, f->volume_minor,
		f->days, f->delivered, f->failed, f->strikes,
	};
	struct query q;
	size_t i;

	query_open(&q, s, SQL_CRI_SNAPSHOT_ADD);
	query_int(&q, key);
	query_int(&q, at_ms);
	for (i = 0; i < sizeof(part) / sizeof(*part); i++)
		query_int(&q, cri_round(part[i], 100));
	if (c->decay < 1)
		query_int(&q, f->idle_days);
	else
		query_null(&q);
	for (i = 0; i < sizeof(fact) / sizeof(*fact); i++)
		query_int(&q, fact[i]);
	query_int(&q, was);
	query_int(&q, c->tenths);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
cri_keep_in(struct ledger *l, const struct node *n, const struct params *p,
    struct err *e)
{
	struct store *s = ledger_store(l);
	int64_t now_ms = ledger_now(l), key = 0;
	struct cri_record was;
	struct query q;
	struct cri c;

	if (cri_of(s, n, now_ms, p, &c, &was, e))
		return -1;
	query_open(&q, s, SQL_CRI_STORE);
	query_text(&q, n->id);
	query_int(&q, c.tenths);
	query_int(&q, now_ms);
	if (query_run(&q, &key, e) < 0)
		return -1;
	return add_snapshot(s, key, now_ms, &c, was.scored_ms ? was.tenths :
	    cri_first(n, p), e);
}
