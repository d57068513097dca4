/* The document: what of it is written here, is not signed. */
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "cri/certificate.h"
#include "hook/hook.h"
#include "key/domain.h"
#include "key/ident.h"
#include "key/token.h"
#include "ledger/history.h"
#include "receipt/impl.h"
#include "sig/jwt.h"
#include "store/store.h"

#define PAYLOAD_MAX 4096

static void
add_task(struct buf *out, const struct task *t)
{
	if (t->kind == TRADE_DIRECT) {
		json_null(out, "task");
		return;
	}
	json_open(out, "task", '{');
	json_str(out, "task_id", t->id);
	json_str(out, "skill_id", t->skill_id);
	json_str(out, "skill_label", t->label);
	json_str(out, "buyer_id", t->buyer_id);
	json_str(out, "seller_id", t->seller_id);
	json_str(out, "status", escrow_task_word(t->state));
	json_str_or_null(out, "protocol", t->protocol);
	json_str_or_null(out, "llm_provider", t->llm_provider);
	json_time(out, "created_at", t->made_ms);
	json_bool(out, "has_output", t->output != NULL);
	json_close(out, '}');
}

static void
add_escrow(struct buf *out, const struct task *t)
{
	if (t->kind == TRADE_SHADOW) {
		json_null(out, "escrow");
		return;
	}
	json_open(out, "escrow", '{');
	json_str(out, "escrow_id", t->escrow_id);
	json_str(out, "status", escrow_state_word(t->escrow));
	json_amount(out, "amount", t->amount);
	json_str_or_null(out, "dispute_reason", t->reason);
	json_time(out, "created_at", t->made_ms);
	json_time_or_null(out, "auto_settle_at", t->settle_ms);
	json_time(out, "auto_refund_at", t->refund_ms);
	json_close(out, '}');
}

/* What the account held after an entry: "" if it is not to be known. */
struct viewer {
	struct store *store;
	const char *as;
};

static int
balance_after(const struct viewer *v, const struct story_leaf *l,
    const char *unit, struct buf *row, struct err *e)
{
	struct history_range range = { l->seq, l->seq + 1, 0, false };
	struct history_line line;
	struct history *h = NULL;
	struct account a;
	int got = ledger_account_of(v->store, v->as, unit, &a, e);

	if (got > 0)
		got = history_open(&h, v->store, &a, &range, e) ? -1 :
		    history_next(h, &line, e);
	if (got > 0)
		json_amount(row, "balance_after", (struct amount){
		    line.balance, &a.unit });
	history_close(h);
	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_store_corrupt,
	    "entry %" PRId64 " is in no account", l->seq);
}

/* Why money went back: a word of the log, and what made it so. */
static void
add_note(struct buf *row, const struct story_leaf *l)
{
	const char *reason = NULL;
	struct buf note = BUF_INIT(256);
	struct json data;
	struct err ignored;

	if (json_find(&data, &l->root, "data") &&
	    json_get_str(&data, "reason", &reason, &ignored))
		reason = NULL;
	if (reason && (!strcmp(reason, "MANUAL") ||
	    !strcmp(reason, "DISPUTE_RESOLVED")))
		buf_adds(&note, reason);
	else if (reason)
		buf_addf(&note, "%s:%s", !strcmp(l->type, "DISPUTE_REFUND") ?
		    "AUTO_RULE" : "AUTO_REFUND", reason);
	json_str_or_null(row, "note", reason ? note.data : NULL);
	buf_release(&note);
}

static int
add_seen(void *arg, const struct story_leaf *l, bool credit,
    const char *account, struct buf *row, struct err *e)
{
	const struct viewer *v = arg;
	struct json leg = { 0 };
	const char *unit;

	(void)credit;
	add_note(row, l);
	if (!v->as || strcmp(v->as, account)) {
		json_null(row, "balance_after");
		return 0;
	}
	return json_at(&leg, &l->legs, 0) ||
	    json_get_str(&leg, "unit", &unit, e) ? -1 :
	    balance_after(v, l, unit, row, e);
}

static void
add_summary(struct buf *out, const struct core *c)
{
	const char *id = escrow_name(&c->task);
	struct buf line = BUF_INIT(1024);
	char amount[AMOUNT_TEXT];
	size_t i, entries = 0, n = strlen(id);

	for (i = 0; i < c->story.n; i++)
		entries += c->story.leaf[i].moves;
	buf_addf(&line, "%s: %s, ", n > 12 ? id + n - 12 : id, c->story.status);
	amount_text(c->task.amount, amount);
	buf_addf(&line, "%s %s; %s; %zu entries", amount,
	    c->task.amount.unit->code,
	    c->fired.len ? c->fired.data : "no rule", entries);
	json_str(out, "summary", line.data);
	buf_release(&line);
}

/* Members that the API has at the top, as the core has them. */
static void
add_copies(struct buf *out, const struct json *core)
{
	static const char *const keys[] = {
		"task_id", "buyer_id", "seller_id", "amount", "tax", "payout",
		"status", "proof_hash", "created_at", "settled_at",
		"ledger_entries", "escrow_lifecycle", "output_hash", NULL
	};
	const char *const *k;
	struct json v;

	for (k = keys; *k; k++)
		if (json_find(&v, core, *k))
			json_copy(out, *k, &v);
}

static void
add_rows(struct buf *out, const char *key, const struct buf *rows)
{
	json_open(out, key, '[');
	if (rows->len)
		json_raw(out, NULL, rows->data, rows->len);
	json_close(out, ']');
}

/* What the viewer was told of the trade, if it listens. */
static int
add_webhooks(struct buf *out, const struct task *t, const struct viewer *v,
    struct err *e)
{
	struct hook_delivery d;
	struct query q;
	int got = 0;

	json_open(out, "webhooks", '[');
	if (v->as) {
		hook_told_open(&q, v->store, *t->escrow_id ? t->escrow_id :
		    t->id, v->as);
		while ((got = hook_delivery_next(&q, &d, e)) > 0) {
			json_open(out, NULL, '{');
			json_str(out, "event", d.event);
			json_str(out, "status", d.state);
			json_int(out, "attempts", d.attempts);
			if (d.code)
				json_int(out, "last_response_code", d.code);
			else
				json_null(out, "last_response_code");
			json_time(out, "timestamp", d.made_ms);
			json_close(out, '}');
		}
	}
	json_close(out, ']');
	return got;
}

static int
add_body(struct buf *out, const struct core *c, const struct paper *p,
    struct err *e)
{
	const struct viewer viewer = { p->issuer->store, p->as };
	struct json core = { 0 };
	int rc;

	json_str(out, "receipt_id", c->receipt_id);
	json_time(out, "generated_at", p->now_ms);
	json_bool(out, "final", story_over(&c->story));
	add_task(out, &c->task);
	add_escrow(out, &c->task);
	json_open(out, "ledger_movements", '[');
	rc = story_rows(out, &c->story, add_seen, (void *)(uintptr_t)&viewer,
	    e);
	json_close(out, ']');
	add_rows(out, "dispute_engine", &c->rules);
	if (!rc)
		rc = add_webhooks(out, &c->task, &viewer, e);
	add_summary(out, c);
	if (!rc)
		rc = json_parse(&core, c->text.data, c->text.len, e);
	if (!rc)
		add_copies(out, &core);
	add_rows(out, "validator_results", &c->results);
	json_str_or_null(out, "proof_match", c->task.proof_match);
	json_str(out, "receipt_hash", c->hash);
	json_raw(out, "core", c->text.data, c->text.len);
	json_release(&core);
	return rc;
}

static void
sign_token(struct buf *out, const struct core *c, const struct paper *p,
    const char *origin)
{
	struct buf payload = BUF_INIT(PAYLOAD_MAX), jws = BUF_INIT(JWT_MAX);
	char kid[THUMB_TEXT], issuer[CERTIFICATE_ISSUER];

	certificate_issuer(issuer, p->params, origin);
	json_open(&payload, NULL, '{');
	json_bool(&payload, "final", story_over(&c->story));
	json_int(&payload, "iat", p->now_ms / 1000);
	json_str(&payload, "iss", issuer);
	json_str(&payload, "receipt_hash", c->hash);
	json_str(&payload, "receipt_id", c->receipt_id);
	json_close(&payload, '}');
	thumb_of_rsa(kid, &p->token->pub);
	jwt_make_typed(&jws, PAPER_TYPE, kid, p->token, payload.data,
	    payload.len);
	json_str(out, "rs256", jws.data);
	token_jwk(out, "rs256_key", &p->token->pub);
	buf_release(&payload);
	buf_release(&jws);
}

static int
sign_node(struct buf *out, const struct core *c, const struct sign_key *key,
    struct err *e)
{
	char sig[DOMAIN_SIG], id[HASH_HEX];
	struct buf pub = BUF_INIT(64);
	struct json core = { 0 };
	int rc;

	rc = json_parse(&core, c->text.data, c->text.len, e) ||
	    domain_sign(sig, DOMAIN_vmp_receipt, &core, key, e) ? -1 : 0;
	if (!rc) {
		ident_id(id, &key->pub);
		enc_base64(&pub, key->pub.b, sizeof(key->pub.b));
		json_open(out, "ed25519", '{');
		json_str(out, "node_id", id);
		json_str(out, "public_key", pub.data);
		json_str(out, "sig", sig);
		json_close(out, '}');
	}
	json_release(&core);
	buf_release(&pub);
	return rc;
}

static int
add_signatures(struct buf *out, const struct core *c, const struct paper *p,
    const char *origin, struct err *e)
{
	int rc = 0;

	json_open(out, "signatures", '{');
	if (p->token)
		sign_token(out, c, p, origin);
	else
		json_null(out, "rs256");
	if (p->node)
		rc = sign_node(out, c, p->node, e);
	else
		json_null(out, "ed25519");
	json_close(out, '}');
	return rc;
}

static int
check_viewer(const struct core *c, const char *as, struct err *e)
{
	if (!as || !strcmp(as, c->task.buyer_id) ||
	    !strcmp(as, c->task.seller_id))
		return 0;
	return err_set(e, c->task.kind == TRADE_DIRECT ? E_not_escrow_party :
	    E_not_your_task, "'%.80s' is not a party to '%s'", as,
	    escrow_name(&c->task));
}

int
paper_write(struct buf *out, const struct paper *p, const char *id,
    struct err *e)
{
	struct proofs proofs = { 0 };
	struct core c;
	size_t start = out->len;
	int rc = -1;

	if (core_read(&c, p->issuer->store, id, e) ||
	    check_viewer(&c, p->as, e) ||
	    proofs_make(&proofs, p->issuer, &c.story, e))
		goto out;
	json_open(out, NULL, '{');
	if (store_snapshot(p->issuer->store, e))
		goto out;
	rc = add_body(out, &c, p, e);
	store_rollback(p->issuer->store);
	if (rc || add_signatures(out, &c, p, proofs.origin, e)) {
		rc = -1;
		goto out;
	}
	proofs_write(out, &proofs);
	json_close(out, '}');
	rc = out->full ? err_set(e, E_too_long, "the receipt is over %zu "
	    "bytes", out->max) : 0;
out:
	if (rc)
		buf_cut(out, start);
	proofs_release(&proofs);
	core_release(&c);
	return rc;
}
