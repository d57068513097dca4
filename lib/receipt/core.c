#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jcs.h"
#include "base/json.h"
#include "escrow/said.h"
#include "evidence/prove.h"
#include "ledger/read.h"
#include "receipt/core.h"
#include "store/store.h"

#define FIRED_MAX 1024
#define DETAILS_MAX 16384	/* bytes; about 50 of them go on a receipt */

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
	if (got > 0 && story_end(s, e))
		got = -1;
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

/* A rehearsal is told by its rows, since the log does not know of it. */
static void
tell_shadow(struct core *c)
{
	const struct task *t = &c->task;
	struct story *s = &c->story;

	amount_text(t->amount, c->amount);
	s->task_id = t->id;
	s->skill_id = t->skill_id;
	s->buyer_id = t->buyer_id;
	s->seller_id = t->seller_id;
	s->amount = c->amount;
	s->unit = t->amount.unit->code;
	s->output_sha256 = t->output_sha256;
	s->status = escrow_task_word(t->state);
	s->made_ms = t->made_ms;
	s->completed_ms = t->completed_ms;
	s->closed_ms = t->closed_ms;
}

static void
add_json(struct buf *out, const char *key, const char *json)
{
	json_raw(out, key, json ? json : "null", json ? strlen(json) : 4);
}

/*
 * Evidence is as long and as deep as one document may be, and no receipt that
 * holds another is so: nobody shall spoil it for the other party.
 */
static bool
fits(const char *details)
{
	struct buf nested = BUF_INIT(DETAILS_MAX + 8);
	struct json ignored = { 0 };
	struct err e;
	bool good;

	if (strlen(details) > DETAILS_MAX)
		return false;
	buf_addf(&nested, "[[[%s]]]", details);
	good = !json_parse(&ignored, nested.data, nested.len, &e);
	json_release(&ignored);
	buf_release(&nested);
	return good;
}

static void
add_details(struct buf *out, const char *details)
{
	add_json(out, "details", details && fits(details) ? details : NULL);
}

/* Rows for the core, and, with what nobody signs, for who reads them. */
static int
add_results(struct core *c, struct store *s, struct buf *out, struct err *e)
{
	struct escrow_check row;
	struct query q;
	struct buf *to;
	int got, i;

	escrow_checks_open(&q, s, c->task.id);
	while ((got = escrow_checks_next(&q, &row, e)) > 0)
		for (i = 0; i < 2; i++) {
			to = i ? &c->results : out;
			json_open(to, NULL, '{');
			json_int(to, "index", row.index);
			json_str(to, "result", row.result);
			json_str(to, "source", row.source);
			json_str(to, "type", row.type);
			json_str(to, "validator_id", row.validator_id);
			if (i)
				add_details(to, row.details);
			if (i)
				json_time(to, "evaluated_at", row.made_ms);
			json_close(to, '}');
		}
	return got;
}

static int
add_rules(struct core *c, struct store *s, struct buf *out, struct err *e)
{
	struct escrow_rule row;
	struct query q;
	struct buf *to;
	int got, i;

	escrow_rules_open(&q, s, &c->task);
	while ((got = escrow_rules_next(&q, &row, e)) > 0) {
		for (i = 0; i < 2; i++) {
			to = i ? &c->rules : out;
			json_open(to, NULL, '{');
			json_str(to, "action", row.action);
			json_str(to, "rule", row.rule);
			json_time(to, "timestamp", row.made_ms);
			if (i)
				add_details(to, row.details);
			json_close(to, '}');
		}
		if (!strstr(c->fired.data, row.rule))
			buf_addf(&c->fired, "%s%s", c->fired.len ? ", " : "",
			    row.rule);
	}
	return got;
}

static int
add_core(struct core *c, struct store *s, struct err *e)
{
	struct buf raw = BUF_INIT(CORE_MAX);
	struct hash h;
	int rc;

	json_open(&raw, NULL, '{');
	story_write(&raw, &c->story);
	json_str_or_null(&raw, "proof_hash", c->task.proof_hash);
	json_str(&raw, "receipt_id", c->receipt_id);
	json_open(&raw, "dispute_engine", '[');
	rc = add_rules(c, s, &raw, e);
	json_close(&raw, ']');
	json_open(&raw, "validator_results", '[');
	if (!rc)
		rc = add_results(c, s, &raw, e);
	json_close(&raw, ']');
	json_close(&raw, '}');
	if (!rc)
		rc = raw.full || c->rules.full || c->results.full ?
		    err_set(e, E_too_long, "the receipt is over %d bytes",
		    CORE_MAX) : jcs_text(&c->text, raw.data, raw.len, e);
	buf_release(&raw);
	if (rc)
		return -1;
	hash_of(&h, c->text.data, c->text.len);
	hash_hex(c->hash, &h);
	return 0;
}

static int
tell_escrow(struct core *c, struct store *s, struct err *e)
{
	int64_t *seq = NULL;
	size_t n = 0;
	int rc = prove_find_all(s, c->task.escrow_id, &seq, &n, e) ||
	    tell(&c->story, s, seq, n, e) ||
	    compare(&c->story, &c->task, e) ? -1 : 0;

	free(seq);
	return rc;
}

static int
read_trade(struct core *c, struct store *s, const char *id, struct err *e)
{
	if (escrow_task(s, id, &c->task, e))
		return -1;
	if (c->task.kind == TRADE_SHADOW)
		tell_shadow(c);
	else if (tell_escrow(c, s, e))
		return -1;
	escrow_receipt_id(&c->task, c->receipt_id);
	return add_core(c, s, e);
}

int
core_read(struct core *c, struct store *s, const char *id, struct err *e)
{
	int rc;

	*c = (struct core){
		.text = BUF_INIT(CORE_MAX), .results = BUF_INIT(CORE_MAX),
		.rules = BUF_INIT(CORE_MAX), .fired = BUF_INIT(FIRED_MAX),
	};
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
	buf_release(&c->text);
	buf_release(&c->results);
	buf_release(&c->rules);
	buf_release(&c->fired);
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
