/* The lock gate: what is judged before money moves (spec/vmp.md 2.0). */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "escrow/impl.h"
#include "ledger/ledger.h"
#include "market/market.h"

/* L2 to L8: with whom and what, in the order of the gate. */
static int
check_parties(struct store *s, const struct order *o, const struct skill *k,
    struct err *e)
{
	struct amount stated = { 0, k->price.unit };
	struct node seller;

	if (node_get(s, k->node_id, &seller, e))
		return -1;
	if (!strcmp(o->buyer_id, k->node_id))
		return err_set(e, E_self_trade,
		    "'%s' cannot buy from itself", o->buyer_id);
	if (!seller.active)
		return err_set(e, E_seller_inactive, "'%s' is not active",
		    k->node_id);
	if (k->retired_ms)
		return err_set(e, E_skill_retired,
		    "skill '%s' is no longer offered", k->id);
	if (!o->price)
		return 0;
	if (amount_parse(&stated, o->price, e))
		return -1;
	return stated.minor == k->price.minor ? 0 : err_set(e,
	    E_price_mismatch, "the price is not '%s'", o->price);
}

static int
at_stake(struct store *s, const char *buyer, const struct unit *unit,
    int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ESCROW_AT_STAKE);
	query_text(&q, buyer);
	query_text(&q, unit->code);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}

/* L11 and L12: 402 comes first, so a hopeless amount is always that. */
static int
check_money(struct ledger *l, const char *buyer, struct amount price,
    const struct params *p, struct err *e)
{
	int64_t pct = p->value[PARAM_canary_exposure_pct];
	struct balance have;
	struct amount limit = { 0, price.unit }, stake = limit;
	char texts[2][AMOUNT_TEXT];

	if (ledger_balance_in(l, buyer, price.unit, &have, e))
		return -1;
	if (have.available < price.minor)
		return err_set(e, E_insufficient_funds,
		    "'%s' cannot cover it", buyer);
	if (!pct)
		return 0;
	if (at_stake(ledger_store(l), buyer, price.unit, &stake.minor, e))
		return -1;
	limit.minor = (int64_t)(((amount_wide)have.minor + stake.minor) * pct /
	    100);
	if ((amount_wide)stake.minor + price.minor <= limit.minor)
		return 0;
	amount_text(stake, texts[0]);
	amount_text(limit, texts[1]);
	return err_set(e, E_cap_exposure, "'%s' has %s of at most %s in open "
	    "escrows", buyer, texts[0], texts[1]);
}

static int
add(struct store *s, const struct task *t, const struct skill *k,
    struct err *e)
{
	struct buf contract = BUF_INIT(MARKET_METADATA + 4096);
	struct query q;
	int rc;

	market_skill_write(&contract, k);
	json_close(&contract, '}');
	query_open(&q, s, SQL_ESCROW_ADD);
	query_text(&q, t->escrow_id);
	query_text(&q, t->buyer_id);
	query_text(&q, t->seller_id);
	query_text(&q, t->amount.unit->code);
	query_int(&q, t->amount.minor);
	query_int(&q, t->tax_bp);
	query_int(&q, t->made_ms);
	query_int(&q, t->refund_ms);
	rc = query_run(&q, NULL, e);
	if (rc >= 0) {
		query_open(&q, s, SQL_ESCROW_TASK_ADD);
		query_text(&q, t->id);
		query_text(&q, t->escrow_id);
		query_text(&q, t->skill_id);
		query_text(&q, contract.data);
		query_text(&q, t->label);
		query_text(&q, t->input);
		rc = query_run(&q, NULL, e);
	}
	buf_release(&contract);
	return rc < 0 ? -1 : 0;
}

static void
fill(struct task *t, const struct order *o, const struct skill *k,
    const struct params *p, struct chance *chance)
{
	id_new(t->id, t->made_ms, chance);
	id_new(t->escrow_id, t->made_ms, chance);
	snprintf(t->skill_id, sizeof(t->skill_id), "%s", k->id);
	snprintf(t->buyer_id, sizeof(t->buyer_id), "%s", o->buyer_id);
	snprintf(t->seller_id, sizeof(t->seller_id), "%s", k->node_id);
	t->amount = k->price;
	t->tax_bp = p->value[PARAM_protocol_tax_bp];
	t->refund_ms = t->made_ms + p->value[PARAM_pending_escrow_timeout];
	t->label = mem_text(k->label);
}

int
escrow_lock_in(struct ledger *l, const struct order *o,
    const struct params *p, struct chance *chance, struct task *out,
    struct err *e)
{
	struct store *s = ledger_store(l);
	struct skill k = { 0 };
	struct node buyer;
	char input_sha256[HASH_HEX];
	int rc = -1;

	assert(ledger_writing(l));
	*out = (struct task){ .made_ms = ledger_now(l) };
	if (node_get(s, o->buyer_id, &buyer, e) ||
	    market_skill(s, o->skill_id, &k, e) ||
	    check_parties(s, o, &k, e) ||
	    check_money(l, o->buyer_id, k.price, p, e) ||
	    escrow_take_json(o->input, &out->input, input_sha256, e))
		goto out;
	fill(out, o, &k, p, chance);
	if (escrow_post_lock(l, out, input_sha256, e) || add(s, out, &k, e))
		goto out;
	rc = 0;
out:
	market_skill_release(&k);
	if (rc)
		escrow_task_release(out);
	return rc;
}
