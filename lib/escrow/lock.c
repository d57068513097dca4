/* The lock gate (spec/vmp.md 2.0), and what passes it. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "escrow/impl.h"
#include "gate/gate.h"
#include "hook/hook.h"
#include "ledger/ledger.h"
#include "market/custom.h"
#include "market/quote.h"
#include "node/purse.h"
#include "node/signup.h"

#define CONTRACT_MAX (MARKET_METADATA + 4096)
#define CUSTOMS_MAX (4 << 20)
#define DIRECT_MOST 10000000	/* minor units */
#define VERIFIES "verification"	/* a category (spec/vmp.md 8.9) */

/* What is bought, and whether that is still possible: L2. */
struct bought {
	struct skill skill;
	struct quote quote;		/* or zeroed */
	bool over;
};

static void
bought_release(struct bought *b)
{
	if (*b->quote.id)
		market_quote_release(&b->quote);
	else
		market_skill_release(&b->skill);
}

/* A quote promises a skill as it was, also if it is no longer offered. */
static int
find(struct ledger *l, const struct order *o, struct bought *out,
    struct err *e)
{
	struct store *s = ledger_store(l);

	*out = (struct bought){ 0 };
	if (!o->quote_id)
		return market_skill(s, o->skill_id, &out->skill, e);
	if (market_quote(s, o->quote_id, o->buyer_id, &out->quote, e))
		return -1;
	out->skill = out->quote.skill;
	out->skill.retired_ms = 0;
	out->over = market_quote_over(&out->quote, ledger_now(l));
	return !o->skill_id || !strcmp(o->skill_id, out->skill.id) ? 0 :
	    err_set(e, E_quote_missing, "quote '%.80s' is not for this skill",
	    o->quote_id);
}

/* Before anything else of the market is told: who asks? */
static int
check_buyer(struct ledger *l, const char *id, struct node *out, struct err *e)
{
	int64_t now_ms = ledger_now(l);

	if (node_get(ledger_store(l), id, out, e))
		return -1;
	return node_acts(out, now_ms) ? 0 : err_set(e,
	    E_node_unknown_or_banned, "'%s' is %s", id,
	    node_state(out, now_ms));
}

/* L8: what the buyer expects to pay, and to whom. */
static int
check_stated(const struct order *o, const struct skill *k, struct err *e)
{
	struct amount stated = { 0, k->price.unit };

	if (o->seller_id && strcmp(o->seller_id, k->node_id))
		return err_set(e, E_seller_missing, "'%.80s' does not sell "
		    "this skill", o->seller_id);
	if (!o->price)
		return 0;
	if (amount_parse(&stated, o->price, e))
		return -1;
	return stated.minor == k->price.minor ? 0 : err_set(e,
	    E_price_mismatch, "the price is not '%s'", o->price);
}

static void
fill(struct task *t, const struct order *o, const struct skill *k,
    const struct params *p, struct chance *chance)
{
	bool shadow = t->kind == TRADE_SHADOW;

	id_new(t->id, t->made_ms, chance);
	if (!shadow)
		id_new(t->escrow_id, t->made_ms, chance);
	snprintf(t->skill_id, sizeof(t->skill_id), "%s", k->id);
	snprintf(t->buyer_id, sizeof(t->buyer_id), "%s", o->buyer_id);
	snprintf(t->seller_id, sizeof(t->seller_id), "%s", k->node_id);
	t->amount = k->price;
	t->tax_bp = p->value[PARAM_protocol_tax_bp];
	t->refund_ms = t->made_ms + p->value[PARAM_pending_escrow_timeout];
	t->escrow = shadow ? ESCROW_NONE : ESCROW_PENDING;
	t->label = mem_text(k->label);
	t->protocol = mem_text(o->protocol ? o->protocol :
	    shadow ? "shadow" : "api");
	t->integration = o->integration ? mem_text(o->integration) : NULL;
	t->capability = o->capability ? mem_text(o->capability) : NULL;
	t->run_id = o->run_id ? mem_text(o->run_id) : NULL;
	t->deadline_s = o->deadline_s;
}

/* A verifier is told in its input whose output it judges. */
static void
take_verified(struct task *t, const struct skill *k, const struct json *input)
{
	const char *id = NULL;
	struct err why;

	if (k->category && !strcmp(k->category, VERIFIES) &&
	    !json_opt_str(input, "verified_task_id", &id, &why) && id)
		t->verified_task_id = mem_text(id);
}

static int
take_customs(struct store *s, const struct order *o, struct task *t,
    struct err *e)
{
	struct buf snapshot = BUF_INIT(CUSTOMS_MAX);
	struct json doc = { 0 };
	int rc = 0;

	if (o->n_custom > ESCROW_CUSTOMS)
		return err_set(e, E_too_long, "more than %d validators",
		    ESCROW_CUSTOMS);
	if (o->n_custom) {
		rc = market_customs(s, o->buyer_id, o->custom, o->n_custom,
		    &snapshot, e);
		/* Too long or deep to be read, nothing could be delivered. */
		if (!rc && json_parse(&doc, snapshot.data, snapshot.len, e))
			rc = err_wrap(e, "the validators");
		if (!rc)
			t->customs = mem_text(snapshot.data);
	}
	json_release(&doc);
	buf_release(&snapshot);
	return rc;
}

/* The lock itself, and what it counts for: all in one transaction. */
static int
book(struct ledger *l, const struct task *t, const char *input_sha256,
    struct err *e)
{
	if (t->kind == TRADE_SHADOW)
		return 0;
	if (escrow_post_lock(l, t, input_sha256, e) ||
	    purse_lock_in(l, t->buyer_id, t->amount, e))
		return -1;
	return purse_sale_in(l, t->seller_id, t->amount.unit, 1, e);
}

static int
add(struct ledger *l, const struct task *t, const struct skill *k,
    struct err *e)
{
	struct buf contract = BUF_INIT(CONTRACT_MAX);
	int rc;

	market_skill_write(&contract, k);
	json_close(&contract, '}');
	rc = escrow_add_rows(ledger_store(l), t, contract.data, e);
	buf_release(&contract);
	return rc;
}

static int
tell(struct ledger *l, const struct order *o, const struct task *t,
    struct chance *chance, struct err *e)
{
	const char *ref = *t->escrow_id ? t->escrow_id : t->id;

	if (o->callback && hook_callback_in(l, t->buyer_id, ref, o->callback,
	    chance, e))
		return -1;
	return escrow_tell_made(l, t, e);
}

/* L2 to L12, in this order. */
static int
pass(struct ledger *l, const struct order *o, const struct node *buyer,
    const struct bought *b, const struct params *p, struct task *t,
    struct err *e)
{
	const struct skill *k = &b->skill;
	bool shadow = t->kind == TRADE_SHADOW;
	const struct gate g = {
		.act = shadow ? GATE_SHADOW : GATE_BUY,
		.node_id = o->buyer_id, .node = buyer, .other_id = k->node_id,
		.category = k->category, .retired = k->retired_ms,
		.quote_expired = b->over, .params = p,
	};
	struct gated gated;

	if (gate_parties_in(l, &g, &gated, e) ||
	    take_customs(ledger_store(l), o, t, e) ||
	    check_stated(o, k, e))
		return -1;
	if (shadow)
		return 0;
	return gate_money_of_in(l, &gated.node, k->price, p, e) ||
	    node_funnel_in(l, &gated.node, "first_trade", e) ? -1 : 0;
}

/* A task, with its escrow or without. */
static int
order(struct ledger *l, const struct order *o, enum trade kind,
    const struct params *p, struct chance *chance, struct task *out,
    struct err *e)
{
	struct bought b = { 0 };
	struct node buyer;
	char input_sha256[HASH_HEX];
	int rc = -1;

	assert(ledger_writing(l));
	*out = (struct task){ .kind = kind, .made_ms = ledger_now(l) };
	if (check_buyer(l, o->buyer_id, &buyer, e) || find(l, o, &b, e))
		goto out;
	if (o->asked)
		*o->asked = b.skill.price;
	if (pass(l, o, &buyer, &b, p, out, e) ||
	    escrow_take_json(o->input, &out->input, input_sha256, e))
		goto out;
	fill(out, o, &b.skill, p, chance);
	take_verified(out, &b.skill, o->input);
	if ((*b.quote.id && market_quote_use_in(l, &b.quote, e)) ||
	    book(l, out, input_sha256, e) || add(l, out, &b.skill, e) ||
	    tell(l, o, out, chance, e))
		goto out;
	rc = 0;
out:
	bought_release(&b);
	if (rc)
		escrow_task_release(out);
	return rc;
}

int
escrow_lock_in(struct ledger *l, const struct order *o,
    const struct params *p, struct chance *chance, struct task *out,
    struct err *e)
{
	return order(l, o, TRADE_TASK, p, chance, out, e);
}

int
escrow_shadow_in(struct ledger *l, const struct order *o,
    const struct params *p, struct chance *chance, struct task *out,
    struct err *e)
{
	return order(l, o, TRADE_SHADOW, p, chance, out, e);
}

/* 0.01 to 100000.00 (spec/vmp.md 4.1). */
static int
read_amount(struct amount *out, const char *text, struct err *e)
{
	if (amount_parse(out, text, e))
		return -1;
	return out->minor >= 1 && out->minor <= DIRECT_MOST ? 0 :
	    err_set(e, E_price_range, "'%s' is not 0.01 to 100000.00", text);
}

int
escrow_direct_in(struct ledger *l, const struct direct *d,
    const struct params *p, struct chance *chance, struct task *out,
    struct err *e)
{
	const struct gate g = {
		.act = GATE_DIRECT, .node_id = d->buyer_id,
		.other_id = d->seller_id, .params = p,
	};
	struct gated gated;
	struct node buyer;

	assert(ledger_writing(l));
	*out = (struct task){
		.kind = TRADE_DIRECT, .state = TASK_NONE,
		.made_ms = ledger_now(l),
		.amount = { 0, unit_named("TCK") },	/* in words */
		.tax_bp = p->value[PARAM_protocol_tax_bp],
	};
	if (check_buyer(l, d->buyer_id, &buyer, e) ||
	    read_amount(&out->amount, d->amount, e) ||
	    gate_parties_in(l, &g, &gated, e))
		return -1;
	out->amount.unit = gated.unit;
	if (gate_money_of_in(l, &gated.node, out->amount, p, e))
		return -1;
	id_new(out->escrow_id, out->made_ms, chance);
	snprintf(out->buyer_id, sizeof(out->buyer_id), "%s", d->buyer_id);
	snprintf(out->seller_id, sizeof(out->seller_id), "%s", d->seller_id);
	out->refund_ms = out->made_ms + p->value[PARAM_pending_escrow_timeout];
	if (book(l, out, NULL, e) ||
	    escrow_add_rows(ledger_store(l), out, NULL, e))
		return -1;
	out->protocol = mem_text("api");
	return 0;
}
