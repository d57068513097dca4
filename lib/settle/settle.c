/*
 * The sweep.  Things that are due share a transaction.  Mostly none of them is
 * refused, so they first go without savepoints, which keep a copy of each page
 * that one touches; if one is refused, all is rolled back, and the same are
 * done again, each under a savepoint of its own, so that it is undone alone.
 * Accounts are written at the commit only: if that is refused, it is not known
 * by whose doing, and the same are tried again, each in a transaction of its
 * own.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "ledger/ledger.h"
#include "settle/impl.h"

#define RECORD_MAX (1 << 20)
#define TIDY_MS (24 * INT64_C(3600000))	/* so long it may be asked for */
#define RECORDS_MAX ((size_t)1 << 30)

/* One of a transaction, told of when that is committed. */
struct item {
	size_t record;			/* where it is in sweep.records */
	size_t n;			/* and of how many bytes; 0: none */
	struct err why;
	int64_t failures;
	bool parked;
};

struct sweep {
	struct store *store;
	struct ledger **ledger;
	const struct settle *s;
	enum settle_phase phase;
	struct place at;		/* the last one tried */
	char (*id)[NODE_ID];
	struct item *item;
	struct buf records;
	int n;				/* in this transaction */
	int done;			/* of them, with something to tell */
	int64_t left;			/* of the limit */
	int64_t alone;			/* so many one by one */
	bool careful;			/* with savepoints */
	bool refused;			/* one, while there were none */
};

/*
 * What is wrong with one escrow, its rows included, is no reason to leave the
 * others; what is wrong with the machine is.
 */
static bool
ends_sweep(const struct err *why)
{
	return err_ends_run(why) && why->code != E_store_corrupt;
}

static int
count_failure(struct sweep *w, int i, struct err *e)
{
	struct item *it = &w->item[i];

	return failure_count_in(w->store, w->phase, w->id[i], &it->why,
	    ledger_now(*w->ledger),
	    w->s->params->value[PARAM_settle_max_failures], &it->failures,
	    &it->parked, e);
}

/* some: has anything failed before?  Then this may have. */
static int
try_one(struct sweep *w, int i, bool some, struct err *e)
{
	struct item *it = &w->item[i];
	struct ledger *l = *w->ledger;

	*it = (struct item){ .record = w->records.len };
	if (w->careful && ledger_mark_in(l, e))
		return -1;
	if (!phase_act_in(w->phase, l, w->id[i], w->s->params, &w->records,
	    &it->why)) {
		it->n = w->records.len - it->record;
		w->done += it->n > 0;
		buf_addc(&w->records, '\n');
		return (some && failure_forgive_in(w->store, w->id[i], e)) ||
		    (w->careful && ledger_keep_in(l, e)) ? -1 : 0;
	}
	if (!w->careful) {
		w->refused = true;
		return -1;
	}
	buf_cut(&w->records, it->record);
	if (ledger_undo_in(l, e))
		return -1;
	if (ends_sweep(&it->why)) {
		*e = it->why;
		return -1;
	}
	w->done++;
	return count_failure(w, i, e);
}

/* Those that are not parked, and so are to be tried. */
static int
pass_parked(struct sweep *w, int n, struct err *e)
{
	struct settle_failure f;
	int i, got, kept = 0;

	for (i = 0; i < n; i++) {
		got = failure_get(w->store, w->id[i], &f, e);
		if (got < 0)
			return -1;
		if (got && f.parked_ms)
			continue;
		memmove(w->id[kept++], w->id[i], NODE_ID);
	}
	return kept;
}

/* A transaction, not committed yet: 1 if more may be due, 0 if not. */
static int
try_some(struct sweep *w, int most, struct err *e)
{
	bool some;
	int i, n;

	w->n = w->done = 0;
	buf_reset(&w->records);
	if (failure_any(w->store, &some, e))
		return -1;
	n = phase_due(w->phase, w->store, ledger_now(*w->ledger), &w->at,
	    most, w->id, e);
	if (n <= 0)
		return n;
	if (some)
		n = pass_parked(w, n, e);
	for (i = 0; i < n; i++)
		if (try_one(w, i, some, e))
			return -1;
	if (w->records.full)
		return err_set(e, E_too_long, "the records are too long");
	w->n = n;
	return n < 0 ? -1 : 1;
}

static int
tell(const struct sweep *w, struct err *e)
{
	struct buf record = BUF_INIT(RECORD_MAX);
	const struct item *it;
	struct settled done;
	int i, rc = 0;

	for (i = 0; i < w->n && !rc; i++) {
		it = &w->item[i];
		if (!it->n && !it->why.kind)
			continue;
		buf_reset(&record);
		buf_add(&record, w->records.data + it->record, it->n);
		done = (struct settled){
			.phase = w->phase, .id = w->id[i],
			.record = it->n ? &record : NULL,
			.why = it->why.kind ? &it->why : NULL,
			.failures = it->failures, .parked = it->parked,
		};
		rc = w->s->told(w->s->arg, &done, e);
	}
	buf_release(&record);
	return rc ? -1 : 0;
}

static int
begin(struct sweep *w, struct err *e)
{
	return ledger_begin(w->store, w->ledger, w->s->now_ms, w->s->sane, e);
}

/* The one whose commit was refused. */
static int
blame(struct sweep *w, const struct err *why, struct err *e)
{
	w->item[0] = (struct item){ .why = *why };
	if (begin(w, e))
		return -1;
	if (count_failure(w, 0, e)) {
		ledger_rollback(*w->ledger);
		return -1;
	}
	return ledger_commit(*w->ledger, e);
}

static int
commit(struct sweep *w, const struct place *from, struct err *e)
{
	struct err why = { 0 };

	if (!ledger_commit(*w->ledger, &why))
		return 0;
	if (ends_sweep(&why)) {
		*e = why;
		return -1;
	}
	if (w->n == 1)
		return blame(w, &why, e);
	w->at = *from;
	w->alone = w->n;
	w->n = w->done = 0;
	return 0;
}

/* One transaction: 1 if more may be due, 0 if not, -1. */
static int
sweep_some(struct sweep *w, struct err *e)
{
	int64_t batch = w->s->params->value[PARAM_settle_batch];
	const struct place from = w->at;
	int most, got;

	if (w->alone)
		batch = 1;
	most = (int)(w->left < batch ? w->left : batch);
	if (!most || begin(w, e))
		return most ? -1 : 0;
	got = try_some(w, most, e);
	if (got <= 0 || !w->done)
		ledger_rollback(*w->ledger);
	else if (commit(w, &from, e) || tell(w, e))
		got = -1;
	w->careful = w->refused;
	if (w->refused) {
		w->refused = false;
		w->at = from;
		w->done = 0;
		return 1;
	}
	w->left -= w->done;
	w->alone -= w->alone && w->n;
	return got;
}

/*
 * When refunds were last swept with something to do: whatever was due before
 * is closed, or has failed for a reason.  Sweeps without work need not be
 * noted.
 */
static int
note_sweep(struct sweep *w, struct err *e)
{
	if (begin(w, e))
		return -1;
	if (store_keep_number_in(w->store, SETTLE_SWEPT, w->s->now_ms, e)) {
		ledger_rollback(*w->ledger);
		return -1;
	}
	return ledger_commit(*w->ledger, e);
}

/* What nobody will ask for any more; of that nothing is told. */
static int
tidy(struct sweep *w, struct err *e)
{
	const int64_t *p = w->s->params->value;
	int64_t some = 0, by_ms = w->s->now_ms - TIDY_MS;
	/* What is older than that; but of failures those that are over. */
	const struct { enum sql which; int64_t by_ms; } drops[] = {
		{ SQL_SETTLE_DROP_QUOTES, by_ms },
		{ SQL_SETTLE_DROP_CHALLENGES,
		    by_ms - p[PARAM_challenge_ttl] },
		{ SQL_SETTLE_DROP_SHARES, w->s->now_ms -
		    p[PARAM_share_days] * CLOCK_DAY_MS },
		{ SQL_SETTLE_DROP_FAILURES, 0 },
	};
	struct query q;
	size_t i;

	query_open(&q, w->store, SQL_SETTLE_UNTIDY);
	for (i = 0; i < 3; i++)
		query_int(&q, drops[i].by_ms);
	if (query_run(&q, &some, e) < 0)
		return -1;
	if (!some)
		return 0;
	if (begin(w, e))
		return -1;
	for (i = 0; i < sizeof(drops) / sizeof(*drops); i++) {
		query_open(&q, w->store, drops[i].which);
		if (drops[i].by_ms)
			query_int(&q, drops[i].by_ms);
		if (query_run(&q, NULL, e) < 0) {
			ledger_rollback(*w->ledger);
			return -1;
		}
	}
	return ledger_commit(*w->ledger, e);
}

static bool
stopped(const struct sweep *w)
{
	return !w->left || (w->s->stop && w->s->stop(w->s->arg));
}

/* All of one phase: 0, or -1. */
static int
sweep_phase(struct sweep *w, enum settle_phase phase, struct err *e)
{
	bool worked = false;
	int got;

	if (phase == SETTLE_TIDY)
		return tidy(w, e);
	w->phase = phase;
	w->at = (struct place)PLACE_FIRST;
	w->alone = 0;
	do {
		got = sweep_some(w, e);
		worked |= w->done > 0;
	} while (got > 0 && !stopped(w));
	if (!got && worked && w->left && phase == SETTLE_REFUND)
		got = note_sweep(w, e);
	return got < 0 ? -1 : 0;
}

int
settle_sweep(struct store *store, struct ledger **l, const struct settle *s,
    struct err *e)
{
	size_t batch = (size_t)s->params->value[PARAM_settle_batch];
	struct sweep w = {
		.store = store, .ledger = l, .s = s,
		.left = s->limit ? s->limit : INT64_MAX,
		.id = mem_zero(batch, sizeof(*w.id)),
		.item = mem_zero(batch, sizeof(*w.item)),
		.records = BUF_INIT(RECORDS_MAX),
	};
	enum settle_phase phase;
	int rc = 0;

	for (phase = 0; phase < SETTLE__PHASES && !rc && !stopped(&w);
	    phase++)
		if (!s->phases || s->phases & 1u << phase)
			rc = sweep_phase(&w, phase, e);
	free(w.id);
	free(w.item);
	buf_release(&w.records);
	return rc;
}

int
settle_next(struct store *s, int64_t now_ms, int64_t *out_ms, struct err *e)
{
	char id[1][NODE_ID];
	enum settle_phase phase;
	struct place at;
	int got;

	*out_ms = INT64_MAX;
	for (phase = 0; phase < SETTLE__PHASES; phase++) {
		at = (struct place){ .ms = now_ms, .id = "~" };
		got = phase_due(phase, s, INT64_MAX, &at, 1, id, e);
		if (got < 0)
			return -1;
		if (got && at.ms < *out_ms)
			*out_ms = at.ms;
	}
	return 0;
}

int
settle_retry_in(struct ledger *l, const char *id, const struct params *p,
    struct buf *out, struct err *e)
{
	struct settle_failure f;
	enum settle_phase phase;
	int got = failure_get(ledger_store(l), id, &f, e);

	if (got < 0)
		return -1;
	if (!got || !settle_phase_named(f.phase, &phase))
		return err_set(e, E_not_parked, "'%.80s' has not failed", id);
	return phase_act_in(phase, l, id, p, out, e) ||
	    failure_forgive_in(ledger_store(l), id, e) ? -1 : 0;
}
