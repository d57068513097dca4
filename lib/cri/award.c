/*
 * Genesis badges and verifier pioneers (spec/vmp.md 5.5, 8.9).
 *
 * Who is entitled waits in a queue, in the order of becoming so; it is empty
 * but when all are given away, or VAULT cannot pay.  So nobody is passed over
 * when there are more again, and nothing is searched for at a settlement.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "cri/impl.h"
#include "ledger/make.h"

#define DATA_MAX 1024

static int
wait(struct store *s, enum sql which, const char *node_id, int64_t since_ms,
    struct err *e)
{
	struct query q;

	query_open(&q, s, which);
	query_text(&q, node_id);
	if (since_ms)
		query_int(&q, since_ms);
	else
		query_null(&q);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

/* Who is first in a queue: 1, 0, -1. */
static int
first(struct store *s, enum sql which, char node_id[NODE_ID],
    int64_t *number, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, which);
	got = query_row(&q, e);
	if (got > 0) {
		query_put_text(&q, 0, node_id, NODE_ID);
		*number = query_get_int(&q, 1);
	}
	query_close(&q);
	return got;
}

static int
last_rank(struct store *s, enum sql which, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, which);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}

/* The fact that comes with the entry; its data in the order of its keys. */
static int
tell(struct ledger *l, const char *type, const char *node_id, int64_t rank,
    const char *skill_id, struct err *e)
{
	struct buf data = BUF_INIT(DATA_MAX);
	char hex[HASH_HEX], id[LEAF_ID];
	struct hash h;
	int rc;

	hash_of(&h, node_id, strlen(node_id));
	hash_hex(hex, &h);
	snprintf(id, sizeof(id), "%s:%.32s", type, hex);
	json_open(&data, NULL, '{');
	json_str(&data, "node", node_id);
	json_int(&data, "rank", rank);
	json_str_if(&data, "skill", skill_id);
	json_close(&data, '}');
	rc = ledger_event_in(l, type, id, node_id, data.data, e);
	buf_release(&data);
	return rc;
}

int
cri_genesis_wait_in(struct ledger *l, const struct node *n, struct err *e)
{
	struct store *s = ledger_store(l);
	struct cri_record r;

	if (!n->early || !n->active || in_sandbox(n))
		return 0;
	if (cri_record(s, n->id, &r, e))
		return -1;
	if (r.rank || r.waits)
		return 0;
	return cri_open_in(s, n->id, e) || wait(s, SQL_CRI_GENESIS_WAIT, n->id,
	    r.first_ms ? r.first_ms : ledger_now(l), e) ? -1 : 0;
}

static int
badge(struct ledger *l, const char *node_id, int64_t rank,
    const struct params *p, struct err *e)
{
	const struct move bonus = {
		.type = TYPE_GENESIS_BONUS, .ref = node_id,
		.from = "MINT", .to = node_id,
		.amount = { p->value[PARAM_genesis_bonus],
		    unit_named("TCK") },
	};
	struct query q;

	query_open(&q, ledger_store(l), SQL_CRI_AWARD_ADD);
	query_int(&q, rank);
	query_text(&q, node_id);
	query_int(&q, ledger_now(l));
	if (query_run(&q, NULL, e) < 0 ||
	    tell(l, "node.genesis", node_id, rank, NULL, e))
		return -1;
	return bonus.amount.minor ? ledger_move_in(l, &bonus, e) : 0;
}

/* Who is out of the grid by now leaves the queue with nothing. */
static int
give_badge(struct ledger *l, const char *node_id, int64_t rank,
    const struct node *skip, const struct node *also,
    const struct params *p, struct err *e)
{
	struct store *s = ledger_store(l);
	struct node n;

	if (node_get(s, node_id, &n, e) ||
	    wait(s, SQL_CRI_GENESIS_WAIT, node_id, 0, e))
		return -1;
	if (!n.active)
		return 0;
	if (badge(l, node_id, rank, p, e))
		return -1;
	return !strcmp(n.id, skip->id) || !strcmp(n.id, also->id) ? 0 :
	    cri_keep_in(l, &n, p, e);
}

int
cri_genesis_in(struct ledger *l, const struct node *skip,
    const struct node *also, const struct params *p, struct err *e)
{
	struct store *s = ledger_store(l);
	char node_id[NODE_ID];
	int64_t rank = 0, none;
	int got;

	while ((got = first(s, SQL_CRI_GENESIS_DUE, node_id, &none, e)) > 0) {
		if (last_rank(s, SQL_CRI_AWARD_RANK, &rank, e))
			return -1;
		if (rank >= p->value[PARAM_genesis_max])
			return 0;
		if (give_badge(l, node_id, rank + 1, skip, also, p, e))
			return -1;
	}
	return got;
}

/* 8.9: the judged task is settled, was never disputed, and is the buyer's. */
static bool
is_good(const struct cri_verification *v)
{
	return v->settled && !v->disputed &&
	    strcmp(v->of_seller_id, v->verifier_id) &&
	    (!strcmp(v->buyer_id, v->of_buyer_id) ||
	    !strcmp(v->buyer_id, v->of_seller_id));
}

/* The task is judged by the node for the first time: 1, 0, -1. */
static int
add_verified(struct ledger *l, const struct cri_verification *v,
    struct err *e)
{
	struct query q;

	query_open(&q, ledger_store(l), SQL_CRI_VERIFIED_ADD);
	query_text(&q, v->verifier_id);
	query_text(&q, v->task_id);
	query_text(&q, v->skill_id);
	query_int(&q, ledger_now(l));
	return query_run(&q, NULL, e);
}

static int
is_pioneer(struct store *s, const char *node_id, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_CRI_PIONEER_GET);
	query_text(&q, node_id);
	return query_run(&q, NULL, e);
}

/* Count it; who has enough of them for the first time waits for the bonus. */
static int
take_verified(struct ledger *l, const struct cri_verification *v,
    const struct params *p, struct err *e)
{
	struct store *s = ledger_store(l);
	int64_t verified = 0;
	struct query q;
	struct node n;
	int got;

	if (!is_good(v))
		return 0;
	if (node_get(s, v->verifier_id, &n, e))
		return -1;
	if (in_sandbox(&n) || !n.active)
		return 0;
	got = add_verified(l, v, e);
	if (got <= 0 || cri_open_in(s, n.id, e))
		return got ? -1 : 0;
	query_open(&q, s, SQL_CRI_VERIFIED_COUNT);
	query_text(&q, n.id);
	if (query_run(&q, &verified, e) < 0)
		return -1;
	if (verified < p->value[PARAM_pioneer_threshold])
		return 0;
	got = is_pioneer(s, n.id, e);
	if (got)
		return got < 0 ? -1 : 0;
	return wait(s, SQL_CRI_PIONEER_WAIT, n.id, ledger_now(l), e);
}

static int
last_skill(struct store *s, const char *node_id, char out[LEAF_ID],
    struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_CRI_VERIFIED_SKILL);
	query_text(&q, node_id);
	got = query_row(&q, e);
	if (got > 0)
		query_put_text(&q, 0, out, LEAF_ID);
	query_close(&q);
	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_store_corrupt,
	    "pioneer '%s' has verified nothing", node_id);
}

static int
pay_pioneer(struct ledger *l, const char *node_id, int64_t rank,
    int64_t verified, const struct params *p, struct err *e)
{
	char skill_id[LEAF_ID];
	const struct move bonus = {
		.type = TYPE_VERIFIER_PIONEER_BONUS, .ref = skill_id,
		.from = "VAULT", .to = node_id,
		.amount = { p->value[PARAM_pioneer_bonus],
		    unit_named("TCK") },
	};
	struct query q;

	if (last_skill(ledger_store(l), node_id, skill_id, e))
		return -1;
	query_open(&q, ledger_store(l), SQL_CRI_PIONEER_ADD);
	query_int(&q, rank);
	query_text(&q, node_id);
	query_text(&q, skill_id);
	query_int(&q, verified);
	query_int(&q, ledger_now(l));
	if (query_run(&q, NULL, e) < 0 ||
	    tell(l, "node.pioneer", node_id, rank, skill_id, e))
		return -1;
	return bonus.amount.minor ? ledger_move_in(l, &bonus, e) : 0;
}

/* Can VAULT pay it, and is one left?  1, 0, -1. */
static int
can_pay(struct ledger *l, int64_t rank, const struct params *p,
    struct err *e)
{
	struct balance vault;

	if (rank >= p->value[PARAM_pioneer_max])
		return 0;
	if (ledger_balance_in(l, "VAULT", unit_named("TCK"), &vault, e))
		return -1;
	return vault.available >= p->value[PARAM_pioneer_bonus];
}

int
cri_pioneer_in(struct ledger *l, const struct cri_verification *v,
    const struct params *p, struct err *e)
{
	struct store *s = ledger_store(l);
	char node_id[NODE_ID];
	int64_t rank = 0, verified;
	struct node n;
	int got;

	assert(ledger_writing(l));
	if (v && take_verified(l, v, p, e))
		return -1;
	while ((got = first(s, SQL_CRI_PIONEER_DUE, node_id, &verified,
	    e)) > 0) {
		if (last_rank(s, SQL_CRI_PIONEER_RANK, &rank, e))
			return -1;
		got = can_pay(l, rank, p, e);
		if (got <= 0)
			return got;
		if (node_get(s, node_id, &n, e) ||
		    wait(s, SQL_CRI_PIONEER_WAIT, node_id, 0, e) ||
		    (n.active && pay_pioneer(l, node_id, rank + 1, verified,
		    p, e)))
			return -1;
	}
	return got;
}

int
cri_award_next(struct store *s, struct cri_award *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_CRI_AWARD_NEXT);
	query_int(&q, out->rank);
	got = query_row(&q, e);
	if (got > 0) {
		out->rank = query_get_int(&q, 0);
		query_put_text(&q, 1, out->node_id, sizeof(out->node_id));
		out->made_ms = query_get_int(&q, 2);
	}
	query_close(&q);
	return got;
}

int
cri_pioneer_next(struct store *s, struct cri_pioneer *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_CRI_PIONEER_NEXT);
	query_int(&q, out->rank);
	got = query_row(&q, e);
	if (got > 0) {
		out->rank = query_get_int(&q, 0);
		query_put_text(&q, 1, out->node_id, sizeof(out->node_id));
		query_put_text(&q, 2, out->skill_id, sizeof(out->skill_id));
		out->verified = query_get_int(&q, 3);
		out->made_ms = query_get_int(&q, 4);
	}
	query_close(&q);
	return got;
}
