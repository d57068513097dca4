/* Maintenance: windows that are made, ended, and cut out of figures. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "health/impl.h"
#include "ledger/ledger.h"
#include "ledger/make.h"
#include "uptime/zone.h"

#define WEEK_MS (7 * CLOCK_DAY_MS)
#define DATA_MAX 1024
#define TURNS 64			/* to look for an end */

static int
check(const struct health_maint *m, struct err *e)
{
	if (zone_check(m->zone, e))
		return -1;
	if (m->weekday < 0 && m->to_ms <= m->from_ms)
		return err_set(e, E_bad_time, "maintenance would end before "
		    "it begins");
	if (m->weekday >= 0 && (m->length_ms <= 0 || m->length_ms > WEEK_MS))
		return err_set(e, E_bad_time, "weekly maintenance lasts from "
		    "a moment to seven days");
	return 0;
}

/* --- in the log ----------------------------------------------------------- */

static int
post(struct ledger *l, const char *type, const char *id, const char *ref,
    struct buf *data, int64_t *seq, struct err *e)
{
	struct ledger_known known;
	int rc = -1;

	json_close(data, '}');
	if (!ledger_event_in(l, type, id, ref, data->data, e) &&
	    ledger_find_in(l, id, &known, e) > 0) {
		*seq = known.seq;
		rc = 0;
	}
	buf_release(data);
	return rc;
}

static int
announce(struct ledger *l, struct health_maint *m, struct err *e)
{
	char id[LEAF_ID], hash[HASH_HEX];
	struct buf data = BUF_INIT(DATA_MAX);
	struct hash h;

	hash_of(&h, m->reason, strlen(m->reason));
	hash_hex(hash, &h);
	json_open(&data, NULL, '{');
	json_int(&data, "from_ms", m->from_ms);
	if (m->weekday >= 0)
		json_int(&data, "length_ms", m->length_ms);
	json_str(&data, "maintenance", m->id);
	if (m->weekday >= 0)
		json_int(&data, "minute", m->minute);
	json_str(&data, "node", *m->node_id ? m->node_id : "all");
	json_str(&data, "reason_sha256", hash);
	if (m->to_ms)
		json_int(&data, "to_ms", m->to_ms);
	if (m->weekday >= 0) {
		json_int(&data, "weekday", m->weekday);
		json_str(&data, "zone", m->zone);
	}
	snprintf(id, sizeof(id), "maint:%s", m->id);
	return post(l, "health.maintenance", id, m->id, &data, &m->seq, e);
}

static int
post_end(struct ledger *l, const char *maint_id, int64_t now_ms,
    int64_t *seq, struct err *e)
{
	struct buf data = BUF_INIT(DATA_MAX);
	char id[LEAF_ID];

	json_open(&data, NULL, '{');
	json_int(&data, "ended_ms", now_ms);
	json_str(&data, "maintenance", maint_id);
	ledger_next_id(l, "maint-end:", maint_id, id);
	return post(l, "health.maintenance_end", id, maint_id, &data, seq, e);
}

/* --- as rows -------------------------------------------------------------- */

int
health_maint_add_in(struct ledger *l, struct health_maint *m, int64_t now_ms,
    struct chance *chance, struct err *e)
{
	struct query q;

	assert(ledger_writing(l));
	if (check(m, e))
		return -1;
	m->made_ms = now_ms;
	m->end_seq = -1;
	id_new(m->id, now_ms, chance);
	if (announce(l, m, e))
		return -1;
	query_open(&q, ledger_store(l), SQL_HEALTH_MAINT_ADD);
	query_text(&q, m->id);
	query_text(&q, *m->node_id ? m->node_id : NULL);
	query_int(&q, m->from_ms);
	if (m->to_ms)
		query_int(&q, m->to_ms);
	else
		query_null(&q);
	if (m->weekday < 0) {
		query_null(&q);
		query_null(&q);
		query_null(&q);
	} else {
		query_int(&q, m->weekday);
		query_int(&q, m->minute);
		query_int(&q, m->length_ms);
	}
	query_text(&q, m->zone);
	query_text(&q, m->reason);
	query_int(&q, m->made_ms);
	query_int(&q, m->seq);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
health_maint_end_in(struct ledger *l, const char *id, int64_t now_ms,
    struct err *e)
{
	struct query q;
	int64_t seq;
	int changed;

	assert(ledger_writing(l));
	if (post_end(l, id, now_ms, &seq, e))
		return -1;
	query_open(&q, ledger_store(l), SQL_HEALTH_MAINT_END);
	query_text(&q, id);
	query_int(&q, now_ms);
	query_int(&q, seq);
	changed = query_change(&q, e);
	return changed < 0 ? -1 : changed ? 0 : err_set(e, E_no_maintenance,
	    "there is no maintenance '%.80s' that could be ended", id);
}

static void
take(const struct query *q, struct health_maint *m)
{
	*m = (struct health_maint){ .weekday = -1 };
	query_put_text(q, 0, m->id, sizeof(m->id));
	query_put_text(q, 1, m->node_id, sizeof(m->node_id));
	m->from_ms = query_get_int(q, 2);
	m->to_ms = query_get_int(q, 3);
	if (!query_get_null(q, 4)) {
		m->weekday = (int)query_get_int(q, 4);
		m->minute = (int)query_get_int(q, 5);
		m->length_ms = query_get_int(q, 6);
	}
	query_put_text(q, 7, m->zone, sizeof(m->zone));
	query_put_text(q, 8, m->reason, sizeof(m->reason));
	m->made_ms = query_get_int(q, 9);
	m->seq = query_get_int(q, 10);
	m->end_seq = query_get_null(q, 11) ? -1 : query_get_int(q, 11);
}

void
health_maint_open(struct query *q, struct store *s, int64_t after_ms)
{
	query_open(q, s, SQL_HEALTH_MAINT_LIST);
	query_int(q, after_ms);
}

int
health_maint_next(struct query *q, struct health_maint *out, struct err *e)
{
	int got = query_row(q, e);

	if (got > 0)
		take(q, out);
	return got;
}

/* --- windows -------------------------------------------------------------- */

int
health_calendar(struct store *s, struct health_calendar *out, struct err *e)
{
	struct query q;
	int got;

	*out = (struct health_calendar){ 0 };
	health_maint_open(&q, s, INT64_MIN);
	for (;;) {
		out->maint = mem_grow(out->maint, out->n + 1,
		    sizeof(*out->maint));
		got = health_maint_next(&q, &out->maint[out->n], e);
		if (got <= 0)
			break;
		out->n++;
	}
	query_close(&q);
	if (got < 0)
		health_calendar_release(out);
	return got;
}

void
health_calendar_release(struct health_calendar *c)
{
	free(c->maint);
	*c = (struct health_calendar){ 0 };
}

static void
add(struct health_cut **out, size_t *n, const struct health_maint *m,
    int64_t from_ms, int64_t to_ms)
{
	*out = mem_grow(*out, *n + 1, sizeof(**out));
	(*out)[(*n)++] = (struct health_cut){ m, { from_ms, to_ms } };
}

/* From the last that began before the end of w, back to its beginning. */
static int
add_weeks(const struct health_maint *m, const struct window *w,
    struct health_cut **out, size_t *n, struct err *e)
{
	int64_t end = m->to_ms ? m->to_ms : INT64_MAX;
	int64_t at = (w->to_ms < end ? w->to_ms : end) - 1;
	struct window one;

	for (; at >= m->from_ms && at >= w->from_ms; at = one.from_ms - 1) {
		if (zone_weekly(m->zone, m->weekday, m->minute, m->length_ms,
		    at, &one, e))
			return -1;
		if (one.to_ms > end)
			one.to_ms = end;
		if (one.from_ms >= m->from_ms && one.to_ms > w->from_ms)
			add(out, n, m, one.from_ms, one.to_ms);
	}
	return 0;
}

static int
compare_cuts(const void *a, const void *b)
{
	const struct health_cut *x = a, *y = b;

	return x->window.from_ms != y->window.from_ms ?
	    (x->window.from_ms < y->window.from_ms ? -1 : 1) :
	    strcmp(x->maint->id, y->maint->id);
}

int
health_calendar_cuts(const struct health_calendar *c, const char *node_id,
    const struct window *w, struct health_cut **out, size_t *n, struct err *e)
{
	const struct health_maint *m;
	size_t i;

	*out = NULL;
	*n = 0;
	for (i = 0; i < c->n; i++) {
		m = &c->maint[i];
		if (*m->node_id && strcmp(m->node_id, node_id))
			continue;
		if (m->weekday < 0) {
			if (m->from_ms < w->to_ms && m->to_ms > w->from_ms)
				add(out, n, m, m->from_ms, m->to_ms);
		} else if (add_weeks(m, w, out, n, e)) {
			free(*out);
			*out = NULL;
			return -1;
		}
	}
	if (*n)
		qsort(*out, *n, sizeof(**out), compare_cuts);
	return 0;
}

bool
health_calendar_knows(const struct health_calendar *c, const char *node_id)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (!strcmp(c->maint[i].node_id, node_id))
			return true;
	return false;
}

int
health_calendar_windows(const struct health_calendar *c, const char *node_id,
    const struct window *w, struct window **out, size_t *n, struct err *e)
{
	struct health_cut *cut;
	size_t i;

	*out = NULL;
	if (health_calendar_cuts(c, node_id, w, &cut, n, e))
		return -1;
	if (*n)
		*out = mem_grow(NULL, *n, sizeof(**out));
	for (i = 0; i < *n; i++)
		(*out)[i] = cut[i].window;
	free(cut);
	*n = *n ? span_merge(*out, *n) : 0;
	return 0;
}

/* Where one window goes on from another, all of them are one. */
int
health_in_maint(const struct health_calendar *c, const char *node_id,
    int64_t at_ms, int64_t *until_ms, struct err *e)
{
	struct window *w, in = { at_ms, at_ms + 1 };
	size_t n, turns;

	for (turns = 0; c->n && turns < TURNS; turns++) {
		if (health_calendar_windows(c, node_id, &in, &w, &n, e))
			return -1;
		if (!n)
			return 0;
		*until_ms = w->to_ms;
		free(w);
		if (*until_ms < in.to_ms)
			return 1;
		in.to_ms = *until_ms + 1;
	}
	return c->n > 0;
}
