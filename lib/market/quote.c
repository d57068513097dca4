#include <string.h>

#include "ledger/ledger.h"
#include "market/impl.h"
#include "market/quote.h"

void
market_quote_release(struct quote *q)
{
	market_skill_release(&q->skill);
	*q = (struct quote){ 0 };
}

int
market_quote(struct store *s, const char *id, const char *buyer_id,
    struct quote *out, struct err *e)
{
	struct query q;
	int got;

	*out = (struct quote){ 0 };
	query_open(&q, s, SQL_MARKET_QUOTE_GET);
	query_text(&q, id);
	query_text(&q, buyer_id);
	got = query_row(&q, e);
	if (got > 0) {
		market_skill_take(&q, &out->skill);
		query_put_text(&q, SKILL_COLUMNS, out->id, sizeof(out->id));
		query_put_text(&q, SKILL_COLUMNS + 1, out->node_id,
		    sizeof(out->node_id));
		out->made_ms = query_get_int(&q, SKILL_COLUMNS + 2);
		out->valid_ms = query_get_int(&q, SKILL_COLUMNS + 3);
		out->used_ms = query_get_int(&q, SKILL_COLUMNS + 4);
	}
	query_close(&q);
	if (!got)
		return err_set(e, E_quote_missing, "no quote '%.80s'", id);
	return got < 0 ? -1 : 0;
}

bool
market_quote_over(const struct quote *q, int64_t now_ms)
{
	return q->used_ms || now_ms >= q->valid_ms;
}

int
market_quote_use_in(struct ledger *l, const struct quote *quote,
    struct err *e)
{
	int64_t now_ms = ledger_now(l);
	struct query q;
	int got;

	if (market_quote_over(quote, now_ms))
		return err_set(e, E_quote_expired, "quote '%s' %s", quote->id,
		    quote->used_ms ? "was used before" : "has expired");
	query_open(&q, ledger_store(l), SQL_MARKET_QUOTE_USE);
	query_text(&q, quote->id);
	query_int(&q, now_ms);
	got = query_run(&q, NULL, e);
	if (!got)
		return err_set(e, E_quote_expired, "quote '%s' was used "
		    "before", quote->id);
	return got < 0 ? -1 : 0;
}

int
market_quote_take_in(struct ledger *l, const char *quote_id,
    const char *buyer_id, struct skill *out, struct err *e)
{
	struct quote quote;

	if (market_quote(ledger_store(l), quote_id, buyer_id, &quote, e))
		return -1;
	if (market_quote_use_in(l, &quote, e)) {
		market_quote_release(&quote);
		return -1;
	}
	*out = quote.skill;
	return 0;
}
