/* What an event does, once it was judged good: logged, paid and stored. */
#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "escrow/impl.h"
#include "escrow/said.h"
#include "ledger/ledger.h"

#define DETAILS_MAX (2 * JSON_MAX)

static void
keep_text(char **to, const char *text)
{
	if (text && !*to)
		*to = mem_text(text);
}

static void
take_delivery(const struct act *a, struct task *t, struct judged *j,
    int64_t now_ms, int64_t window_ms)
{
	t->completed_ms = now_ms;
	if (t->kind == TRADE_SHADOW)
		t->closed_ms = now_ms;
	else
		t->settle_ms = now_ms + window_ms;
	t->output = j->output;
	j->output = NULL;
	t->output_sha256 = mem_text(j->output_sha256);
	keep_text(&t->proof_hash, a->proof_hash);
	if (t->kind != TRADE_DIRECT)
		keep_text(&t->proof_match, j->proof_match);
	keep_text(&t->llm_provider, a->llm_provider);
	keep_text(&t->verdict, validate_rule_word(j->verdict.rule));
}

/* What becomes of the trade itself, beside its states. */
static void
change(const struct act *a, struct task *t, int64_t now_ms)
{
	switch (a->event) {
	case ESCROW_CLAIM:
		t->claimed_ms = now_ms;
		return;
	case ESCROW_COMPLETE:
		return;
	case ESCROW_DISPUTE:
		t->disputed_ms = now_ms;
		t->reason = mem_text(a->reason);
		return;
	case ESCROW_TIMEOUT:
		keep_text(&t->reason, "TIMEOUT_NON_DELIVERY");
		break;
	case ESCROW_FAIL:		/* or it was disputed as well */
		keep_text(&t->reason, t->verdict);
		break;
	case ESCROW_REFUND:
		keep_text(&t->reason, a->because ? a->because : "MANUAL");
		break;
	case ESCROW_RELEASE:
	case ESCROW_RETURN:
		t->reasoning = a->reason ? mem_text(a->reason) : NULL;
		break;
	case ESCROW_SETTLE:
		keep_text(&t->settle_proof_hash, a->proof_hash);
		break;
	case ESCROW__EVENTS:
		break;
	}
	t->closed_ms = now_ms;
}

/* How the rule of the verdict failed: as it was found at delivery. */
static int
put_verdict(struct buf *details, struct store *s, const struct task *t,
    struct err *e)
{
	struct json doc = { 0 }, it = { 0 };
	struct escrow_rule r;
	struct query q;
	int got, rc = 0;

	escrow_rules_open(&q, s, t);
	while ((got = escrow_rules_next(&q, &r, e)) > 0)
		if (!strcmp(r.action, "FLAGGED_AUTO") && r.details)
			break;
	if (got > 0)
		rc = json_parse(&doc, r.details, strlen(r.details), e);
	while (got > 0 && !rc && json_next(&it, &doc))
		json_copy(details, json_key(&it), &it);
	json_release(&doc);
	query_close(&q);
	return got < 0 || rc ? -1 : 0;
}

/* The row of the rule log that goes with the event. */
static int
say_why(struct store *s, const struct task *t, const struct act *a,
    int64_t now_ms, struct err *e)
{
	struct buf details = BUF_INIT(DETAILS_MAX);
	const char *rule = NULL, *action = "AUTO_REFUND";
	int rc = 0;

	json_open(&details, NULL, '{');
	if (a->event == ESCROW_TIMEOUT) {
		rule = "TIMEOUT_NON_DELIVERY";
		json_time(&details, "auto_refund_at", t->refund_ms);
	} else if (a->event == ESCROW_FAIL) {
		rule = t->verdict;
		rc = put_verdict(&details, s, t, e);
		json_time(&details, "auto_settle_at", t->settle_ms);
	} else if (a->event == ESCROW_DISPUTE) {
		rule = "BUYER_DISPUTE";
		action = "FLAGGED_MANUAL";
		json_str(&details, "reason", a->reason);
		if (a->evidence)
			json_copy(&details, "verification_evidence",
			    a->evidence);
	}
	json_close(&details, '}');
	if (rule && !rc)
		rc = escrow_say_rule(s, t, rule, details.data, action, now_ms,
		    e);
	buf_release(&details);
	return rc;
}

static int
say_dispute(struct store *s, const struct task *t, const struct act *a,
    int64_t now_ms, struct err *e)
{
	struct buf evidence = BUF_INIT(DETAILS_MAX);
	char id[ID_TEXT];
	int rc;

	assert(a->chance);
	id_new(id, now_ms, a->chance);
	if (a->evidence)
		json_copy(&evidence, NULL, a->evidence);
	rc = escrow_say_dispute(s, t, id, a->evidence ? evidence.data : NULL,
	    now_ms, e);
	buf_release(&evidence);
	return rc;
}

/* How a dispute ended; t is the trade before, but for its texts. */
static int
say_resolved(struct store *s, const struct task *t, const struct act *a,
    struct err *e)
{
	const char *by = a->resolved_by ? a->resolved_by : "MANUAL_REVIEW";

	if (a->event == ESCROW_FAIL)
		by = "AUTO_RULE";
	else if (escrow_party(a, t) == PARTY_SELLER)
		by = "SELLER";
	return escrow_say_resolved(s, t, a->event == ESCROW_RELEASE ?
	    "release_to_seller" : "refund_buyer", by, t->reasoning, e);
}

static int
say(struct store *s, const struct task *t, const struct act *a,
    int64_t now_ms, struct err *e)
{
	if (say_why(s, t, a, now_ms, e))
		return -1;
	if (a->event == ESCROW_DISPUTE)
		return say_dispute(s, t, a, now_ms, e);
	if (t->escrow == ESCROW_DISPUTED)
		return say_resolved(s, t, a, e);
	return a->event == ESCROW_SETTLE ?
	    escrow_say_unjudged(s, t, now_ms, e) : 0;
}

/* From delivery to settlement, in the realm of the money. */
static int64_t
window(const struct task *t, const struct params *p)
{
	return strcmp(t->amount.unit->code, "SBX") ?
	    p->value[PARAM_dispute_window] :
	    p->value[PARAM_sandbox_settle_seconds];
}

static int
deliver(struct ledger *l, const struct act *a, const struct params *p,
    struct task *t, struct err *e)
{
	int64_t now_ms = ledger_now(l);
	struct judged own = { 0 }, j;
	int rc;

	if (!a->judged && escrow_judge_task(ledger_store(l), t, a, p, &own,
	    e))
		return -1;
	j = a->judged ? *a->judged : own;
	if (a->judged)
		j.output = mem_text(a->judged->output);
	own.output = NULL;
	take_delivery(a, t, &j, now_ms, window(t, p));
	rc = escrow_add_verdict(ledger_store(l), t, &j, now_ms, e) ||
	    escrow_post_checks(l, t, &j, e) ? -1 : 0;
	escrow_judged_release(&own);
	return rc;
}

/* Leaves and rows of a step that was judged good. */
int
escrow_perform(struct ledger *l, const struct act *a,
    const struct escrow_step *step, const struct params *p, struct task *t,
    struct err *e)
{
	const struct task was = { .escrow = t->escrow, .state = t->state };
	struct store *s = ledger_store(l);

	if (a->event == ESCROW_COMPLETE && deliver(l, a, p, t, e))
		return -1;
	change(a, t, ledger_now(l));
	if (escrow_post_event(l, t, a, e) || escrow_post_close(l, t, a, e) ||
	    say(s, t, a, ledger_now(l), e))
		return -1;
	t->escrow = step->to;
	if (t->kind != TRADE_DIRECT)
		t->state = step->task;
	return escrow_move_rows(s, &was, t, e) ||
	    escrow_follow(l, a->event, was.escrow, t, p, e) ||
	    escrow_tell(l, a, t, e) ? -1 : 0;
}
