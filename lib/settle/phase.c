/* What a sweep does, in the order in which it does it (spec/vmp.md 3.6). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "bounty/bounty.h"
#include "ledger/ledger.h"
#include "node/sandbox.h"
#include "settle/impl.h"
#include "suite/suite.h"

typedef int phase_finder(struct store *, int64_t now_ms, int64_t *after_ms,
    char after_id[NODE_ID], int most, char (*out)[NODE_ID], struct err *);
typedef int phase_actor(struct ledger *, const char *id,
    const struct params *, struct buf *record, struct err *);

/* Ids of our own making, of which there is room for longer ones. */
typedef int due_list(struct store *, int64_t now_ms, int64_t *after_ms,
    char after_id[ID_TEXT], int limit, char (*out)[ID_TEXT], struct err *);

static int
find(due_list *due, struct store *s, int64_t now_ms, int64_t *after_ms,
    char after_id[NODE_ID], int most, char (*out)[NODE_ID], struct err *e)
{
	char (*id)[ID_TEXT] = mem_zero((size_t)most, sizeof(*id));
	char after[ID_TEXT];
	int i, n;

	snprintf(after, sizeof(after), "%.*s", ID_TEXT - 1, after_id);
	n = due(s, now_ms, after_ms, after, most, id, e);
	for (i = 0; i < n; i++)
		snprintf(out[i], NODE_ID, "%s", id[i]);
	snprintf(after_id, NODE_ID, "%s", after);
	free(id);
	return n;
}

#define FIND(name, list) \
	static int \
	name(struct store *s, int64_t now_ms, int64_t *after_ms, \
	    char after_id[NODE_ID], int most, char (*out)[NODE_ID], \
	    struct err *e) \
	{ \
		return find(list, s, now_ms, after_ms, after_id, most, out, \
		    e); \
	}

#define DUE(name, which) \
	static int \
	name(struct store *s, int64_t now_ms, int64_t *after_ms, \
	    char after_id[ID_TEXT], int limit, char (*out)[ID_TEXT], \
	    struct err *e) \
	{ \
		return escrow_due(s, which, now_ms, after_ms, after_id, \
		    limit, out, e); \
	}

DUE(due_settle, DUE_SETTLE)
DUE(due_refund, DUE_REFUND)
DUE(due_shadow, DUE_SHADOW)
FIND(find_settle, due_settle)
FIND(find_refund, due_refund)
FIND(find_shadow, due_shadow)
FIND(find_bounty, bounty_due)

static int
close_escrow(struct ledger *l, const char *id, const struct params *p,
    struct buf *record, struct err *e)
{
	const struct settle_claim claim = { .id = id };
	struct task t;

	if (settle_one_in(l, &claim, p, &t, e))
		return -1;
	settle_write(record, &t);
	escrow_task_release(&t);
	return 0;
}

static int
end_bounty(struct ledger *l, const char *id, const struct params *p,
    struct buf *record, struct err *e)
{
	struct bounty b = { 0 };
	int rc = bounty_expire_in(l, id, &b, e);

	(void)p;
	if (!rc) {
		json_open(record, NULL, '{');
		json_str(record, "bounty_id", b.id);
		json_str(record, "status", bounty_state_word(b.state));
		json_str(record, "unit", b.reward.unit->code);
		json_str(record, "creator_id", b.creator_id);
		json_amount(record, "amount", b.reward);
		json_time(record, "closed_at", b.closed_ms);
	}
	bounty_release(&b);
	return rc;
}

/* One that was noted by the last delivery meanwhile has nothing to tell. */
static int
end_run(struct ledger *l, const char *id, const struct params *p,
    struct buf *record, struct err *e)
{
	int got = suite_close_in(l, id, e);

	(void)p;
	return got > 0 ? suite_closed_write(record, ledger_store(l), id,
	    ledger_now(l), e) : got;
}

/*
 * A node that is over and still has something open has nothing to tell, and
 * comes up again at the next sweep.
 */
static int
end_node(struct ledger *l, const char *id, const struct params *p,
    struct buf *record, struct err *e)
{
	struct node_end end;

	(void)p;
	if (bounty_cancel_all_in(l, id, e) < 0 ||
	    node_expire_in(l, id, &end, e))
		return -1;
	if (end.expired || end.burnt)
		node_end_write(record, id, &end);
	return 0;
}

static const struct {
	phase_finder *find;
	phase_actor *act;
} phases[] = {
	[SETTLE_PAY] = { find_settle, close_escrow },
	[SETTLE_REFUND] = { find_refund, close_escrow },
	[SETTLE_SHADOW] = { find_shadow, close_escrow },
	[SETTLE_BENCH] = { suite_due, end_run },
	[SETTLE_BOUNTY] = { find_bounty, end_bounty },
	[SETTLE_SANDBOX] = { node_due_expiry, end_node },
	[SETTLE_TIDY] = { NULL, NULL },
};

int
phase_due(enum settle_phase p, struct store *s, int64_t now_ms,
    struct place *at, int most, char (*out)[NODE_ID], struct err *e)
{
	return phases[p].find ? phases[p].find(s, now_ms, &at->ms, at->id, most,
	    out, e) : 0;
}

int
phase_act_in(enum settle_phase p, struct ledger *l, const char *id,
    const struct params *params, struct buf *record, struct err *e)
{
	return phases[p].act(l, id, params, record, e);
}

/* What is due, or would be, so that its refusal says why: state or time. */
static enum escrow_event
event_of(const struct task *t, int64_t now_ms)
{
	enum escrow_event event = escrow_due_event(t, now_ms);

	if (event != ESCROW__EVENTS)
		return event;
	if (t->escrow == ESCROW_PENDING || t->escrow == ESCROW_NONE)
		return ESCROW_TIMEOUT;
	return t->escrow == ESCROW_AWAITING && t->verdict ? ESCROW_FAIL :
	    ESCROW_SETTLE;
}

/* What a node may ask for (spec/vmp.md 2.3). */
static int
check_claim(const struct settle_claim *c, const struct task *t,
    struct err *e)
{
	if (!c->node_id)
		return 0;
	if (strcmp(c->node_id, t->buyer_id) &&
	    strcmp(c->node_id, t->seller_id))
		return err_set(e, E_not_escrow_party, "'%.80s' is no party to "
		    "this escrow", c->node_id);
	return t->escrow == ESCROW_AWAITING ? 0 : err_set(e, E_wrong_state,
	    "the escrow is %s, and not ready for settlement",
	    t->kind == TRADE_SHADOW ? "none" : escrow_state_word(t->escrow));
}

int
settle_one_in(struct ledger *l, const struct settle_claim *c,
    const struct params *p, struct task *out, struct err *e)
{
	struct act act = {
		.task_id = c->id, .node_id = c->node_id,
		.proof_hash = c->proof_hash,
	};

	if (escrow_task(ledger_store(l), c->id, out, e))
		return -1;
	act.event = event_of(out, ledger_now(l));
	if (!check_claim(c, out, e))
		return escrow_act_on_in(l, &act, p, out, e);
	escrow_task_release(out);
	return -1;
}

void
settle_write(struct buf *out, const struct task *t)
{
	struct amount tax, payout;

	escrow_split(t, &payout, &tax);
	json_open(out, NULL, '{');
	if (t->kind != TRADE_SHADOW)
		json_str(out, "escrow_id", t->escrow_id);
	if (t->kind != TRADE_DIRECT)
		json_str(out, "task_id", t->id);
	json_str(out, "status", t->kind == TRADE_SHADOW ?
	    escrow_task_word(t->state) : escrow_state_word(t->escrow));
	json_str(out, "unit", tax.unit->code);
	if (t->escrow == ESCROW_SETTLED) {
		json_str(out, "seller_id", t->seller_id);
		json_amount(out, "payout", payout);
		json_amount(out, "tax", tax);
	} else {
		json_str(out, "buyer_id", t->buyer_id);
		json_amount(out, "amount", t->amount);
		json_str(out, "reason", t->verdict ? t->verdict : t->reason);
	}
	json_time(out, "closed_at", t->closed_ms);
}
