/* What nodes were in a window: uptime, its bounds, how long answers took. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "health/report.h"
#include "ping/ping.h"

#define RECORD_MAX 16384

static void
write_shares(struct buf *out, const struct health_share *s)
{
	ask_write_us(out, "p50_ms", s->p50);
	ask_write_us(out, "p90_ms", s->p90);
	ask_write_us(out, "p95_ms", s->p95);
	ask_write_us(out, "p99_ms", s->p99);
	ask_write_us(out, "max_ms", s->max);
}

static void
write_phases(struct buf *out, const struct health_line *l)
{
	int i;

	json_open(out, "phases", '{');
	for (i = 0; i < PHASE_TOTAL; i++) {
		json_open(out, sample_phase_word((enum sample_phase)i), '{');
		write_shares(out, &l->phase[i]);
		json_close(out, '}');
	}
	json_close(out, '}');
}

/* The percentages, and what they could be if the shortest outage that can be
   missed was (spec/ops.md 3.4.7). */
static void
write_figures(struct buf *out, const struct cli *c,
    const struct health_line *l)
{
	bool degraded_up = c->params.value[PARAM_health_degraded_up] != 0;
	struct span_figures f;
	struct state_rule rule;
	char text[SPAN_TEXT];

	span_figures(&f, &l->span, degraded_up);
	span_uptime_text(&f, text);
	json_str(out, "uptime", text);
	ask_write_percent(out, "coverage", f.coverage);
	ask_write_percent(out, "worst", f.worst);
	ask_write_percent(out, "best", f.best);
	health_rule(&rule, &c->params, l->series.interval_ms);
	json_int(out, "blind_s", rule.interval_ms / 1000);
	ask_write_percent(out, "uptime_blind", span_blind(&l->span,
	    degraded_up, rule.interval_ms));
}

static enum err_code
code_of(const struct health_line *l)
{
	return l->state == STATE_DOWN ? E_node_down :
	    l->state == STATE_UNKNOWN ? E_stale_sample : ASK_WELL;
}

static int
emit(struct cli *c, const struct window *w, const struct health_line *l,
    struct buf *out, struct err *e)
{
	const struct health_series *h = &l->series;

	json_open(out, NULL, '{');
	ask_write_series(out, h);
	json_str(out, "state", state_word(l->state));
	json_time(out, "since", l->since_ms);
	json_bool(out, "suspect", state_suspect(&h->machine));
	json_bool(out, "flapping", h->machine.flapping);
	ask_write_window(out, w);
	write_figures(out, c, l);
	ask_write_span(out, &l->span);
	json_int(out, "incidents", l->incidents);
	json_int(out, "ok", l->ok);
	json_int(out, "slow", l->slow);
	json_int(out, "failed", l->failed);
	write_shares(out, &l->phase[PHASE_TOTAL]);
	if (c->verbose)
		write_phases(out, l);
	json_time_if(out, "seen_at",
	    h->machine.good_ms > 0 ? h->machine.good_ms : 0);
	json_time_if(out, "probed_at",
	    h->machine.probed_ms > 0 ? h->machine.probed_ms : 0);
	json_str_if(out, "version", *h->version ? h->version : NULL);
	json_time_if(out, "cert_expires_at", h->cert_ms);
	ask_write_verdict(out, code_of(l));
	json_close(out, '}');
	return cli_emit_buf(c, out, e);
}

/* That nothing is known of one is worse than that one is down: ops.md 1. */
static int
verdict(const struct health_line *l, size_t n, struct err *e)
{
	size_t i, down = 0, unknown = 0;
	char text[64] = "";

	for (i = 0; i < n; i++) {
		down += l[i].state == STATE_DOWN;
		unknown += l[i].state == STATE_UNKNOWN;
	}
	if (!n)
		return err_set(e, E_stale_sample, "no node was ever looked "
		    "at: 'bzn-ping sweep' does");
	if (down)
		snprintf(text, sizeof(text), "%zu of %zu %s down", down, n,
		    down == 1 ? "is" : "are");
	if (unknown)
		return err_set(e, E_stale_sample, "of %zu of %zu nothing is "
		    "known now%s%s", unknown, n, down ? ", and " : "", text);
	return down ? err_set(e, E_node_down, "%s", text) : 0;
}

static int
print(struct cli *c, const struct health_ask *ask, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct health_line *line = NULL;
	size_t i, n = 0;
	int rc = health_report(c->store, ask, &line, &n, e);

	for (i = 0; i < n && !rc; i++)
		rc = emit(c, &ask->window, &line[i], &out, e);
	if (!rc)
		rc = verdict(line, n, e);
	free(line);
	buf_release(&out);
	return rc;
}

int
ping_report(struct cli *c, const struct ask_time *time, struct err *e)
{
	struct health_calendar calendar = { 0 };
	struct ask_nodes nodes = { 0 };
	struct health_ask ask = {
		.params = &c->params, .calendar = &calendar,
		.latency = true, .phases = c->verbose,
		.wants = ask_nodes_want, .arg = &nodes,
	};
	int rc = -1;

	if (ask_what(c, time, "24h", &nodes, &ask.window, &ask.now_ms, e))
		goto out;
	if (ask.window.from_ms >= ask.now_ms) {
		err_set_(e, E_bad_time, "that has not begun yet");
		goto out;
	}
	/* What is to come is nothing that was. */
	if (ask.window.to_ms > ask.now_ms)
		ask.window.to_ms = ask.now_ms;
	if (store_snapshot(c->store, e) ||
	    health_calendar(c->store, &calendar, e))
		goto out;
	rc = print(c, &ask, e);
out:
	if (c->store)
		store_rollback(c->store);
	health_calendar_release(&calendar);
	ask_nodes_release(&nodes);
	return rc;
}
