/* The first leaf, and the committed head. */
#include <string.h>

#include "base/enc.h"
#include "base/json.h"
#include "ledger/impl.h"
#include "ledger/own.h"
#include "ledger/restore.h"
#include "tlog/note.h"

static int
new_head(struct store *s, struct err *e)
{
	struct tlog_edge none = { 0 };
	struct hash root;
	struct query q;

	tlog_root(&none, &root);
	query_open(&q, s, SQL_LEDGER_HEAD_NEW);
	query_bytes(&q, root.b, HASH_BYTES);
	query_bytes(&q, "", 0);
	return query_run(&q, NULL, e);
}

/* The head row comes first, in a transaction of its own: begin wants one. */
int
ledger_prepare(struct store *s, struct err *e)
{
	if (store_begin(s, e))
		return -1;
	if (new_head(s, e) < 0) {
		store_rollback(s);
		return -1;
	}
	return store_commit(s, e);
}

static void
describe(struct buf *data, const struct ledger_node *node, const char *origin,
    const char *vkey)
{
	size_t i;

	json_open(data, NULL, '{');
	json_str(data, "log_key", vkey);
	if (node) {
		json_str(data, "node_id", node->id);
		json_str(data, "node_key", node->key);
		json_str(data, "node_sig", node->sig);
	}
	json_str(data, "origin", origin);
	json_open(data, "units", '[');
	for (i = 0; i < sizeof(unit_builtin) / sizeof(*unit_builtin); i++) {
		json_open(data, NULL, '{');
		json_str(data, "code", unit_builtin[i].code);
		json_int(data, "scale", unit_builtin[i].scale);
		json_close(data, '}');
	}
	json_close(data, ']');
	json_close(data, '}');
}

int
ledger_init(struct store *s, const char *origin, const char *vkey,
    int64_t now_ms, struct posted *out, struct err *e)
{
	return ledger_init_by(s, NULL, NULL, origin, vkey, now_ms, out, e);
}

static void
describe_prior(struct buf *data, const struct ledger_prior *p)
{
	struct buf note = BUF_INIT(LEAF_MAX);

	enc_base64(&note, p->note, p->note_n);
	json_open(data, NULL, '{');
	json_str(data, "prior_note", note.data);
	json_str(data, "prior_origin", p->origin);
	json_int(data, "prior_size", p->size);
	json_close(data, '}');
	buf_release(&note);
}

/* In the transaction of leaf 0: nothing can come between. */
static int
succeed(struct ledger *l, const struct ledger_prior *p, struct err *e)
{
	struct entry leaf = {
		.kind = ENTRY_EVENT, .id = "succession",
		.type = "log.succession",
	};
	struct buf data = BUF_INIT(2 * LEAF_MAX);
	struct posted posted;
	int rc;

	describe_prior(&data, p);
	leaf.data = data.data;
	rc = ledger_own_in(l, &leaf, &posted, e);
	if (!rc && posted.seq != 1)
		rc = err_set(e, E_id_conflict, "this log does not begin with "
		    "a succession");
	buf_release(&data);
	return rc;
}

int
ledger_init_by(struct store *s, const struct ledger_node *node,
    const struct ledger_prior *prior, const char *origin, const char *vkey,
    int64_t now_ms, struct posted *out, struct err *e)
{
	struct entry leaf = {
		.kind = ENTRY_EVENT, .id = "genesis", .type = "log.genesis",
	};
	struct buf data = BUF_INIT(4096);
	struct ledger *l = NULL;
	int rc = -1;

	if (note_check_name(origin, e))
		return -1;
	describe(&data, node, origin, vkey);
	leaf.data = data.data;
	if (ledger_prepare(s, e) || ledger_begin(s, &l, now_ms, true, e))
		goto out;
	if (ledger_own_in(l, &leaf, out, e) ||
	    (prior && succeed(l, prior, e)))
		goto out;
	rc = ledger_commit(l, e);
out:
	ledger_free(l);
	buf_release(&data);
	return rc;
}

int
ledger_head(struct store *s, struct ledger_head *out, struct err *e)
{
	const void *root;
	struct query q;
	size_t n;
	int got;

	query_open(&q, s, SQL_LEDGER_HEAD);
	got = query_row(&q, e);
	if (!got)
		return err_set(e, E_no_ledger,
		    "the log has no leaf yet: run 'bzn-ledger init'");
	if (got < 0)
		return -1;
	out->size = query_get_int(&q, 0);
	out->at_ms = query_get_int(&q, 3);
	out->posted = query_get_int(&q, 4);
	root = query_get_bytes(&q, 1, &n);
	if (n == HASH_BYTES)
		memcpy(out->root.b, root, n);
	query_close(&q);
	return n == HASH_BYTES ? 0 :
	    err_set(e, E_store_corrupt, "the head of the log is damaged");
}
