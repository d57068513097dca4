/* model_market.h - skills, quotes and validators: the model of bzn-market. */
#ifndef MODEL_MARKET_H
#define MODEL_MARKET_H

#include "model.h"

static inline bool
m_priced(int64_t price)
{
	return price >= 1 && price <= 1000000;
}

static inline const char *
m_publish(struct model *m, int node, int64_t price, int contract,
    bool verifies)
{
	struct m_node *n = &m->node[node];
	const char *no = m_priced(price) ? m_who(m, node) : "price_range";

	if (!no && n->have[n->unit] < 50)
		no = "insufficient_funds";
	if (no)
		return no;
	n->have[n->unit] -= 50;
	m->vault[n->unit] += 50;
	m->skill[m->n_skill++] = (struct m_skill){
		.node = node, .price = price, .contract = contract,
		.verifies = verifies,
	};
	m_log(m, 2);
	return "ok";
}

/* Its own alone, and without a fee. */
static inline const char *
m_change_may(const struct model *m, int who, int skill)
{
	const struct m_skill *k = skill < 0 ? NULL : &m->skill[skill];

	return !k ? "skill_missing" : who >= 0 && who != k->node ?
	    "not_provider" : k->retired ? "skill_retired" : NULL;
}

static inline const char *
m_update(struct model *m, int who, int skill, int64_t price, int contract)
{
	const char *no = m_change_may(m, who, skill);
	struct m_skill *k;

	if (!no)
		no = m_priced(price) ? m_who(m, m->skill[skill].node) :
		    "price_range";
	if (no)
		return no;
	k = &m->skill[skill];
	m_log(m, k->price != price || k->contract != contract);
	k->price = price;
	k->contract = contract;
	return "ok";
}

static inline const char *
m_retire(struct model *m, int who, int skill)
{
	const char *no = m_change_may(m, who, skill);

	if (no)
		return no;
	m->skill[skill].retired = true;
	m_log(m, 1);
	return "ok";
}

/* May this one be quoted to a buyer who pays so much? */
static inline bool
m_fits(const struct model *m, int buyer, int skill, int64_t most)
{
	const struct m_skill *k = &m->skill[skill];

	return !k->retired && m_active(m, k->node) &&
	    m->node[k->node].unit == m->node[buyer].unit &&
	    (most < 0 || k->price <= most);
}

/*
 * The price of the cheapest that is not the buyer's own, or -1.  Of two that
 * cost the same either will do: scores decide, and age.
 */
static inline int64_t
m_cheapest(const struct model *m, int buyer, int64_t most)
{
	int64_t best = -1;
	int i;

	for (i = 0; i < m->n_skill; i++)
		if (m->skill[i].node != buyer && m_fits(m, buyer, i, most) &&
		    (best < 0 || m->skill[i].price < best))
			best = m->skill[i].price;
	return best;
}

/* What it costs now, for a quarter of an hour; skill -1 is any. */
static inline const char *
m_quote(const struct model *m, int buyer, int skill, int64_t most)
{
	if (m_who(m, buyer))
		return m_who(m, buyer);
	return skill == -2 || (skill < 0 ? m_cheapest(m, buyer, most) < 0 :
	    !m_fits(m, buyer, skill, most)) ? "skill_missing" : "ok";
}

/* It was quoted, and this is the skill. */
static inline void
m_quoted(struct model *m, int buyer, int skill)
{
	const struct m_skill *k = &m->skill[skill];

	m->quote[m->n_quote++] = (struct m_quote){
		.buyer = buyer, .skill = skill, .contract = k->contract,
		.price = k->price, .until_ms = m->now_ms + 900000,
	};
}

static inline const char *
m_custom(struct model *m, int node, int kind)
{
	int i, n = 0;

	if (m_who(m, node))
		return m_who(m, node);
	for (i = 0; i < m->n_custom; i++)
		n += m->custom[i].node == node && !m->custom[i].gone;
	if (n >= m_param.customs)
		return "validator_limit";
	m->custom[m->n_custom++] = (struct m_custom){
		.node = node, .kind = kind,
	};
	return "ok";
}

static inline const char *
m_custom_gone(struct model *m, int node, int custom)
{
	if (custom < 0 || m->custom[custom].node != node ||
	    m->custom[custom].gone)
		return "validator_missing";
	m->custom[custom].gone = true;
	return "ok";
}

#endif
