#include "base/amount.h"
#include "escrow/count.h"
#include "escrow/impl.h"
#include "ledger/clearing.h"
#include "ledger/ledger.h"

int
escrow_count_settled_in(struct ledger *l, const struct task *t,
    struct err *e)
{
	struct query q;

	query_open(&q, ledger_store(l), SQL_ESCROW_SETTLED_ADD);
	query_text(&q, t->amount.unit->code);
	query_text(&q, t->protocol);
	query_text(&q, t->llm_provider ? t->llm_provider : "");
	return query_change(&q, e) < 0 ? -1 : 0;
}

int
escrow_traders(struct store *s, const char *escrow_id,
    struct escrow_traders *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_ESCROW_TRADERS);
	query_text(&q, escrow_id);
	got = query_row(&q, e);
	if (got > 0) {
		query_put_text(&q, 0, out->buyer_id, sizeof(out->buyer_id));
		query_put_text(&q, 1, out->seller_id,
		    sizeof(out->seller_id));
	}
	query_close(&q);
	return got;
}

void
escrow_settled_open(struct query *q, struct store *s, const char *unit)
{
	query_open(q, s, SQL_ESCROW_SETTLED_OF);
	query_text(q, unit);
}

int
escrow_settled_next(struct query *q, struct escrow_settled *out,
    struct err *e)
{
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	out->protocol = query_get_text(q, 0);
	out->provider = query_get_text(q, 1);
	out->trades = query_get_int(q, 2);
	return 1;
}

int
escrow_bought(struct store *s, const char *buyer_id, int64_t *out,
    struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ESCROW_BOUGHT_COUNT);
	query_text(&q, buyer_id);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}

int
escrow_earned(struct store *s, const char *seller_id, int64_t *out,
    struct err *e)
{
	int64_t amount;
	struct query q;
	int got;

	*out = 0;
	query_open(&q, s, SQL_ESCROW_EARNED);
	query_text(&q, seller_id);
	while ((got = query_row(&q, e)) > 0) {
		amount = query_get_int(&q, 0);
		if (__builtin_add_overflow(*out, amount -
		    clearing_tax(amount, query_get_int(&q, 1)), out)) {
			query_close(&q);
			return err_set(e, E_amount_overflow, "'%s' has earned "
			    "more than can be counted", seller_id);
		}
	}
	query_close(&q);
	return got;
}

void
escrow_hired_open(struct query *q, struct store *s, const char *seller_id)
{
	query_open(q, s, SQL_ESCROW_HIRED);
	query_text(q, seller_id);
}

int
escrow_hired_next(struct query *q, struct escrow_hired *out, struct err *e)
{
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	out->skill_id = query_get_text(q, 0);
	out->times = query_get_int(q, 1);
	return 1;
}
