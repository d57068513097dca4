/* What the writer does with a job. */
#include <string.h>

#include "api/writer_impl.h"
#include "key/imported.h"
#include "node/access.h"
#include "card/peer.h"
#include "sig/nonce.h"

int
writer_open_store(struct writer *w, struct err *e)
{
	const struct store_how how = {
		.home = w->api->how.home, .mode = STORE_WRITE,
		.wait_ms = WRITER_LOCK_MS, .who = "bzn-serve",
	};

	if (store_open(&w->store, &how, e))
		return -1;
	store_stays(w->store);
	return 0;
}

/* Unless the node has another key meanwhile. */
static int
keep_hash(struct writer *w, struct job *j, struct err *e)
{
	char kept[ACCESS_HASH];
	int got = access_get(w->store, j->call.node.id, kept, e);

	if (got <= 0 || !imported_is(kept))
		return got < 0 ? -1 : 0;
	return access_put_in(w->store, j->call.node.id, j->rehash,
	    j->call.now_ms, e);
}

/*
 * A signature grew old while its call waited, and others of its nonce may be
 * forgotten by now: so it is judged again, by the clock that forgets them.
 */
static int
take_nonce(struct writer *w, struct job *j, struct err *e)
{
	int64_t now_ms = ledger_now(w->ledger);

	if (!*j->nonce)
		return 0;
	if (now_ms > j->nonce_until_ms)
		return err_set(e, E_stale, "what was signed has waited for too "
		    "long");
	return nonce_take_in(w->store, j->nonce_key, j->nonce,
	    j->nonce_until_ms, now_ms, e) ||
	    peer_used_in(w->store, j->nonce_key, now_ms, e) ? -1 : 0;
}

/*
 * What became known of the caller is kept, whatever becomes of the call: its
 * nonce is used up, its key has our hash.
 */
static int
use_nonce(struct writer *w, struct job *j)
{
	if (!*j->nonce && !*j->rehash)
		return 0;
	if (ledger_mark_in(w->ledger, &j->err))
		return -1;
	if (!take_nonce(w, j, &j->err) &&
	    (!*j->rehash || !keep_hash(w, j, &j->err)))
		return ledger_keep_in(w->ledger, &j->err);
	(void)!ledger_undo_in(w->ledger, &(struct err){ 0 });
	return -1;
}

/*
 * What the operator did is a line of the log (vmp 1.4): who asked, by the id
 * of the request, for what.
 */
static int
note_admin(struct writer *w, struct job *j, struct err *e)
{
	struct buf data = BUF_INIT(4096);
	char id[LEAF_ID], by[HASH_HEX];
	struct hash h;
	int rc;

	/* A request id is the caller's text: in the log only its hash. */
	hash_of(&h, j->request_id, strlen(j->request_id));
	hash_hex(by, &h);
	ledger_next_id(w->ledger, "admin", j->row->route->pattern, id);
	json_open(&data, NULL, '{');
	json_str(&data, "method", j->row->route->method);
	json_str(&data, "request_hash", by);
	json_str(&data, "route", j->row->route->pattern);
	json_close(&data, '}');
	rc = ledger_event_in(w->ledger, "admin.act", id, NULL, data.data, e);
	buf_release(&data);
	return rc;
}

/* One of the operator's, and more than a look that has to be written down. */
static bool
is_act(const struct job *j)
{
	return j->call.who == CALLER_ADMIN && j->row->method != NET_GET;
}

static void
act_once(struct writer *w, struct job *j)
{
	int found = key_find_in(j, &j->err);

	if (found < 0 && j->before.kind) {
		j->faulty = false;	/* of what nobody asks now */
		j->call.detail = NULL;
		buf_reset(&j->call.more);
	}
	if (found)
		return;
	if (j->before.kind)
		j->err = j->before;
	else
		call_act(j);
	if (!j->err.kind && ((is_act(j) && j->call.ledger &&
	    note_admin(w, j, &j->err)) || key_keep_in(j, &j->err)))
		j->call.conclude = false;
}

int
writer_run(struct writer *w, struct job *j, struct err *e)
{
	bool writes = j->row->route->class == ROUTE_WRITE;

	j->call.store = w->store;
	j->call.ledger = writes ? w->ledger : NULL;
	j->call.chance = &w->chance;
	j->call.now_ms = ledger_now(w->ledger);
	if (use_nonce(w, j))
		return 0;
	if (ledger_mark_in(w->ledger, e))
		return -1;
	act_once(w, j);
	j->call.ledger = NULL;
	j->call.store = NULL;
	if (!j->err.kind || j->call.conclude)
		return ledger_keep_in(w->ledger, e);
	return ledger_undo_in(w->ledger, e);
}

/* In a transaction of its own; what is refused is kept nowhere. */
static int
use_nonce_alone(struct writer *w, struct job *j)
{
	if (!*j->nonce && !*j->rehash)
		return 0;
	if (ledger_begin(w->store, &w->ledger, j->call.now_ms,
	    !w->api->how.accept_clock, &j->err))
		return -1;
	if (!use_nonce(w, j))
		return ledger_commit(w->ledger, &j->err);
	ledger_rollback(w->ledger);
	return -1;
}

/* It leaves the admin's line in a transaction of its own. */
void
writer_run_alone(struct writer *w, struct job *j)
{
	struct err e = { 0 };

	j->taken_us = net_now_us();
	if (!w->store && writer_open_store(w, &j->err))
		goto out;
	j->call.store = w->store;
	j->call.chance = &w->chance;
	j->call.now_ms = serve_now_ms(w->api);
	j->alone = &w->ledger;
	if (!use_nonce_alone(w, j))
		call_act(j);
	j->alone = NULL;
	j->call.store = NULL;
	if (w->ledger)
		ledger_rollback(w->ledger);
	if (!j->err.kind && j->call.who == CALLER_ADMIN &&
	    !ledger_begin(w->store, &w->ledger, j->call.now_ms,
	    !w->api->how.accept_clock, &e) && (note_admin(w, j, &e) ||
	    ledger_commit(w->ledger, &e)))
		ledger_rollback(w->ledger);
	if (e.kind)
		log_event(w->api, "not noted", j->request_id, &e);
out:
	serve_return(j);
}
