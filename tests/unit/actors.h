/*
 * actors.h - nodes, skills and orders of a test, made through the domains.
 */
#ifndef ACTORS_H
#define ACTORS_H

#include "base/json.h"
#include "escrow/escrow.h"
#include "home.h"
#include "market/market.h"
#include "node/node.h"

/* The sum of the primes below 100, by a list. */
static inline int
actor_sum(const struct node_challenge *c)
{
	static const int primes[] = {
		2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59,
		61, 67, 71, 73, 79, 83, 89, 97,
	};
	int i, sum = 0;
	size_t k;

	for (i = 0; i < c->n; i++)
		for (k = 0; k < sizeof(primes) / sizeof(*primes); k++)
			if (primes[k] == c->number[i])
				sum += primes[k];
	return sum;
}

static inline void
actor_join(struct ledger *l, const char *id, const struct params *p,
    struct chance *chance)
{
	struct node_challenge c;
	struct node_answer a = { .node_id = id };
	struct err but = { 0 }, e = { 0 };
	struct node n;
	char text[32];

	if (node_challenge_in(l, id, p, chance, &c, &e))
		home_die("node_challenge_in", &e);
	snprintf(text, sizeof(text), "%d.%d", actor_sum(&c) / 2,
	    actor_sum(&c) % 2 * 5);
	a.solution = text;
	if (node_register_in(l, &a, p, &n, &but, &e) || but.kind)
		home_die("node_register_in", &e);
}

static inline void
actor_offer(struct ledger *l, const char *id, int64_t cents,
    const struct params *p, struct chance *chance, char skill[ID_TEXT])
{
	struct offer o = {
		.node_id = id, .type = "SKILL_OFFER", .label = "translate_v1",
	};
	struct err e = { 0 };
	struct skill k;
	char price[32];

	snprintf(price, sizeof(price), "%lld.%02lld", (long long)cents / 100,
	    (long long)cents % 100);
	o.price = price;
	if (market_publish_in(l, &o, p, chance, &k, &e))
		home_die("market_publish_in", &e);
	snprintf(skill, ID_TEXT, "%s", k.id);
	market_skill_release(&k);
}

static inline void
actor_lock(struct ledger *l, const char *id, const char *skill,
    const struct params *p, struct chance *chance, struct task *out)
{
	struct json input = { 0 };
	const struct order o = {
		.buyer_id = id, .skill_id = skill, .input = &input,
	};
	struct err e = { 0 };

	if (json_parse(&input, "{}", 2, &e) ||
	    escrow_lock_in(l, &o, p, chance, out, &e))
		home_die("escrow_lock_in", &e);
	json_release(&input);
}

#endif
