/* model_settle.h - what is due, in which order: the model of a sweep. */
#ifndef MODEL_SETTLE_H
#define MODEL_SETTLE_H

#include "model_bounty.h"
#include "model_node.h"
#include "model_trade.h"

enum m_phase {
	M_SETTLES, M_REFUNDS, M_SHADOWS, M_BOUNTIES, M_EXPIRES, M_PHASES
};

/* One that has failed too often waits for a person. */
static inline bool
m_parked(const struct m_task *t)
{
	return t->failures >= m_param.failures;
}

/* The trade that is next, or -1. */
static inline int
m_next_trade(const struct model *m, enum m_due which)
{
	const struct m_task *t;
	int64_t at, best_at = 0;
	const char *id, *best_id = "";
	int best = -1;

	for (t = m->task; t < m->task + m->n_task; t++) {
		at = which == M_DUE_SETTLE ? t->settle_ms : t->refund_ms;
		id = t->kind == M_SHADOW ? t->id : t->escrow;
		if (!m_due(m, t, which) || m_parked(t) || t->passed ||
		    (best >= 0 && (at > best_at ||
		    (at == best_at && strcmp(id, best_id) > 0))))
			continue;
		best = (int)(t - m->task);
		best_at = at;
		best_id = id;
	}
	return best;
}

/* The node of the sandbox whose time was over first, or -1. */
static inline int
m_next_expiry(const struct model *m)
{
	const struct m_node *n = m->node;
	int i, best = -1;

	for (i = 0; i < m->n_node; i++)
		if (m_expiry_due(m, i) && (best < 0 ||
		    n[i].made_ms < n[best].made_ms ||
		    (n[i].made_ms == n[best].made_ms &&
		    strcmp(n[i].name, n[best].name) < 0)))
			best = i;
	return best;
}

static inline int
m_next(const struct model *m, enum m_phase phase)
{
	switch (phase) {
	case M_SETTLES:
		return m_next_trade(m, M_DUE_SETTLE);
	case M_REFUNDS:
		return m_next_trade(m, M_DUE_REFUND);
	case M_SHADOWS:
		return m_next_trade(m, M_DUE_SHADOW);
	case M_BOUNTIES:
		return m_next_bounty(m);
	case M_EXPIRES:
		return m_next_expiry(m);
	case M_PHASES:
		break;
	}
	return -1;
}

static inline const char *
m_next_id(const struct model *m, enum m_phase phase, int which)
{
	return which < 0 ? "nothing" : phase == M_BOUNTIES ?
	    m->bounty[which].id : phase == M_EXPIRES ? m->node[which].name :
	    phase == M_SHADOWS ? m->task[which].id : m->task[which].escrow;
}

/* By hand, parked or not: what succeeds is forgiven. */
static inline const char *
m_retry(struct model *m, int which)
{
	struct m_task *t = &m->task[which];
	const char *is = m_settle(m, t, -1);

	if (!strcmp(is, "ok"))
		t->failures = 0;
	return is;
}

static inline void
m_sweep(struct model *m, enum m_phase phase, int which)
{
	if (phase == M_BOUNTIES)
		m_bounty_back(m, which, M_B_EXPIRED);
	else if (phase == M_EXPIRES)
		m_expire(m, which);
	else
		(void)m_retry(m, which);
}

/* A day after anybody could use it, it is gone; by the operator's clock. */
static inline void
m_tidy(struct model *m, int64_t clock_ms)
{
	struct m_quote *q;
	struct m_task *t;
	struct m_node *n;

	for (t = m->task; t < m->task + m->n_task; t++)
		if (t->state >= M_PAID)
			t->failures = 0;
	for (q = m->quote; q < m->quote + m->n_quote; q++)
		q->gone |= !q->used && q->until_ms <= clock_ms - M_DAY;
	for (n = m->node; n < m->node + m->n_node; n++)
		n->asked = n->asked &&
		    n->asked_ms > clock_ms - M_DAY - 30000;
}

#endif
