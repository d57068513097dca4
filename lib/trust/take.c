/* Taking in what was signed: who may say it, of what, how often. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/jcs.h"
#include "card/peer.h"
#include "escrow/escrow.h"
#include "key/ident.h"
#include "ledger/make.h"
#include "trust/impl.h"

/* Whose key: that of the registry, of a peer, or the one that came along. */
int
trust_key_find(struct store *s, const char *id, const struct sign_public *own,
    const struct sign_public *brought, struct sign_public *out,
    struct err *e)
{
	char own_id[HASH_HEX] = "";
	struct peer peer;
	int got, rc = 0;

	if (own)
		ident_id(own_id, own);
	if (own && !strcmp(own_id, id)) {
		*out = *own;
		return 0;
	}
	got = peer_get(s, id, &peer, e);
	if (got < 0)
		return -1;
	if (got) {
		*out = peer.key;
		if (peer.state == PEER_REVOKED)
			rc = err_set(e, E_revoked, "the key of '%s' was "
			    "revoked", id);
		peer_release(&peer);
		return rc;
	}
	if (!brought)
		return err_set(e, E_unknown_peer, "'%s' is no peer, and its "
		    "key did not come along as public_key_pem", id);
	*out = *brought;
	return 0;
}

/* The one who says it, and the one of whom it is said, are its parties. */
static int
check_parties(struct trust_event *x, const struct task *t, struct err *e)
{
	bool buys = !strcmp(x->from_id, t->buyer_id);
	const char *other = buys ? t->seller_id : t->buyer_id;
	char hash[2 + HASH_HEX];

	if (!buys && strcmp(x->from_id, t->seller_id))
		return err_set(e, E_not_escrow_party, "'%s' is no party of "
		    "order '%s'", x->from_id, x->order_id);
	if (!*x->node_id && ident_is_id(other)) {
		trust_node_hash(hash, other);
		if (!strcmp(hash, x->node_hash))
			memcpy(x->node_id, other, HASH_HEX);
	}
	if (strcmp(x->node_id, other))
		return err_set(e, E_not_escrow_party, "the other party of "
		    "order '%s' is not '%s'", x->order_id,
		    *x->node_id ? x->node_id : x->node_hash);
	if (x->kind == TRUST_QUALITY && !buys)
		return err_set(e, E_not_escrow_party, "order '%s' is rated "
		    "by its buyer", x->order_id);
	return 0;
}

static int
check_order(struct store *s, struct trust_event *x, char escrow[ID_TEXT],
    struct err *e)
{
	struct task t = { 0 };
	int rc = -1;

	if (escrow_task(s, x->order_id, &t, e))
		return -1;
	if (check_parties(x, &t, e))
		goto out;
	if (strcmp(t.amount.unit->code, "TCK"))
		err_set(e, E_realm, "order '%s' is of the sandbox, where "
		    "trades prove nothing", x->order_id);
	else if (t.escrow != ESCROW_SETTLED)
		err_set(e, E_wrong_state, "order '%s' is not settled",
		    x->order_id);
	else
		rc = 0;
	memcpy(escrow, t.escrow_id, ID_TEXT);
out:
	escrow_task_release(&t);
	return rc;
}

/* What only the registry may say, which is nobody's word for itself. */
static int
check_registry(const struct trust_event *x, const struct sign_public *own,
    struct err *e)
{
	char id[HASH_HEX] = "";

	if (own)
		ident_id(id, own);
	if (!own || strcmp(id, x->from_id))
		return err_set(e, E_not_registry, "what is said of %s is "
		    "signed by the registry's own node",
		    trust_kind_word(x->kind));
	if (x->kind == TRUST_UPTIME && !strcmp(id, x->node_id))
		return err_set(e, E_self_report, "uptime is measured by "
		    "others, not by the node itself");
	return 0;
}

static int
check_times(const struct trust_event *x, int64_t now_ms, struct err *e)
{
	if (x->at_ms > now_ms + TRUST_SKEW_MS ||
	    x->until_ms > now_ms + TRUST_SKEW_MS)
		return err_set(e, E_not_yet_valid, "it is of a time that has "
		    "not come yet");
	return 0;
}

/* Was it said before?  1, 0, -1 with E_id_conflict if in other words. */
static int
said_before(struct store *s, const char *id, const char *sha256,
    struct err *e)
{
	char known[HASH_HEX] = "";
	struct query q;
	int got;

	query_open(&q, s, SQL_TRUST_EVENT_KNOWN);
	query_text(&q, id);
	got = query_row(&q, e);
	if (got > 0)
		query_put_text(&q, 0, known, sizeof(known));
	query_close(&q);
	return got <= 0 || !strcmp(known, sha256) ? got : err_set(e,
	    E_id_conflict, "this was said before, in other words: '%s'", id);
}

/* Each as of a later time than the one before. */
static int
check_newest(struct store *s, const struct trust_event *x, struct err *e)
{
	struct query q;
	int64_t last = -1;
	int got;

	if (x->kind == TRUST_UPTIME) {
		query_open(&q, s, SQL_TRUST_EVENT_OVERLAP);
		query_text(&q, x->node_id);
		query_int(&q, x->since_ms);
		query_int(&q, x->until_ms);
		got = query_run(&q, NULL, e);
		return got <= 0 ? got : err_set(e, E_id_conflict, "probes of "
		    "a part of that time are counted already");
	}
	query_open(&q, s, SQL_TRUST_EVENT_LAST);
	query_text(&q, x->node_id);
	query_text(&q, trust_kind_word(x->kind));
	if (query_run(&q, &last, e) < 0)
		return -1;
	return x->since_ms > last ? 0 : err_set(e, E_stale, "the registry "
	    "has said something newer of that");
}

static int
check_daily(struct ledger *l, const struct trust_event *x,
    const struct params *p, struct err *e)
{
	int64_t n = 0, most = p->value[PARAM_trust_endorse_daily];
	struct query q;

	query_open(&q, ledger_store(l), SQL_TRUST_EVENT_ENDORSED);
	query_text(&q, x->from_id);
	query_int(&q, ledger_now(l) / CLOCK_DAY_MS * CLOCK_DAY_MS);
	if (query_run(&q, &n, e) < 0)
		return -1;
	return n < most ? 0 : err_set(e, E_endorse_limit, "'%s' has endorsed "
	    "%d today", x->from_id, (int)n);
}

static void
fact_of(const struct trust_event *x, const char *escrow,
    struct trust_entry *out)
{
	*out = (struct trust_entry){ .said = TRUST_SAID_FACT, .fact = {
		.kind = x->kind, .since_ms = x->since_ms,
		.until_ms = x->until_ms, .ok = x->ok, .fail = x->fail,
		.good = x->good,
	} };
	memcpy(out->node_id, x->node_id, HASH_HEX);
	memcpy(out->fact.from_id, x->from_id, HASH_HEX);
	memcpy(out->fact.escrow_id, escrow, ID_TEXT);
	memcpy(out->fact.evidence, x->evidence, HASH_HEX);
	memcpy(out->fact.stake_wei, x->stake_wei, TRUST_WEI);
}

static void
bind_text(struct query *q, const char *text)
{
	query_text(q, *text ? text : NULL);
}

static void
bind_if(struct query *q, bool has, int64_t n)
{
	if (has)
		query_int(q, n);
	else
		query_null(q);
}

static int
add_row(struct ledger *l, const char *id, const struct trust_entry *x,
    const char *sha256, const struct json *event, struct err *e)
{
	struct buf text = BUF_INIT(2 * TRUST_EVENT_MAX);
	const struct trust_fact *f = &x->fact;
	bool probes = f->kind == TRUST_UPTIME;
	struct query q;
	int rc = jcs_write(&text, event, e);

	if (!rc && text.full)
		rc = err_set(e, E_too_long, "the event is over %d bytes",
		    2 * TRUST_EVENT_MAX);
	if (!rc) {
		query_open(&q, ledger_store(l), SQL_TRUST_EVENT_ADD);
		query_text(&q, id);
		query_text(&q, trust_kind_word(f->kind));
		query_text(&q, x->node_id);
		query_text(&q, f->from_id);
		bind_text(&q, f->escrow_id);
		query_int(&q, ledger_now(l));
		bind_if(&q, !*f->escrow_id, f->since_ms);
		bind_if(&q, probes, f->until_ms);
		bind_if(&q, f->kind == TRUST_QUALITY ||
		    f->kind == TRUST_VERIFY, f->good);
		bind_if(&q, probes, f->ok);
		bind_if(&q, probes, f->fail);
		bind_text(&q, f->stake_wei);
		bind_text(&q, f->evidence);
		query_text(&q, sha256);
		query_text(&q, text.data);
		rc = query_run(&q, NULL, e) < 0 ? -1 : 0;
	}
	buf_release(&text);
	return rc;
}

/* A row for each that is spoken of, and for each that speaks. */
static int
score_both(struct ledger *l, const struct params *p,
    struct trust_taken *out, struct err *e)
{
	struct trust_score ignored;
	struct trust_epoch epoch;
	int got = trust_row_epoch(ledger_store(l), out->from_id, &epoch, e);

	if (!got)
		got = trust_keep_in(l, out->from_id, p, &ignored, e);
	return got < 0 || trust_keep_in(l, out->node_id, p, &out->score, e) ?
	    -1 : 0;
}

static int
add(struct ledger *l, const struct trust_entry *x,
    const struct trust_event *event, const struct json *o,
    const struct params *p, struct trust_taken *out, struct err *e)
{
	return trust_post_in(l, x, event->sha256, NULL, e) ||
	    add_row(l, out->id, x, event->sha256, o, e) ||
	    trust_claim_in(l, out->from_id, e) ||
	    trust_claim_in(l, out->node_id, e) ||
	    score_both(l, p, out, e) ? -1 : 0;
}

int
trust_event_in(struct ledger *l, const struct json *o,
    const struct sign_public *own, const struct params *p,
    struct trust_taken *out, struct err *e)
{
	struct store *s = ledger_store(l);
	char escrow[ID_TEXT] = "";
	struct sign_public key;
	struct trust_entry said;
	struct trust_event x;
	int got;

	assert(ledger_writing(l));
	*out = (struct trust_taken){ 0 };
	if (trust_event_read(&x, o, e) ||
	    trust_key_find(s, x.from_id, own, x.has_key ? &x.key : NULL,
	    &key, e) ||
	    trust_event_check(o, &key, e) ||
	    check_times(&x, ledger_now(l), e))
		return -1;
	if (!strcmp(x.from_id, x.node_id) && x.order_id)
		return err_set(e, E_self_report, "'%s' cannot %s itself",
		    x.from_id, trust_kind_word(x.kind));
	if (x.order_id ? check_order(s, &x, escrow, e) :
	    check_registry(&x, own, e))
		return -1;
	fact_of(&x, escrow, &said);
	trust_entry_id(&said, out->id);
	out->kind = x.kind;
	memcpy(out->node_id, x.node_id, HASH_HEX);
	memcpy(out->from_id, x.from_id, HASH_HEX);
	got = said_before(s, out->id, x.sha256, e);
	if (got < 0)
		return -1;
	if (got) {
		out->existed = true;
		return trust_score(s, x.node_id, ledger_now(l), p,
		    &out->score, e);
	}
	if ((!x.order_id && check_newest(s, &x, e)) ||
	    (x.kind == TRUST_ENDORSE && check_daily(l, &x, p, e)))
		return -1;
	return add(l, &said, &x, o, p, out, e);
}
