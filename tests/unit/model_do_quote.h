/* model_do_quote.h - random requests: quotes, and validators of buyers. */
#ifndef MODEL_DO_QUOTE_H
#define MODEL_DO_QUOTE_H

#include "market/custom.h"
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

/* What buyers demand beside the sellers' own contracts. */
static bool
do_custom(void)
{
	static const struct { const char *type, *config; } kinds[] = {
		[M_REGEX] = { "regex", "{\"field\":\"b\",\"pattern\":"
		    "\"^2$\"}" },
		[M_HOOK] = { "webhook", "{\"url\":\"https://example.com/v\"}" },
	};
	int n = a_member(), kind = roll(3) ? M_REGEX : M_HOOK, rc;
	struct json config = { 0 };
	const struct wanted w = {
		.node_id = name_of(n), .name = "b is 2", .config = &config,
		.type = kinds[kind].type,
	};
	struct err e = { 0 };
	char id[ID_TEXT];

	parse(&config, kinds[kind].config);
	rc = market_custom_add_in(db.l, &w, &run->params, &run->ids, id, &e);
	json_release(&config);
	if (compare("custom", word(rc, &e), m_custom(now, n, kind)))
		snprintf(now->custom[now->n_custom - 1].id, 40, "%s", id);
	return !rc;
}

static bool
do_custom_gone(void)
{
	int c = recent(now->n_custom), who = c < 0 || !roll(6) ? a_member() :
	    now->custom[c].node, rc;
	struct err e = { 0 };

	rc = market_custom_remove_in(db.l, c < 0 ? NO_ID : now->custom[c].id,
	    name_of(who), &e);
	return compare("custom gone", word(rc, &e), m_custom_gone(now, who,
	    c));
}

#endif
