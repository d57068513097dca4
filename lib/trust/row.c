/* The rows: facts of a node, read; and its score, written. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/num.h"
#include "card/peer.h"
#include "key/ident.h"
#include "ledger/make.h"
#include "node/node.h"
#include "trust/impl.h"

#define DATA_MAX 4096

static void
take_event(const struct query *q, struct trust_fact *f)
{
	const char *kind = query_get_text(q, 1);

	query_put_text(q, 0, f->id, sizeof(f->id));
	(void)trust_kind_named(kind ? kind : "", &f->kind);
	query_put_text(q, 2, f->from_id, sizeof(f->from_id));
	query_put_text(q, 3, f->escrow_id, sizeof(f->escrow_id));
	f->at_ms = query_get_int(q, 4);
	f->since_ms = query_get_int(q, 5);
	f->until_ms = query_get_int(q, 6);
	f->good = query_get_int(q, 7) != 0;
	f->ok = query_get_int(q, 8);
	f->fail = query_get_int(q, 9);
	query_put_text(q, 10, f->stake_wei, sizeof(f->stake_wei));
	query_put_text(q, 11, f->evidence, sizeof(f->evidence));
	f->weight = f->kind == TRUST_ENDORSE ? query_get_int(q, 12) : 0;
}

static void
take_order(const struct query *q, struct trust_fact *f)
{
	f->kind = TRUST_ORDER;
	query_put_text(q, 0, f->escrow_id, sizeof(f->escrow_id));
	snprintf(f->id, sizeof(f->id), "%s:close", f->escrow_id);
	f->at_ms = query_get_int(q, 1);
	f->sold = query_get_int(q, 2) != 0;
	f->good = query_get_int(q, 3) != 0;
	f->disputed = !query_get_null(q, 4);
}

static int
read_rows(struct store *s, enum sql which, struct trust_facts *out,
    void (*take)(const struct query *, struct trust_fact *), struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, which);
	query_text(&q, out->node_id);
	while ((got = query_row(&q, e)) > 0)
		take(&q, trust_facts_add(out));
	query_close(&q);
	return got;
}

static int
read_bonds(struct store *s, struct trust_facts *out, struct err *e)
{
	struct trust_bond *b;
	struct query q;
	int got;

	query_open(&q, s, SQL_TRUST_WALLET_LIST);
	query_text(&q, out->node_id);
	while ((got = query_row(&q, e)) > 0) {
		b = trust_facts_bond(out);
		query_put_text(&q, 0, b->node_id, sizeof(b->node_id));
		query_put_text(&q, 1, b->wallet, sizeof(b->wallet));
		b->proven = query_get_int(&q, 2) != 0;
	}
	query_close(&q);
	return got;
}

int
trust_facts_read(struct store *s, const char *node_id,
    struct trust_facts *out, struct err *e)
{
	*out = (struct trust_facts){ 0 };
	snprintf(out->node_id, sizeof(out->node_id), "%s", node_id);
	if (!read_rows(s, SQL_TRUST_EVENT_LIST, out, take_event, e) &&
	    !read_rows(s, SQL_TRUST_ORDER_LIST, out, take_order, e) &&
	    !read_bonds(s, out, e))
		return 0;
	trust_facts_release(out);
	return -1;
}

int
trust_row_epoch(struct store *s, const char *node_id,
    struct trust_epoch *out, struct err *e)
{
	struct query q;
	int got;

	*out = (struct trust_epoch){ .day = -1 };
	query_open(&q, s, SQL_TRUST_NODE_GET);
	query_text(&q, node_id);
	got = query_row(&q, e);
	if (got > 0) {
		out->day = query_get_int(&q, 0);
		out->hundredths = query_get_int(&q, 1);
		out->weight = query_get_int(&q, 2);
	}
	query_close(&q);
	return got;
}

int
trust_known(struct store *s, const char *node_id, struct err *e)
{
	struct trust_epoch epoch;
	struct peer peer;
	struct node n;
	int got;

	if (!ident_is_id(node_id))
		return err_set(e, E_node_missing, "'%.100s' is not the id of "
		    "an identity, which has 64 hex digits", node_id);
	got = trust_row_epoch(s, node_id, &epoch, e);
	if (!got) {
		got = peer_get(s, node_id, &peer, e);
		if (got > 0)
			peer_release(&peer);
	}
	if (got)
		return got < 0 ? -1 : 0;
	return node_get(s, node_id, &n, e);
}

int
trust_score(struct store *s, const char *node_id, int64_t now_ms,
    const struct params *p, struct trust_score *out, struct err *e)
{
	struct trust_facts f;

	if (trust_known(s, node_id, e) ||
	    trust_facts_read(s, node_id, &f, e))
		return -1;
	trust_facts_score(&f, now_ms, p, out);
	trust_facts_release(&f);
	return 0;
}

int
trust_row_write_in(struct ledger *l, const char *node_id,
    const struct trust_score *t, const struct params *p, struct err *e)
{
	const struct trust_inputs *in = &t->in;
	char hex[HASH_HEX], complaints[NUM_TEXT], orders[NUM_TEXT];
	struct hash rules;
	struct query q;

	trust_rules(&rules, p);
	hash_hex(hex, &rules);
	num_text(in->complaints, complaints);
	num_text(in->orders, orders);
	query_open(&q, ledger_store(l), SQL_TRUST_NODE_WRITE);
	query_text(&q, node_id);
	query_int(&q, ledger_now(l));
	query_int(&q, TRUST_FORMULA);
	query_text(&q, hex);
	query_text(&q, in->stake_wei);
	query_int(&q, in->verified);
	query_int(&q, in->ok);
	query_int(&q, in->fail);
	query_int(&q, in->rated);
	query_int(&q, in->good);
	query_int(&q, in->endorsers);
	query_int(&q, in->weight);
	query_text(&q, complaints);
	query_text(&q, orders);
	query_int(&q, t->hundredths);
	query_text(&q, trust_tier_word(t->tier));
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
trust_keep_in(struct ledger *l, const char *node_id, const struct params *p,
    struct trust_score *out, struct err *e)
{
	struct trust_facts f;

	if (trust_facts_read(ledger_store(l), node_id, &f, e))
		return -1;
	trust_facts_score(&f, ledger_now(l), p, out);
	trust_facts_release(&f);
	return trust_row_write_in(l, node_id, out, p, e);
}

int
trust_rescore_in(struct ledger *l, const char *node_id,
    const struct params *p, struct trust_score *out, struct err *e)
{
	struct store *s = ledger_store(l);
	struct trust_epoch ignored;
	int got = trust_known(s, node_id, e) ? -1 :
	    trust_row_epoch(s, node_id, &ignored, e);

	if (got > 0)
		return trust_keep_in(l, node_id, p, out, e);
	return got < 0 ? -1 : trust_score(s, node_id, ledger_now(l), p, out,
	    e);
}

int
trust_post_in(struct ledger *l, const struct trust_entry *x,
    const char *event_sha256, const char *rules, struct err *e)
{
	struct buf data = BUF_INIT(DATA_MAX);
	char id[LEAF_ID];
	int rc;

	/* What a card claims may come again. */
	if (x->said == TRUST_SAID_BOUND && !x->bond.proven)
		ledger_next_id(l, "trust.bound:", x->node_id, id);
	else
		trust_entry_id(x, id);
	trust_entry_data(&data, x, event_sha256, rules);
	rc = ledger_event_in(l, trust_entry_type(x), id, x->node_id,
	    data.data, e);
	buf_release(&data);
	return rc;
}
