/* Prices that are promised, and what there is to ask for. */
#include "base/buf.h"
#include "base/json.h"
#include "batch/batch.h"
#include "desk/market_impl.h"
#include "market/capability.h"
#include "market/quote.h"

static int
quote(struct cli *c, struct ledger *l, const struct json *in, struct buf *out,
    struct err *but, struct err *e)
{
	struct quote q;
	int64_t seconds;
	struct ask ask;

	(void)but;
	if (market_ask_read(&ask, in, e) || market_quote_in(l, &ask,
	    &c->params, &c->chance, &q, &seconds, e))
		return -1;
	market_quote_write(out, &q, seconds);
	json_close(out, '}');
	market_quote_release(&q);
	return 0;
}

int
desk_market_quote(struct cli *c, const struct desk_market *say,
    struct err *e)
{
	const struct batch batch = {
		quote, BATCH_KEYED, say->all_or_nothing, "buyer_id",
	};
	struct buf in = BUF_INIT(DESK_MARKET_RECORD);
	int rc;

	if (!c->argc && (say->buyer || say->most || say->deadline >= 0 ||
	    say->quality))
		return err_set(e, E_usage, "which capability? without one "
		    "requests come from stdin, and say all that options would");
	if (!c->argc)
		return batch_stream(c, &batch, e);
	if (!say->buyer)
		return err_set(e, E_usage, "--buyer is missing: who asks");
	json_open(&in, NULL, '{');
	json_str(&in, "buyer_id", say->buyer);
	json_str(&in, "capability", c->argv[0]);
	json_open(&in, "constraints", '{');
	json_str_if(&in, "max_price", say->most);
	if (say->deadline >= 0)
		json_int(&in, "deadline", say->deadline);
	json_str_if(&in, "quality_level", say->quality);
	json_close(&in, '}');
	rc = batch_one(c, &batch, &in, e);
	buf_release(&in);
	return rc;
}

int
desk_market_capabilities(struct cli *c, const struct desk_market *say,
    struct err *e)
{
	const struct unit *tck = unit_named("TCK");
	const struct capability *k;
	struct buf out = BUF_INIT(1024);
	int rc = 0;
	size_t i;

	(void)say;
	for (i = 0; !rc && (k = capability_at(i)) != NULL; i++) {
		json_open(&out, NULL, '{');
		json_str(&out, "capability", k->name);
		json_amount(&out, "typical_price",
		    (struct amount){ k->price_minor, tck });
		json_int(&out, "eta_seconds", k->seconds);
		json_close(&out, '}');
		rc = cli_emit_buf(c, &out, e);
	}
	buf_release(&out);
	return rc;
}
