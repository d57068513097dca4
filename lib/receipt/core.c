#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jcs.h"
#include "base/json.h"
#include "evidence/prove.h"
#include "ledger/read.h"
#include "receipt/core.h"
#include "store/store.h"

const char *const core_members[] = {
	"amount", "buyer_id", "completed_at", "created_at", "dispute_engine",
	"escrow_id", "escrow_lifecycle", "ledger_entries", "output_hash",
	"payout", "proof_hash", "receipt_id", "seller_id", "settled_at",
	"skill_id", "status", "task_id", "tax", "unit", "validator_results",
	NULL
};

/* One leaf after the other, in the order of the log. */
static int
tell(struct story *s, struct store *store, const int64_t *seq, size_t n,
    struct err *e)
{
	struct stored leaf;
	struct query q;
	size_t i;
	int got = 1;

	for (i = 0; i < n && got > 0; i++) {
		ledger_leaves_open(&q, store, seq[i], seq[i] + 1);
		got = ledger_leaves_next(&q, &leaf, e);
		if (got > 0 && story_add(s, leaf.leaf, leaf.leaf_n, e))
			got = -1;
		query_close(&q);
	}
	if (got < 0 && e->kind == ERR_NO)
		return err_set(e, E_store_corrupt, "the log of the trade is "
		    "not as it must be: run 'bzn-ledger verify'");
	return got > 0 ? 0 : -1;
}

static bool
agree(const char *a, const char *b)
{
	return a && !strcmp(a, b);
}

/* The rows are a copy of what the log says; if not, neither is believed. */
static int
compare(const struct story *s, const struct task *t, struct err *e)
{
	const char *state = escrow_state_word(t->escrow);

	if (agree(s->buyer_id, t->buyer_id) &&
	    agree(s->seller_id, t->seller_id) && agree(s->status, state) &&
	    s->closed_ms == t->closed_ms)
		return 0;
	return err_set(e, E_store_corrupt, "escrow '%s' is %s in the log and "
	    "%s in the store: run 'bzn-ledger verify'", t->escrow_id,
	    s->status ? s->status : "nothing", state);
}

static int
add_core(struct core *c, struct err *e)
{
	struct buf raw = BUF_INIT(CORE_MAX);
	struct hash h;
	int rc;

	json_open(&raw, NULL, '{');
	story_write(&raw, &c->story);
	json_open(&raw, "dispute_engine", '[');
	json_close(&raw, ']');
	story_text(&raw, "proof_hash", NULL);
	json_str(&raw, "receipt_id", c->receipt_id);
	json_open(&raw, "validator_results", '[');
	json_close(&raw, ']');
	json_close(&raw, '}');
	rc = raw.full ? err_set(e, E_too_long, "the receipt is over %d bytes",
	    CORE_MAX) : jcs_text(&c->text, raw.data, raw.len, e);
	buf_release(&raw);
	if (rc)
		return -1;
	hash_of(&h, c->text.data, c->text.len);
	hash_hex(c->hash, &h);
	return 0;
}

static int
read_trade(struct core *c, struct store *s, const char *id, struct err *e)
{
	int64_t *seq = NULL;
	size_t n = 0;
	int rc = -1;

	if (escrow_task(s, id, &c->task, e) ||
	    prove_find_all(s, c->task.escrow_id, &seq, &n, e) ||
	    tell(&c->story, s, seq, n, e) ||
	    compare(&c->story, &c->task, e))
		goto out;
	snprintf(c->receipt_id, sizeof(c->receipt_id), CORE_PREFIX "%s",
	    c->task.id);
	c->status = c->story.status;
	c->final = story_over(&c->story);
	rc = add_core(c, e);
out:
	free(seq);
	return rc;
}

int
core_read(struct core *c, struct store *s, const char *id, struct err *e)
{
	int rc;

	*c = (struct core){ .text = BUF_INIT(CORE_MAX) };
	if (store_snapshot(s, e))
		return -1;
	rc = read_trade(c, s, id, e);
	store_rollback(s);
	return rc;
}

void
core_release(struct core *c)
{
	escrow_task_release(&c->task);
	story_release(&c->story);
	if (c->text.max)
		buf_release(&c->text);
	*c = (struct core){ 0 };
}

/* A shadow task, which has no escrow, is over when its work is. */
bool
core_is_final(const struct json *core)
{
	struct json v;
	const char *status = json_find(&v, core, "status") ?
	    json_string(&v) : NULL;

	if (!status)
		return false;
	return !strcmp(status, "SETTLED") || !strcmp(status, "REFUNDED") ||
	    (!strcmp(status, "COMPLETED") && !json_has(core, "escrow_id"));
}
