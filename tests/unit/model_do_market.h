/* model_do_market.h - random requests of bzn-market. */
#ifndef MODEL_DO_MARKET_H
#define MODEL_DO_MARKET_H

#include "model_do.h"
#include "model_market.h"

static int64_t
a_price(void)
{
	int64_t kind = roll(20);

	return kind == 0 ? 1000001 : kind == 1 ? 0 : kind < 6 ? 1 + roll(60) :
	    kind == 6 ? 1 + roll(1000000) : 1 + roll(3000);
}

static bool
do_publish(void)
{
	struct offer o = { .type = "SKILL_OFFER", .label = "echo_v1" };
	int64_t price = a_price();
	int n = a_member(), rc;
	struct err e = { 0 };
	struct skill k;
	char text[32];

	if (!now->node[n].in)
		price = 100;		/* one fault at a time */
	o.node_id = name_of(n);
	o.price = money(text, price);
	rc = market_publish_in(db.l, &o, &run->params, &run->ids, &k, &e);
	if (compare("publish", word(rc, &e), m_publish(now, n, price, 0,
	    false))) {
		snprintf(now->skill[now->n_skill - 1].id, 40, "%s", k.id);
		market_skill_release(&k);
	}
	return !rc;
}

#endif
