/* What a node may do: the policy gate in the words of spec/vmp.md 10.1. */
#include "market/permit.h"

#include <string.h>

#include "base/amount.h"
#include "base/buf.h"
#include "base/json.h"
#include "ledger/ledger.h"
#include "market/market.h"

static const struct { const char *word; enum gate_act act; } actions[] = {
	{ "CREATE_TASK", GATE_BUY },
	{ "PUBLISH_SKILL", GATE_PUBLISH },
	{ "CREATE_BOUNTY", GATE_BOUNTY },
};

const char *const permit_context[] = {
	"skill_id", "seller_id", "category", "amount", NULL,
};

static int
take_action(const char *word, enum gate_act *out, struct err *e)
{
	size_t i;

	for (i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (!strcmp(word, actions[i].word)) {
			*out = actions[i].act;
			return 0;
		}
	return err_set(e, E_bad_json, "'%.40s' is none of CREATE_TASK, "
	    "PUBLISH_SKILL and CREATE_BOUNTY", word);
}

int
permit_read(struct permit *p, const struct json *context, struct err *e)
{
	if (json_opt_str(context, "skill_id", &p->skill_id, e) ||
	    json_opt_str(context, "seller_id", &p->seller_id, e) ||
	    json_opt_str(context, "category", &p->category, e))
		return -1;
	if (p->skill_id && (p->seller_id || p->category || p->amount))
		return json_fail(context, "skill_id", E_bad_json,
		    "says seller, category and amount itself", e);
	return 0;
}

static int
ask_skill(struct ledger *l, const char *id, struct gate *g,
    struct gate_answer *out, struct err *e)
{
	struct skill k = { 0 };
	int rc = market_skill(ledger_store(l), id, &k, e);

	if (!rc) {
		g->other_id = k.node_id;
		g->category = k.category;
		g->retired = k.retired_ms != 0;
		rc = gate_ask_in(l, g, &k.price.minor, out, e);
	}
	market_skill_release(&k);
	return rc;
}

int
permit_ask_in(struct ledger *l, const struct permit *p,
    const struct params *params, struct gate_answer *out, struct err *e)
{
	struct gate g = {
		.node_id = p->node_id, .params = params,
		.other_id = p->seller_id, .category = p->category,
	};
	struct amount a = { 0, unit_named("TCK") };

	if (take_action(p->action, &g.act, e))
		return -1;
	if (p->skill_id)
		return ask_skill(l, p->skill_id, &g, out, e);
	if (p->amount && amount_parse(&a, p->amount, e))
		return -1;
	return gate_ask_in(l, &g, p->amount ? &a.minor : NULL, out, e);
}

void
permit_write(struct buf *out, const struct gate_answer *a)
{
	json_bool(out, "allowed", a->allowed);
	if (a->code)
		json_str(out, "code", err_word(a->code));
	if (*a->reason)
		json_str(out, "reason", a->reason);
	else
		json_null(out, "reason");
	json_bool(out, "override_available", a->override_available);
}
