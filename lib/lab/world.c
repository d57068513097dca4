/* A store in memory, a clock, dice, and requests as nodes would make them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cri/cri.h"
#include "escrow/escrow.h"
#include "lab/impl.h"
#include "ledger/make.h"
#include "market/market.h"
#include "node/purse.h"
#include "settle/settle.h"
#include "strike/strike.h"

#define ORIGIN "ledger.example/lab"
#define UNIT "TCK"
#define WORK "{\"words\":2}"	/* what is ordered, and what is delivered */

int
world_open(struct world *w, const struct lab_plan *plan,
    struct lab_result *out, struct err *e)
{
	const struct store_how how = { .mode = STORE_PRIVATE, .who = "lab" };
	struct posted posted;

	*w = (struct world){ .plan = plan, .out = out, .now_ms = WORLD_MS };
	chance_seed(&w->dice, plan->seed);
	chance_seed(&w->ids, ~plan->seed);
	return json_parse(&w->work, WORK, sizeof(WORK) - 1, e) ||
	    store_open(&w->store, &how, e) ||
	    ledger_init(w->store, ORIGIN, "none", WORLD_MS, &posted, e) ?
	    -1 : 0;
}

static void
end(struct table_item *item)
{
	free(item);
}

void
world_close(struct world *w)
{
	ledger_free(w->ledger);
	store_close(w->store);
	json_release(&w->work);
	table_release(&w->names, end);
	table_release(&w->by_id, end);
	free(w->player);
	free(w->deal);
}

/* --- requests ------------------------------------------------------------- */

int
world_dawn(struct world *w, struct err *e)
{
	w->now_ms = WORLD_MS + w->day * WORLD_DAY_MS;
	return ledger_begin(w->store, &w->ledger, w->now_ms, true, e);
}

/* What a rule refuses leaves nothing behind, and is no failure. */
int
world_judge(struct world *w, int rc, const struct err *why, struct err *e)
{
	if (!rc)
		return ledger_keep_in(w->ledger, e) ? -1 : 1;
	if (ledger_undo_in(w->ledger, e))
		return -1;
	if (why->kind == ERR_REFUSED || why->kind == ERR_DENIED) {
		w->out->refused++;
		return 0;
	}
	*e = *why;
	return -1;
}

static struct player *
add_player(struct world *w, const char *id, enum lab_role role)
{
	struct player *p = mem_zero(1, sizeof(*p));

	snprintf(p->id, sizeof(p->id), "%s", id);
	p->role = role;
	p->gone_day = -1;
	p->item.key = p->id;
	table_add(&w->names, &p->item);
	if (w->players % 64 == 0)
		w->player = mem_grow(w->player, w->players + 64,
		    sizeof(*w->player));
	w->player[w->players++] = p;
	if (role != LAB_ROLES)
		p->number = w->out->side[role].members++;
	return p;
}

/* Answer as a node has to; "40.5" is 81 halves. */
static int
answer(struct world *w, const char *id, struct node *out, struct err *e)
{
	const struct params *p = w->plan->params;
	struct node_answer a = { .node_id = id };
	struct err but = { 0 };
	struct node_challenge c;
	char text[32];
	int64_t halves;

	if (node_challenge_in(w->ledger, id, p, &w->ids, &c, e))
		return -1;
	halves = node_challenge_answer(c.number, c.n);
	snprintf(text, sizeof(text), "%lld.%d", (long long)(halves / 2),
	    halves % 2 ? 5 : 0);
	a.solution = text;
	if (node_register_in(w->ledger, &a, p, out, &but, e))
		return -1;
	if (!but.kind)
		return 0;
	*e = but;
	return -1;
}

int
world_enter(struct world *w, const char *id, enum lab_role role,
    struct player **out, struct err *e)
{
	struct node n;

	if (answer(w, id, &n, e))
		return -1;
	*out = add_player(w, id, role);
	return 0;
}

int
world_join(struct world *w, const char *name, int64_t number,
    enum lab_role role, struct player **out, struct err *e)
{
	char id[NODE_ID];

	snprintf(id, sizeof(id), "%s-%lld", name, (long long)number);
	return world_enter(w, id, role, out, e);
}

/* It pays for credits, as far as what came for nothing does not do. */
int
world_fund(struct world *w, const struct player *p, int64_t minor,
    struct err *e)
{
	char id[ID_TEXT];
	struct move m = {
		.type = TYPE_FIAT_PURCHASE, .ref = id, .from = "MINT",
		.to = p->id, .amount.unit = unit_named(UNIT),
	};
	int64_t have;

	if (world_has(w, p, &have, e))
		return -1;
	if (have >= minor)
		return 0;
	id_new(id, w->now_ms, &w->ids);
	m.amount.minor = minor - have;
	return ledger_move_in(w->ledger, &m, e);
}

int
world_offer(struct world *w, struct player *p, int64_t minor, struct err *e)
{
	char price[AMOUNT_TEXT];
	const struct offer o = {
		.node_id = p->id, .type = "SKILL_OFFER", .label = "work",
		.price = price,
	};
	struct err why = { 0 };
	struct skill k;
	int rc;

	amount_text((struct amount){ minor, unit_named(UNIT) }, price);
	if (ledger_mark_in(w->ledger, e))
		return -1;
	rc = world_judge(w, market_publish_in(w->ledger, &o, w->plan->params,
	    &w->ids, &k, &why), &why, e);
	if (rc > 0) {
		snprintf(p->skill_id, sizeof(p->skill_id), "%s", k.id);
		market_skill_release(&k);
	}
	return rc;
}

static int
lock(struct world *w, const struct bargain *b, struct task *t, struct err *e)
{
	char amount[AMOUNT_TEXT];
	const struct direct d = {
		.buyer_id = b->buyer->id, .seller_id = b->seller->id,
		.amount = amount,
	};
	const struct order o = {
		.buyer_id = b->buyer->id, .skill_id = b->seller->skill_id,
		.input = &w->work,
	};

	amount_text((struct amount){ b->minor, unit_named(UNIT) }, amount);
	return b->minor ?
	    escrow_direct_in(w->ledger, &d, w->plan->params, &w->ids, t, e) :
	    escrow_lock_in(w->ledger, &o, w->plan->params, &w->ids, t, e);
}

/* Something is done to an escrow; t is kept up. */
static int
act(struct world *w, const char *id, const struct act *how, struct err *e)
{
	struct task t = { 0 };
	struct act a = *how;
	int rc;

	a.task_id = id;
	a.chance = &w->ids;
	rc = escrow_act_in(w->ledger, &a, w->plan->params, &t, e);
	escrow_task_release(&t);
	return rc;
}

static int
deliver(struct world *w, const char *id, const struct bargain *b,
    struct err *e)
{
	const struct act a = {
		.event = ESCROW_COMPLETE, .node_id = b->seller->id,
		.output = b->minor ? NULL : &w->work, .proof_hash = "x",
	};

	return act(w, id, &a, e);
}

static int
dispute(struct world *w, const char *id, const struct bargain *b,
    struct err *e)
{
	const struct act a = {
		.event = ESCROW_DISPUTE, .node_id = b->buyer->id,
		.reason = "rubbish",
	};

	return act(w, id, &a, e);
}

static void
add_deal(struct world *w, const struct bargain *b, const char *id,
    bool disputed)
{
	struct deal *d = mem_zero(1, sizeof(*d));

	*d = (struct deal){
		.buyer = b->buyer, .seller = b->seller,
		.rubbish = b->rubbish, .disputed = disputed, .day = w->day,
	};
	snprintf(d->id, sizeof(d->id), "%s", id);
	d->item.key = d->id;
	table_add(&w->by_id, &d->item);
	if (w->deals % 64 == 0)
		w->deal = mem_grow(w->deal, w->deals + 64, sizeof(*w->deal));
	w->deal[w->deals++] = d;
	w->out->trades++;
}

int
world_trade(struct world *w, const struct bargain *b, struct err *e)
{
	bool disputes = b->rubbish && chance_below(&w->dice, 4) > 0;
	struct task t = { 0 };
	struct err why = { 0 };
	int rc;

	if (!b->minor && !*b->seller->skill_id)
		return 0;
	if (ledger_mark_in(w->ledger, e))
		return -1;
	rc = lock(w, b, &t, &why) ||
	    deliver(w, escrow_name(&t), b, &why) ||
	    (disputes && dispute(w, escrow_name(&t), b, &why)) ? -1 : 0;
	rc = world_judge(w, rc, &why, e);
	if (rc > 0)
		add_deal(w, b, t.escrow_id, disputes);
	escrow_task_release(&t);
	return rc;
}

/* --- the day after -------------------------------------------------------- */

static int
resolve(struct world *w, const struct deal *d, struct err *e)
{
	const struct act a = {
		.event = ESCROW_RETURN, .as = PARTY_OPERATOR,
		.reason = "rubbish", .resolved_by = "MANUAL_REVIEW",
	};
	struct err why = { 0 };

	if (ledger_mark_in(w->ledger, e))
		return -1;
	return world_judge(w, act(w, d->id, &a, &why), &why, e);
}

static int
report(struct world *w, const struct deal *d, struct err *e)
{
	const struct report r = {
		.target_id = d->seller->id, .reporter_id = d->buyer->id,
		.reason = "rubbish",
	};
	struct err why = { 0 };
	struct struck out;

	if (ledger_mark_in(w->ledger, e))
		return -1;
	return world_judge(w, strike_report_in(w->ledger, &r, w->plan->params,
	    &w->ids, &out, &why), &why, e);
}

int
world_complain(struct world *w, struct err *e)
{
	const struct deal *d;

	for (; w->told < w->deals; w->told++) {
		d = w->deal[w->told];
		if (d->day == w->day)
			return 0;
		if (!d->rubbish)
			continue;
		if ((d->disputed && resolve(w, d, e) < 0) ||
		    report(w, d, e) < 0)
			return -1;
	}
	return 0;
}

/* --- dusk: what is due is closed ------------------------------------------ */

/* What a side has out. */
static int
note_bound(struct world *w, struct err *e)
{
	const struct player *p;
	struct purse purse;
	size_t i;

	for (i = 0; i < w->players; i++) {
		p = w->player[i];
		if (p->role == LAB_ROLES)
			continue;
		if (purse_get(w->store, p->id, unit_named(UNIT), w->now_ms,
		    &purse, e))
			return -1;
		w->bound[p->role][w->day + 1] += purse.open_minor;
	}
	return 0;
}

static int
told(void *world, const struct settled *s, struct err *e)
{
	(void)world;
	if (!s->why)
		return 0;
	*e = *s->why;
	return -1;
}

int
world_dusk(struct world *w, struct err *e)
{
	struct settle s = {
		.sane = true, .params = w->plan->params, .told = told,
		.arg = w,
	};

	if (ledger_commit(w->ledger, e) || note_bound(w, e))
		return -1;
	w->now_ms += CLOCK_DAY_MS;
	w->day++;
	s.now_ms = w->now_ms;
	return settle_sweep(w->store, &w->ledger, &s, e);
}

/* --- what there is to be seen --------------------------------------------- */

int
world_score(struct world *w, const struct player *p, struct cri *out,
    struct err *e)
{
	return cri_score(w->store, p->id, w->now_ms, w->plan->params, out, e);
}

int
world_has(struct world *w, const struct player *p, int64_t *minor,
    struct err *e)
{
	struct balance b;

	if (ledger_balance_in(w->ledger, p->id, unit_named(UNIT), &b, e))
		return -1;
	*minor = b.available;
	return 0;
}

struct player *
world_anybody(struct world *w)
{
	uint64_t others = (uint64_t)w->plan->honest - 1;

	return w->player[1 + chance_below(&w->dice, others)];
}
