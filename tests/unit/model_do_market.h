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

/* What sellers may demand of their own work. */
static const char *
a_contract(int contract, bool verifies, char out[400])
{
	snprintf(out, 400, "{\"category\":\"%s\"%s%s}",
	    verifies ? "verification" : "data", contract & M_SCHEMA ?
	    ",\"output_schema\":{\"type\":\"object\",\"required\":[\"a\","
	    "\"b\"],\"properties\":{\"a\":{\"type\":\"integer\"}}}" : "",
	    contract & M_FULL ? ",\"validators\":[{\"type\":\"non_empty\","
	    "\"fields\":[\"a\"]}]" : "");
	return out;
}

static bool
do_publish(void)
{
	struct offer o = { .type = "SKILL_OFFER", .label = "echo_v1" };
	bool verifies = !roll(4);
	int n = a_member(), contract = (int)roll(roll(2) ? 1 : 4), rc;
	int64_t price = a_price();
	struct json metadata = { 0 };
	struct err e = { 0 };
	struct skill k;
	char text[32], json[400];

	parse(&metadata, a_contract(contract, verifies, json));
	o.metadata = &metadata;
	o.category = verifies ? "verification" : "data";
	o.node_id = name_of(n);
	o.price = money(text, price);
	rc = market_publish_in(db.l, &o, &run->params, &run->ids, &k, &e);
	if (compare("publish", word(rc, &e), m_publish(now, n, price,
	    contract, verifies))) {
		snprintf(now->skill[now->n_skill - 1].id, 40, "%s", k.id);
		market_skill_release(&k);
	}
	json_release(&metadata);
	return !rc;
}

/* One that is offered, mostly; its own provider, mostly. */
static int
a_skill(int *who)
{
	int i, k = recent(now->n_skill);

	for (i = 0; i < 3 && k >= 0 && now->skill[k].retired; i++)
		k = recent(now->n_skill);
	*who = k < 0 || !roll(8) ? a_member() : !roll(8) ? -1 :
	    now->skill[k].node;
	return k;
}

static bool
do_update(void)
{
	int who, k = a_skill(&who), rc;
	const struct m_skill *m = k < 0 ? NULL : &now->skill[k];
	int contract = (int)roll(4);
	int64_t price = roll(4) ? a_price() : m ? m->price : 1;
	struct json metadata = { 0 };
	char text[32], json[400];
	struct change c = {
		.skill_id = m ? m->id : NO_ID, .metadata = &metadata,
		.node_id = who < 0 ? NULL : name_of(who),
		.price = money(text, price),
		.category = m && m->verifies ? "verification" : "data",
	};
	struct err e = { 0 };
	struct skill out;

	parse(&metadata, a_contract(contract, m && m->verifies, json));
	rc = market_update_in(db.l, &c, &run->params, &out, &e);
	if (compare("update", word(rc, &e), m_update(now, who, k, price,
	    contract)))
		market_skill_release(&out);
	json_release(&metadata);
	return !rc;
}

static bool
do_retire(void)
{
	int who, k = a_skill(&who), rc;
	struct err e = { 0 };
	struct skill out;

	rc = market_retire_in(db.l, k < 0 ? NO_ID : now->skill[k].id,
	    who < 0 ? NULL : name_of(who), &out, &e);
	if (compare("retire", word(rc, &e), m_retire(now, who, k)))
		market_skill_release(&out);
	return !rc;
}

#endif
