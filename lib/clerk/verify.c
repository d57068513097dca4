/* verify: whom to trust, what to read, and the verdict. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crew.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "bounty/bounty.h"
#include "clerk/impl.h"
#include "escrow/told.h"
#include "evidence/pin.h"
#include "evidence/trail.h"
#include "store/inspect.h"
#include "tlog/growth.h"
#include "tlog/policy.h"
#include "verify/verify.h"

#define GRACE_MS (7 * INT64_C(86400000))	/* of an open escrow */
#define TEXT_MAX (1 << 20)	/* bytes of anchors, and of assertions */

/* What the run borrows. */
struct ground {
	struct verify_how how;
	struct policy policy;
	struct sign_public node;
	struct buf since, checkpoint, pin, growth, anchors, assertions;
};

static int
found(void *cli, const struct finding *f, struct err *e)
{
	struct buf out = BUF_INIT(4096);
	int rc;

	verify_finding_write(&out, f);
	json_close(&out, '}');
	rc = cli_emit_buf(cli, &out, e);
	buf_release(&out);
	return rc;
}

static int
same_bounty(struct store *s, const struct verify_escrow *v, struct err *e)
{
	const struct bounty_told t = {
		.id = v->id, .creator = v->buyer, .winner = v->seller,
		.unit = v->unit, .state = v->state, .minor = v->minor,
		.tax_bp = v->tax_bp, .made_ms = v->made_ms,
		.deadline_ms = v->refund_ms, .closed_ms = v->closed_ms,
	};

	return bounty_told_same(s, &t, e);
}

static int
same_escrow(struct store *s, const struct verify_escrow *v, struct err *e)
{
	const struct told t = {
		.id = v->id, .buyer = v->buyer, .seller = v->seller,
		.unit = v->unit, .state = v->state, .verdict = v->verdict,
		.task = v->task, .skill = v->skill,
		.output_sha256 = v->output_sha256,
		.claimed_ms = v->claimed_ms, .completed_ms = v->completed_ms,
		.minor = v->minor,
		.tax_bp = v->tax_bp, .made_ms = v->made_ms,
		.refund_ms = v->refund_ms, .settle_ms = v->settle_ms,
		.disputed_ms = v->disputed_ms, .closed_ms = v->closed_ms,
	};

	return v->bounty ? same_bounty(s, v, e) : told_same(s, &t, e);
}

static int
count(struct store *s, int64_t *out, struct err *e)
{
	int64_t bounties;

	if (told_count(s, out, e) || bounty_told_count(s, &bounties, e))
		return -1;
	*out += bounties;
	return 0;
}

static const struct verify_table escrows = { same_escrow, count };

static int
check_usage(const struct cli *c, const struct clerk *say, struct err *e)
{
	if (!c->home && !say->file && !say->leaves)
		return err_set(e, E_usage, "no --home, no $BZN_HOME and no "
		    "$HOME: say which home");
	if (say->leaves && (say->file || say->fast || say->proof_out))
		return err_set(e, E_usage, "--leaves goes without --file, "
		    "--fast and --proof-out");
	if (!say->leaves != !say->checkpoint)
		return err_set(e, E_usage, "--leaves and --checkpoint go "
		    "together");
	if (say->proof_out && !say->since)
		return err_set(e, E_usage, "--proof-out needs --since");
	if (say->fast && say->layers)
		return err_set(e, E_usage, "--fast or --layers, not both");
	if (say->jobs != CLERK_JOBS && (say->jobs < 1 ||
	    say->jobs > CREW_JOBS))
		return err_set(e, E_usage, "--jobs is 1 to %d", CREW_JOBS);
	return 0;
}

static int
read_span(const char *text, const char *name, int64_t *out, struct err *e)
{
	if (text && clock_span(text, out, e))
		return err_wrap(e, "--%s", name);
	return 0;
}

/* A file that is named, or nothing. */
static int
take(const char *path, struct buf *text, const struct buf **out,
    struct err *e)
{
	if (!path)
		return 0;
	*out = text;
	return file_read(text, path, e);
}

static int
choose_layers(const struct clerk *say, struct verify_how *how, struct err *e)
{
	how->layers = say->fast ? VERIFY_FAST : say->leaves ?
	    VERIFY_OF_LEAVES : VERIFY_ALL;
	if (say->layers && verify_layers(say->layers, &how->layers, e))
		return -1;
	if (say->leaves && (how->layers & ~VERIFY_OF_LEAVES))
		return err_set(e, E_usage, "leaves alone have the layers 4 to "
		    "9 and 11");
	return 0;
}

/* A card first: with a policy as well, that is for the witnesses. */
static int
choose_trust(struct cli *c, const struct clerk *say, struct ground *g,
    struct err *e)
{
	bool foreign = say->file || say->leaves;
	int by_key = clerk_policy(say, &g->policy, e), by_card;

	if (by_key < 0)
		return -1;
	by_card = clerk_card(c, say, &g->node, e);
	if (by_card < 0)
		return -1;
	if (by_card)
		g->how.node = &g->node;
	if (by_key)
		g->how.policy = &g->policy;
	g->how.trust = by_card ? TRUST_CARD : say->policy ? TRUST_POLICY :
	    by_key ? TRUST_VKEY : TRUST_SELF;
	if (foreign && !by_card && !by_key && !say->allow_self)
		return err_set(e, E_usage, "say whom to trust: --vkey, --card "
		    "or --policy, or --allow-self");
	return 0;
}

/* More than two would hardly help: one thread folds what the others hash. */
static int
jobs(const struct clerk *say)
{
	if (say->jobs != CLERK_JOBS)
		return (int)say->jobs;
	return sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 2 : 1;
}

static int
fill(struct cli *c, const struct clerk *say, struct ground *g, struct err *e)
{
	struct verify_how *how = &g->how;

	*g = (struct ground){
		.how = {
			.fast = say->fast, .most = say->max_findings,
			.jobs = jobs(say), .now_ms = cli_now(c),
			.told = found, .arg = c, .leaves = say->leaves,
			.min_size = say->min_size, .max_age_ms = GRACE_MS,
			.table = &escrows,
		},
		.since = BUF_INIT(2 * NOTE_MAX),
		.checkpoint = BUF_INIT(2 * NOTE_MAX),
		.pin = BUF_INIT(2 * NOTE_MAX),
		.growth = BUF_INIT(GROWTH_MAX),
		.anchors = BUF_INIT(TEXT_MAX),
		.assertions = BUF_INIT(TEXT_MAX),
	};
	how->growth = say->proof_out ? &g->growth : NULL;
	return choose_layers(say, how, e) ||
	    read_span(say->max_age, "max-age", &how->max_age_ms, e) ||
	    read_span(say->max_checkpoint_age, "max-checkpoint-age",
	    &how->max_checkpoint_ms, e) ||
	    take(say->since, &g->since, &how->since, e) ||
	    take(say->checkpoint, &g->checkpoint, &how->checkpoint, e) ||
	    take(say->anchors, &g->anchors, &how->anchors, e) ||
	    take(say->assertions, &g->assertions, &how->assertions, e) ||
	    choose_trust(c, say, g, e) ? -1 : 0;
}

/* Our own, with its pin; or a file, which has none. */
static int
open_store(struct cli *c, const struct clerk *say, struct ground *g,
    struct err *e)
{
	char path[PATH_MAX], pins[PATH_MAX];
	struct inspect how = {
		.path = say->file, .tmp = cli_tmp(), .wait_ms = c->wait_ms,
	};
	struct trail trail = { 0 };
	struct pin pin = PIN_INIT;
	struct err why = { 0 };
	int got = 0;

	if (say->leaves)
		return 0;
	if (!say->file) {
		how.home = c->home;
		how.path = path;
		if (snprintf(path, sizeof(path), "%s/node.db", c->home) >=
		    PATH_MAX)
			return err_set(e, E_no_file, "the name is too long");
	}
	if (inspect_open(&c->store, &how, e))
		return -1;
	if (say->file || pin_dir(pins, c->home,
	    param_string(&c->params, PARAM_pin_dir), e))
		return say->file ? 0 : -1;
	if (!trail_load(&trail, c->store, 1, &why))
		got = pin_read(&pin, pins, trail.origin, e);
	if (got > 0) {
		buf_add(&g->pin, pin.note.data, pin.note.len);
		g->how.pin = &g->pin;
	}
	pin_release(&pin);
	trail_release(&trail);
	return got < 0 ? -1 : 0;
}

static int
say_verdict(const struct verified *v, struct err *e)
{
	switch (v->status) {
	case ERR_OK:
		return 0;
	case ERR_NO:
		return err_set(e, v->code, "the ledger is not true: %" PRId64
		    " finding%s", v->findings, v->findings == 1 ? "" : "s");
	case ERR_REFUSED:
		return err_set(e, v->code, "the ledger is true, and a promise "
		    "is not kept");
	default:
		return err_set(e, v->code, "whether the ledger is true cannot "
		    "be told");
	}
}

int
clerk_verify(struct cli *c, const struct clerk *say, struct err *e)
{
	struct ground *g = mem_zero(1, sizeof(*g));
	struct buf out = BUF_INIT(16384);
	struct verified v;
	int rc = -1;

	if (check_usage(c, say, e) || fill(c, say, g, e) ||
	    open_store(c, say, g, e) || verify_run(c->store, &g->how, &v, e))
		goto out;
	if (!c->quiet || v.status) {
		verify_write(&out, &v);
		json_close(&out, '}');
		if (cli_emit_buf(c, &out, e))
			goto out;
	}
	if (say->proof_out && g->growth.len && file_write(say->proof_out,
	    g->growth.data, g->growth.len, 0644, e))
		goto out;
	rc = say_verdict(&v, e);
out:
	buf_release(&g->since);
	buf_release(&g->checkpoint);
	buf_release(&g->pin);
	buf_release(&g->growth);
	buf_release(&g->anchors);
	buf_release(&g->assertions);
	buf_release(&out);
	free(g);
	return rc;
}
