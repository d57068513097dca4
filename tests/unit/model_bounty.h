/* model_bounty.h - rewards for whoever solves it: the model of bounties. */
#ifndef MODEL_BOUNTY_H
#define MODEL_BOUNTY_H

#include "model.h"

static inline const char *
m_bounty_new(struct model *m, int who, int64_t reward, int days)
{
	struct m_bounty *b = &m->bounty[m->n_bounty];
	const char *no = reward < 1000 || reward > 10000000 ? "price_range" :
	    m_who(m, who);

	if (!no)
		no = m_gate_money(m, who, reward);
	if (no)
		return no;
	*b = (struct m_bounty){
		.creator = who, .unit = m->node[who].unit, .winner = -1,
		.reward = reward, .made_ms = m->now_ms,
		.deadline_ms = days ? m->now_ms + days * M_DAY : 0,
	};
	m->n_bounty++;
	m->node[who].have[b->unit] -= reward;
	m_log(m, 1);
	return "ok";
}

static inline bool
m_bounty_over(const struct model *m, int bounty)
{
	const struct m_bounty *b = &m->bounty[bounty];

	return b->deadline_ms && m->now_ms >= b->deadline_ms;
}

static inline const char *
m_submit(struct model *m, int who, int bounty)
{
	const struct m_bounty *b = bounty < 0 ? NULL : &m->bounty[bounty];
	const struct m_sub *s;

	if (m_who(m, who))
		return m_who(m, who);
	if (!b)
		return "bounty_missing";
	if (b->state != M_B_OPEN)
		return "wrong_state";
	if (m_bounty_over(m, bounty))
		return "window_closed";
	if (b->creator == who)
		return "own_bounty";
	if (b->unit != m->node[who].unit)
		return "realm";
	for (s = m->sub; s < m->sub + m->n_sub; s++)
		if (s->bounty == bounty && s->solver == who &&
		    s->state == M_PENDING)
			return "submission_dup";
	m->sub[m->n_sub++] = (struct m_sub){ .bounty = bounty, .solver = who };
	return "ok";
}

static inline void
m_reject(struct model *m, int bounty)
{
	struct m_sub *s;

	for (s = m->sub; s < m->sub + m->n_sub; s++)
		if (s->bounty == bounty && s->state == M_PENDING)
			s->state = M_REJECTED;
}

static inline void
m_bounty_back(struct model *m, int bounty, enum m_bounty_state how)
{
	struct m_bounty *b = &m->bounty[bounty];

	b->state = how;
	m->node[b->creator].have[b->unit] += b->reward;
	m_log(m, 1);
	m_reject(m, bounty);
	m_confiscate(m, b->creator);
}

/* who is -1 where it need not be said. */
static inline const char *
m_bounty_may(const struct model *m, int who, int bounty)
{
	const struct m_bounty *b = bounty < 0 ? NULL : &m->bounty[bounty];

	return !b ? "bounty_missing" : who >= 0 && who != b->creator ?
	    "not_creator" : b->state != M_B_OPEN ? "wrong_state" :
	    m_bounty_over(m, bounty) ? "window_closed" : NULL;
}

static inline const char *
m_cancel(struct model *m, int who, int bounty)
{
	const char *no = m_bounty_may(m, who, bounty);

	if (no)
		return no;
	m_bounty_back(m, bounty, M_B_CANCELLED);
	return "ok";
}

static inline const char *
m_award(struct model *m, int who, int bounty, int sub)
{
	const char *no = m_bounty_may(m, who, bounty);
	struct m_bounty *b;
	struct m_sub *s;
	int64_t tax;

	if (no)
		return no;
	if (who >= 0 && !m_active(m, who))
		return "node_unknown_or_banned";
	if (sub < 0 || m->sub[sub].bounty != bounty)
		return "submission_missing";
	b = &m->bounty[bounty];
	s = &m->sub[sub];
	if (s->state != M_PENDING)
		return "wrong_state";
	if (!m_active(m, s->solver))
		return "solver_inactive";
	tax = m_tax(b->reward);
	m->node[s->solver].have[b->unit] += b->reward - tax;
	m->vault[b->unit] += tax;
	m_log(m, tax ? 2 : 1);
	s->state = M_ACCEPTED;
	m_reject(m, bounty);
	b->state = M_B_AWARDED;
	b->winner = s->solver;
	return "ok";
}

/* The one that a sweep takes next, or -1. */
static inline int
m_next_bounty(const struct model *m)
{
	const struct m_bounty *b = m->bounty;
	int i, best = -1;

	for (i = 0; i < m->n_bounty; i++)
		if (b[i].state == M_B_OPEN && m_bounty_over(m, i) &&
		    (best < 0 || b[i].deadline_ms < b[best].deadline_ms ||
		    (b[i].deadline_ms == b[best].deadline_ms &&
		    strcmp(b[i].id, b[best].id) < 0)))
			best = i;
	return best;
}

#endif
