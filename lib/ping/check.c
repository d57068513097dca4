#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "ping/ask.h"
#include "ping/check.h"
#include "ping/status.h"

#define RECORD_MAX 8192
#define NAGIOS_MAX 8192
#define TIMEOUT_S 10
#define TIMEOUT_MOST_S 3600

struct checking {
	struct cli *c;
	const struct ping_check *say;
	int64_t now_ms, max_age_ms, window_ms;	/* max_age_ms -1: none */
	const char *window;
	struct nagios *nagios;			/* or NULL */
};

/*
 * A sweep may come in while we look, or the clock be set back: what is ahead
 * of us is as far off as what is behind.
 */
static int64_t
age(int64_t now_ms, int64_t then_ms)
{
	return now_ms < then_ms ? then_ms - now_ms : now_ms - then_ms;
}

/* --- one series ----------------------------------------------------------- */

static int
look(const struct checking *k, const struct health_calendar *calendar,
    const struct health_series *h, struct checked *out, struct err *e)
{
	const struct params *p = &k->c->params;
	struct window w = { k->now_ms - k->window_ms, k->now_ms };
	struct window moment = { k->now_ms, k->now_ms + 1 }, *maint;
	struct span span;
	size_t n;

	*out = (struct checked){ .series = *h, .age_ms = -1, .us = -1 };
	if (health_calendar_windows(calendar, h->node_id, &moment, &maint, &n,
	    e))
		return -1;
	free(maint);
	if (health_span(k->c->store, h, p, calendar, &w, k->now_ms, &span, e))
		return -1;
	span_figures(&out->figures, &span,
	    p->value[PARAM_health_degraded_up] != 0);
	out->maint = n > 0;
	out->state = health_now(h, p, k->now_ms, &out->since_ms);
	if (h->machine.probed_ms >= 0)
		out->age_ms = age(k->now_ms, h->machine.probed_ms);
	if (k->max_age_ms >= 0)
		out->stale = out->age_ms < 0 || out->age_ms > k->max_age_ms;
	else
		out->stale = out->age_ms < 0 ||
		    (out->state == STATE_UNKNOWN &&
		    h->machine.state != STATE_UNKNOWN);
	if (h->class == CLASS_NONE && !out->stale)
		out->us = h->total_us;
	return health_shift(k->c->store, h, k->now_ms, &out->shift, e);
}

/* --- records -------------------------------------------------------------- */

/* Nobody knows how it is: stale, or not decided yet. */
static bool
is_unknown(const struct checked *c)
{
	return c->stale || c->state == STATE_UNKNOWN;
}

static void
put_code(struct buf *out, enum err_code code)
{
	json_bool(out, "ok", code == ASK_WELL);
	ask_write_verdict(out, code);
}

static int
print(const struct checking *k, const struct checked *c, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	const struct health_series *h = &c->series;
	char text[SPAN_TEXT];

	json_open(&out, NULL, '{');
	json_str(&out, "node_id", h->node_id);
	json_str(&out, "name", h->name);
	json_str(&out, "family", sample_family_word(h->family));
	json_str(&out, "url", h->url);
	json_str(&out, "state", state_word(c->state));
	json_time(&out, "since", c->since_ms);
	json_bool(&out, "suspect", state_suspect(&h->machine));
	json_bool(&out, "flapping", h->machine.flapping);
	json_bool(&out, "maintenance", c->maint);
	json_str_or_null(&out, "class", sample_class_word(h->class));
	if (h->family == FAMILY_PUSH)
		json_int(&out, "exit", h->http);
	json_time_or_null(&out, "probed_at", h->machine.probed_ms < 0 ? 0 :
	    h->machine.probed_ms);
	json_time_or_null(&out, "good_at", h->machine.good_ms < 0 ? 0 :
	    h->machine.good_ms);
	if (c->age_ms < 0)
		json_null(&out, "age_s");
	else
		json_int(&out, "age_s", c->age_ms / 1000);
	sample_us_write(&out, "latency_ms", c->us);
	json_bool(&out, "shifted", c->shift.shifted);
	ask_write_us(&out, "last10_ms", c->shift.last_us);
	ask_write_us(&out, "day_ms", c->shift.day_us);
	json_str(&out, "window", k->window);
	span_uptime_text(&c->figures, text);
	json_str(&out, "uptime", text);
	span_percent_text(c->figures.coverage, text);
	json_str(&out, "coverage", text);
	put_code(&out, is_unknown(c) ? E_stale_sample :
	    c->state == STATE_DOWN ? E_node_down : ASK_WELL);
	return cli_emit_object(k->c, &out, e);
}

/* The worst of its families: to have no answer is worse than that it is down
   (ops.md 1). */
static int
conclude(const struct checked *all, size_t n, struct err *e)
{
	const struct checked *down = NULL, *stale = NULL;
	char text[CLOCK_TEXT];
	size_t i;

	for (i = 0; i < n; i++) {
		if (is_unknown(&all[i]))
			stale = &all[i];
		else if (all[i].state == STATE_DOWN)
			down = &all[i];
	}
	if (stale && stale->age_ms < 0)
		return err_set(e, E_stale_sample, "'%s' was never probed",
		    stale->series.name);
	if (stale && !stale->stale)
		return err_set(e, E_stale_sample, "what '%s' is has not been "
		    "decided yet", stale->series.name);
	if (stale)
		return err_set(e, E_stale_sample, "'%s' was last probed %lld "
		    "s ago", stale->series.name,
		    (long long)(stale->age_ms / 1000));
	if (!down)
		return 0;
	clock_text(down->since_ms, text);
	return err_set(e, E_node_down, "'%s' is down since %s",
	    down->series.name, text);
}

static int
check_node(const struct checking *k, const char *typed, struct err *e)
{
	struct health_calendar calendar = { 0 };
	struct health_series *series;
	struct checked *all = NULL;
	size_t i, n;
	int rc = -1;

	if (health_find(k->c->store, typed, &series, &n, e))
		return -1;
	if (health_calendar(k->c->store, &calendar, e))
		goto out;
	all = mem_zero(n, sizeof(*all));
	for (i = 0; i < n; i++)
		if (look(k, &calendar, &series[i], &all[i], e) ||
		    (!k->nagios && print(k, &all[i], e)))
			goto out;
	if (k->nagios)
		nagios_node(k->nagios, all, n, k->now_ms);
	rc = k->nagios ? 0 : conclude(all, n, e);
out:
	health_calendar_release(&calendar);
	free(series);
	free(all);
	return rc;
}

/* --- the sweeps themselves ------------------------------------------------ */

static int
check_sweeps(const struct checking *k, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct health_swept w = { 0 };
	struct state_rule rule;
	int64_t age_ms, most_ms = k->max_age_ms;
	int got = health_sweep_last(k->c->store, &w, e);
	bool stale;

	if (got < 0)
		return -1;
	health_rule(&rule, &k->c->params, 0);
	if (most_ms < 0)
		most_ms = rule.max_gap_ms;
	age_ms = age(k->now_ms, w.ended_ms);
	stale = !got || age_ms > most_ms;
	if (k->nagios) {
		nagios_sweep(k->nagios, got ? &w : NULL, stale, age_ms);
		return 0;
	}
	cli_columns(k->c, "swept_at >age_s >targets >answered >failed "
	    ">unasked offline code");
	json_open(&out, NULL, '{');
	json_time_or_null(&out, "swept_at", w.ended_ms);
	if (got)
		json_int(&out, "age_s", age_ms / 1000);
	else
		json_null(&out, "age_s");
	json_int(&out, "targets", w.targets);
	json_int(&out, "answered", w.ok);
	json_int(&out, "failed", w.failed);
	json_int(&out, "unasked", w.unasked);
	json_bool(&out, "offline", w.offline);
	put_code(&out, stale ? E_stale_sample : ASK_WELL);
	if (cli_emit_object(k->c, &out, e))
		return -1;
	if (!got)
		return err_set(e, E_stale_sample, "there was no sweep yet");
	return stale ? err_set(e, E_stale_sample, "the last sweep ended %lld "
	    "s ago", (long long)(age_ms / 1000)) : 0;
}

/* --- the verb ------------------------------------------------------------- */

static int
read_span(const char *text, const char *what, int64_t *ms, struct err *e)
{
	return clock_span(text, ms, e) ? err_set(e, E_usage, "%s: '%.40s' is "
	    "no time such as 90s, 24h or 7d", what, text) : 0;
}

static int
read_says(struct checking *k, struct err *e)
{
	const struct ping_check *say = k->say;

	k->max_age_ms = -1;
	k->window = say->window ? say->window : "24h";
	if ((say->max_age && read_span(say->max_age, "--max-age",
	    &k->max_age_ms, e)) ||
	    read_span(k->window, "--window", &k->window_ms, e))
		return -1;
	if (!k->window_ms || k->window_ms > k->now_ms)
		return err_set(e, E_usage, "--window: of at least 1ms, and "
		    "not from before 1970");
	if (!say->nagios && (say->warning || say->critical))
		return err_set(e, E_usage, "thresholds are for --nagios");
	if (say->timeout_s < 0 || say->timeout_s > TIMEOUT_MOST_S)
		return err_set(e, E_usage, "--timeout: at most %d seconds",
		    TIMEOUT_MOST_S);
	if (say->host && k->c->argc)
		return err_set(e, E_usage, "a node was named twice");
	return 0;
}

int
ping_check(struct cli *c, const struct ping_check *say, struct err *e)
{
	struct checking k = { .c = c, .say = say, .now_ms = cli_now(c) };
	const char *node = say->host ? say->host : c->argv[0];

	if (say->nagios) {
		k.nagios = mem_zero(1, sizeof(*k.nagios));
		*k.nagios = (struct nagios){ .text = BUF_INIT(NAGIOS_MAX),
		    .verbose = c->verbose };
		c->own = k.nagios;
		k.nagios->late = (struct cli_alarm){
		    "PING CRITICAL - timed out\n", PLUGIN_CRITICAL };
		cli_alarm(say->timeout_s ? say->timeout_s : TIMEOUT_S,
		    &k.nagios->late);
	}
	if (read_says(&k, e))
		return -1;
	if (k.nagios) {
		k.nagios->window = k.window;
		if (nagios_ranges(k.nagios, say, e))
			return -1;
	}
	if (cli_store(c, e) || (say->prom && ping_prom(c, say->prom, e)))
		return -1;
	return node ? check_node(&k, node, e) : check_sweeps(&k, e);
}
