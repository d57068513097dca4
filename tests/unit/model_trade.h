/* model_trade.h - tasks and escrows: the model of bzn-escrow and -settle. */
#ifndef MODEL_TRADE_H
#define MODEL_TRADE_H

#include "model.h"
#include "model_cri.h"

/* What a buyer asks for; -1 is nothing, -2 what does not exist. */
struct m_order {
	int buyer, skill, quote, custom, judges;
	int64_t stated;
	bool shadow;
};

/* L2 to L6 of the gate, the seller being there. */
static inline const char *
m_gate_parties(const struct model *m, int buyer, int seller)
{
	return buyer == seller ? "self_trade" :
	    m->node[buyer].unit != m->node[seller].unit ? "realm" :
	    !m_active(m, seller) ? "seller_inactive" : NULL;
}

static inline const char *
m_order_word(const struct model *m, const struct m_order *o,
    const struct m_quote *q, const struct m_skill *k, int64_t price)
{
	const struct m_custom *c = o->custom < 0 ? NULL :
	    &m->custom[o->custom];
	const char *no = m_gate_parties(m, o->buyer, k->node);

	if (no)
		return no;
	if (!q && k->retired)
		return "skill_retired";
	if (q && (q->used || m->now_ms >= q->until_ms))
		return "quote_expired";
	if (o->custom == -2 || (c && (c->node != o->buyer || c->gone)))
		return "validator_missing";
	if (o->stated >= 0 && o->stated != price)
		return "price_mismatch";
	return o->shadow ? NULL : m_gate_money(m, o->buyer, price);
}

static inline const char *
m_lock(struct model *m, const struct m_order *o)
{
	struct m_quote *q = o->quote < 0 ? NULL : &m->quote[o->quote];
	const struct m_skill *k = NULL;
	const char *no = m_who(m, o->buyer);
	int contract, skill = q ? q->skill : o->skill;
	int64_t price;

	if (no)
		return no;
	if (o->quote == -2 || (q && (q->gone || q->buyer != o->buyer)))
		return "quote_missing";
	if (skill < 0)
		return "skill_missing";
	k = &m->skill[skill];
	price = q ? q->price : k->price;
	contract = q ? q->contract : k->contract;
	no = m_order_word(m, o, q, k, price);
	if (no)
		return no;
	if (q)
		q->used = true;
	m->task[m->n_task++] = (struct m_task){
		.kind = o->shadow ? M_SHADOW : M_TASK, .buyer = o->buyer,
		.seller = k->node, .unit = m->node[o->buyer].unit,
		.skill = skill, .contract = contract,
		.custom = o->custom < 0 ? M_NO_CUSTOM :
		    m->custom[o->custom].kind, .judges = o->judges,
		.verifies = k->verifies,
		.output = M_NONE, .price = price, .made_ms = m->now_ms,
		.refund_ms = m->now_ms + 72 * M_HOUR,
	};
	if (o->shadow)
		return "ok";
	m->node[o->buyer].have[m->node[o->buyer].unit] -= price;
	m_log(m, 1);
	return "ok";
}

/* An escrow between two, without a skill.  seller is -2 for nobody. */
static inline const char *
m_direct(struct model *m, int buyer, int seller, int64_t minor)
{
	const char *no = minor < 1 || minor > 10000000 ? "price_range" :
	    m_who(m, buyer);

	if (!no && (seller < 0 || !m->node[seller].in))
		no = "seller_missing";
	if (!no)
		no = m_gate_parties(m, buyer, seller);
	if (!no)
		no = m_gate_money(m, buyer, minor);
	if (no)
		return no;
	m->task[m->n_task++] = (struct m_task){
		.kind = M_DIRECT, .buyer = buyer, .seller = seller,
		.unit = m->node[buyer].unit, .skill = -1, .judges = -1,
		.output = M_NONE, .price = minor, .made_ms = m->now_ms,
		.refund_ms = m->now_ms + 72 * M_HOUR,
	};
	m->node[buyer].have[m->node[buyer].unit] -= minor;
	m_log(m, 1);
	return "ok";
}

/* who is -1 where it need not be said. */
static inline const char *
m_party(const struct m_task *t, int who, int may)
{
	return who < 0 || who == may ? NULL : t->kind == M_DIRECT ?
	    "not_escrow_party" : "not_your_task";
}

static inline const char *
m_claim(struct model *m, struct m_task *t, int who)
{
	const char *no = m_party(t, who, t->seller);

	if (!no && t->state != M_OPEN)
		no = "already_claimed";
	if (!no && m->now_ms >= t->refund_ms)
		no = "window_closed";
	if (no)
		return no;
	t->state = M_CLAIMED;
	m_log(m, t->kind != M_SHADOW);
	return "ok";
}

/* The first rule that an output breaks, or NULL. */
static inline const char *
m_verdict(const struct m_task *t, enum m_output output)
{
	if (t->kind == M_DIRECT)
		return NULL;
	if (output == M_EMPTY)
		return "PROOF_MISSING";
	if (t->contract & M_SCHEMA && output != M_GOOD)
		return "SCHEMA_MISMATCH";
	if (t->contract & M_FULL && (output == M_NULL || output == M_OTHER))
		return "VALIDATOR_FAILED";
	if (t->custom == M_REGEX && output != M_GOOD)
		return "VALIDATOR_FAILED";
	return NULL;
}

static inline const char *
m_complete(struct model *m, struct m_task *t, int who, enum m_output output)
{
	const char *no = m_party(t, who, t->seller);

	if (no)
		return no;
	if (t->output == output)
		return "ok";
	if (t->state != M_OPEN && t->state != M_CLAIMED)
		return "wrong_state";
	if (m->now_ms >= t->refund_ms)
		return "window_closed";
	t->state = M_DONE;
	t->output = output;
	t->verdict = m_verdict(t, output);
	if (t->kind == M_SHADOW) {
		t->closed_ms = m->now_ms;	/* nothing else comes */
		return "ok";
	}
	t->settle_ms = m->now_ms + (t->unit ? 10000 : M_DAY);
	m_log(m, t->custom ? 2 : 1);
	return "ok";
}

static inline const char *
m_dispute(struct model *m, struct m_task *t, int who)
{
	const char *no = m_party(t, who, t->buyer);

	if (!no && (t->state != M_DONE || t->kind == M_SHADOW))
		no = "wrong_state";
	if (!no && m->now_ms >= t->settle_ms)
		no = "window_closed";
	if (no)
		return no;
	t->state = M_DISPUTED;
	t->disputed = true;
	m_log(m, 1);
	return "ok";
}

static inline void
m_back(struct model *m, struct m_task *t, enum m_end end)
{
	t->state = M_BACK;
	t->end = end;
	t->closed_ms = m->now_ms;
	if (t->kind == M_SHADOW)
		return;
	m->node[t->buyer].have[t->unit] += t->price;
	m_log(m, 1);
	m_confiscate(m, t->buyer);
}

/* Half a cent rounds up, and nothing of the price is lost. */
static inline void
m_pay(struct model *m, struct m_task *t)
{
	int64_t tax = m_tax(t->price);

	t->state = M_PAID;
	t->closed_ms = m->now_ms;
	m->node[t->seller].have[t->unit] += t->price - tax;
	m->vault[t->unit] += tax;
	m_log(m, tax ? 2 : 1);
	m_genesis(m, t->seller);
	m_prove(m, t);
	m_pioneers(m);
	m_confiscate(m, t->seller);
}

/* The operator's alone. */
static inline const char *
m_resolve(struct model *m, struct m_task *t, int who, bool pay)
{
	if (who >= 0)
		return "not_escrow_party";
	if (t->state != M_DISPUTED)
		return "wrong_state";
	m_log(m, 1);
	if (pay)
		m_pay(m, t);
	else
		m_back(m, t, M_BY_OPERATOR);
	return "ok";
}

/* The seller gives it back, or the operator: in full, and at any time. */
static inline const char *
m_refund(struct model *m, struct m_task *t, int who, bool if_disputed)
{
	if (who >= 0 && who != t->seller)
		return "not_escrow_party";
	if (t->kind == M_SHADOW || t->state >= M_PAID ||
	    (if_disputed && t->state != M_DISPUTED))
		return "wrong_state";
	m_back(m, t, who < 0 ? M_BY_OPERATOR : M_BY_SELLER);
	return "ok";
}

/* Is anything to be done about it by now; and when? */
enum m_due { M_DUE_SETTLE, M_DUE_REFUND, M_DUE_SHADOW };

static inline bool
m_due(const struct model *m, const struct m_task *t, enum m_due which)
{
	if ((which == M_DUE_SHADOW) != (t->kind == M_SHADOW))
		return false;
	if (which != M_DUE_SETTLE)
		return (t->state == M_OPEN || t->state == M_CLAIMED) &&
		    m->now_ms >= t->refund_ms;
	return (t->state == M_DONE || (t->state == M_DISPUTED && t->verdict)) &&
	    m->now_ms >= t->settle_ms;
}

/* who is a party, or -1 for the operator, who may time it out as well. */
static inline const char *
m_settle(struct model *m, struct m_task *t, int who)
{
	if (who >= 0 && who != t->buyer && who != t->seller)
		return "not_escrow_party";
	if (who >= 0 && (t->kind == M_SHADOW || t->state != M_DONE))
		return "wrong_state";
	if (m_due(m, t, M_DUE_SETTLE) && t->verdict)
		m_back(m, t, M_BY_RULE);
	else if (m_due(m, t, M_DUE_SETTLE))
		m_pay(m, t);
	else if (m_due(m, t, M_DUE_REFUND) || m_due(m, t, M_DUE_SHADOW))
		m_back(m, t, M_BY_TIME);
	else
		return t->state < M_DONE || (t->state == M_DONE &&
		    t->kind != M_SHADOW) ? "window_open" : "wrong_state";
	return "ok";
}

#endif
