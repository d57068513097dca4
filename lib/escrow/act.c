/*
 * act - one event on one trade: who may do it, in which state, and when.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "escrow/impl.h"
#include "escrow/said.h"
#include "ledger/ledger.h"

#define REASON_MAX 2000		/* characters */
#define PROOF_MAX 256
#define PROVIDER_MAX 20

static int
wrong_state(const struct act *a, const struct task *t, struct err *e)
{
	const char *task = escrow_task_word(t->state);
	const char *escrow = escrow_state_word(t->escrow);

	if (a->event == ESCROW_CLAIM && !task)
		return err_set(e, E_already_claimed, "escrow '%s' is direct: "
		    "there is no task to claim", t->escrow_id);
	if (a->event == ESCROW_CLAIM)
		return err_set(e, E_already_claimed, "task '%s' is %s", t->id,
		    task);
	if (!task)
		return err_set(e, E_wrong_state, "escrow '%s' is %s",
		    t->escrow_id, escrow);
	if (!escrow)
		return err_set(e, E_wrong_state, "task '%s' is %s, and a "
		    "shadow", t->id, task);
	return err_set(e, E_wrong_state, "task '%s' is %s, its escrow %s",
	    t->id, task, escrow);
}

/* In whose name: one of enum escrow_party, or 0 for a stranger. */
unsigned
escrow_party(const struct act *a, const struct task *t)
{
	if (!a->node_id)
		return a->as ? a->as : ~0u;
	if (!strcmp(a->node_id, t->buyer_id))
		return PARTY_BUYER;
	return strcmp(a->node_id, t->seller_id) ? 0 : PARTY_SELLER;
}

/* What is done to the work is refused as such, the rest as to money. */
static int
check_party(const struct act *a, const struct task *t, struct err *e)
{
	unsigned may = escrow_parties(a->event);
	const char *who = a->node_id ? a->node_id : "nobody";
	bool work = a->event == ESCROW_CLAIM || a->event == ESCROW_COMPLETE ||
	    a->event == ESCROW_DISPUTE;
	const char *role = may == PARTY_BUYER ? "buyer" : "seller";

	if (may & escrow_party(a, t))
		return 0;
	if (work && t->kind != TRADE_DIRECT)
		return err_set(e, E_not_your_task, "'%.80s' is not the %s of "
		    "task '%s'", who, role, t->id);
	if (work)
		return err_set(e, E_not_escrow_party, "'%.80s' is not the %s "
		    "of escrow '%s'", who, role, t->escrow_id);
	return err_set(e, E_not_escrow_party, "'%.80s' may not do this to "
	    "escrow '%s'", who, *t->escrow_id ? t->escrow_id : t->id);
}

/* A recorded verdict that fails refunds, and nothing else does by time. */
static bool
verdict_allows(const struct act *a, const struct task *t)
{
	if (a->event == ESCROW_FAIL)
		return t->verdict && (!a->because ||
		    !strcmp(a->because, t->verdict));
	if (a->event == ESCROW_REFUND && a->because &&
	    !strcmp(a->because, "DISPUTE_RESOLVED"))
		return t->escrow == ESCROW_DISPUTED;
	return a->event != ESCROW_SETTLE || !t->verdict;
}

static int
check_time(enum escrow_when when, const struct task *t, int64_t now_ms,
    struct err *e)
{
	bool refund = when == WHEN_BEFORE_REFUND || when == WHEN_REFUND_DUE;
	bool before = when == WHEN_BEFORE_REFUND ||
	    when == WHEN_BEFORE_SETTLE;
	int64_t deadline_ms = refund ? t->refund_ms : t->settle_ms;
	char at[CLOCK_TEXT];

	if (when == WHEN_ANY || before == (now_ms < deadline_ms))
		return 0;
	clock_text(deadline_ms, at);
	if (before)
		return err_set(e, E_window_closed, refund ?
		    "the delivery deadline passed at %s" :
		    "the dispute window closed at %s", at);
	return err_set(e, E_window_open, "nothing is due until %s", at);
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* Was this very output delivered before, with this proof?  1, 0, -1. */
static int
delivered(const struct act *a, const struct task *t, struct err *e)
{
	char hex[HASH_HEX], *text = NULL;

	if (a->event != ESCROW_COMPLETE || !t->output_sha256)
		return 0;
	if (escrow_take_output(a->output, &text, hex, e))
		return -1;
	free(text);
	return !strcmp(hex, t->output_sha256) &&
	    same_text(a->proof_hash, t->proof_hash);
}

static int
check_text(const char *what, const char *text, size_t most, struct err *e)
{
	size_t n = text ? utf8_count(text, strlen(text)) : 0;

	return !text || (n && n <= most) ? 0 : err_set(e, E_bad_json,
	    "the %s is not 1 to %zu characters", what, most);
}

static int
check_words(const struct act *a, struct err *e)
{
	if (a->event == ESCROW_DISPUTE && !a->reason)
		return err_set(e, E_bad_json, "a dispute needs a reason");
	if (check_text("reason", a->reason, REASON_MAX, e) ||
	    check_text("proof hash", a->proof_hash, PROOF_MAX, e) ||
	    check_text("name of the provider", a->llm_provider, PROVIDER_MAX,
	    e))
		return -1;
	if (a->resolved_by && strcmp(a->resolved_by, "MANUAL_REVIEW") &&
	    strcmp(a->resolved_by, "VERIFIER_EVIDENCE"))
		return err_set(e, E_bad_resolution, "'%.40s' is neither "
		    "MANUAL_REVIEW nor VERIFIER_EVIDENCE", a->resolved_by);
	return 0;
}

/* Is it delivered as such a trade is?  A task's output is the work. */
static int
check_kind(const struct act *a, const struct task *t, struct err *e)
{
	if (a->event != ESCROW_COMPLETE)
		return 0;
	if (t->kind == TRADE_DIRECT)
		return a->proof_hash ? 0 : err_set(e, E_bad_json, "a direct "
		    "escrow is delivered with a proof hash");
	if (a->output)
		return 0;
	if (t->kind == TRADE_SHADOW)
		return err_set(e, E_has_task, "task '%s' is delivered with an "
		    "output", t->id);
	return err_set(e, E_has_task, "escrow '%s' is of task '%s', which is "
	    "delivered with an output", t->escrow_id, t->id);
}

/* The trade that is meant. */
static int
find(struct store *s, const struct act *a, struct task *out, struct err *e)
{
	struct escrow_dispute d;
	char id[ID_TEXT] = "";
	struct query q;
	int got;

	if (!a->dispute_id)
		return escrow_task(s, a->task_id, out, e);
	escrow_dispute_open(&q, s, a->dispute_id);
	got = escrow_disputes_next(&q, &d, e);
	if (got > 0)
		snprintf(id, sizeof(id), "%s", d.escrow_id);
	query_close(&q);
	if (!got)
		return err_set(e, E_dispute_missing, "no dispute '%.80s'",
		    a->dispute_id);
	return got < 0 ? -1 : escrow_task(s, id, out, e);
}

int
escrow_act_on_in(struct ledger *l, const struct act *a,
    const struct params *p, struct task *t, struct err *e)
{
	const struct escrow_step *step;
	int same, rc = -1;

	assert(ledger_writing(l) && a->event < ESCROW__EVENTS);
	if (check_words(a, e) || check_party(a, t, e) ||
	    check_kind(a, t, e))
		goto out;
	same = delivered(a, t, e);
	if (same) {
		rc = same < 0 ? -1 : 0;
		goto out;
	}
	step = escrow_step(a->event, t->escrow, t->state);
	if (!step || !verdict_allows(a, t)) {
		wrong_state(a, t, e);
		goto out;
	}
	if (check_time(step->when, t, ledger_now(l), e))
		goto out;
	rc = escrow_perform(l, a, step, p, t, e);
out:
	if (rc)
		escrow_task_release(t);
	return rc;
}

int
escrow_act_in(struct ledger *l, const struct act *a, const struct params *p,
    struct task *out, struct err *e)
{
	*out = (struct task){ 0 };
	if (check_words(a, e) || find(ledger_store(l), a, out, e))
		return -1;
	return escrow_act_on_in(l, a, p, out, e);
}
