#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "ledger/read.h"
#include "node/node.h"
#include "node/purse.h"

int
purse_get(struct store *s, const char *node_id, const struct unit *unit,
    int64_t now_ms, struct purse *out, struct err *e)
{
	struct query q;
	int got;

	*out = (struct purse){ 0 };
	query_open(&q, s, SQL_NODE_PURSE_GET);
	query_text(&q, node_id);
	query_text(&q, unit->code);
	got = query_row(&q, e);
	if (got > 0) {
		out->open_minor = query_get_int(&q, 0);
		if (query_get_int(&q, 1) == now_ms / CLOCK_DAY_MS)
			out->day_minor = query_get_int(&q, 2);
		out->spent_minor = query_get_int(&q, 3);
		out->sales = query_get_int(&q, 4);
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

int
purse_balance(struct store *s, const struct node *n, struct amount *out,
    struct err *e)
{
	struct account a;
	int got;

	*out = (struct amount){ 0, node_unit(n) };
	got = ledger_account_of(s, n->id, out->unit->code, &a, e);
	if (got > 0)
		out->minor = a.balance.minor;
	return got < 0 ? -1 : 0;
}

/* Begin a change of one row. */
static void
change(struct query *q, struct ledger *l, enum sql which,
    const char *node_id, const struct unit *unit)
{
	assert(ledger_writing(l));
	query_open(q, ledger_store(l), which);
	query_text(q, node_id);
	query_text(q, unit->code);
}

/* The row has to be there afterwards. */
static int
changed(struct query *q, const char *node_id, struct err *e)
{
	int got = query_change(q, e);

	return got > 0 ? 0 : got ? -1 : err_set(e, E_store_corrupt,
	    "'%.80s' has nothing out that could be closed", node_id);
}

int
purse_lock_in(struct ledger *l, const char *node_id, struct amount a,
    struct err *e)
{
	struct query q;

	change(&q, l, SQL_NODE_PURSE_LOCK, node_id, a.unit);
	query_int(&q, a.minor);
	query_int(&q, ledger_now(l) / CLOCK_DAY_MS);
	return changed(&q, node_id, e);
}

int
purse_close_in(struct ledger *l, const char *node_id, struct amount a,
    bool came_back, struct err *e)
{
	struct query q;

	change(&q, l, SQL_NODE_PURSE_CLOSE, node_id, a.unit);
	query_int(&q, a.minor);
	query_int(&q, came_back ? a.minor : 0);
	return changed(&q, node_id, e);
}

int
purse_fee_in(struct ledger *l, const char *node_id, struct amount a,
    struct err *e)
{
	struct query q;

	change(&q, l, SQL_NODE_PURSE_FEE, node_id, a.unit);
	query_int(&q, a.minor);
	return changed(&q, node_id, e);
}

int
purse_sale_in(struct ledger *l, const char *node_id, const struct unit *unit,
    int by, struct err *e)
{
	struct query q;

	assert(by == 1 || by == -1);
	change(&q, l, by > 0 ? SQL_NODE_PURSE_SALE : SQL_NODE_PURSE_SOLD,
	    node_id, unit);
	return changed(&q, node_id, e);
}

int
purse_idle(struct store *s, const char *node_id, const char *unit,
    int64_t now_ms, struct err *e)
{
	const struct unit *u = unit_named(unit);
	struct purse p;

	if (!u)			/* nothing is traded in it */
		return 0;
	if (purse_get(s, node_id, u, now_ms, &p, e))
		return -1;
	return !p.open_minor && !p.sales ? 0 : err_set(e,
	    E_account_not_empty, "'%.100s' has open escrows or bounties",
	    node_id);
}

int64_t
purse_resets_ms(int64_t now_ms)
{
	return (now_ms / CLOCK_DAY_MS + 1) * CLOCK_DAY_MS;
}
