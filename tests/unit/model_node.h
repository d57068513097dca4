/* model_node.h - who is there: the model of bzn-node. */
#ifndef MODEL_NODE_H
#define MODEL_NODE_H

#include "model.h"
#include "model_bounty.h"

static inline const char *
m_name_word(int node)
{
	return node == 8 ? "reserved_id" : node == 9 ? "bad_id" : NULL;
}

/* A token is an index, -1 for none and -2 for one that nobody got. */
static inline const char *
m_token_word(const struct model *m, int token)
{
	return token == -1 ? NULL : token < 0 ? "signup_unknown" :
	    m->signup[token].linked ? "signup_linked" : NULL;
}

static inline const char *
m_ask(struct model *m, int node, int token)
{
	struct m_node *n = &m->node[node];

	if (m_name_word(node))
		return m_name_word(node);
	if (n->in)
		return "node_exists";
	if (m_token_word(m, token))
		return m_token_word(m, token);
	n->asked = true;
	n->asked_ms = m->now_ms;
	n->token = token;
	n->misses = 0;
	return "ok";
}

static inline void
m_join(struct model *m, struct m_node *n, int unit, int64_t minor)
{
	n->in = true;
	n->unit = unit;
	n->made_ms = m->now_ms;
	n->have[unit] += minor;
	m->mint[unit] -= minor;
	m_log(m, minor ? 2 : 1);
}

enum m_answer { M_RIGHT, M_NEARLY, M_WRONG, M_NO_NUMBER };

/* A miss and a lateness are remembered although the answer is no. */
static inline const char *
m_register(struct model *m, int node, enum m_answer how, bool right_id,
    int token)
{
	struct m_node *n = &m->node[node];

	if (m_name_word(node))
		return m_name_word(node);
	if (n->in)
		return "node_exists";
	if (!n->asked || !right_id)
		return "no_challenge";
	if (how == M_NO_NUMBER)
		return "bad_amount";
	if (m->now_ms - n->asked_ms >= 30000) {
		n->asked = false;
		return "challenge_expired";
	}
	if (how == M_WRONG) {
		n->asked = ++n->misses < 3;
		return "challenge_wrong";
	}
	if (token == -1)
		token = n->token;
	if (m_token_word(m, token))
		return m_token_word(m, token);
	n->asked = false;
	if (token >= 0) {
		m->signup[token].linked = true;
		n->early = true;
	}
	m_join(m, n, 0, 10000);
	return "ok";
}

static inline const char *
m_sandbox(struct model *m)
{
	struct m_node *n = &m->node[m->n_node++];

	*n = m_stranger("");
	m_join(m, n, 1, 1000000);
	return "ok";
}

/* An act of a node or of the operator; -1 takes a cap away. */
static inline const char *
m_caps(struct model *m, int node, int64_t per_task, int64_t per_day,
    int64_t pct)
{
	struct m_node *n = &m->node[node];

	if (m_who(m, node))
		return m_who(m, node);
	m_log(m, n->cap_task != per_task || n->cap_day != per_day ||
	    n->cap_pct != pct);
	n->cap_task = per_task;
	n->cap_day = per_day;
	n->cap_pct = pct;
	return "ok";
}

static inline bool
m_traded(const struct model *m, int a, int b)
{
	const struct m_task *t;

	for (t = m->task; t < m->task + m->n_task; t++)
		if (t->kind != M_SHADOW && t->state == M_PAID &&
		    ((t->buyer == a && t->seller == b) ||
		    (t->buyer == b && t->seller == a)))
			return true;
	return false;
}

/* One that counts: the third takes everything (3.7). */
static inline void
m_count_strike(struct model *m, int node)
{
	struct m_node *n = &m->node[node];

	n->strikes++;
	m_log(m, 1);
	if (n->strikes < 3)
		return;
	n->banned = true;
	m_log(m, 1);
	m_confiscate(m, node);
}

/* by is -1 for the operator.  counted tells whether it was. */
static inline const char *
m_report(struct model *m, int by, int node, bool *counted)
{
	struct m_node *n = &m->node[node];

	*counted = false;
	if (by >= 0 && m_who(m, by))
		return m_who(m, by);
	if (by == node)
		return "self_report";
	if (!n->in)
		return "node_missing";
	if (by >= 0 && m->node[by].unit != n->unit)
		return "realm";
	if (n->banned)
		return "already_banned";
	if (by >= 0 && (m->node[by].unit || !m_traded(m, by, node)))
		return "report_not_eligible";
	if (by >= 0 && n->struck_by[by])
		return "ok";
	*counted = true;
	if (by >= 0)
		n->struck_by[by] = true;
	m_count_strike(m, node);
	return "ok";
}

/* Does anything still run that could credit it? */
static inline bool
m_at_stake(const struct model *m, int node)
{
	const struct m_bounty *b;
	const struct m_task *t;

	for (t = m->task; t < m->task + m->n_task; t++)
		if (m_is_open(t) && (t->buyer == node || t->seller == node))
			return true;
	for (b = m->bounty; b < m->bounty + m->n_bounty; b++)
		if (b->creator == node && b->state == M_B_OPEN)
			return true;
	return false;
}

/*
 * A sandbox node lives for seven days.  What is open runs on, and its money
 * is burnt, once, when nothing is.
 */
static inline bool
m_expiry_due(const struct model *m, int node)
{
	const struct m_node *n = &m->node[node];

	if (!n->in || n->unit != 1 || n->burnt ||
	    m->now_ms < n->made_ms + 7 * M_DAY)
		return false;
	return !n->expired || !m_at_stake(m, node);
}

static inline void
m_expire(struct model *m, int node)
{
	struct m_node *n = &m->node[node];
	int i;

	if (!n->expired) {
		n->expired = true;
		m_log(m, 1);
		for (i = 0; i < m->n_bounty; i++)
			if (m->bounty[i].creator == node &&
			    m->bounty[i].state == M_B_OPEN)
				m_bounty_back(m, i, m_bounty_over(m, i) ?
				    M_B_EXPIRED : M_B_CANCELLED);
	}
	if (m_at_stake(m, node))
		return;
	n->burnt = true;
	if (!n->have[1])
		return;
	m->mint[1] += n->have[1];
	n->have[1] = 0;
	m_log(m, 1);
}

#endif
