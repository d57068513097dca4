/*
 * What waits for a person (spec/vmp.md 11.2): work that is not taken up or
 * does not end, timers that nobody served, what a sweep has given up, and
 * disputes that nobody resolves.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "settle/impl.h"

#define FINDING_MAX 8192

struct check {
	struct store *store;
	const struct params *params;
	int64_t now_ms;
	settle_record *told;
	void *arg;
	struct buf record;
	bool found;
};

static void
finding(struct check *c, const char *word)
{
	buf_reset(&c->record);
	json_open(&c->record, NULL, '{');
	json_str(&c->record, "finding", word);
}

static int
report(struct check *c, int64_t since_ms, struct err *e)
{
	c->found = true;
	json_time(&c->record, "since", since_ms);
	json_close(&c->record, '}');
	return c->told(c->arg, &c->record, e);
}

static int
check_tasks(struct check *c, struct err *e)
{
	struct query q;
	bool open;
	int got, rc = 0;

	query_open(&q, c->store, SQL_SETTLE_OPEN_LONG);
	query_int(&q, c->now_ms);
	query_int(&q, c->now_ms - c->params->value[PARAM_check_open]);
	query_int(&q, c->now_ms - c->params->value[PARAM_check_in_progress]);
	while (!rc && (got = query_row(&q, e)) > 0) {
		open = !strcmp(query_get_text(&q, 2), "OPEN");
		finding(c, open ? "task_open" : "task_in_progress");
		json_str(&c->record, "task_id", query_get_text(&q, 0));
		json_str(&c->record, "escrow_id", query_get_text(&q, 1));
		rc = report(c, query_get_int(&q, open ? 3 : 4), e);
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

/* What should have been done some time ago; what is parked is told of below. */
static int
check_phase(struct check *c, enum settle_phase phase, struct err *e)
{
	int64_t by_ms = c->now_ms - c->params->value[PARAM_reconcile_grace];
	struct place at = PLACE_FIRST;
	struct settle_failure f;
	char word[32], id[1][NODE_ID];
	int got;

	snprintf(word, sizeof(word), "%s_overdue", settle_phase_word(phase));
	while ((got = phase_due(phase, c->store, by_ms, &at, 1, id, e)) > 0) {
		got = failure_get(c->store, id[0], &f, e);
		if (got < 0)
			break;
		if (got && f.parked_ms)
			continue;
		finding(c, word);
		json_str(&c->record, "id", id[0]);
		got = report(c, at.ms, e);
		if (got)
			break;
	}
	return got ? -1 : 0;
}

static int
check_parked(struct check *c, struct err *e)
{
	struct settle_failure f;
	struct query q;
	int got, rc = 0;

	settle_failures_open(&q, c->store);
	while (!rc && (got = settle_failures_next(&q, &f, e)) > 0) {
		if (!f.parked_ms)
			continue;
		finding(c, "parked");
		settle_failure_write(&c->record, &f);
		rc = report(c, f.parked_ms, e);
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

static int
check_disputes(struct check *c, struct err *e)
{
	struct query q;
	int got, rc = 0;

	query_open(&q, c->store, SQL_SETTLE_DISPUTE_STALE);
	query_int(&q, c->now_ms - c->params->value[PARAM_dispute_stale]);
	while (!rc && (got = query_row(&q, e)) > 0) {
		finding(c, "dispute_stale");
		json_str(&c->record, "escrow_id", query_get_text(&q, 0));
		rc = report(c, query_get_int(&q, 1), e);
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

int
settle_check(struct store *store, const struct params *p, int64_t now_ms,
    settle_record *told, void *arg, struct err *e)
{
	struct check c = {
		.store = store, .params = p, .now_ms = now_ms, .told = told,
		.arg = arg, .record = BUF_INIT(FINDING_MAX),
	};
	enum settle_phase phase;
	int rc;

	if (store_snapshot(store, e))
		return -1;
	rc = check_tasks(&c, e);
	for (phase = SETTLE_PAY; phase <= SETTLE_BOUNTY && !rc; phase++)
		rc = check_phase(&c, phase, e);
	if (!rc)
		rc = check_parked(&c, e) || check_disputes(&c, e) ? -1 : 0;
	store_rollback(store);
	buf_release(&c.record);
	return rc ? -1 : !c.found;
}

int
settle_stale(struct store *store, const struct params *p, int64_t now_ms,
    int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, store, SQL_SETTLE_STALE);
	query_int(&q, now_ms - p->value[PARAM_stale_after]);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}

int
settle_swept(struct store *s, int64_t *ms, struct err *e)
{
	return store_number(s, SETTLE_SWEPT, ms, e);
}
