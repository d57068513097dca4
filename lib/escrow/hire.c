#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "escrow/hire.h"
#include "ledger/ledger.h"
#include "market/capability.h"
#include "market/quote.h"

#define INTEGRATION 50		/* characters */
#define MOST_MINOR 1000000	/* a price */
#define MOST_SECONDS 3600

/* The most that is paid, against what is usual. */
static int
check_price(const struct hire *h, const struct capability *c, struct err *e)
{
	struct amount most = { 0, unit_named("TCK") };

	if (amount_parse(&most, h->most, e))
		return -1;
	if (most.minor < 1 || most.minor > MOST_MINOR)
		return err_set(e, E_price_range, "'%s' is not 0.01 to "
		    "10000.00", h->most);
	return c->price_minor <= most.minor ? 0 : err_set(e, E_over_price,
	    "'%s' usually costs more than '%s'", c->name, h->most);
}

/* How many offer it, in a realm; of the buyer alone, if one is named. */
struct offers {
	struct store *store;
	int64_t now_ms;
	const struct params *params;
	char label[CAPABILITY_LABEL];
};

static int
count(const struct offers *o, enum market_realm realm, const char *node_id,
    int64_t *out, struct err *e)
{
	const struct market_filter f = {
		.params = o->params, .now_ms = o->now_ms, .text = o->label,
		.realm = realm, .node_id = node_id,
	};

	return market_total(o->store, &f, out, e);
}

/* Nothing fits: who has it at all? */
static int
explain(struct ledger *l, const struct node *buyer, const struct hire *h,
    const struct capability *c, const struct params *p, struct err *e)
{
	bool sandbox = node_in_sandbox(buyer);
	enum market_realm ours = sandbox ? MARKET_SANDBOX : MARKET_PRODUCTION;
	enum market_realm theirs = sandbox ? MARKET_PRODUCTION :
	    MARKET_SANDBOX;
	struct offers o = {
		.store = ledger_store(l), .now_ms = ledger_now(l),
		.params = p,
	};
	int64_t here = 0, own = 0, there = 0;

	capability_label(c, o.label);
	if (count(&o, ours, NULL, &here, e) ||
	    count(&o, ours, buyer->id, &own, e) ||
	    count(&o, theirs, NULL, &there, e))
		return -1;
	if (here > own)
		return err_set(e, E_over_price, "everybody's '%s' costs more "
		    "than '%s'", c->name, h->most);
	if (there && !own)
		return err_set(e, E_realm, sandbox ?
		    "sandbox nodes cannot trade with production nodes" :
		    "production nodes cannot trade with sandbox nodes");
	return own ? err_set(e, E_self_trade, "'%s' is the only one who "
	    "offers '%s'", buyer->id, c->name) :
	    err_set(e, E_skill_missing, "nobody offers '%s'", c->name);
}

/* "MCP_" and the name in capitals. */
static int
name_integration(char *out, size_t n, const char *name, struct err *e)
{
	size_t len = utf8_count(name, strlen(name));
	char *p;

	if (!len || len > INTEGRATION || strlen(name) + 5 > n)
		return err_set(e, E_bad_json, "the integration is not 1 to %d "
		    "characters", INTEGRATION);
	snprintf(out, n, "MCP_%s", name);
	for (p = out; *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return 0;
}

int
escrow_hire_in(struct ledger *l, const struct hire *h,
    const struct params *p, struct chance *chance, struct task *out,
    int64_t *seconds, struct err *e)
{
	const struct capability *c = capability_named(h->capability);
	const struct ask ask = {
		.node_id = h->buyer_id, .capability = h->capability,
		.most = h->most,
	};
	char integration[4 * INTEGRATION + 8];
	struct order o = {
		.buyer_id = h->buyer_id, .input = h->input, .protocol = "mcp",
		.integration = integration, .capability = h->capability,
		.deadline_s = h->deadline_s, .asked = h->asked,
	};
	struct quote quote = { 0 };
	struct node buyer;
	int64_t usual;
	int rc;

	assert(ledger_writing(l));
	if (node_get(ledger_store(l), h->buyer_id, &buyer, e))
		return -1;
	if (!c)
		return err_set(e, E_capability_unknown, "no capability "
		    "'%.80s'", h->capability);
	if (name_integration(integration, sizeof(integration),
	    h->integration, e) || check_price(h, c, e))
		return -1;
	if (market_quote_in(l, &ask, p, chance, &quote, &usual, e))
		return e->code != E_skill_missing ? -1 :
		    explain(l, &buyer, h, c, p, e);
	*seconds = c->seconds;
	o.quote_id = quote.id;
	rc = escrow_lock_in(l, &o, p, chance, out, e);
	market_quote_release(&quote);
	return rc;
}

int
escrow_hire_read(struct hire *out, struct json *input,
    const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "buyer_id", "integration", "capability", "payload",
		"max_price", "deadline_seconds", NULL,
	};

	*out = (struct hire){
		.input = input, .most = "1.00", .deadline_s = 30,
	};
	if (json_only(in, keys, e) ||
	    json_get_str(in, "buyer_id", &out->buyer_id, e) ||
	    json_get_str(in, "integration", &out->integration, e) ||
	    json_get_str(in, "capability", &out->capability, e) ||
	    json_get(input, in, "payload", JSON_OBJECT, e) ||
	    json_opt_int(in, "deadline_seconds", &out->deadline_s, e) ||
	    (json_has(in, "max_price") &&
	    json_get_decimal(in, "max_price", &out->most, e)))
		return -1;
	return out->deadline_s >= 1 && out->deadline_s <= MOST_SECONDS ? 0 :
	    json_fail(in, "deadline_seconds", E_bad_json,
	    "is not 1 to 3600", e);
}

struct hire_word
escrow_hire_word(enum err_code code, bool in_sandbox)
{
	static const struct { enum err_code code; struct hire_word word; }
	    words[] = {
		{ E_capability_unknown,
		    { "INVALID_CAPABILITY", "change_capability" } },
		{ E_over_price, { "BAD_PAYLOAD", "lower_capability_cost" } },
		{ E_self_trade, { "SELF_TRADE", "change_capability" } },
		{ E_insufficient_funds,
		    { "INSUFFICIENT_FUNDS", "lower_max_price" } },
		{ E_cap_exceeded, { "CAP_EXCEEDED", "raise_cap" } },
		{ E_cap_exposure, { "CAP_EXCEEDED", "retry_later" } },
		{ E_id_conflict, { "IDEMPOTENCY_CONFLICT", "new_key" } },
		{ E_task_missing, { "TASK_NOT_FOUND", "contact_human" } },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i].code == code)
			return words[i].word;
	if (code == E_realm)
		return (struct hire_word){ "SANDBOX_ISOLATION", in_sandbox ?
		    "use_sandbox_skills" : "use_production_skills" };
	return (struct hire_word){ "GRID_ERROR", "retry_later" };
}
