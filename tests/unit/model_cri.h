/*
 * model_cri.h - what trades say of a node, added up from all of them each
 * time: the model of bzn-cri.
 */
#ifndef MODEL_CRI_H
#define MODEL_CRI_H

#include <math.h>

#include "model.h"

struct m_cri {
	int64_t s, b, u, most, v, n, x, days;
	int64_t first_ms;
};

static inline struct m_cri
m_cri(const struct model *m, int node)
{
	struct m_cri c = { 0 };
	int with[M_NODES] = { 0 }, i;
	const struct m_task *t;
	bool mine;

	for (t = m->task; t < m->task + m->n_task; t++) {
		mine = t->seller == node;
		if (t->kind == M_SHADOW || (!mine && t->buyer != node))
			continue;
		if (t->state == M_PAID) {
			c.s += mine;
			c.b += !mine;
			c.v += t->price;
			with[mine ? t->buyer : t->seller]++;
			if (mine && (!c.first_ms || t->closed_ms < c.first_ms))
				c.first_ms = t->closed_ms;
		}
		if (!mine || !t->settle_ms)
			continue;
		/* The log does not tell who gave it back, so 5.1's "of its
		   own accord" is the operator's as well. */
		c.n += t->state != M_BACK || t->disputed ||
		    t->end == M_BY_RULE;
		c.x += t->state == M_DISPUTED || (t->state == M_BACK &&
		    (t->disputed || t->end == M_BY_RULE));
	}
	for (i = 0; i < M_NODES; i++) {
		c.u += with[i] > 0;
		if (with[i] > c.most)
			c.most = with[i];
	}
	c.days = (m->now_ms - m->node[node].made_ms) / M_DAY;
	return c;
}

static inline double
m_at_most(double x, double most)
{
	return x < most ? x : most;
}

/* The score in tenths of a point (5.2), without decay. */
static inline int
m_score(const struct model *m, int node)
{
	const struct m_cri c = m_cri(m, node);
	const struct m_node *n = &m->node[node];
	double t = (double)(c.s + c.b), sum = 30, r;
	char text[32];

	if (n->banned)
		return 0;
	if (n->unit && t <= 0 && !n->strikes)
		return 500;
	sum += m_at_most(log2(t + 1) * 3.33, 20);
	if (t > 0)
		sum += m_at_most((double)c.u / t, 1) * 15;
	sum += m_at_most(log10((double)c.v / 100 + 1) * 2.5, 10);
	sum += m_at_most(log2((double)c.days + 1) * 1.25, 10);
	sum += c.b ? 5 : 0;
	sum += n->rank ? 10 : 0;
	if (c.n)
		sum -= m_at_most(25 * (double)c.x / (double)c.n, 25);
	r = t > 0 ? (double)c.most / t : 0;
	if (t >= 5 && r > 0.5)
		sum -= m_at_most((r - 0.5) * 20, 10);
	sum -= 15 * n->strikes;
	snprintf(text, sizeof(text), "%.1f", sum);
	sum = strtod(text, NULL);
	sum = sum < 0 ? 0 : sum > 100 ? 100 : sum;
	if (n->rank && c.first_ms && n->strikes < 3 &&
	    m->now_ms <= c.first_ms + 180 * M_DAY && sum < 30)
		sum = 30;
	return (int)(sum * 10 + 0.5);
}

/* A badge, and its bonus, for who came early and now has sold. */
static inline void
m_genesis(struct model *m, int node)
{
	struct m_node *n = &m->node[node];

	if (n->unit || !n->early || n->banned || n->rank ||
	    m->n_badge >= m_param.badges)
		return;
	n->rank = ++m->n_badge;
	n->have[0] += 30000;
	m->mint[0] -= 30000;
	m_log(m, 2);
}

/*
 * It settled: does it prove that its seller is a verifier?  What it judged
 * was paid for by one of the two who paid for that, was never disputed, and
 * was not counted before.
 *
 * Left out: work that settles after its verification.  spec/vmp.md 8.9 can
 * be read so that it counts from then on; here, as in the programs, never.
 */
static inline void
m_prove(struct model *m, struct m_task *t)
{
	struct m_node *n = &m->node[t->seller];
	const struct m_task *of, *u;

	if (n->unit || !m_active(m, t->seller) || t->kind != M_TASK ||
	    t->judges < 0 || !t->verifies)
		return;
	of = &m->task[t->judges];
	if (of->kind == M_SHADOW || of->state != M_PAID || of->disputed ||
	    of->seller == t->seller ||
	    (t->buyer != of->buyer && t->buyer != of->seller))
		return;
	for (u = m->task; u < m->task + m->n_task; u++)
		if (u->proves && u->seller == t->seller &&
		    u->judges == t->judges)
			return;
	t->proves = true;
	if (++n->proofs >= m_param.proofs && !n->pioneer && !n->waits) {
		n->waits = true;
		n->waits_ms = m->now_ms;
	}
}

/* VAULT pays who has waited longest, as long as it can. */
static inline void
m_pioneers(struct model *m)
{
	struct m_node *n, *first;

	do {
		first = NULL;
		for (n = m->node; n < m->node + m->n_node; n++)
			if (n->waits && (!first || n->waits_ms <
			    first->waits_ms || (n->waits_ms ==
			    first->waits_ms && strcmp(n->name,
			    first->name) < 0)))
				first = n;
		if (!first || m->n_pioneer >= m_param.pioneers ||
		    m->vault[0] < m_param.bonus)
			return;
		first->waits = false;
		if (first->banned)
			continue;
		first->pioneer = ++m->n_pioneer;
		m->vault[0] -= m_param.bonus;
		first->have[0] += m_param.bonus;
		m_log(m, 2);
	} while (first);
}

#endif
