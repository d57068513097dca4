/* What is on offer. */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "desk/market_impl.h"
#include "desk/total.h"
#include "market/stats.h"

static int
print(struct cli *c, const struct listing *k, struct err *e)
{
	struct buf out = BUF_INIT(DESK_MARKET_RECORD);
	int rc = market_listing_write(&out, k, e);

	json_close(&out, '}');
	if (!rc)
		rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

static int
read_price(const char *given, int64_t *out, struct err *e)
{
	struct amount a = { 0, unit_named("TCK") };

	if (given && amount_parse(&a, given, e))
		return -1;
	*out = a.minor;
	return 0;
}

static int
print_total(struct cli *c, const struct market_filter *f, struct err *e)
{
	int64_t total;

	return market_total(c->store, f, &total, e) ||
	    desk_total(c, total, f->limit, f->offset, e) ? -1 : 0;
}

static int
print_list(struct cli *c, const struct market_filter *f, struct err *e)
{
	struct market_list skills;
	struct listing k;
	int got;

	market_list_open(&skills, c->store, f);
	while ((got = market_list_next(&skills, &k, e)) > 0) {
		if (print(c, &k, e))
			got = -1;
		market_listing_release(&k);
		if (got < 0)
			break;
	}
	market_list_close(&skills);
	return got;
}

int
desk_market_list(struct cli *c, const struct desk_market *say, struct err *e)
{
	struct market_filter f = {
		.params = &c->params, .now_ms = cli_now(c),
		.text = say->text, .category = say->category,
		.node_id = say->provider, .offset = say->offset,
	};

	if (say->limit >= 0 && (!say->limit || say->limit > MARKET_LIMIT))
		return err_set(e, E_usage, "--limit: 1 to %d", MARKET_LIMIT);
	f.limit = say->limit < 0 ? 0 : say->limit;
	if (say->realm && !market_realm_named(say->realm, &f.realm))
		return err_set(e, E_usage, "--realm: production, sandbox or "
		    "all");
	if (say->sort && !market_order_named(say->sort, &f.order))
		return err_set(e, E_usage, "--sort: newest, price or score");
	if (say->least_score &&
	    amount_digits(say->least_score, 1, &f.tenths, e))
		return err_wrap(e, "--min-cri");
	if (read_price(say->least, &f.least, e) ||
	    read_price(say->most, &f.most, e) || cli_store(c, e))
		return -1;
	if (say->most && !f.most)
		f.most = -1;		/* nothing is free; 0 asks for all */
	return say->total ? print_total(c, &f, e) : print_list(c, &f, e);
}

int
desk_market_stats(struct cli *c, const struct desk_market *say,
    struct err *e)
{
	enum market_realm realm = MARKET_PRODUCTION;
	struct buf out = BUF_INIT(1024);
	struct stats st;
	int rc = -1;

	if (say->realm && (!market_realm_named(say->realm, &realm) ||
	    realm == MARKET_ALL))
		return err_set(e, E_usage, "--realm: production or sandbox");
	if (cli_store(c, e) || store_snapshot(c->store, e) ||
	    stats_prices(c->store, unit_named(market_realm_unit(realm)), &st,
	    e))
		return -1;
	json_open(&out, NULL, '{');
	json_str(&out, "unit", st.unit->code);
	json_int(&out, "skills", st.skills);
	stats_write(&out, &st);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

int
desk_market_show(struct cli *c, const struct desk_market *say, struct err *e)
{
	struct listing k;
	char **id;
	int rc = 0;

	(void)say;
	if (cli_store(c, e))
		return -1;
	for (id = c->argv; *id && !rc; id++) {
		if (market_listing(c->store, *id, &c->params, &k, e))
			return -1;
		rc = print(c, &k, e);
		market_listing_release(&k);
	}
	return rc;
}
