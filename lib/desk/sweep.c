/* Sweeps: everything that is due, and a checkpoint of what was done. */
#include <signal.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/note.h"
#include "cli/stay.h"
#include "desk/sweep.h"
#include "evidence/issue.h"
#include "ledger/ledger.h"

#define RECORD_MAX (1 << 20)
#define WAIT_LEAST_MS 1000	/* deadlines may be closer than that */

struct sweep {
	struct cli *cli;
	bool changed;			/* was anything done? */
};

/*
 * What was paid is to be provable: a sweep that closed something signs the
 * log, others only now and then; also a sweep that found nothing to do, since
 * the one before may have been killed before it could sign.  The money has
 * moved, so that this fails is told of, and is no reason to say that it has
 * not.
 */
void
sweep_sign(struct cli *c, const struct desk_settle *say, bool changed,
    bool sweep)
{
	struct err why = { 0 };
	struct issuer i;
	int rc;

	if (say->no_checkpoint || c->dry_run || !c->store)
		return;
	rc = issue_begin(&i, c->store, c->home, &c->params, cli_now(c), &why);
	i.sane = !c->accept_clock;
	if (!rc)
		rc = issue_after(&i, changed && sweep,
		    c->params.value[PARAM_checkpoint_every_ms], &why);
	if (rc < 0) {
		(void)err_wrap(&why, changed ? "it is settled, but not signed" :
		    "nothing was due, and the log is not signed");
		cli_complain(c, &why);
	}
}

static int
tell_parked(struct cli *c, const struct settled *s, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	int rc;

	json_open(&out, NULL, '{');
	json_str(&out, "status", "PARKED");
	json_str(&out, "id", s->id);
	json_str(&out, "phase", settle_phase_word(s->phase));
	json_int(&out, "failures", s->failures);
	json_str(&out, "code", err_word(s->why->code));
	json_str(&out, "reason", s->why->msg);
	if (c->dry_run)
		json_bool(&out, "dry_run", true);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

static int
told(void *arg, const struct settled *s, struct err *e)
{
	struct sweep *w = arg;
	struct err why;

	w->changed = true;
	if (s->record) {
		if (w->cli->dry_run)
			json_bool(s->record, "dry_run", true);
		json_close(s->record, '}');
		return cli_emit_buf(w->cli, s->record, e);
	}
	why = *s->why;
	(void)err_wrap(&why, "%s '%s'", settle_phase_thing(s->phase), s->id);
	cli_complain(w->cli, &why);
	return s->parked ? tell_parked(w->cli, s, e) : 0;
}

/* "settle,refund" */
static int
read_phases(const char *words, unsigned *out, struct err *e)
{
	enum settle_phase phase;
	char word[16];
	size_t n;

	*out = 0;
	if (words && !*words)
		return err_set(e, E_usage, "--only: which phases?");
	while (words && *words) {
		n = strcspn(words, ",");
		if (n >= sizeof(word))
			n = sizeof(word) - 1;
		memcpy(word, words, n);
		word[n] = '\0';
		if (!settle_phase_named(word, &phase))
			return err_set(e, E_usage, "--only: there is no phase "
			    "'%s'", word);
		*out |= 1u << phase;
		words += n;
		words += *words == ',';
	}
	return 0;
}

/* For people: what the sweep had no reason to touch, though it is old. */
static int
tell_stale(struct cli *c, struct err *e)
{
	char span[CLOCK_TEXT];
	int64_t n;

	if (settle_stale(c->store, &c->params, cli_now(c), &n, e))
		return -1;
	clock_span_text(c->params.value[PARAM_stale_after], span);
	if (n)
		cli_note(c, "%lld escrows have been open for %s",
		    (long long)n, span);
	return 0;
}

int
sweep_once(struct cli *c, const struct desk_settle *say, settle_stop *stop,
    struct err *e)
{
	struct sweep w = { .cli = c };
	struct settle s = {
		.now_ms = cli_now(c), .sane = !c->accept_clock,
		.limit = say->limit, .params = &c->params, .told = told,
		.stop = stop, .arg = &w,
	};
	struct ledger *l = NULL;
	int rc;

	if (read_phases(say->only, &s.phases, e) || cli_store(c, e) ||
	    store_roomy(c->store, e))
		return -1;
	rc = settle_sweep(c->store, &l, &s, e);
	ledger_free(l);
	if (!rc || (w.changed && !err_ends_run(e)))
		sweep_sign(c, say, w.changed, true);
	return rc || (c->verbose && tell_stale(c, e)) ? -1 : 0;
}

/* What it is told by: see stay.h. */
static int
told_to_end(int64_t wait_ms)
{
	sigset_t held;

	stay_hold(&held, false);
	return stay_told(&held, wait_ms);
}

static bool
stop(void *sweep)
{
	(void)sweep;
	return told_to_end(0) != 0;
}

/* To the next sweep, or to the deadline before it: > 0 if it is enough. */
static int
wait_for_next(struct cli *c, struct err *e)
{
	int64_t wait_ms = c->params.value[PARAM_settlement_interval];
	int64_t now_ms = cli_now(c), next_ms;
	sigset_t held;

	if (settle_next(c->store, now_ms, &next_ms, e))
		return -1;
	if (next_ms - now_ms < wait_ms)
		wait_ms = next_ms - now_ms < WAIT_LEAST_MS ? WAIT_LEAST_MS :
		    next_ms - now_ms;
	stay_hold(&held, false);
	return stay_rest(c, &held, wait_ms);
}

int
sweep_watch(struct cli *c, const struct desk_settle *say, struct err *e)
{
	int64_t n;
	int got = 0;

	stay_hold(&(sigset_t){ 0 }, false);
	for (n = 1; !got; n++) {
		if (sweep_once(c, say, stop, e)) {
			if (e->kind != ERR_BUSY)
				return -1;
			cli_complain(c, e);
			*e = (struct err){ 0 };
		}
		if (cli_flush(e))
			return -1;
		if (n == say->sweeps)
			return 0;
		got = c->store ? wait_for_next(c, e) :
		    told_to_end(c->params.value[PARAM_settlement_interval]);
	}
	if (got > 0)
		c->worst = ERR_OK;	/* it was told of when it happened */
	return got < 0 ? -1 : 0;
}
