/* Who is told of what, when a trade moves (spec/vmp.md 7.2, 7.3). */
#include <string.h>

#include "base/json.h"
#include "escrow/impl.h"
#include "hook/hook.h"
#include "ledger/clearing.h"
#include "ledger/ledger.h"

static void
put_shares(struct buf *out, const struct task *t)
{
	struct amount tax = { clearing_tax(t->amount.minor, t->tax_bp),
		t->amount.unit };

	json_amount(out, "seller_payout", (struct amount){
	    t->amount.minor - tax.minor, tax.unit });
	json_amount(out, "protocol_tax", tax);
}

struct story {
	const struct task *t;
	const char *reason;		/* of a refund */
};

static void
write_data(struct buf *out, enum hook_event event, const void *about)
{
	const struct story *story = about;
	const struct task *t = story->t;

	if (event == HOOK_SKILL_PURCHASED)
		json_field_or_null(out, "purchase_id", t->escrow_id);
	else
		json_field_or_null(out, "task_id", t->id);
	if (event <= HOOK_TASK_COMPLETED)
		json_field_or_null(out, "skill_id", t->skill_id);
	if (event != HOOK_SKILL_PURCHASED)
		json_field_or_null(out, "escrow_id", t->escrow_id);
	if (event <= HOOK_SKILL_PURCHASED || event == HOOK_ESCROW_DISPUTED)
		json_field_or_null(out, "buyer_id", t->buyer_id);
	if (event != HOOK_TASK_COMPLETED && event != HOOK_ESCROW_DISPUTED)
		json_amount(out, "amount", t->amount);
	if (event == HOOK_TASK_CREATED)
		json_str_or_null(out, "protocol", t->protocol);
	if (event == HOOK_TASK_COMPLETED)
		json_str_or_null(out, "proof_hash", t->proof_hash);
	if (event == HOOK_ESCROW_SETTLED)
		put_shares(out, t);
	if (event == HOOK_ESCROW_DISPUTED)
		json_str_or_null(out, "reason", t->reason);
	if (event == HOOK_ESCROW_REFUNDED)
		json_str_or_null(out, "refund_reason", story->reason);
}

static int
tell(struct ledger *l, const struct task *t, unsigned events, bool buyer,
    const char *reason, struct err *e)
{
	const struct story story = { t, reason };
	const struct hook_news news = {
		.events = events,
		.ref = *t->escrow_id ? t->escrow_id : t->id,
		.to = { t->seller_id, buyer ? t->buyer_id : NULL },
		.write = write_data, .about = &story,
	};

	return hook_tell_in(ledger_store(l), &news, ledger_now(l), e);
}

/* A direct escrow has no task, and is heard of when its money moves. */
int
escrow_tell_made(struct ledger *l, const struct task *t, struct err *e)
{
	unsigned events = HOOK_OF(HOOK_TASK_CREATED);

	if (t->kind == TRADE_TASK)
		events |= HOOK_OF(HOOK_SKILL_PURCHASED);
	return tell(l, t, events, false, NULL, e);
}

static const char *
refund_reason(const struct act *a, const struct task *t)
{
	switch (a->event) {
	case ESCROW_TIMEOUT:
		return "TIMEOUT_NON_DELIVERY";
	case ESCROW_FAIL:
		return t->verdict;
	case ESCROW_RETURN:
		return "DISPUTE_RESOLVED";
	case ESCROW_REFUND:
		return a->because ? a->because : "MANUAL";
	case ESCROW_CLAIM:
	case ESCROW_COMPLETE:
	case ESCROW_DISPUTE:
	case ESCROW_SETTLE:
	case ESCROW_RELEASE:
	case ESCROW__EVENTS:
		break;
	}
	return NULL;
}

int
escrow_tell(struct ledger *l, const struct act *a, const struct task *t,
    struct err *e)
{
	switch (a->event) {
	case ESCROW_COMPLETE:
		return t->kind == TRADE_DIRECT ? 0 : tell(l, t,
		    HOOK_OF(HOOK_TASK_COMPLETED), true, NULL, e);
	case ESCROW_DISPUTE:
		return tell(l, t, HOOK_OF(HOOK_ESCROW_DISPUTED), true, NULL,
		    e);
	case ESCROW_SETTLE:
	case ESCROW_RELEASE:
		return tell(l, t, HOOK_OF(HOOK_ESCROW_SETTLED), false, NULL,
		    e);
	case ESCROW_TIMEOUT:
	case ESCROW_FAIL:
	case ESCROW_RETURN:
	case ESCROW_REFUND:
		return t->kind == TRADE_SHADOW ? 0 : tell(l, t,
		    HOOK_OF(HOOK_ESCROW_REFUNDED), true, refund_reason(a, t),
		    e);
	case ESCROW_CLAIM:
	case ESCROW__EVENTS:
		break;
	}
	return 0;
}
