/*
 * Does health tell the truth?  Nodes that are up and down by a script, an
 * observer who misses sweeps, is killed in some, comes late, sleeps, starts
 * anew, is cut off, loses probes and has its clock set, and maintenance
 * across days of 23 and of 25 hours; against a second opinion (opinion.h) on
 * what was seen, and against what was true (spec/ops.md 3.10, "right").
 *
 * Over 500 lines because each thing that is said is compared, one after the
 * other: changes, incidents, figures, alerts, and what was true.
 *
 * BZN_TRUTH_DAYS: node-days, 1,000 unless set.  BZN_TRUTH_HISTORIES: at
 * random, 1,000 unless set.  BZN_TRUTH_SEED: of both, 1 unless set.
 */
#include <inttypes.h>

#include "tap.h"

#include "world.h"

/* --- what is to be said --------------------------------------------------- */

struct expected {
	int64_t began, ended;		/* -1: it goes on */
	int opened, closed;		/* by which seen; -1 */
	bool told;
};

static struct expected *incidents;
static int n_incidents, incident_room;

/* Up to when it was down, as far as was known after a probe. */
static int64_t
down_until(const struct target *n, const struct opinion *down, int i)
{
	int k = i;
	int64_t until;

	while (k > down->at && n->seen[k].what != 'f' && n->seen[k].what != 'x')
		k--;
	until = k < i ? n->seen[k + 1].at : n->seen[i].at + 1;
	return until > down->effective ? until : down->effective + 1;
}

static void
expect_incidents(const struct target *n, const struct opinions *o)
{
	const struct opinion *c;
	struct expected *last = NULL;
	int64_t from, to;
	int i, k, next;

	n_incidents = 0;
	for (i = 0; i < o->n; i++) {
		c = &o->v[i];
		if (last && last->ended < 0 && (c->to == 'U' || c->to == 'G')) {
			last->ended = c->effective > last->began ?
			    c->effective : last->began;
			last->closed = c->at;
		}
		if (c->to != 'D' || (last && last->ended < 0))
			continue;
		next = i + 1 < o->n ? o->v[i + 1].at : n->n_seen;
		for (k = c->at; k <= next && k < n->n_seen; k++) {
			from = c->effective;
			to = k < next ? down_until(n, c, k) :
			    o->v[i + 1].effective;
			from = past_maint(n, from, to);
			if (from >= to)
				continue;
			incidents = more(incidents, n_incidents,
			    &incident_room, sizeof(*incidents));
			last = &incidents[n_incidents++];
			*last = (struct expected){ from, -1, k, -1, false };
			break;
		}
	}
}

/* --- comparing ------------------------------------------------------------ */

static struct {
	int64_t wrong_changes, wrong_incidents, wrong_alerts, wrong_spans;
	int64_t changes, incidents, down_alerts, up_alerts, others;
	int64_t missed, doubled, false_alerts, held;
	int64_t outages, unseen, longest_unseen_ms;
	int64_t down_ms, said_ms, beyond_ms, within_ms, most_ms, bound_ms;
	int64_t false_incidents, unbound, node_days;
} tally;

static void
compare_changes(const struct health_series *h, const struct opinions *o)
{
	struct health_change c;
	struct err e = { 0 };
	struct query q;
	int i = 0;

	health_changes_open(&q, store, h->id, INT64_MIN);
	while (health_changes_next(&q, &c, &e) > 0) {
		const struct opinion *p = &o->v[i];

		if (i++ < o->n && p->from == "?UGD"[c.change.from] &&
		    p->to == "?UGD"[c.change.to] &&
		    p->effective == c.change.effective_ms &&
		    p->decided == c.change.decided_ms &&
		    p->cause == "pgco"[c.change.cause])
			continue;
		if (!tally.wrong_changes++)
			printf("# %.4s %d: %c to %c from %" PRId64 " at %"
			    PRId64 " %c; said %c to %c from %" PRId64 " at %"
			    PRId64 " %c\n", h->node_id, i - 1, p->from, p->to,
			    p->effective, p->decided, p->cause,
			    "?UGD"[c.change.from], "?UGD"[c.change.to],
			    c.change.effective_ms, c.change.decided_ms,
			    "pgco"[c.change.cause]);
	}
	tally.wrong_changes += i != o->n;
	tally.changes += i;
}

/* Which is the last up to the probe?  -1: none. */
static int
opinion_after(const struct opinions *o, int i)
{
	int lo = 0, hi = o->n;

	while (lo < hi) {
		int mid = (lo + hi) / 2;

		if (o->v[mid].at <= i)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo - 1;
}

static char
state_after(const struct opinions *o, int i)
{
	int k = opinion_after(o, i);

	return k < 0 ? '?' : o->v[k].to;
}

/* Since when was it down, when last it was, after that probe? */
static int64_t
down_since(const struct opinions *o, int i)
{
	int k = opinion_after(o, i);

	while (k > 0 && o->v[k].to != 'D')
		k--;
	return o->v[k].effective;
}

/* Of a window, by the opinion: what lies outside of maintenance, and that. */
static void
add_opined(struct span *out, const struct target *n, const struct window *w,
    char state, int64_t from, int64_t to)
{
	int64_t ms;

	from = from > w->from_ms ? from : w->from_ms;
	to = to < w->to_ms ? to : w->to_ms;
	if (from >= to)
		return;
	ms = opine_outside(n->maint, n->n_maint, from, to);
	out->ms[strchr("?UGD", state) - "?UGD"] += ms;
	out->maint_ms += to - from - ms;
}

static void
opine_span(const struct target *n, const struct opinions *o,
    const struct window *w, int64_t until, struct span *out)
{
	int64_t from = INT64_MIN, to;
	int i;

	*out = (struct span){ .maint_ms = 0 };
	for (i = -1; i < o->n; i++) {
		to = i + 1 < o->n ? o->v[i + 1].effective : until;
		add_opined(out, n, w, i < 0 ? '?' : o->v[i].to, from,
		    to < until ? to : until);
		from = to;
	}
	add_opined(out, n, w, '?', until, w->to_ms);
}

/* Floored, of up and down only; and the least and most that it may be. */
static bool
figures_of(const struct span *s, const struct span *ours, bool degraded_up)
{
	struct span_figures f;
	int64_t up = ours->ms[STATE_UP], down = ours->ms[STATE_DOWN];
	int64_t unknown = ours->ms[STATE_UNKNOWN];

	*(degraded_up ? &up : &down) += ours->ms[STATE_DEGRADED];
	span_figures(&f, s, degraded_up);
	return opine_share(f.uptime, up, up + down) &&
	    opine_share(f.coverage, up + down, up + down + unknown) &&
	    opine_share(f.worst, up, up + down + unknown) &&
	    opine_share(f.best, up + unknown, up + down + unknown) &&
	    (f.uptime != 10000 || !down);
}

static int64_t
down_in_incidents(const struct health_series *h,
    const struct health_calendar *c, const struct window *w, int64_t now)
{
	struct window in;
	struct health_incident i;
	struct span s;
	struct err e = { 0 };
	struct query q;
	int64_t sum = 0;

	health_incidents_open(&q, store, h->id, w);
	while (health_incidents_next(&q, &i, &e) > 0) {
		in.from_ms = i.began_ms > w->from_ms ? i.began_ms : w->from_ms;
		in.to_ms = !i.ended_ms || i.ended_ms > w->to_ms ? w->to_ms :
		    i.ended_ms;
		if (health_span(store, h, &params, c, &in, now, &s, &e))
			home_die("health_span", &e);
		sum += s.ms[STATE_DOWN];
	}
	return sum;
}

static void
compare_spans(const struct target *n, const struct health_series *h,
    const struct opinions *o, const struct health_calendar *c, int64_t now)
{
	struct window w = { base, now };
	int64_t until = now, gap = interval * 5 / 2;
	const struct seen *last = &n->seen[n->n_seen - 1];
	struct span said, ours;
	struct err e = { 0 };
	int k;

	/*
	 * What was down in maintenance that is over, and was not looked at
	 * since, is no incident before it is looked at.
	 */
	if (state_after(o, n->n_seen) == 'D' && (!n_incidents ||
	    incidents[n_incidents - 1].ended >= 0))
		now = w.to_ms = until = last->at + 1;
	if (now <= base)
		return;
	/* A clock that was set back has been there before. */
	if (last->what != 'x' && now - last->at > gap) {
		until = last->at + gap > o->last ? last->at + gap : o->last;
		until = until < now ? until : now;
	}
	for (k = 0; k < 8; k++) {
		if (health_span(store, h, &params, c, &w, now, &said, &e))
			home_die("health_span", &e);
		opine_span(n, o, &w, until, &ours);
		if (memcmp(&said, &ours, sizeof(said)) ||
		    !figures_of(&said, &ours, k & 1) ||
		    span_length(&said) != w.to_ms - w.from_ms ||
		    down_in_incidents(h, c, &w, now) != said.ms[STATE_DOWN])
			if (!tally.wrong_spans++)
				printf("# %.4s: %" PRId64 " to %" PRId64
				    ": down %" PRId64 ", ours %" PRId64
				    ", of incidents %" PRId64 "\n",
				    n->id, w.from_ms, w.to_ms,
				    said.ms[STATE_DOWN], ours.ms[STATE_DOWN],
				    down_in_incidents(h, c, &w, now));
		if (!k)
			tally.said_ms += said.ms[STATE_DOWN];
		w.from_ms = base - DAY_MS + below(length + DAY_MS);
		w.to_ms = w.from_ms + 1 + below(below(2) ? HOUR_MS : length);
	}
}

/* Rows of one ref, of one kind. */
static int
alerts(const char *ref, enum alert_kind kind, int64_t *made)
{
	sqlite3_stmt *q;
	int n = 0;

	sqlite3_prepare_v2(store->db, "SELECT made_ms FROM alert_alert "
	    "WHERE ref = ? AND kind = ?", -1, &q, NULL);
	sqlite3_bind_text(q, 1, ref, -1, NULL);
	sqlite3_bind_int(q, 2, (int)kind);
	while (sqlite3_step(q) == SQLITE_ROW) {
		*made = sqlite3_column_int64(q, 0);
		n++;
	}
	sqlite3_finalize(q);
	return n;
}

static int64_t
due(int64_t since, int64_t now)
{
	int64_t h = (now - since) / HOUR_MS;

	if (h < 1)
		return 0;
	return h < 4 ? 1 : h < 24 ? 2 : 2 + h / 24;
}

/* Sweeps of a node: the last of what each saw; -1 after the last. */
static int
next_sweep(const struct target *n, int i)
{
	for (i++; i < n->n_seen; i++)
		if (i + 1 == n->n_seen || n->seen[i + 1].sweep !=
		    n->seen[i].sweep)
			return i;
	return -1;
}

/* Has it answered since it last failed, as far as anybody looked? */
static bool
good_after(const struct target *n, int i)
{
	return n->seen[i].what == 'o' || n->seen[i].what == 's';
}

static void
compare_alerts(const struct target *n, const struct opinions *o,
    struct expected *x, const char *id, int64_t decided,
    const bool *flaps)
{
	int64_t told = -1, made = 0, n_due, reminded = 0, known = -1;
	int i, first = x->opened, got, want;

	/* When has it to be told? */
	for (i = next_sweep(n, first - 1); i >= 0 && told < 0;
	    i = next_sweep(n, i)) {
		if (x->closed >= 0 && n->seen[i].sweep >=
		    n->seen[x->closed].sweep)
			break;
		if (!good_after(n, i) && n->seen[i].what != 'x' && !flaps[i] &&
		    !maintained(n, sweeps[n->seen[i].sweep].ended))
			told = i;
	}
	got = alerts(id, ALERT_DOWN, &made);
	tally.down_alerts += got;
	x->told = got > 0;
	tally.missed += told >= 0 && !got;
	tally.held += told < 0;
	tally.false_alerts += told < 0 && got;
	tally.doubled += got > 1;
	tally.wrong_alerts += told >= 0 && got &&
	    made != sweeps[n->seen[told].sweep].ended;
	got = alerts(id, ALERT_RECOVERED, &made);
	tally.up_alerts += got;
	want = told >= 0 && x->closed >= 0;
	tally.missed += want && !got;
	tally.false_alerts += !want && got;
	tally.doubled += got > 1;
	/* Reminders. */
	for (i = told < 0 ? -1 : next_sweep(n, (int)told); i >= 0;
	    i = next_sweep(n, i)) {
		if (x->closed >= 0 && n->seen[i].sweep >=
		    n->seen[x->closed].sweep)
			break;
		made = sweeps[n->seen[i].sweep].ended;
		if (n->seen[i].what == 'x' || maintained(n, made) ||
		    state_after(o, i) != 'D')
			continue;
		n_due = due(decided, made);
		if (n_due > known) {
			reminded += n_due > 0;
			known = n_due;
		}
	}
	got = alerts(id, ALERT_STILL_DOWN, &made);
	tally.others += got;
	if (clocks ? got < reminded : got != reminded)
		tally.wrong_alerts++;
}

static void
compare_incidents(const struct target *n, const struct health_series *h,
    const struct opinions *o, const bool *flaps)
{
	struct window w = { INT64_MIN / 2, INT64_MAX / 2 };
	struct health_incident *said = NULL;
	struct err e = { 0 };
	struct query q;
	int k = 0, room = 0, i;

	expect_incidents(n, o);
	health_incidents_open(&q, store, h->id, &w);
	for (;;) {
		said = more(said, k, &room, sizeof(*said));
		if (health_incidents_next(&q, &said[k], &e) <= 0)
			break;
		k++;
	}
	tally.incidents += k;
	if (k != n_incidents)
		tally.wrong_incidents++;
	for (i = 0; i < k && i < n_incidents; i++) {
		if (said[i].began_ms != incidents[i].began ||
		    (said[i].ended_ms ? said[i].ended_ms : -1) !=
		    incidents[i].ended) {
			if (!tally.wrong_incidents++)
				printf("# %.4s incident %d: %" PRId64 " to %"
				    PRId64 ", said %" PRId64 " to %" PRId64
				    "\n", n->id, i, incidents[i].began,
				    incidents[i].ended, said[i].began_ms,
				    said[i].ended_ms);
			continue;
		}
		compare_alerts(n, o, &incidents[i], said[i].id,
		    said[i].decided_ms, flaps);
	}
	free(said);
}

static void
compare_others(const struct target *n, const struct health_series *h,
    const struct opinions *o, const bool *flaps)
{
	char sql[256];
	int64_t slow = 0, flap = 0, last_slow = -1;
	bool on = false;
	int i, k = -1;

	for (i = next_sweep(n, -1); i >= 0; i = next_sweep(n, i)) {
		if (n->seen[i].what == 'x' ||
		    maintained(n, sweeps[n->seen[i].sweep].ended))
			continue;
		while (k + 1 < o->n && o->v[k + 1].at <= i)
			k++;
		if (k >= 0 && o->v[k].to == 'G' && !flaps[i] &&
		    o->v[k].effective != last_slow) {
			slow++;
			last_slow = o->v[k].effective;
		}
	}
	/* One notice for each time that it begins, if it is seen to. */
	for (i = 0; i < n->n_seen; i++) {
		if (!flaps[i])
			on = false;
		if (flaps[i] && !on && n->seen[i].what != 'x' &&
		    next_sweep(n, i - 1) == i &&
		    !maintained(n, sweeps[n->seen[i].sweep].ended)) {
			on = true;
			flap++;
		}
	}
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM alert_alert WHERE "
	    "ref LIKE 'degraded:%" PRId64 ":%%'", h->id);
	tally.wrong_alerts += home_number(store, sql) != slow;
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM alert_alert WHERE "
	    "ref = 'flapping:%" PRId64 "'", h->id);
	tally.wrong_alerts += home_number(store, sql) != flap;
	tally.others += slow + flap;
}

/* --- what was true -------------------------------------------------------- */

static int64_t
least(int64_t a, int64_t b)
{
	a = a < b ? a : b;
	return a > 0 ? a : 0;
}

static int64_t
error_in(const struct opinions *o, bool bad, int64_t from, int64_t to)
{
	int64_t sum = 0, a, b;
	int i;

	for (i = 0; i < o->n; i++) {
		if (o->v[i].to == '?' || (o->v[i].to == 'D') == bad)
			continue;
		a = o->v[i].effective;
		b = i + 1 < o->n ? o->v[i + 1].effective : to;
		a = a > from ? a : from;
		b = b < to ? b : to;
		sum += b > a ? b - a : 0;
	}
	return sum;
}

/*
 * A time of like truth is seen from the first of as many probes in a row as
 * it takes, up to the last; what is said of that has to be true.  All else
 * is what sampling costs: a probe before or after speaks for as long as one
 * may, or up to the next.
 */
static void
compare_part(const struct target *n, const struct opinions *o, bool bad,
    int64_t from, int64_t to, int64_t until)
{
	int64_t at, first = -1, last = -1, error, broken, bound;
	int64_t gap = interval * 5 / 2;
	int i, lo = 0, hi = n->n_seen, row = 0, need = bad ? K_DOWN : K_UP;
	int before = 1, after = 1;
	char cause;

	while (lo < hi) {
		i = (lo + hi) / 2;
		if (n->seen[i].true_ms < from)
			lo = i + 1;
		else
			hi = i;
	}
	for (i = lo; i < n->n_seen && n->seen[i].true_ms < to; i++) {
		before += first < 0;
		after++;
		if (n->seen[i].what == 'x' || (n->seen[i].what == 'f') != bad ||
		    (row && breaks(&n->seen[i - 1], &n->seen[i], interval,
		    &broken, &cause)))
			row = 0;
		if (n->seen[i].what == 'x' || (n->seen[i].what == 'f') != bad)
			continue;
		if (++row == need && first < 0)
			first = n->seen[i - need + 1].at;
		last = n->seen[i].at;
		after = 1;
	}
	at = base + from;
	to = base + to < until ? base + to : until;
	error = error_in(o, bad, at, to);
	if (bad) {
		tally.outages++;
		tally.down_ms += to > at ? to - at : 0;
		tally.unseen += first < 0;
		if (first < 0 && to - at > tally.longest_unseen_ms)
			tally.longest_unseen_ms = to - at;
	}
	bound = least(first < 0 ? to - at : first - at, before * gap) +
	    least(first < 0 ? 0 : to - last, after * gap);
	tally.bound_ms += bound;
	tally.unbound += error > bound;
	if (first >= 0) {
		tally.beyond_ms += error_in(o, bad, first, last);
		if (error > tally.most_ms)
			tally.most_ms = error;
	}
	tally.within_ms += error;
}

static void
compare_truth(const struct target *n, const struct opinions *o)
{
	int64_t until = n->seen[n->n_seen - 1].at, to;
	bool bad;
	int i, k;

	for (i = 0; i < n->parts; i = k) {
		bad = strchr("fk", n->part[i].what) != NULL;
		for (k = i + 1; k < n->parts &&
		    (strchr("fk", n->part[k].what) != NULL) == bad; k++)
			;
		to = k < n->parts ? n->part[k].from : length;
		if (to > n->part[i].from)
			compare_part(n, o, bad, n->part[i].from, to, until);
	}
	/*
	 * An incident without any truth in it is false.  One that begins as
	 * maintenance ends goes back to since when it was down: what came back
	 * in between was not seen to, for which a probe that was lost is
	 * enough.
	 */
	for (i = 0; i < n_incidents; i++) {
		int64_t a = down_since(o, incidents[i].opened) - base;
		int64_t b = incidents[i].ended;
		bool any = false;

		b = b < 0 ? length : b - base;
		for (k = 0; k < n->parts && !any; k++)
			any = strchr("fk", n->part[k].what) &&
			    n->part[k].from < b && (k + 1 == n->parts ||
			    n->part[k + 1].from > a);
		if (!any && !tally.false_incidents++)
			printf("# %.4s incident %d: nothing true from %" PRId64
			    " to %" PRId64 ", told %d\n", n->id, i, a, b,
			    incidents[i].told);
	}
}

/* --- worlds --------------------------------------------------------------- */

static struct store *
private(void)
{
	const struct store_how how = { .mode = STORE_PRIVATE,
	    .wait_ms = 5000, .who = "test" };
	struct posted posted;
	struct store *s = NULL;
	struct err e = { 0 };

	if (store_open(&s, &how, &e) || ledger_init(s, HOME_ORIGIN, "key",
	    HOME_MS, &posted, &e))
		home_die("store_open", &e);
	return s;
}

static void
start_private(void)
{
	param_defaults(&params);
	chance_seed(&chance, 1);
	store = private();
	ledger = NULL;
}

static void
compare_world(void)
{
	struct health_calendar c;
	struct health_series h;
	struct opinions o;
	struct err e = { 0 };
	int64_t now = sweeps[n_sweeps - 1].ended + below(interval * 4), cut = 0;
	bool *flaps;
	int i;

	if (health_calendar(store, &c, &e))
		home_die("health_calendar", &e);
	for (i = 0; i < NODES; i++) {
		o = (struct opinions){ 0 };
		h = series(nodes[i].id);
		flaps = calloc((size_t)nodes[i].n_seen, sizeof(*flaps));
		opine_all(&o, nodes[i].seen, nodes[i].n_seen, interval);
		opine_flaps(&o, nodes[i].seen, nodes[i].n_seen, flaps);
		compare_changes(&h, &o);
		compare_incidents(&nodes[i], &h, &o, flaps);
		compare_others(&nodes[i], &h, &o, flaps);
		compare_spans(&nodes[i], &h, &o, &c, now);
		if (!clocks)
			compare_truth(&nodes[i], &o);
		free(flaps);
		free(o.v);
	}
	for (i = 0; i < n_sweeps; i++)
		cut += sweeps[i].offline && (!i || !sweeps[i - 1].offline);
	tally.wrong_alerts += home_number(store, "SELECT count(*) FROM "
	    "alert_alert WHERE kind = 6") != cut;
	tally.wrong_alerts += home_number(store, "SELECT count(*) FROM "
	    "alert_alert") != home_number(store, "SELECT count(*) FROM "
	    "(SELECT DISTINCT ref, kind, n FROM alert_alert)");
	health_calendar_release(&c);
}

static void
make_world(int64_t number)
{
	static const int64_t every[] = { 120, 300, 600, 1200, 1800 };

	clocks = number & 1;
	base = number & 2 ? AUTUMN - DAY_MS : SPRING - DAY_MS;
	interval = every[number % 5] * S;
	start_private();
	params.value[PARAM_health_check_interval] = interval;
	n_sweeps = 0;
}

static void
run_world(void)
{
	int i;

	for (i = 0; i < NODES; i++) {
		nodes[i].n_seen = 0;
		nodes[i].was_lost = false;
		snprintf(nodes[i].id, sizeof(nodes[i].id), "%064d", i);
		write_script(&nodes[i]);
	}
	make_plans();
	observe();
	if (n_sweeps)
		compare_world();
	stop();
}

static void
world(int64_t number, int64_t days)
{
	make_world(number);
	hectic = false;
	length = days * DAY_MS;
	run_world();
	tally.node_days += NODES * days;
}

/* Little time, of many, in which all happens. */
static void
histories(int64_t number)
{
	make_world(number);
	hectic = true;
	length = 30 * interval;
	run_world();
}

static int64_t
setting(const char *name, int64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoll(text, NULL, 10) : otherwise;
}

static void
check(void)
{
	OK(tally.wrong_changes == 0);
	OK(tally.wrong_incidents == 0);
	OK(tally.wrong_spans == 0);
	OK(tally.wrong_alerts == 0);
	OK(tally.missed == 0 && tally.false_alerts == 0 &&
	    tally.doubled == 0);
	OK(tally.beyond_ms == 0 && tally.unbound == 0 &&
	    tally.within_ms <= tally.bound_ms);
	OK(tally.false_incidents == 0);
	OK(tally.incidents > 0);
}

static void
test_worlds(void)
{
	int64_t want = setting("BZN_TRUTH_DAYS", 1000), number = 0;

	rng = ((uint64_t)setting("BZN_TRUTH_SEED", 1) * 2 + 1) *
	    0x9e3779b97f4a7c15u;
	while (tally.node_days < want)
		world(number++, 10);
	if (!number)
		return;
	printf("# %" PRId64 " node-days, %" PRId64 " probes, %" PRId64
	    " changes, %" PRId64 " incidents\n", tally.node_days, probes_made,
	    tally.changes, tally.incidents);
	printf("# alerts: %" PRId64 " down, %" PRId64 " recovered, %" PRId64
	    " others; %" PRId64 " held to the end; missed %" PRId64
	    ", false %" PRId64 ", doubled %" PRId64 "\n", tally.down_alerts,
	    tally.up_alerts, tally.others, tally.held, tally.missed,
	    tally.false_alerts, tally.doubled);
	printf("# outages: %" PRId64 ", %" PRId64 " too short to be seen, of "
	    "at most %" PRId64 " s\n", tally.outages, tally.unseen,
	    tally.longest_unseen_ms / S);
	printf("# seconds down: %" PRId64 "; error by sampling: %" PRId64
	    " of at most %" PRId64 ", %" PRId64 " in one; beyond "
	    "sampling: %" PRId64 " ms\n", tally.down_ms / S,
	    tally.within_ms / S, tally.bound_ms / S, tally.most_ms / S,
	    tally.beyond_ms);
	check();
}

static void
test_histories(void)
{
	int64_t want = setting("BZN_TRUTH_HISTORIES", 1000), n;

	memset(&tally, 0, sizeof(tally));
	if (!want)
		return;
	for (n = 0; n < want; n += NODES)
		histories(n / NODES);
	printf("# %" PRId64 " histories, %" PRId64 " changes, %" PRId64
	    " incidents, %" PRId64 " alerts\n", n, tally.changes,
	    tally.incidents, tally.down_alerts + tally.up_alerts +
	    tally.others);
	check();
}

int
main(void)
{
	test_worlds();
	test_histories();
	return DONE();
}
