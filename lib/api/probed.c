#include "api/probed.h"

#include <stdlib.h>
#include <string.h>

#include "api/show.h"
#include "base/clock.h"
#include "base/mem.h"
#include "health/rollup.h"
#include "store/store.h"

#define LOOKS_BACK_MS (90 * CLOCK_DAY_MS)
#define MONTH_MS (30 * CLOCK_DAY_MS)

static const struct { const char *word; int64_t ms; } spans[] = {
	{ "24h", CLOCK_DAY_MS }, { "7d", 7 * CLOCK_DAY_MS },
	{ "30d", MONTH_MS },
};

/* Of the families that it was asked at, the one that is best. */
int
probed_look(struct call *c, const char *node_id, struct sighted *out,
    struct err *e)
{
	struct health_series h;
	int64_t since_ms;
	enum state s;
	int family, got;
	bool better;

	*out = (struct sighted){ .us = -1 };
	for (family = FAMILY_ANY; *node_id && family <= FAMILY_V6;
	    family++) {
		got = health_get(c->store, node_id,
		    (enum sample_family)family, &h, e);
		if (got < 0)
			return -1;
		if (!got)
			continue;
		s = health_now(&h, c->params, c->now_ms, &since_ms);
		better = !out->series.id || (!out->known &&
		    s != STATE_UNKNOWN) || (!out->up &&
		    (s == STATE_UP || s == STATE_DEGRADED));
		if (h.machine.good_ms > out->good_ms)
			out->good_ms = h.machine.good_ms;
		if (!better)
			continue;
		out->series = h;
		out->known = s != STATE_UNKNOWN;
		out->up = s == STATE_UP || s == STATE_DEGRADED;
		out->us = h.class == CLASS_NONE && out->up ? h.total_us : -1;
	}
	return 0;
}

static int
span_of(struct call *c, const struct health_calendar *calendar,
    const struct sighted *p, int64_t long_ms, struct span *span,
    struct span_figures *f, struct err *e)
{
	struct window w = { c->now_ms - long_ms, c->now_ms };

	if (w.from_ms < p->series.first_ms)
		w.from_ms = p->series.first_ms;
	if (w.to_ms <= w.from_ms)
		w.to_ms = w.from_ms + 1;
	if (health_span(c->store, &p->series, c->params, calendar, &w,
	    c->now_ms, span, e))
		return -1;
	span_figures(f, span,
	    c->params->value[PARAM_health_degraded_up] != 0);
	return 0;
}

static void
put_percent(struct call *c, const char *key, const struct span_figures *f)
{
	char text[SPAN_TEXT];

	span_uptime_text(f, text);
	if (strcmp(text, "n/a"))
		show_number(&c->out, key, f->uptime / 10, 1);
	else
		json_null(&c->out, key);
}

int
probed_uptime_write(struct call *c, const struct health_calendar *calendar,
    const struct sighted *p, const char *key, int64_t long_ms, struct err *e)
{
	struct span_figures f;
	struct span span;

	if (!p->series.id) {
		json_null(&c->out, key);
		return 0;
	}
	if (span_of(c, calendar, p, long_ms, &span, &f, e))
		return -1;
	put_percent(c, key, &f);
	return 0;
}

/* --- windows -------------------------------------------------------------- */

static int
put_window(struct call *c, const struct health_calendar *calendar,
    const struct sighted *p, size_t i, struct err *e)
{
	struct span_figures f = { SPAN_NONE, SPAN_NONE, SPAN_NONE,
	    SPAN_NONE };
	struct span span = { .maint_ms = 0 };
	int64_t up_ms;

	if (p->series.id && span_of(c, calendar, p, spans[i].ms, &span, &f,
	    e))
		return -1;
	up_ms = span.ms[STATE_UP];
	if (c->params->value[PARAM_health_degraded_up])
		up_ms += span.ms[STATE_DEGRADED];
	json_open(&c->out, spans[i].word, '{');
	put_percent(c, "uptime_pct", &f);
	json_int(&c->out, "up_seconds", up_ms / 1000);
	json_int(&c->out, "down_seconds", span.ms[STATE_DOWN] / 1000);
	json_close(&c->out, '}');
	return 0;
}

static void
put_share(struct call *c, const char *key, const struct latency *l,
    int per_10000)
{
	int64_t us = latency_percentile(l, per_10000);

	if (us < 0 || us == LATENCY_NEVER)
		json_null(&c->out, key);
	else
		show_number(&c->out, key, us / 100, 1);
}

/* Of a day: what never came is above all others, and no number. */
static int
put_latency(struct call *c, const struct sighted *p, struct err *e)
{
	struct window w = { c->now_ms - CLOCK_DAY_MS, c->now_ms + 1 };
	struct health_sum *sum = mem_zero(1, sizeof(*sum));
	const struct latency *l = &sum->phase[PHASE_TOTAL];

	if (p->series.id && health_sum(c->store, &p->series, &w, c->now_ms,
	    sum, e)) {
		free(sum);
		return -1;
	}
	json_open(&c->out, "latency_ms", '{');
	put_share(c, "p50", l, 5000);
	put_share(c, "p95", l, 9500);
	put_share(c, "p99", l, 9900);
	json_close(&c->out, '}');
	free(sum);
	return 0;
}

int
probed_windows_write(struct call *c, const struct sighted *p, struct err *e)
{
	struct health_calendar calendar = { 0 };
	size_t i;
	int rc;

	rc = health_calendar(c->store, &calendar, e);
	json_open(&c->out, "uptime", '{');
	for (i = 0; !rc && i < sizeof(spans) / sizeof(*spans); i++)
		rc = put_window(c, &calendar, p, i, e);
	json_close(&c->out, '}');
	health_calendar_release(&calendar);
	return rc || put_latency(c, p, e) ? -1 : 0;
}

/* --- downtime ------------------------------------------------------------- */

static void
put_incident(struct call *c, const struct health_incident *i)
{
	int64_t end_ms = i->ended_ms ? i->ended_ms : c->now_ms;

	json_open(&c->out, NULL, '{');
	json_time(&c->out, "start", i->began_ms);
	json_time_or_null(&c->out, "end", i->ended_ms);
	json_int(&c->out, "seconds", (end_ms - i->began_ms) / 1000);
	json_str(&c->out, "reason", i->class ? sample_class_word(i->class) :
	    "unknown");
	json_close(&c->out, '}');
}

int
probed_downtime_write(struct call *c, const struct sighted *p, struct err *e)
{
	const struct window w = { c->now_ms - LOOKS_BACK_MS, c->now_ms + 1 };
	struct health_calendar calendar = { 0 };
	struct health_incident i;
	struct query q;
	int got = 0;

	json_open(&c->out, "windows", '[');
	if (p->series.id) {
		health_incidents_open(&q, c->store, p->series.id, &w);
		while ((got = health_incidents_next(&q, &i, e)) > 0)
			put_incident(c, &i);
		query_close(&q);
	}
	json_close(&c->out, ']');
	if (got < 0 || health_calendar(c->store, &calendar, e))
		return -1;
	got = probed_uptime_write(c, &calendar, p, "sla_pct", MONTH_MS, e);
	health_calendar_release(&calendar);
	return got;
}

int
probed_count(struct call *c, int64_t n[STATE__COUNT], struct err *e)
{
	struct health_series h;
	struct query q;
	int64_t since_ms;
	int got;

	memset(n, 0, STATE__COUNT * sizeof(*n));
	health_list_open(&q, c->store);
	while ((got = health_list_next(&q, &h, e)) > 0)
		n[health_now(&h, c->params, c->now_ms, &since_ms)]++;
	query_close(&q);
	return got;
}
