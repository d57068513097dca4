/*
 * The leaves of an escrow (spec/ledger.md 1.6).  One lock, one close: both
 * outcomes bear the id E:close, so that the log itself refuses a second.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/jcs.h"
#include "base/json.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "escrow/impl.h"
#include "ledger/make.h"

#define ACCOUNT "ESCROW:"
#define DATA_MAX 4096

static void
name_account(char out[LEAF_ACCOUNT], const struct task *t)
{
	snprintf(out, LEAF_ACCOUNT, ACCOUNT "%s", t->escrow_id);
}

int
escrow_post_lock(struct ledger *l, const struct task *t,
    const char *input_sha256, struct err *e)
{
	char account[LEAF_ACCOUNT];
	struct move m = {
		.type = TYPE_ESCROW_LOCK, .ref = t->escrow_id,
		.from = t->buyer_id, .to = account, .amount = t->amount,
	};
	struct buf data = BUF_INIT(DATA_MAX);
	int rc;

	name_account(account, t);
	json_open(&data, NULL, '{');
	json_int(&data, "auto_refund_ms", t->refund_ms);
	json_str_if(&data, "input_sha256", input_sha256);
	if (t->kind == TRADE_DIRECT)
		json_str(&data, "order", t->escrow_id);
	json_str(&data, "seller", t->seller_id);
	if (t->kind != TRADE_DIRECT) {
		json_str(&data, "skill", t->skill_id);
		json_str(&data, "task", t->id);
	}
	json_int(&data, "tax_bp", t->tax_bp);
	json_close(&data, '}');
	m.data = data.data;
	rc = ledger_move_in(l, &m, e);
	buf_release(&data);
	return rc;
}

/* Words of people are in the log by their hash only. */
static void
put_hash(struct buf *data, const char *key, const char *text)
{
	char hex[HASH_HEX];
	struct hash h;

	if (!text)
		return;
	hash_of(&h, text, strlen(text));
	hash_hex(hex, &h);
	json_str(data, key, hex);
}

/*
 * The facts of an event, in the order of their keys.  A shadow has none: it
 * leaves nothing in the log.
 */
static const char *
describe(struct buf *data, const struct task *t, const struct act *a)
{
	json_open(data, NULL, '{');
	switch (a->event) {
	case ESCROW_CLAIM:
		json_str(data, "seller", t->seller_id);
		json_str(data, "task", t->id);
		json_close(data, '}');
		return "task.claimed";
	case ESCROW_COMPLETE:
		json_int(data, "auto_settle_ms", t->settle_ms);
		json_str(data, "output_sha256", t->output_sha256);
		json_str_if(data, "verdict", t->verdict);
		json_close(data, '}');
		return "task.completed";
	case ESCROW_DISPUTE:
		json_str(data, "reason", "BUYER_DISPUTE");
		put_hash(data, "text_sha256", a->reason);
		json_close(data, '}');
		return "escrow.disputed";
	case ESCROW_RELEASE:
	case ESCROW_RETURN:
		put_hash(data, "reasoning_sha256", a->reason);
		json_str(data, "resolution", a->event == ESCROW_RELEASE ?
		    "release_to_seller" : "refund_buyer");
		json_close(data, '}');
		return "escrow.resolved";
	case ESCROW_TIMEOUT:
	case ESCROW_SETTLE:
	case ESCROW_FAIL:
	case ESCROW_REFUND:
	case ESCROW__EVENTS:
		break;
	}
	return NULL;
}

int
escrow_post_event(struct ledger *l, const struct task *t,
    const struct act *a, struct err *e)
{
	struct buf data = BUF_INIT(DATA_MAX);
	const char *type = t->kind == TRADE_SHADOW ? NULL :
	    describe(&data, t, a);
	char id[LEAF_ID];
	int rc = 0;

	if (type) {
		snprintf(id, sizeof(id), "%s:%s", t->escrow_id,
		    strchr(type, '.') + 1);
		rc = ledger_event_in(l, type, id, t->escrow_id, data.data, e);
	}
	buf_release(&data);
	return rc;
}

/* What the buyer's own validators found (spec/vmp.md 3.8). */
int
escrow_post_checks(struct ledger *l, const struct task *t,
    const struct judged *j, struct err *e)
{
	const struct validate_row *r = j->verdict.rows;
	struct buf data = BUF_INIT(DATA_MAX);
	char id[LEAF_ID];
	size_t i, index;
	int rc = 0;

	if (t->kind == TRADE_SHADOW)
		return 0;
	for (i = 0; i < j->verdict.count && !rc; i++, r++) {
		if (!r->custom)
			continue;
		index = j->first_custom + r->index;
		buf_reset(&data);
		json_open(&data, NULL, '{');
		json_int(&data, "index", (int64_t)index);
		json_str(&data, "result", validate_result_word(r->result));
		json_str(&data, "task", t->id);
		json_str(&data, "type", r->type);
		json_str(&data, "validator", r->id);
		json_close(&data, '}');
		snprintf(id, sizeof(id), "%s:validated:%zu", t->escrow_id,
		    index);
		rc = ledger_event_in(l, "task.validated", id, t->escrow_id,
		    data.data, e);
	}
	buf_release(&data);
	return rc;
}

static int
pay_seller(struct ledger *l, const struct task *t, enum type type,
    struct err *e)
{
	char account[LEAF_ACCOUNT];
	const struct move m = {
		.type = type, .ref = t->escrow_id, .from = account,
		.to = t->seller_id, .amount = t->amount,
	};

	name_account(account, t);
	return ledger_payout_in(l, &m, t->tax_bp, e);
}

/* What was disputed goes back as that. */
static int
pay_back(struct ledger *l, const struct task *t, const char *reason,
    struct err *e)
{
	char account[LEAF_ACCOUNT];
	struct move m = {
		.type = t->escrow == ESCROW_DISPUTED ? TYPE_DISPUTE_REFUND :
		    TYPE_ESCROW_REFUND,
		.ref = t->escrow_id, .from = account, .to = t->buyer_id,
		.amount = t->amount,
	};
	struct buf data = BUF_INIT(DATA_MAX);
	int rc;

	name_account(account, t);
	json_open(&data, NULL, '{');
	json_str(&data, "reason", reason);
	json_close(&data, '}');
	m.data = data.data;
	rc = ledger_move_in(l, &m, e);
	buf_release(&data);
	return rc;
}

int
escrow_post_close(struct ledger *l, const struct task *t,
    const struct act *a, struct err *e)
{
	if (t->kind == TRADE_SHADOW)
		return 0;
	switch (a->event) {
	case ESCROW_SETTLE:
		return pay_seller(l, t, TYPE_ESCROW_SETTLE, e);
	case ESCROW_RELEASE:
		return pay_seller(l, t, TYPE_DISPUTE_RELEASE, e);
	case ESCROW_TIMEOUT:
		return pay_back(l, t, "TIMEOUT", e);
	case ESCROW_FAIL:
		return pay_back(l, t, t->verdict, e);
	case ESCROW_RETURN:
		return pay_back(l, t, "DISPUTE_RESOLVED", e);
	case ESCROW_REFUND:
		return pay_back(l, t, a->because ? a->because : "MANUAL", e);
	case ESCROW_CLAIM:
	case ESCROW_COMPLETE:
	case ESCROW_DISPUTE:
	case ESCROW__EVENTS:
		break;
	}
	return 0;
}

int
escrow_take_json(const struct json *in, char **text, char sha256[HASH_HEX],
    struct err *e)
{
	struct buf b = BUF_INIT(2 * JSON_MAX);
	struct hash h;
	int rc = jcs_write(&b, in, e);

	if (!rc) {
		hash_of(&h, b.data, b.len);
		hash_hex(sha256, &h);
		buf_reset(&b);
		json_copy(&b, NULL, in);
		*text = mem_text(b.data);
	}
	buf_release(&b);
	return rc;
}

int
escrow_take_output(const struct json *in, char **text, char sha256[HASH_HEX],
    struct err *e)
{
	struct hash h;

	if (in)
		return escrow_take_json(in, text, sha256, e);
	*text = NULL;
	hash_of(&h, "null", 4);
	hash_hex(sha256, &h);
	return 0;
}
