/* model_move.h - entries by hand: the model of bzn-ledger transfer. */
#ifndef MODEL_MOVE_H
#define MODEL_MOVE_H

#include "model.h"

/* Whom each type may debit and credit, by hand. */
static inline bool
m_flow(const struct m_move *v)
{
	if (!strcmp(v->type, "TRANSFER"))
		return v->from >= 0 && v->to >= 0;
	if (!strcmp(v->type, "CREDIT_DEDUCT"))
		return v->from >= 0 && v->to == M_VAULT;
	return v->from == M_MINT && v->to >= 0;	/* ISSUE, FIAT_PURCHASE */
}

static inline int64_t *
m_balance(struct model *m, int account, int unit)
{
	return account == M_MINT ? &m->mint[unit] :
	    account == M_VAULT ? &m->vault[unit] :
	    &m->node[account].have[unit];
}

/*
 * "flow" for what a type does not allow, with whichever word.  What became
 * of it is in out.
 */
static inline const char *
m_transfer(struct model *m, const struct m_move *v, const struct m_move **out,
    bool *existed)
{
	struct m_move *x;

	*existed = false;
	if (!v->minor)
		return "amount_zero";
	if (!strcmp(v->type, "ESCROW_SETTLE") ||
	    !strcmp(v->type, "REGISTRATION_CREDIT"))
		return "flow_refused";
	if (v->from == v->to)
		return "duplicate_leg";
	for (x = m->move; x < m->move + m->n_move; x++)
		if (!strcmp(x->id, v->id)) {
			*existed = true;
			*out = x;
			return strcmp(x->type, v->type) || x->from != v->from ||
			    x->to != v->to || x->unit != v->unit ||
			    x->minor != v->minor || strcmp(x->ref, v->ref) ?
			    "id_conflict" : "ok";
		}
	if (!m_flow(v))
		return "flow";
	if (v->from >= 0 && *m_balance(m, v->from, v->unit) < v->minor)
		return "insufficient_funds";
	*m_balance(m, v->from, v->unit) -= v->minor;
	*m_balance(m, v->to, v->unit) += v->minor;
	*x = *v;
	x->seq = m->leaves;
	x->at_ms = m->now_ms;
	m->n_move++;
	*out = x;
	m_log(m, 1);
	return "ok";
}

#endif
