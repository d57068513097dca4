/* model_do_quote.h - random requests: quotes, and validators of buyers. */
#ifndef MODEL_DO_QUOTE_H
#define MODEL_DO_QUOTE_H

#include "market/quote.h"
#include "model_do.h"
#include "model_market.h"

/* The skill with this id, which is there. */
static int
skill_of(const char *id)
{
	int i;

	for (i = 0; i < now->n_skill; i++)
		if (!strcmp(now->skill[i].id, id))
			return i;
	fail("quote", id, "a skill");
	return -1;
}

static bool
do_quote(void)
{
	int n = a_member(), k = !roll(20) ? -2 : roll(3) ?
	    recent(now->n_skill) : -1, got, rc;
	int64_t most = roll(3) ? -1 : 1 + roll(2000), seconds, cheapest;
	char text[32];
	const struct ask a = {
		.node_id = name_of(n), .most = most < 0 ? NULL :
		    money(text, most),
		.capability = k == -2 ? NO_ID : k < 0 ? "echo" :
		    now->skill[k].id,
	};
	struct quote q;
	struct err e = { 0 };

	cheapest = m_cheapest(now, n, most);
	rc = market_quote_in(db.l, &a, &run->params, &run->ids, &q, &seconds,
	    &e);
	if (!compare("quote", word(rc, &e), m_quote(now, n, k, most)))
		return false;
	got = skill_of(q.skill.id);
	if (k >= 0 ? got != k : q.skill.price.minor != cheapest ||
	    now->skill[got].price != cheapest || now->skill[got].node == n)
		fail("quote", q.skill.id, "that, or the cheapest");
	m_quoted(now, n, got);
	snprintf(now->quote[now->n_quote - 1].id, 40, "%s", q.id);
	market_quote_release(&q);
	return true;
}

#endif
