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
int_or_null(struct query *q, int64_t value)
{
	if (value)
		query_int(q, value);
	else
		query_null(q);
}

/* One row for both, whoever sells; how often they have traded before. */
static int
add_pair(struct store *s, const struct cri_trade *t, int64_t *before,
    struct err *e)
{
	bool low = strcmp(t->seller_id, t->buyer_id) < 0;
	struct query q;

	if (cri_times(s, t->seller_id, t->buyer_id, before, e) < 0)
		return -1;
	query_open(&q, s, SQL_CRI_PAIR_ADD);
	query_text(&q, low ? t->seller_id : t->buyer_id);
	query_text(&q, low ? t->buyer_id : t->seller_id);
	query_int(&q, low);
	query_int(&q, !low);
	query_int(&q, t->amount.minor);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

/* The row of a node, which has one afterwards. */
static int
row_of(struct store *s, const char *node_id, struct cri_row *out,
    struct err *e)
{
	if (cri_row(s, node_id, out, e))
		return -1;
	return out->number ? 0 : cri_open_in(s, node_id, e) ||
	    cri_row(s, node_id, out, e) ? -1 : 0;
}

/* One side of a trade; the most with one partner only ever grows. */
static int
add_trade(struct ledger *l, const struct cri_trade *t, const struct node *n,
    bool sale, int64_t before, const struct params *p, struct err *e)
{
	struct cri_facts *f;
	struct cri_row row;

	if (row_of(ledger_store(l), n->id, &row, e))
		return -1;
	f = &row.facts;
	f->sold += sale;
	f->bought += !sale;
	f->partners += !before;
	if (f->most < before + 1)
		f->most = before + 1;
	if (__builtin_add_overflow(f->volume_minor, t->amount.minor,
	    &f->volume_minor))
		return err_set(e, E_amount_overflow,
		    "'%s' has traded more than can be counted", n->id);
	if (sale && !in_sandbox(n) && !row.record.first_ms)
		row.record.first_ms = ledger_now(l);
	row.record.last_ms = ledger_now(l);
	return cri_write_in(l, &row, n, p, e);
}

/* Badges first: both are scored with theirs. */
int
cri_settled_in(struct ledger *l, const struct cri_trade *t,
    const struct params *p, struct err *e)
{
	struct store *s = ledger_store(l);
	struct node seller, buyer;
	int64_t before;

	assert(ledger_writing(l));
	return node_get(s, t->seller_id, &seller, e) ||
	    node_get(s, t->buyer_id, &buyer, e) ||
	    add_pair(s, t, &before, e) ||
	    cri_genesis_wait_in(l, &seller, e) ||
	    cri_genesis_in(l, &seller, &buyer, p, e) ||
	    add_trade(l, t, &seller, true, before, p, e) ||
	    add_trade(l, t, &buyer, false, before, p, e) ? -1 : 0;
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
	return query_change(&q, e);
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
	    cri_keep_in(l, &n, p, e) ? -1 : 0;
}

static int
add_snapshot(struct store *s, const struct cri_row *row, int64_t at_ms,
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
	int_or_null(&q, row->snapshot);
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
cri_write_in(struct ledger *l, const struct cri_row *row,
    const struct node *n, const struct params *p, struct err *e)
{
	const struct cri_record *was = &row->record;
	const struct cri_facts *f = &row->facts;
	int64_t now_ms = ledger_now(l);
	struct store *s = ledger_store(l);
	struct query q;
	struct cri c;

	cri_of(row, n, now_ms, p, &c);
	if (add_snapshot(s, row, now_ms, &c, was->scored_ms ? was->tenths :
	    cri_first(n, p), e))
		return -1;
	query_open(&q, s, SQL_CRI_WRITE);
	query_int(&q, row->number);
	query_int(&q, f->sold);
	query_int(&q, f->bought);
	query_int(&q, f->partners);
	query_int(&q, f->most);
	query_int(&q, f->volume_minor);
	int_or_null(&q, was->first_ms);
	int_or_null(&q, was->last_ms);
	query_int(&q, c.tenths);
	query_int(&q, now_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
cri_keep_in(struct ledger *l, const struct node *n, const struct params *p,
    struct err *e)
{
	struct cri_row row;

	return row_of(ledger_store(l), n->id, &row, e) ||
	    cri_write_in(l, &row, n, p, e) ? -1 : 0;
}
