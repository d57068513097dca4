#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "cri/preview.h"
#include "escrow/said.h"
#include "escrow/simulate.h"

/* The rule that would refund it, or has, or NULL. */
static const char *
rule_of(const struct task *t, int64_t now_ms)
{
	if (t->escrow == ESCROW_SETTLED)	/* released, if it has one */
		return NULL;
	if (t->verdict)
		return t->verdict;
	if (t->state == TASK_REFUNDED || t->escrow == ESCROW_REFUNDED)
		return t->reason;
	return escrow_due_event(t, now_ms) == ESCROW_TIMEOUT ?
	    "TIMEOUT_NON_DELIVERY" : NULL;
}

/* What the log says of that rule, as a member. */
static int
put_details(struct buf *out, struct store *s, const struct task *t,
    const char *rule, struct err *e)
{
	struct escrow_rule r;
	struct query q;
	int got;

	escrow_rules_open(&q, s, t);
	while ((got = escrow_rules_next(&q, &r, e)) > 0)
		if (rule && !strcmp(r.rule, rule) && r.details)
			break;
	if (got > 0)
		json_raw(out, "details", r.details, strlen(r.details));
	else
		json_null(out, "details");
	query_close(&q);
	return got < 0 ? -1 : 0;
}

/* Money is TCK in words, in either realm. */
static void
put_money(struct buf *out, const char *key, const char *sign,
    struct amount a, const char *more)
{
	char text[AMOUNT_TEXT], line[AMOUNT_TEXT + 32];

	amount_text(a, text);
	snprintf(line, sizeof(line), "%s%s TCK%s", sign, text, more);
	json_str(out, key, line);
}

static void
put_impact(struct buf *out, const struct task *t, bool refund)
{
	struct amount tax, payout;

	escrow_split(t, &payout, &tax);
	json_open(out, "financial_impact", '{');
	if (refund) {
		put_money(out, "buyer", "+", t->amount, " (refunded)");
		json_str(out, "seller", "0 TCK");
		json_str(out, "vault", "0 TCK");
	} else {
		put_money(out, "buyer", "-", t->amount, "");
		put_money(out, "seller", "+", payout, "");
		put_money(out, "vault", "+", tax, "");
	}
	json_close(out, '}');
}

static void
put_tenths(struct buf *out, const char *key, int64_t tenths)
{
	char text[32];

	snprintf(text, sizeof(text), "%c%" PRId64 ".%d",
	    tenths < 0 ? '-' : '+', (int64_t)(llabs(tenths) / 10),
	    (int)(llabs(tenths) % 10));
	json_str(out, key, text);
}

/* What would still be counted; of a trade that has ended, nothing. */
static int
put_scores(struct buf *out, struct store *s, const struct task *t,
    bool refund, const struct params *p, int64_t now_ms, struct err *e)
{
	bool shadow = t->kind == TRADE_SHADOW;
	bool ended = t->closed_ms && !shadow;
	bool late = refund && !t->verdict;	/* nothing was delivered */
	struct cri_preview sale = {
		.node_id = t->seller_id, .other_id = t->buyer_id,
		.sale = true, .settled = !ended && !refund,
		.amount = t->amount,
		.delivered = !ended && !late &&
		    (shadow || !t->completed_ms),
		.failed = !ended && refund && !late && !t->disputed_ms,
	};
	struct cri_preview purchase = {
		.node_id = t->buyer_id, .other_id = t->seller_id,
		.settled = sale.settled, .amount = t->amount,
	};
	int64_t seller, buyer;

	if (t->disputed_ms && sale.settled)
		sale.failed = -1;		/* released */
	if (cri_preview(s, &sale, now_ms, p, &seller, e) ||
	    cri_preview(s, &purchase, now_ms, p, &buyer, e))
		return -1;
	json_open(out, "cri_impact", '{');
	put_tenths(out, "buyer", buyer);
	put_tenths(out, "seller", seller);
	json_close(out, '}');
	return 0;
}

int
escrow_simulate_write(struct buf *out, struct store *s, const struct task *t,
    const struct params *p, int64_t now_ms, struct err *e)
{
	const char *rule = rule_of(t, now_ms);

	json_open(out, NULL, '{');
	json_str_if(out, "task_id", *t->id ? t->id : NULL);
	json_str_if(out, "escrow_id", *t->escrow_id ? t->escrow_id : NULL);
	json_bool(out, "shadow", true);
	json_str(out, "state", t->kind == TRADE_DIRECT ?
	    escrow_state_word(t->escrow) : escrow_task_word(t->state));
	json_open(out, "simulation", '{');
	json_str(out, "outcome", rule ? "AUTO_REFUND" : "SETTLED");
	json_open(out, "dispute_engine", '{');
	json_bool(out, "triggered", rule);
	if (rule)
		json_str(out, "reason", rule);
	else
		json_null(out, "reason");
	if (put_details(out, s, t, rule, e))
		return -1;
	json_close(out, '}');
	put_impact(out, t, rule);
	if (put_scores(out, s, t, rule, p, now_ms, e))
		return -1;
	json_close(out, '}');
	json_str(out, "note", "Nothing was moved or counted.");
	json_close(out, '}');
	return 0;
}
