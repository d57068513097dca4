#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "evidence/rotate.h"
#include "key/logkey.h"
#include "ledger/own.h"

#define TYPE "log.key"

int
rotate_node(struct store *s, struct sign_public *out, struct err *e)
{
	struct ledger_head head;
	struct trail t = { 0 };
	int got;

	if (ledger_head(s, &head, e) || trail_load(&t, s, head.size, e))
		return -1;
	got = t.certified;
	*out = t.node;
	trail_release(&t);
	return got;
}

static bool
same(const struct sign_public *a, const struct sign_public *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static int
check_node(const struct trail *t, const struct rotation *r, struct err *e)
{
	if (!t->certified)
		return r->reason == TRAIL_SCHEDULED ? 0 : err_set(e, E_no_key,
		    "no node certifies this log, so nothing but its old key "
		    "could lead to a new one: open a successor");
	if (!r->node || !same(&r->node->pub, &t->node))
		return err_set(e, E_key_mismatch, "the log is certified by "
		    "node %.16s..., which this home no longer is: open a "
		    "successor", t->cert.node_id);
	return 0;
}

static int
check_time(const struct issuer *i, const struct trail *t,
    const struct rotation *r, struct err *e)
{
	const struct trail_key *now = &t->key[t->n - 1];
	char until[CLOCK_TEXT];

	if (same(&now->key.pub, &r->key->pub))
		return err_set(e, E_wrong_state, "this key is the one in use");
	if (r->reason != TRAIL_SCHEDULED || t->n == 1 ||
	    now->reason != TRAIL_SCHEDULED ||
	    i->now_ms >= now->at_ms + i->overlap_ms)
		return 0;
	clock_text(now->at_ms + i->overlap_ms, until);
	return err_set(e, E_wrong_state, "the key before signs until %s: "
	    "wait, or say that the key in use is compromised", until);
}

/* Keys are sorted, as a leaf has them. */
static void
describe(struct buf *data, const struct trail *t, const struct rotation *r,
    const char *vkey)
{
	struct buf old = BUF_INIT(2 * NOTE_NAME);
	char sig[DOMAIN_SIG];

	json_open(data, NULL, '{');
	logcert_say(sig, t->origin, vkey, r->key);
	json_str(data, "key_sig", sig);
	json_str(data, "log_key", vkey);
	if (t->certified) {
		logcert_say(sig, t->origin, vkey, r->node);
		json_str(data, "node_sig", sig);
	}
	note_key_write(&old, &t->key[t->n - 1].key);
	json_str(data, "old_key", old.data);
	json_str(data, "reason", trail_reason_word(r->reason));
	json_close(data, '}');
	buf_release(&old);
}

/* 1 if this id has brought the key before, 0 if not. */
static int
known(const struct trail *t, struct store *s, const struct rotation *r,
    struct posted *out, struct sign_public *brought, struct err *e)
{
	struct query q;
	int64_t seq;
	size_t n;
	int got;

	query_open(&q, s, SQL_LEDGER_ENTRY_BY_ID);
	query_text(&q, r->id);
	got = query_run(&q, &seq, e);
	for (n = 1; n < t->n && got > 0; n++)
		if (t->key[n].seq == seq && t->key[n].reason == r->reason &&
		    (r->fresh || same(&t->key[n].key.pub, &r->key->pub))) {
			*brought = t->key[n].key.pub;
			*out = (struct posted){ true, seq, t->key[n].at_ms };
			return 1;
		}
	return got > 0 ? err_set(e, E_id_conflict, "'%s' is known as entry %"
	    PRId64 " with other content", r->id, seq) : got;
}

static int
post_in(struct issuer *i, struct ledger *l, const struct trail *t,
    const struct rotation *r, struct posted *out,
    struct sign_public *brought, struct err *e)
{
	struct buf data = BUF_INIT(4096), vkey = BUF_INIT(2 * NOTE_NAME);
	struct entry x = {
		.kind = ENTRY_EVENT, .type = TYPE, .id = r->id,
	};
	int rc = known(t, i->store, r, out, brought, e);

	if (rc)
		return rc < 0 ? -1 : 0;
	if (check_node(t, r, e) || check_time(i, t, r, e))
		return -1;
	note_vkey(&vkey, t->origin, &r->key->pub);
	describe(&data, t, r, vkey.data);
	x.data = data.data;
	rc = (!store_is_dry(i->store) &&
	    logkey_stage(i->home, r->key, e)) ||
	    ledger_own_in(l, &x, out, e) ? -1 : 0;
	buf_release(&data);
	buf_release(&vkey);
	return rc;
}

/* A copy, for those who ask before the log is there: it may fail. */
static void
keep_certificate(const struct issuer *i, const struct trail *t,
    const struct sign_key *node, const struct sign_public *key)
{
	struct buf vkey = BUF_INIT(2 * NOTE_NAME);
	struct logcert cert;
	struct err ignored;

	note_vkey(&vkey, t->origin, key);
	logcert_make(&cert, t->origin, vkey.data, node);
	(void)!logcert_save(i->home, &cert, t->origin, vkey.data, &ignored);
	buf_release(&vkey);
}

int
rotate_key(struct issuer *i, const struct rotation *r, struct posted *out,
    struct sign_public *brought, struct err *e)
{
	struct ledger *l = NULL;
	struct ledger_head head;
	struct trail t = { 0 };
	int rc = -1;

	*brought = r->key->pub;
	if (ledger_begin(i->store, &l, i->now_ms, r->sane, e) ||
	    ledger_head(i->store, &head, e) ||
	    trail_load(&t, i->store, head.size, e) ||
	    issue_allowed(i, &t, &head, e) ||
	    post_in(i, l, &t, r, out, brought, e))
		goto out;
	rc = ledger_commit(l, e);
	if (!rc && t.certified && !store_is_dry(i->store) &&
	    (!out->existed || same(brought, &t.key[t.n - 1].key.pub)))
		keep_certificate(i, &t, r->node, brought);
out:
	ledger_free(l);
	trail_release(&t);
	return rc;
}
