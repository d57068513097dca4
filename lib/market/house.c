#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "ledger/ledger.h"
#include "market/capability.h"
#include "market/house.h"

static const struct { const char *label, *validators; } houses[] = {
#define HOUSE(label, rules) { label, \
	"{\"validators\":[{\"type\":\"schema\"}" rules "]}" },
#include "market/house.def"
};

/* Labels are those of capabilities, and "_v1". */
static const struct capability *
capability_of(const char *label)
{
	const struct capability *c = NULL;
	char name[CAPABILITY_LABEL];
	size_t i, n;

	for (i = 0; (c = capability_at(i)) != NULL; i++) {
		capability_label(c, name);
		n = strlen(name);
		if (!strncmp(label, name, n) && !strcmp(label + n, "_v1"))
			return c;
	}
	return NULL;
}

/* Does the provider offer one of that label?  1, 0, -1. */
static int
offers(struct store *s, const char *node_id, const char *label,
    struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_MARKET_SKILL_HAS);
	query_text(&q, node_id);
	query_text(&q, label);
	return query_run(&q, NULL, e);
}

static int
publish(struct ledger *l, const char *node_id, size_t which,
    const struct params *p, struct chance *chance, struct house *out,
    struct err *e)
{
	const struct capability *c = capability_of(houses[which].label);
	const char *validators = houses[which].validators;
	struct json metadata = { 0 };
	char price[AMOUNT_TEXT];
	struct skill k = { 0 };
	const struct offer o = {
		.node_id = node_id, .type = "SKILL_OFFER",
		.label = houses[which].label, .price = price,
		.metadata = &metadata,
	};
	int rc = -1;

	assert(c);			/* agents ask for each of them */
	amount_text((struct amount){ c->price_minor, unit_named("TCK") },
	    price);
	if (json_parse(&metadata, validators, strlen(validators), e) ||
	    market_publish_in(l, &o, p, chance, &k, e))
		goto out;
	out->published++;
	out->fee.unit = k.price.unit;
	out->fee.minor += p->value[PARAM_listing_fee];
	market_skill_write(out->skills, &k);
	json_close(out->skills, '}');
	rc = 0;
out:
	market_skill_release(&k);
	json_release(&metadata);
	return rc;
}

int
house_seed_in(struct ledger *l, const char *node_id, const struct params *p,
    struct chance *chance, struct house *out, struct err *e)
{
	struct node n;
	size_t i;
	int got;

	if (node_get(ledger_store(l), node_id, &n, e))
		return -1;
	out->published = out->kept = 0;
	out->fee = (struct amount){ 0, node_unit(&n) };
	for (i = 0; i < sizeof(houses) / sizeof(*houses); i++) {
		got = offers(ledger_store(l), node_id, houses[i].label, e);
		out->kept += got > 0;
		if (!got)
			got = publish(l, node_id, i, p, chance, out, e);
		if (got < 0)
			return -1;
	}
	return 0;
}
