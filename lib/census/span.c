/* A period: what came in it, and what of it day by day. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "census/census.h"
#include "census/impl.h"
#include "store/store.h"

#define TOP 10

struct span {
	int64_t from_ms;
	int64_t tasks, completed, gmv, settled, refunded, disputed;
	int64_t buyers, sellers;
	int64_t nodes_new, sandbox, sandbox_new, skills_new, first_trades;
	int64_t sandbox_trades, signups, linked;
	int64_t tax;
};

/* What there is now, and what came in the period.  E_bad_time: no such word. */
static int
take(struct store *s, const char *period, const struct params *params,
    int64_t now_ms, struct census *c, struct span *p, struct err *e)
{
	int64_t *const trades[] = {
		&p->tasks, &p->completed, &p->gmv, &p->settled,
		&p->refunded, &p->disputed, &p->buyers, &p->sellers,
	};
	int64_t *const others[] = {
		&p->nodes_new, &p->sandbox, &p->sandbox_new, &p->skills_new,
		&p->first_trades, &p->sandbox_trades, &p->signups,
		&p->linked,
	};
	struct query q;

	*p = (struct span){ 0 };
	if (!census_period(period, now_ms, &p->from_ms))
		return err_set(e, E_bad_time, "no period '%.20s'", period);
	if (census_take(s, params, now_ms, c, e))
		return -1;
	query_open(&q, s, SQL_CENSUS_SPAN);
	query_text(&q, "TCK");
	query_int(&q, p->from_ms);
	if (census_row(&q, trades, sizeof(trades) / sizeof(*trades), e))
		return -1;
	query_open(&q, s, SQL_CENSUS_SPAN_OTHERS);
	query_int(&q, p->from_ms);
	return census_row(&q, others, sizeof(others) / sizeof(*others), e) ||
	    census_tax(s, p->from_ms, &p->tax, e) ? -1 : 0;
}

int
census_stats_write(struct buf *out, struct store *s, const char *period,
    const struct params *params, int64_t now_ms, struct err *e)
{
	struct census c;
	struct span p;

	if (take(s, period, params, now_ms, &c, &p, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "period", period);
	json_open(out, "metrics", '{');
	json_int(out, "total_nodes", c.nodes);
	json_int(out, "active_skills", c.skills_offered);
	json_int(out, "tasks_processed", p.tasks);
	census_tck(out, "transaction_volume", p.gmv);
	census_tck(out, "genesis_vault", p.tax);
	json_close(out, '}');
	json_time(out, "timestamp", now_ms);
	json_close(out, '}');
	return 0;
}

/* A word of the tasks of a period, with how often it was: {} or []. */
static int
put_words(struct buf *out, struct store *s, const char *key,
    const char *which, int64_t from_ms, struct err *e)
{
	bool list = !strcmp(which, "label");
	struct query q;
	int got;

	query_open(&q, s, SQL_CENSUS_WORDS);
	query_text(&q, "TCK");
	query_int(&q, from_ms);
	query_text(&q, which);
	query_int(&q, list ? TOP : 100);
	json_open(out, key, list ? '[' : '{');
	while ((got = query_row(&q, e)) > 0) {
		if (!list) {
			json_int(out, query_get_text(&q, 0),
			    query_get_int(&q, 1));
			continue;
		}
		json_open(out, NULL, '{');
		json_str(out, "label", query_get_text(&q, 0));
		json_int(out, "tasks", query_get_int(&q, 1));
		census_tck(out, "gmv_tck", query_get_int(&q, 2));
		json_close(out, '}');
	}
	json_close(out, list ? ']' : '}');
	query_close(&q);
	return got;
}

static int
put_scores(struct buf *out, struct store *s, struct err *e)
{
	int64_t n, sum, least, most, good, middle, low;
	int64_t *const to[] = {
		&n, &sum, &least, &most, &good, &middle, &low,
	};
	struct query q;

	n = sum = least = most = good = middle = low = 0;
	query_open(&q, s, SQL_CENSUS_SCORES);
	if (census_row(&q, to, sizeof(to) / sizeof(*to), e))
		return -1;
	json_open(out, "cri", '{');
	json_int(out, "nodes", n);
	census_tenths(out, "average", n ? (sum * 2 + n) / (n * 2) : 0);
	census_tenths(out, "least", least);
	census_tenths(out, "greatest", most);
	json_int(out, "good", good);
	json_int(out, "middle", middle);
	json_int(out, "low", low);
	json_close(out, '}');
	return 0;
}

int
census_days(struct store *s, int64_t from_ms, int64_t now_ms,
    struct census_day *out, struct err *e)
{
	int64_t least = now_ms / CLOCK_DAY_MS - CENSUS_DAYS + 1;
	struct query q;
	int got, n = 0;

	if (from_ms < least * CLOCK_DAY_MS)
		from_ms = least * CLOCK_DAY_MS;
	query_open(&q, s, SQL_CENSUS_DAYS);
	query_int(&q, from_ms);
	while ((got = query_row(&q, e)) > 0) {
		if (n == CENSUS_DAYS)
			continue;
		out[n++] = (struct census_day){
			query_get_int(&q, 0), query_get_int(&q, 1),
			query_get_int(&q, 2), query_get_int(&q, 3),
			query_get_int(&q, 4), query_get_int(&q, 5),
			query_get_int(&q, 6),
		};
	}
	query_close(&q);
	return got < 0 ? -1 : n;
}

static int
put_days(struct buf *out, struct store *s, int64_t from_ms, int64_t now_ms,
    struct err *e)
{
	struct census_day day[CENSUS_DAYS];
	int i, n = census_days(s, from_ms, now_ms, day, e);
	char text[CLOCK_TEXT];

	json_open(out, "daily_trend", '[');
	for (i = 0; i < n; i++) {
		clock_text(day[i].day * CLOCK_DAY_MS, text);
		json_open(out, NULL, '{');
		json_strn(out, "date", text, 10);
		json_int(out, "nodes_new", day[i].joined);
		json_int(out, "tasks_created", day[i].bought);
		json_int(out, "settled", day[i].settled);
		json_int(out, "refunded", day[i].refunded);
		json_int(out, "disputed", day[i].disputed);
		census_tck(out, "gmv_tck", day[i].minor);
		json_close(out, '}');
	}
	json_close(out, ']');
	return n < 0 ? -1 : 0;
}

static void
put_nodes(struct buf *out, const struct census *c, const struct span *p)
{
	json_open(out, "nodes", '{');
	json_int(out, "total", c->nodes);
	json_int(out, "new", p->nodes_new);
	json_int(out, "sandbox_total", p->sandbox);
	json_int(out, "sandbox_new", p->sandbox_new);
	json_int(out, "active_buyers", p->buyers);
	json_int(out, "active_sellers", p->sellers);
	json_open(out, "by_country", '[');	/* no address is kept */
	json_close(out, ']');
	json_close(out, '}');
}

static int
put_tasks(struct buf *out, struct store *s, const struct span *p,
    struct err *e)
{
	json_open(out, "tasks", '{');
	json_int(out, "created", p->tasks);
	json_int(out, "completed", p->completed);
	census_tenths(out, "completion_rate", census_share(
	    p->completed < p->tasks ? p->completed : p->tasks, p->tasks));
	if (put_words(out, s, "by_protocol", "protocol", p->from_ms, e) ||
	    put_words(out, s, "by_provider", "provider", p->from_ms, e) ||
	    put_words(out, s, "top_skills", "label", p->from_ms, e))
		return -1;
	json_close(out, '}');
	return 0;
}

static void
put_economy(struct buf *out, const struct census *c, const struct span *p)
{
	json_open(out, "economy", '{');
	census_tck(out, "gmv_tck", p->gmv);
	census_tck(out, "tax_collected_tck", p->tax);
	census_tck(out, "vault_balance_tck", c->vault);
	json_int(out, "settled", p->settled);
	json_int(out, "refunded", p->refunded);
	json_int(out, "disputed", p->disputed);
	census_tenths(out, "settle_rate",
	    census_share(p->settled, p->settled + p->refunded));
	json_close(out, '}');
	json_open(out, "skills", '{');
	json_int(out, "total", c->skills);
	json_int(out, "published_in_period", p->skills_new);
	json_close(out, '}');
	json_open(out, "genesis", '{');
	json_int(out, "filled", c->genesis);
	json_int(out, "total_slots", c->genesis_max);
	census_tenths(out, "fill_rate",
	    census_share(c->genesis, c->genesis_max));
	json_close(out, '}');
	json_open(out, "funnel", '{');
	json_int(out, "signups", p->signups);
	json_int(out, "signups_linked", p->linked);
	json_int(out, "sandbox_trades", p->sandbox_trades);
	json_int(out, "registrations", p->nodes_new);
	json_int(out, "first_trades", p->first_trades);
	json_close(out, '}');
}

int
census_analytics_write(struct buf *out, struct store *s, const char *period,
    const struct params *params, int64_t now_ms, struct err *e)
{
	struct census c;
	struct span p;

	if (take(s, period, params, now_ms, &c, &p, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "period", period);
	json_open(out, "range", '{');
	json_time(out, "start", p.from_ms ? p.from_ms : c.first_ms);
	json_time(out, "end", now_ms);
	json_close(out, '}');
	put_nodes(out, &c, &p);
	if (put_tasks(out, s, &p, e))
		return -1;
	put_economy(out, &c, &p);
	if (put_scores(out, s, e) || put_days(out, s, p.from_ms,
	    now_ms, e))
		return -1;
	json_close(out, '}');
	return 0;
}
