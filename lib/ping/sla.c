/*
 * Was a promise of uptime kept?  The share of the window that may be down is
 * floored to the millisecond; what is not known can make it kept or not, and
 * if that decides, there is no answer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "evidence/issue.h"
#include "health/report.h"
#include "ping/impl.h"

#define RECORD_MAX (4 << 20)
#define WHOLE INT64_C(1000000)	/* 100 %, in steps of 0.0001 */

struct asking {
	struct cli *cli;
	struct ping_past past;
	struct window window;
	const char *text;
	int64_t target;			/* of WHOLE */
	size_t missed, open, n;
};

/* What incidents were, within the window. */
struct sum { int64_t n, down_ms, longest_ms; };

/* "99.9": up to four digits behind the point, at most 100. */
static int
read_target(const char *text, int64_t *out, struct err *e)
{
	const char *p = text;
	int64_t v = 0;
	int decimals = 0;

	for (; *p >= '0' && *p <= '9' && v <= 1000; p++)
		v = v * 10 + *p - '0';
	if (p > text && *p == '.' && p[1])
		for (p++; *p >= '0' && *p <= '9' && decimals < 4; p++) {
			v = v * 10 + *p - '0';
			decimals++;
		}
	for (; decimals < 4; decimals++)
		v *= 10;
	if (p == text || *p || v > WHOLE)
		return err_set(e, E_usage, "--target: '%.40s' is not a "
		    "percentage such as 99.9, with up to four decimals",
		    text);
	*out = v;
	return 0;
}

static int64_t
floor_s(int64_t ms)
{
	return ms >= 0 ? ms / 1000 : -((999 - ms) / 1000);
}

static void
put_ms(struct buf *out, const char *ms_key, const char *s_key, int64_t ms)
{
	json_int(out, ms_key, ms);
	json_int(out, s_key, floor_s(ms));
}

static int
sum_incidents(const struct asking *a, const struct health_series *h,
    struct sum *out, struct err *e)
{
	struct health_incident i;
	struct query q;
	struct span s;
	int got;

	*out = (struct sum){ 0 };
	health_incidents_open(&q, a->past.store, h->id, &a->window);
	while ((got = health_incidents_next(&q, &i, e)) > 0) {
		if (ping_incident_down(&a->past, h, &i, &a->window, &s, e)) {
			got = -1;
			break;
		}
		out->n++;
		out->down_ms += s.ms[STATE_DOWN];
		if (s.ms[STATE_DOWN] > out->longest_ms)
			out->longest_ms = s.ms[STATE_DOWN];
	}
	query_close(&q);
	return got;
}

/* What was left out, why, and which entries of the log say so. */
static int
write_exclusions(struct buf *out, const struct asking *a,
    const struct health_series *h, int64_t *last_seq, struct err *e)
{
	const struct window *w = &a->window;
	const struct health_maint *m;
	struct health_cut *cut;
	size_t i, n;

	if (health_calendar_cuts(&a->past.calendar, h->node_id, w, &cut, &n,
	    e))
		return -1;
	json_open(out, "exclusions", '[');
	for (i = 0; i < n; i++) {
		struct window of = cut[i].window;

		m = cut[i].maint;
		if (of.from_ms < w->from_ms)
			of.from_ms = w->from_ms;
		if (of.to_ms > w->to_ms)
			of.to_ms = w->to_ms;
		if (m->seq > *last_seq)
			*last_seq = m->seq;
		if (m->end_seq > *last_seq)
			*last_seq = m->end_seq;
		json_open(out, NULL, '{');
		json_str(out, "maintenance_id", m->id);
		ask_write_window(out, &of);
		json_str(out, "reason", m->reason);
		json_time(out, "announced_at", m->made_ms);
		json_int(out, "seq", m->seq);
		if (m->end_seq >= 0)
			json_int(out, "end_seq", m->end_seq);
		json_close(out, '}');
	}
	json_close(out, ']');
	free(cut);
	return 0;
}

/* The changes that say it all, and the checkpoint that holds them and what
   was left out. */
static int
write_evidence(struct buf *out, const struct asking *a,
    const struct health_series *h, int64_t seq, struct err *e)
{
	struct issue_known known;
	struct health_change c;
	int64_t n = 0;
	struct query q;
	int got;

	health_changes_open(&q, a->past.store, h->id, a->window.from_ms);
	while ((got = health_changes_next(&q, &c, e)) > 0 &&
	    c.change.effective_ms < a->window.to_ms) {
		n++;
		seq = c.seq > seq ? c.seq : seq;
	}
	query_close(&q);
	if (got < 0)
		return -1;
	json_int(out, "changes", n);
	if (seq < 0)
		return 0;
	json_int(out, "last_seq", seq);
	got = issue_covering(a->past.store, seq, &known, e);
	if (got <= 0)
		return got;
	json_open(out, "checkpoint", '{');
	json_int(out, "size", known.size);
	json_time(out, "at", known.at_ms);
	json_str(out, "root", known.root);
	json_close(out, '}');
	return 0;
}

static void
write_figures(struct buf *out, const struct span *s, bool degraded_up)
{
	struct span_figures f;
	char text[SPAN_TEXT];

	span_figures(&f, s, degraded_up);
	span_uptime_text(&f, text);
	json_str(out, "uptime", text);
	ask_write_percent(out, "coverage", f.coverage);
	ask_write_percent(out, "worst", f.worst);
	ask_write_percent(out, "best", f.best);
}

static void
write_sum(struct buf *out, const struct sum *i, int64_t up_ms)
{
	json_int(out, "incidents", i->n);
	json_int(out, "longest_s", floor_s(i->longest_ms));
	if (!i->n)
		return;
	json_int(out, "mttr_s", i->down_ms / i->n / 1000);
	json_int(out, "mtbf_s", up_ms / i->n / 1000);
}

static int
emit(struct asking *a, const struct health_line *l, struct err *e)
{
	bool degraded_up = a->past.params->value[PARAM_health_degraded_up];
	const struct span *s = &l->span;
	int64_t unknown = s->ms[STATE_UNKNOWN];
	int64_t all = span_length(s) - s->maint_ms;
	int64_t used = s->ms[STATE_DOWN] + (degraded_up ? 0 :
	    s->ms[STATE_DEGRADED]);
	int64_t allowed = all * (WHOLE - a->target) / WHOLE;
	bool missed = used > allowed, met = used + unknown <= allowed;
	struct buf out = BUF_INIT(RECORD_MAX);
	int64_t last_seq = -1;
	struct sum sum;

	if (sum_incidents(a, &l->series, &sum, e))
		return -1;
	a->missed += missed;
	a->open += !missed && !met;
	json_open(&out, NULL, '{');
	ask_write_series(&out, &l->series);
	ask_write_window(&out, &a->window);
	json_str(&out, "target", a->text);
	json_str(&out, "verdict", missed ? "missed" : met ? "met" : "open");
	put_ms(&out, "allowed_ms", "allowed_s", allowed);
	put_ms(&out, "used_ms", "used_s", used);
	put_ms(&out, "left_ms", "left_s", allowed - used);
	write_figures(&out, s, degraded_up);
	ask_write_span(&out, s);
	write_sum(&out, &sum, all - unknown - used);
	if (write_exclusions(&out, a, &l->series, &last_seq, e) ||
	    write_evidence(&out, a, &l->series, last_seq, e)) {
		buf_release(&out);
		return -1;
	}
	ask_write_verdict(&out, missed ? E_sla_missed : met ? ASK_WELL :
	    E_stale_sample);
	return cli_emit_object(a->cli, &out, e);
}

static int
verdict(const struct asking *a, struct err *e)
{
	char text[128] = "";

	if (!a->n)
		return err_set(e, E_stale_sample, "no node was ever looked "
		    "at: 'bzn-ping sweep' does");
	if (a->missed)
		snprintf(text, sizeof(text), "%zu of %zu missed %s %%",
		    a->missed, a->n, a->text);
	if (a->open)
		return err_set(e, E_stale_sample, "of %zu of %zu it depends "
		    "on what is not known, or not yet%s%s", a->open, a->n,
		    a->missed ? "; " : "", text);
	return a->missed ? err_set(e, E_sla_missed, "%s", text) : 0;
}

static int
tell(struct asking *a, struct ask_nodes *nodes, struct err *e)
{
	const struct health_ask ask = {
		.params = a->past.params, .calendar = &a->past.calendar,
		.window = a->window, .now_ms = a->past.now_ms,
		.wants = ask_nodes_want, .arg = nodes,
	};
	struct health_line *line;
	size_t i;
	int rc = 0;

	if (health_report(a->past.store, &ask, &line, &a->n, e))
		return -1;
	for (i = 0; i < a->n && !rc; i++)
		rc = emit(a, &line[i], e);
	free(line);
	return rc ? rc : verdict(a, e);
}

int
ping_sla(struct cli *c, const struct ping_sla *say, struct err *e)
{
	struct asking a = { .cli = c, .text = say->target };
	struct ask_nodes nodes = { 0 };
	int64_t now_ms;
	int rc = -1;

	if (!say->target)
		return err_set(e, E_usage, "what was promised?  Say "
		    "--target 99.9");
	if (read_target(say->target, &a.target, e))
		return -1;
	if (ask_what(c, &say->time, "30d", &nodes, &a.window, &now_ms, e) ||
	    ping_past_open(&a.past, c, e))
		goto out;
	rc = a.window.from_ms >= now_ms ? err_set(e, E_bad_time,
	    "that has not begun yet") : tell(&a, &nodes, e);
out:
	ask_nodes_release(&nodes);
	ping_past_close(&a.past);
	return rc;
}
