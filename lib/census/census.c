/* Counts, and the record of metrics. */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "census/census.h"
#include "census/impl.h"
#include "escrow/escrow.h"
#include "hook/hook.h"
#include "ledger/history.h"
#include "settle/settle.h"
#include "store/store.h"

#define OVERDUE_MOST 1000

bool
census_period(const char *word, int64_t now_ms, int64_t *from_ms)
{
	static const struct {
		const char *word;
		int days;
	} words[] = {
		{ "24h", 1 }, { "7d", 7 }, { "30d", 30 }, { "quarter", 90 },
		{ "year", 365 },
	};
	size_t i;

	if (!strcmp(word, "today"))
		*from_ms = now_ms - now_ms % CLOCK_DAY_MS;
	else if (!strcmp(word, "all"))
		*from_ms = 0;
	else
		*from_ms = -1;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(word, words[i].word))
			*from_ms = now_ms - words[i].days * CLOCK_DAY_MS;
	return *from_ms >= 0;
}

int64_t
census_share(int64_t part, int64_t whole)
{
	return whole ? (part * 2000 + whole) / (whole * 2) : 0;
}

static int
count_due(struct store *s, enum escrow_due which, int64_t by_ms,
    int64_t *out, struct err *e)
{
	static const char none[ID_TEXT];
	char id[100][ID_TEXT], after[ID_TEXT];
	int64_t after_ms = INT64_MIN;
	int got = 0;

	memcpy(after, none, sizeof(after));
	*out = 0;
	while (*out < OVERDUE_MOST && (got = escrow_due(s, which, by_ms,
	    &after_ms, after, 100, id, e)) > 0)
		*out += got;
	return got < 0 ? -1 : 0;
}

int
census_overdue(struct store *s, const struct params *p, int64_t now_ms,
    int64_t *settle, int64_t *refund, struct err *e)
{
	int64_t by_ms = now_ms - p->value[PARAM_reconcile_grace];

	return count_due(s, DUE_SETTLE, by_ms, settle, e) ||
	    count_due(s, DUE_REFUND, by_ms, refund, e) ? -1 : 0;
}

/* Newest first, so that it ends where the time does. */
int
census_tax(struct store *s, int64_t from_ms, int64_t *minor, struct err *e)
{
	const struct history_range range = { 0, INT64_MAX, 0, true };
	struct history_line line;
	struct account vault;
	struct history *h;
	int got = ledger_account_of(s, "VAULT", "TCK", &vault, e);

	*minor = 0;
	if (got <= 0)
		return got;
	if (history_open(&h, s, &vault, &range, e))
		return -1;
	while ((got = history_next(h, &line, e)) > 0 &&
	    line.entry->at_ms >= from_ms)
		if (line.entry->type &&
		    !strcmp(line.entry->type, "PROTOCOL_TAX"))
			*minor += line.minor;
	history_close(h);
	return got < 0 ? -1 : 0;
}

static int
count_trades(struct store *s, int64_t now_ms, struct census *c,
    struct err *e)
{
	int64_t *const to[] = {
		&c->tasks, &c->tasks_today, &c->tasks_7d, &c->tasks_30d,
		&c->settled, &c->refunded, &c->disputed, &c->gmv,
		&c->gmv_7d, &c->gmv_30d, &c->pending, &c->awaiting,
		&c->in_dispute,
	};
	struct query q;

	query_open(&q, s, SQL_CENSUS_TRADES);
	query_text(&q, "TCK");
	query_int(&q, now_ms - now_ms % CLOCK_DAY_MS);
	query_int(&q, now_ms - 7 * CLOCK_DAY_MS);
	query_int(&q, now_ms - 30 * CLOCK_DAY_MS);
	return census_row(&q, to, sizeof(to) / sizeof(*to), e);
}

static int
count_others(struct store *s, struct census *c, struct err *e)
{
	int64_t *const to[] = {
		&c->nodes, &c->nodes_active, &c->genesis, &c->skills,
		&c->skills_offered, &c->bounties, &c->awarded,
		&c->bounties_open, &c->auto_disputes, &c->parked,
	};
	struct query q;

	query_open(&q, s, SQL_CENSUS_OTHERS);
	query_text(&q, "production");
	query_text(&q, "TCK");
	return census_row(&q, to, sizeof(to) / sizeof(*to), e);
}

static int
count_one(struct query *q, int64_t *out, struct err *e)
{
	return query_run(q, out, e) < 0 ? -1 : 0;
}

/* The one row of a count. */
int
census_row(struct query *q, int64_t *const *to, size_t n, struct err *e)
{
	int got = query_row(q, e);
	size_t i;

	for (i = 0; got > 0 && i < n; i++)
		*to[i] = query_get_int(q, (int)i);
	query_close(q);
	return got < 0 ? -1 : 0;
}

int
census_take(struct store *s, const struct params *p, int64_t now_ms,
    struct census *c, struct err *e)
{
	struct hook_stats hooks;
	struct account vault = { .balance = { 0 } };
	struct query q;

	*c = (struct census){ .genesis_max = p->value[PARAM_genesis_max] };
	if (count_trades(s, now_ms, c, e) || count_others(s, c, e) ||
	    census_overdue(s, p, now_ms, &c->overdue_settle,
	    &c->overdue_refund, e) ||
	    settle_stale(s, p, now_ms, &c->stale, e) ||
	    hook_stats(s, &hooks, e) ||
	    ledger_account_of(s, "VAULT", "TCK", &vault, e) < 0)
		return -1;
	c->hooks_pending = hooks.pending;
	c->hooks_exhausted = hooks.exhausted;
	c->vault = vault.balance.minor;
	query_open(&q, s, SQL_CENSUS_ACTIVE);
	query_text(&q, "TCK");
	query_int(&q, now_ms - 7 * CLOCK_DAY_MS);
	if (count_one(&q, &c->active_7d, e))
		return -1;
	query_open(&q, s, SQL_CENSUS_FIRST);
	query_text(&q, "production");
	return count_one(&q, &c->first_ms, e);
}

void
census_tck(struct buf *out, const char *key, int64_t minor)
{
	json_amount(out, key, (struct amount){ minor, unit_named("TCK") });
}

/* 12.5 of 125: in percent, or points of a score. */
void
census_tenths(struct buf *out, const char *key, int64_t tenths)
{
	json_raw(out, key, "", 0);
	buf_addf(out, "%lld.%d", (long long)(tenths / 10),
	    (int)(tenths % 10));
}

void
census_write(struct buf *out, const struct census *c, int64_t now_ms)
{
	json_open(out, NULL, '{');
	json_open(out, "tasks", '{');
	json_int(out, "total", c->tasks);
	json_int(out, "today", c->tasks_today);
	json_int(out, "last_7_days", c->tasks_7d);
	json_int(out, "last_30_days", c->tasks_30d);
	json_close(out, '}');
	json_open(out, "settlements", '{');
	json_int(out, "total_settled", c->settled);
	json_int(out, "total_refunded", c->refunded);
	json_int(out, "total_disputed", c->disputed);
	census_tenths(out, "settle_rate_pct",
	    census_share(c->settled, c->settled + c->refunded));
	census_tenths(out, "dispute_rate_pct", census_share(c->disputed,
	    c->settled + c->refunded + c->pending + c->awaiting +
	    c->in_dispute));
	json_int(out, "auto_disputes", c->auto_disputes);
	json_close(out, '}');
	json_open(out, "gmv", '{');
	census_tck(out, "total_tck_transacted", c->gmv);
	census_tck(out, "last_7_days_tck", c->gmv_7d);
	census_tck(out, "last_30_days_tck", c->gmv_30d);
	census_tck(out, "vault_balance", c->vault);
	json_close(out, '}');
	json_open(out, "nodes", '{');
	json_int(out, "total_registered", c->nodes);
	json_int(out, "active_last_7_days", c->active_7d);
	json_int(out, "genesis_filled", c->genesis);
	json_int(out, "genesis_total", c->genesis_max);
	json_close(out, '}');
	json_open(out, "skills", '{');
	json_int(out, "total_published", c->skills);
	json_int(out, "offered", c->skills_offered);
	json_close(out, '}');
	json_open(out, "bounties", '{');
	json_int(out, "total_created", c->bounties);
	json_int(out, "total_awarded", c->awarded);
	json_int(out, "open", c->bounties_open);
	json_close(out, '}');
	json_open(out, "operations", '{');
	json_int(out, "overdue_settlements", c->overdue_settle);
	json_int(out, "overdue_refunds", c->overdue_refund);
	json_bool(out, "stale_alert", c->stale > 0);
	json_int(out, "stale", c->stale);
	json_int(out, "parked", c->parked);
	json_int(out, "webhooks_pending", c->hooks_pending);
	json_int(out, "webhooks_exhausted", c->hooks_exhausted);
	json_close(out, '}');
	json_time(out, "generated_at", now_ms);
}
