/* When nodes were down: windows, and how much of each was down. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "ping/impl.h"

#define RECORD_MAX 8192

int
ping_series(struct store *s, int64_t id, struct health_series *out,
    struct err *e)
{
	int got = health_by_row(s, id, out, e);

	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_store_corrupt,
	    "an incident is of a series that is not there");
}

/* Of it, what lies within the window and was down. */
int
ping_incident_down(const struct ping_past *p, const struct health_series *h,
    const struct health_incident *i, const struct window *w,
    struct span *out, struct err *e)
{
	struct window of = { i->began_ms, i->ended_ms ? i->ended_ms :
	    p->now_ms };

	if (w && of.from_ms < w->from_ms)
		of.from_ms = w->from_ms;
	if (w && of.to_ms > w->to_ms)
		of.to_ms = w->to_ms;
	*out = (struct span){ .maint_ms = 0 };
	return of.to_ms <= of.from_ms ? 0 : health_span(p->store, h,
	    p->params, &p->calendar, &of, p->now_ms, out, e);
}

void
ping_incident_write(struct buf *out, const struct health_series *h,
    const struct health_incident *i, const struct span *s)
{
	json_str(out, "incident_id", i->id);
	ask_write_series(out, h);
	json_str(out, "state", i->ended_ms ? "over" : "open");
	json_time(out, "began_at", i->began_ms);
	json_time(out, "decided_at", i->decided_ms);
	json_str_if(out, "class", sample_class_word(i->class));
	if (i->good_ms > 0)
		json_time(out, "last_good_at", i->good_ms);
	json_time_if(out, "ended_at", i->ended_ms);
	json_time_if(out, "ended_decided_at", i->ended_decided_ms);
	ask_write_span(out, s);
}

int
ping_past_open(struct ping_past *p, struct cli *c, struct err *e)
{
	*p = (struct ping_past){ .params = &c->params, .now_ms = cli_now(c) };
	if (cli_store_read(c, e))
		return -1;
	p->store = c->store;
	return store_snapshot(c->store, e) ||
	    health_calendar(c->store, &p->calendar, e) ? -1 : 0;
}

void
ping_past_close(struct ping_past *p)
{
	if (p->store)
		store_rollback(p->store);
	health_calendar_release(&p->calendar);
}

/* All that are asked for, before anything else is asked of the store. */
static int
read_all(const struct ping_past *p, const struct window *w, bool open,
    struct health_incident **out, size_t *n, struct err *e)
{
	struct health_incident one;
	struct query q;
	int got;

	*out = NULL;
	*n = 0;
	health_incidents_open(&q, p->store, 0, w);
	while ((got = health_incidents_next(&q, &one, e)) > 0) {
		if (open && one.ended_ms)
			continue;
		if (!(*n & (*n - 1)))
			*out = mem_grow(*out, *n ? 2 * *n : 1, sizeof(**out));
		(*out)[(*n)++] = one;
	}
	return got;
}

static int
emit(struct cli *c, const struct ping_past *p, struct ask_nodes *nodes,
    const struct health_incident *i, const struct window *w, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct health_series h;
	struct span s;

	if (ping_series(p->store, i->series, &h, e))
		return -1;
	if (!ask_nodes_want(nodes, &h))
		return 0;
	if (ping_incident_down(p, &h, i, w, &s, e))
		return -1;
	json_open(&out, NULL, '{');
	ping_incident_write(&out, &h, i, &s);
	return cli_emit_object(c, &out, e);
}

int
ping_incidents(struct cli *c, const struct ping_incidents *say, struct err *e)
{
	struct window w = { INT64_MIN / 2, INT64_MAX / 2 };
	struct health_incident *all = NULL;
	struct ask_nodes nodes = { 0 };
	struct ping_past p = { 0 };
	bool timed = say->time.span || say->time.day || say->time.week ||
	    say->time.month || say->time.quarter || say->time.zone;
	int64_t now_ms;
	size_t i, n = 0;
	int rc = -1;

	if ((timed || !say->open ? ask_what(c, &say->time, "30d", &nodes, &w,
	    &now_ms, e) : ask_nodes(c, &nodes, e)) ||
	    ping_past_open(&p, c, e) ||
	    read_all(&p, &w, say->open, &all, &n, e))
		goto out;
	rc = 0;
	for (i = 0; i < n && !rc; i++)
		rc = emit(c, &p, &nodes, &all[i], &w, e);
out:
	free(all);
	ask_nodes_release(&nodes);
	ping_past_close(&p);
	return rc;
}
