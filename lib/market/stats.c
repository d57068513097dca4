#include "base/json.h"
#include "ledger/ledger.h"
#include "market/stats.h"
#include "store/store.h"

/*
 * Level 0 of market_price counts all skills together; those of level 3 that
 * cost the same.  Between, a bucket is a hundred of the next level.
 */
#define LEVELS 3
#define WIDTH 100

/* The price that stands at a place, from 1, in the order of prices. */
static int
price_at(struct store *s, const struct unit *unit, int64_t place,
    int64_t *out, struct err *e)
{
	int64_t from = 0, bucket = 0, skills;
	struct query q;
	int level, got = 0;

	for (level = 1; level <= LEVELS; level++) {
		query_open(&q, s, SQL_MARKET_PRICE_BUCKETS);
		query_text(&q, unit->code);
		query_int(&q, level);
		query_int(&q, from);
		query_int(&q, level == 1 ? INT64_MAX : from + WIDTH);
		while ((got = query_row(&q, e)) > 0) {
			bucket = query_get_int(&q, 0);
			skills = query_get_int(&q, 1);
			if (place <= skills)
				break;
			place -= skills;
		}
		query_close(&q);
		if (got < 0)
			return -1;
		if (!got)
			return err_set(e, E_store_corrupt, "the counters of "
			    "prices do not agree");
		from = bucket * WIDTH;
	}
	*out = bucket;
	return 0;
}

static int
count_all(struct store *s, struct stats *out, int64_t *sum, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_MARKET_PRICE_ALL);
	query_text(&q, out->unit->code);
	got = query_row(&q, e);
	if (got > 0) {
		out->skills = query_get_int(&q, 0);
		*sum = query_get_int(&q, 1);
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

int
stats_prices(struct store *s, const struct unit *unit, struct stats *out,
    struct err *e)
{
	int64_t sum = 0, low, high, n;

	*out = (struct stats){ .unit = unit };
	if (count_all(s, out, &sum, e))
		return -1;
	n = out->skills;
	if (!n)
		return 0;
	if (price_at(s, unit, 1, &out->least, e) ||
	    price_at(s, unit, n, &out->greatest, e) ||
	    price_at(s, unit, (n + 1) / 2, &low, e) ||
	    price_at(s, unit, n / 2 + 1, &high, e))
		return -1;
	out->median = (low + high + 1) / 2;
	out->average = sum / n + (sum % n >= n - sum % n);
	return 0;
}

int
stats_between(struct store *s, const struct unit *unit, int64_t least,
    int64_t most, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_MARKET_PRICE_BETWEEN);
	query_text(&q, unit->code);
	query_int(&q, least);
	query_int(&q, most);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}

void
stats_write(struct buf *b, const struct stats *st)
{
	if (!st->skills)
		return;
	json_amount(b, "min", (struct amount){ st->least, st->unit });
	json_amount(b, "max", (struct amount){ st->greatest, st->unit });
	json_amount(b, "average", (struct amount){ st->average, st->unit });
	json_amount(b, "median", (struct amount){ st->median, st->unit });
}

/* Two digits are enough of an estimate, and keep counters few. */
static int64_t
coarse(int64_t seconds)
{
	int64_t unit = 1;

	while (seconds / unit >= 100)
		unit *= 10;
	return seconds / unit * unit;
}

int
stats_delivered_in(struct ledger *l, const char *skill_id, int64_t took_ms,
    struct err *e)
{
	struct query q;

	query_open(&q, ledger_store(l), SQL_MARKET_TOOK_ADD);
	query_text(&q, skill_id);
	query_int(&q, coarse(took_ms > 0 ? (took_ms + 999) / 1000 : 0));
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
stats_took(struct store *s, const char *skill_id, int64_t *seconds,
    struct err *e)
{
	int64_t all = 0, seen = 0;
	struct query q;
	int got;

	*seconds = -1;
	query_open(&q, s, SQL_MARKET_TOOK_ALL);
	query_text(&q, skill_id);
	if (query_run(&q, &all, e) < 0)
		return -1;
	if (!all)
		return 0;
	query_open(&q, s, SQL_MARKET_TOOK);
	query_text(&q, skill_id);
	while ((got = query_row(&q, e)) > 0) {
		*seconds = query_get_int(&q, 0);
		seen += query_get_int(&q, 1);
		if (seen >= (all + 1) / 2)
			break;
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

int
stats_failed_in(struct ledger *l, const char *skill_id, int by,
    struct err *e)
{
	struct query q;
	int got;

	query_open(&q, ledger_store(l), by > 0 ? SQL_MARKET_FAILED_ADD :
	    SQL_MARKET_FAILED_TAKE);
	query_text(&q, skill_id);
	got = query_change(&q, e);
	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_store_corrupt,
	    "no delivery of skill '%s' has failed", skill_id);
}

int
stats_skill(struct store *s, const char *skill_id, struct stats_skill *out,
    struct err *e)
{
	struct query q;

	*out = (struct stats_skill){ 0 };
	query_open(&q, s, SQL_MARKET_TOOK_ALL);
	query_text(&q, skill_id);
	if (query_run(&q, &out->delivered, e) < 0)
		return -1;
	query_open(&q, s, SQL_MARKET_FAILED);
	query_text(&q, skill_id);
	return query_run(&q, &out->failed, e) < 0 ? -1 : 0;
}
