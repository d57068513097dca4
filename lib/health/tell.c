/*
 * Who is told of what (spec/ops.md 3.6): decided anew in each sweep, so that
 * what was held back for a reason is told once the reason is gone.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "alert/alert.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "health/impl.h"
#include "health/witness.h"

#define HOUR_MS INT64_C(3600000)
#define REF 160

/* What the members of data are made of. */
struct about {
	const struct health_sweep *sweep;
	const struct health_turn *turn;
};

static void
write_node(struct buf *out, const struct health_series *h)
{
	json_str(out, "name", h->name);
	json_str(out, "node_id", h->node_id);
	json_str(out, "url", h->url);
	json_str(out, "family", sample_family_word(h->family));
	json_str(out, "state", state_word(h->machine.state));
	json_str_or_null(out, "class", sample_class_word(h->class));
	if (h->family == FAMILY_PUSH)
		json_int(out, "exit", h->http);
}

/* What others said of it who were asked in this sweep, if any were. */
static void
write_witnesses(struct buf *out, const struct health_sweep *sweep,
    const struct health_series *h)
{
	const struct witness *w = sweep->witness;
	const struct witness *end = w + sweep->witnesses;
	struct witness_count n = { 0 };

	for (; w < end; w++)
		if (w->of.family == h->family &&
		    !strcmp(w->of.node_id, h->node_id))
			witness_count(&n, w);
	if (!(n.up + n.down + n.nothing))
		return;
	json_int(out, "peers_asked", n.up + n.down + n.nothing);
	json_int(out, "peers_up", n.up);
	json_int(out, "peers_down", n.down);
}

static void
write(struct buf *out, const void *arg)
{
	const struct about *about = arg;
	const struct health_series *h = &about->turn->series;
	const struct health_incident *i = &about->turn->incident;

	write_node(out, h);
	if (about->turn->incident_open || about->turn->ended) {
		json_str(out, "incident_id", i->id);
		json_str_or_null(out, "cause", sample_class_word(i->class));
		json_time(out, "since", i->began_ms);
		json_time(out, "decided_at", i->decided_ms);
		json_time_or_null(out, "last_good_at",
		    i->good_ms > 0 ? i->good_ms : 0);
		write_witnesses(out, about->sweep, h);
	} else {
		json_time(out, "since", h->machine.since_ms);
	}
	if (about->turn->ended) {
		json_time(out, "recovered_at", i->ended_ms);
		json_int(out, "duration_ms", i->ended_ms - i->began_ms);
	}
	json_time_or_null(out, "cert_expires_at", h->cert_ms);
	json_time(out, "at", about->sweep->ended_ms);
}

static int
queue(struct store *s, const struct about *about, enum alert_kind kind,
    const char *ref, int64_t n, int64_t due_ms, struct err *e)
{
	const struct health_setting *own = &about->turn->setting;
	const struct alert_news news = {
		.kind = kind, .ref = ref, .n = n,
		.node_id = about->turn->series.node_id,
		.owner = *own->owner ? own->owner : NULL,
		.sweep_id = about->sweep->id, .due_ms = due_ms,
		.write = write, .about = about,
	};

	return alert_queue_in(s, &news, about->sweep->ended_ms, e) < 0 ?
	    -1 : 0;
}

/*
 * Is it down, or may be by what was last seen of it?  1, 0; -1 if nobody has
 * looked for so long that it says nothing.
 */
static int
seems_down(const struct about *about, const struct health_series *up)
{
	struct state_rule rule;

	health_rule(&rule, about->sweep->params, up->interval_ms);
	if (up->machine.probed_ms < 0 || about->sweep->ended_ms -
	    up->machine.probed_ms > rule.max_gap_ms)
		return -1;
	return up->machine.state == STATE_DOWN || up->machine.fails;
}

/*
 * 1 if what it stands on is down: then that is told, and this is not.  By the
 * same addresses, or if it is not asked by those, by all by which it is.
 */
static int
upstream_down(struct store *s, const struct about *about, struct err *e)
{
	const char *depends = about->turn->setting.depends;
	struct health_series up;
	int got, family, one, all = -1;

	if (!*depends)
		return 0;
	for (family = FAMILY_ANY; family < FAMILY__COUNT; family++) {
		got = health_get(s, depends, (enum sample_family)family, &up,
		    e);
		if (got < 0)
			return -1;
		one = got ? seems_down(about, &up) : -1;
		if (one >= 0 && up.family == about->turn->series.family)
			return one;
		if (one >= 0)
			all = all < 0 ? one : all && one;
	}
	return all > 0;
}

/* After 1, 4 and 24 hours, then daily: which of these is the last? */
static int64_t
reminders(int64_t since_ms, int64_t now_ms)
{
	int64_t hours = (now_ms - since_ms) / HOUR_MS;

	return hours < 1 ? 0 : hours < 4 ? 1 : 2 + hours / 24;
}

static int
tell_down(struct store *s, const struct about *about, struct err *e)
{
	const struct health_turn *t = about->turn;
	int64_t n;
	int told, held;

	told = alert_queued(s, t->incident.id, ALERT_DOWN, e);
	if (told < 0)
		return -1;
	if (!told) {
		/* It may be over: then that is not to be said any more. */
		if (t->series.machine.flapping || t->series.machine.goods)
			return 0;
		held = upstream_down(s, about, e);
		return held ? (held < 0 ? -1 : 0) : queue(s, about,
		    ALERT_DOWN, t->incident.id, 0, 0, e);
	}
	n = reminders(t->incident.decided_ms, about->sweep->ended_ms);
	return n && t->series.machine.state == STATE_DOWN ? queue(s, about,
	    ALERT_STILL_DOWN, t->incident.id, n - 1, 0, e) : 0;
}

/* Those who were never told that it is down need not know that it is up. */
static int
tell_recovered(struct store *s, const struct about *about, int64_t due_ms,
    struct err *e)
{
	const char *ref = about->turn->incident.id;
	int told = alert_queued(s, ref, ALERT_DOWN, e);

	if (told <= 0)
		return told;
	return alert_drop_in(s, ref, ALERT_STILL_DOWN,
	    about->sweep->ended_ms, e) ||
	    queue(s, about, ALERT_RECOVERED, ref, 0, due_ms, e) ? -1 : 0;
}

/* Once for each time that it became so. */
static int
tell_degraded(struct store *s, const struct about *about, struct err *e)
{
	const struct health_series *h = &about->turn->series;
	char ref[REF];

	if (h->machine.state != STATE_DEGRADED || h->machine.flapping)
		return 0;
	snprintf(ref, sizeof(ref), "degraded:%" PRId64 ":%" PRId64, h->id,
	    h->machine.since_ms);
	return queue(s, about, ALERT_DEGRADED, ref, 0, 0, e);
}

static int
tell_flapping(struct store *s, const struct about *about, struct err *e)
{
	const struct health_series *h = &about->turn->series;
	char ref[REF];

	if (!h->machine.flapping)
		return 0;
	snprintf(ref, sizeof(ref), "flapping:%" PRId64, h->id);
	return queue(s, about, ALERT_FLAPPING, ref, h->flaps - 1, 0, e);
}

/* At two weeks, one, three days, one, and when it is over. */
static int
tell_certificate(struct store *s, const struct about *about, struct err *e)
{
	static const int days[] = { 14, 7, 3, 1, 0 };
	const struct health_series *h = &about->turn->series;
	int64_t left_ms = h->cert_ms - about->sweep->ended_ms, n = 0;
	char ref[REF];

	if (!h->cert_ms)
		return 0;
	while (n < 5 && left_ms <= days[n] * CLOCK_DAY_MS)
		n++;
	if (!n)
		return 0;
	snprintf(ref, sizeof(ref), "certificate:%" PRId64 ":%" PRId64, h->id,
	    h->cert_ms);
	return queue(s, about, ALERT_CERTIFICATE, ref, n - 1, 0, e);
}

int
health_tell_in(struct store *s, const struct health_sweep *sweep,
    const struct health_calendar *calendar, const struct health_turn *t,
    struct err *e)
{
	const struct about about = { sweep, t };
	int64_t due_ms = 0;
	int maint = health_in_maint(calendar, t->series.node_id,
	    sweep->ended_ms, &due_ms, e);

	if (maint < 0)
		return -1;
	if (t->ended && tell_recovered(s, &about, due_ms, e))
		return -1;
	if (maint)
		return 0;
	return (t->incident_open && tell_down(s, &about, e)) ||
	    tell_degraded(s, &about, e) || tell_flapping(s, &about, e) ||
	    tell_certificate(s, &about, e) ? -1 : 0;
}

static void
write_offline(struct buf *out, const void *arg)
{
	const struct health_sweep *sweep = arg;

	json_time(out, "since", sweep->began_ms);
	json_time(out, "at", sweep->ended_ms);
}

int
health_tell_offline_in(struct store *s, const struct health_sweep *sweep,
    struct err *e)
{
	struct alert_news news = {
		.kind = ALERT_OBSERVER_OFFLINE, .sweep_id = sweep->id,
		.write = write_offline, .about = sweep,
	};
	int64_t since_ms;
	char ref[REF];

	if (store_number(s, "health_offline", &since_ms, e))
		return -1;
	if (since_ms)
		return 0;
	snprintf(ref, sizeof(ref), "observer:%" PRId64, sweep->began_ms);
	news.ref = ref;
	return alert_queue_in(s, &news, sweep->ended_ms, e) < 0 ||
	    store_keep_number_in(s, "health_offline", sweep->began_ms, e) ?
	    -1 : 0;
}
