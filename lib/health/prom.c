#include <inttypes.h>
#include <string.h>

#include "alert/alert.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "health/health.h"
#include "health/prom.h"
#include "store/store.h"

#define FAMILY_TEXT_MAX ((size_t)64 << 20)

/* Those of nodes; lines of one stand together, so each has its own text. */
enum of_node { INFO, UP, STATE, PROBE, UPTIME, COVERAGE, FAILURES, OPEN,
    OF_NODE };

static const struct family {
	const char *name, *type, *help;
	bool brief;
} families[] = {
	[INFO] = { "bzn_node_info", "gauge", "Name and endpoint of a node.",
	    false },
	[UP] = { "bzn_node_up", "gauge",
	    "1 up or degraded, 0 down; none if that is not known.", true },
	[STATE] = { "bzn_node_state", "gauge",
	    "0 unknown, 1 up, 2 degraded, 3 down.", false },
	[PROBE] = { "bzn_probe_seconds", "gauge",
	    "What the last probe took, by phase; none if it failed.", false },
	[UPTIME] = { "bzn_uptime_ratio", "gauge",
	    "Of the time that is known, rounded down; none if less than half "
	    "is.", false },
	[COVERAGE] = { "bzn_coverage_ratio", "gauge",
	    "Time that is known, of all but maintenance.", false },
	[FAILURES] = { "bzn_probe_failures_total", "counter",
	    "Probes that failed, confirmations among them.", false },
	[OPEN] = { "bzn_incident_open", "gauge",
	    "1 while an incident goes on.", true },
};

static const struct { const char *word; int64_t ms; } spans[] = {
	{ "24h", CLOCK_DAY_MS }, { "7d", 7 * CLOCK_DAY_MS },
	{ "30d", 30 * CLOCK_DAY_MS },
};

#define SPANS (sizeof(spans) / sizeof(*spans))

struct prom {
	struct buf text[OF_NODE];
	struct store *store;
	const struct params *params;
	struct health_calendar calendar;
	bool brief;
	int64_t now_ms;
};

/* --- text ----------------------------------------------------------------- */

static void
put_label(struct buf *out, const char *name, const char *value)
{
	size_t left = strlen(value), n;

	buf_addf(out, ",%s=\"", name);
	for (; left; value += n, left -= n) {
		n = utf8_len(value, left);
		if (*value == '\\' || *value == '"')
			buf_addf(out, "\\%c", *value);
		else if (*value == '\n')
			buf_adds(out, "\\n");
		else if (n)
			buf_add(out, value, n);
		else
			buf_adds(out, "\xef\xbf\xbd");
		n += !n;
	}
	buf_addc(out, '"');
}

/* The name and the labels that all have; the caller closes them. */
static struct buf *
begin(struct prom *p, enum of_node which, const struct health_series *h)
{
	struct buf *out = &p->text[which];

	buf_addf(out, "%s{node=\"%s\",family=\"%s\"", families[which].name,
	    h->node_id, sample_family_word(h->family));
	return out;
}

static void
put(struct prom *p, enum of_node which, const struct health_series *h,
    int64_t value)
{
	buf_addf(begin(p, which, h), "} %" PRId64 "\n", value);
}

static void
put_head(struct buf *out, const char *name, const char *type,
    const char *help)
{
	buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
put_seconds(struct buf *out, const char *name, const char *help, int64_t ms)
{
	put_head(out, name, "gauge", help);
	buf_addf(out, "%s %" PRId64 ".%03d\n", name, ms / 1000,
	    (int)(ms % 1000));
}

/* --- of nodes ------------------------------------------------------------- */

static int
put_phases(struct prom *p, const struct health_series *h, struct err *e)
{
	struct query q;
	int64_t us;
	int got, i;

	query_open(&q, p->store, SQL_HEALTH_SAMPLE_LAST);
	query_int(&q, h->id);
	got = query_row(&q, e);
	for (i = 0; got > 0 && i < PHASE__COUNT; i++) {
		if (query_get_int(&q, 0) == FOUND_FAILED ||
		    query_get_null(&q, 1 + i))
			continue;
		us = query_get_int(&q, 1 + i);
		buf_addf(begin(p, PROBE, h), ",phase=\"%s\"} %" PRId64
		    ".%06d\n", sample_phase_word((enum sample_phase)i),
		    us / 1000000, (int)(us % 1000000));
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

static int
put_failures(struct prom *p, const struct health_series *h, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, p->store, SQL_HEALTH_FAILURE_LIST);
	query_int(&q, h->id);
	while ((got = query_row(&q, e)) > 0)
		buf_addf(begin(p, FAILURES, h), ",class=\"%s\"} %" PRId64
		    "\n", sample_class_word((enum sample_class)
		    query_get_int(&q, 0)), query_get_int(&q, 1));
	query_close(&q);
	return got;
}

static void
put_ratio(struct prom *p, enum of_node which, const struct health_series *h,
    size_t span, int hundredths)
{
	if (hundredths != SPAN_NONE)
		buf_addf(begin(p, which, h), ",window=\"%s\"} %d.%04d\n",
		    spans[span].word, hundredths / 10000,
		    hundredths % 10000);
}

static int
put_spans(struct prom *p, const struct health_series *h, struct err *e)
{
	struct window w[SPANS];
	struct span span[SPANS];
	struct span_figures f;
	char text[SPAN_TEXT];
	size_t i;

	for (i = 0; i < SPANS; i++)
		w[i] = (struct window){ p->now_ms - spans[i].ms, p->now_ms };
	if (health_spans(p->store, h, p->params, &p->calendar, w, SPANS,
	    p->now_ms, span, e))
		return -1;
	for (i = 0; i < SPANS; i++) {
		span_figures(&f, &span[i],
		    p->params->value[PARAM_health_degraded_up] != 0);
		span_uptime_text(&f, text);
		put_ratio(p, UPTIME, h, i, strcmp(text, "n/a") ? f.uptime :
		    SPAN_NONE);
		put_ratio(p, COVERAGE, h, i, f.coverage);
	}
	return 0;
}

static int
put_node(struct prom *p, const struct health_series *h, struct err *e)
{
	struct health_incident incident;
	int64_t since_ms;
	enum state s = health_now(h, p->params, p->now_ms, &since_ms);
	int open = health_incident_open(p->store, h->id, &incident, e);
	struct buf *out;

	if (open < 0)
		return -1;
	if (s != STATE_UNKNOWN)
		put(p, UP, h, s != STATE_DOWN);
	put(p, OPEN, h, open);
	if (p->brief)
		return 0;
	out = begin(p, INFO, h);
	put_label(out, "name", h->name);
	put_label(out, "url", h->url);
	buf_adds(out, "} 1\n");
	put(p, STATE, h, (int64_t)s);
	return put_phases(p, h, e) || put_spans(p, h, e) ||
	    put_failures(p, h, e) ? -1 : 0;
}

static int
put_nodes(struct prom *p, struct err *e)
{
	struct health_series h;
	struct query q;
	int got;

	health_list_open(&q, p->store);
	while ((got = health_list_next(&q, &h, e)) > 0)
		if (put_node(p, &h, e)) {
			got = -1;
			break;
		}
	query_close(&q);
	return got;
}

/* --- all ------------------------------------------------------------------ */

static int
put_others(struct buf *out, struct store *s, struct err *e)
{
	struct alert_stats alerts;
	struct health_swept w;
	int got = health_sweep_last(s, &w, e);

	if (got < 0 || alert_stats(s, &alerts, e))
		return -1;
	put_head(out, "bzn_alert_pending", "gauge",
	    "Alerts that wait for delivery.");
	buf_addf(out, "bzn_alert_pending %" PRId64 "\n", alerts.pending);
	if (!got)
		return 0;
	put_seconds(out, "bzn_sweep_end_seconds",
	    "When the last sweep ended, since 1970.", w.ended_ms);
	put_seconds(out, "bzn_sweep_duration_seconds",
	    "How long the last sweep took.", w.ended_ms - w.began_ms);
	return 0;
}

int
health_prom(struct buf *out, struct store *s, const struct params *params,
    bool brief, int64_t now_ms, struct err *e)
{
	struct prom p = { .store = s, .params = params, .brief = brief,
	    .now_ms = now_ms };
	int i, rc = -1;

	for (i = 0; i < OF_NODE; i++)
		p.text[i] = (struct buf)BUF_INIT(FAMILY_TEXT_MAX);
	if (health_calendar(s, &p.calendar, e) || put_nodes(&p, e))
		goto out;
	for (i = 0; i < OF_NODE; i++) {
		if (brief && !families[i].brief)
			continue;
		put_head(out, families[i].name, families[i].type,
		    families[i].help);
		buf_add(out, p.text[i].data, p.text[i].len);
		out->full = out->full || p.text[i].full;
	}
	rc = put_others(out, s, e);
	if (!rc && out->full)
		rc = err_set(e, E_too_long, "metrics of so many nodes are "
		    "over %zu bytes", out->max);
out:
	for (i = 0; i < OF_NODE; i++)
		buf_release(&p.text[i]);
	health_calendar_release(&p.calendar);
	return rc;
}
