#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "base/json.h"
#include "base/mem.h"
#include "evidence/trail.h"
#include "ledger/read.h"
#include "store/store.h"

#define GENESIS "log.genesis"
#define ROTATION "log.key"
#define ROTATIONS "evidence.log_keys"		/* how many are noted */
#define SEEN "evidence.log_keys_below"		/* in the leaves below */
#define MARK "\"log."				/* in a leaf of the log's own */

static const char *const reasons[] = {
	[TRAIL_SCHEDULED] = "scheduled",
	[TRAIL_COMPROMISED] = "compromised",
	[TRAIL_LOST] = "lost",
};

const char *
trail_reason_word(enum trail_reason r)
{
	return reasons[r];
}

int
trail_reason_named(const char *word, enum trail_reason *out)
{
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (!strcmp(reasons[i], word)) {
			*out = (enum trail_reason)i;
			return 1;
		}
	return 0;
}

static void
add(struct trail *t, const struct note_key *key, const struct entry *x,
    enum trail_reason reason)
{
	t->key = mem_grow(t->key, t->n + 1, sizeof(*t->key));
	t->key[t->n++] = (struct trail_key){
		.key = *key, .seq = x->seq, .at_ms = x->at_ms,
		.reason = reason,
	};
}

/* A log key that is named after the log. */
static int
read_vkey(const struct trail *t, const char *vkey, struct note_key *out,
    struct err *e)
{
	if (note_key_read(out, vkey, e))
		return -1;
	return out->type == NOTE_PLAIN && !strcmp(out->name, t->origin) ? 0 :
	    err_set(e, E_bad_vkey, "'%.80s' is not a key of this log", vkey);
}

static int
begin(struct trail *t, const struct json *data, const struct entry *x,
    struct err *e)
{
	const char *origin, *vkey;
	struct note_key key;

	if (json_get_str(data, "origin", &origin, e) ||
	    json_get_str(data, "log_key", &vkey, e) ||
	    note_check_name(origin, e))
		return -1;
	snprintf(t->origin, sizeof(t->origin), "%s", origin);
	if (read_vkey(t, vkey, &key, e))
		return -1;
	t->certified = json_has(data, "node_sig") ||
	    json_has(data, "node_id") || json_has(data, "node_key");
	if (t->certified) {
		if (logcert_read(&t->cert, data, e))
			return -1;
		if (!logcert_signer(&t->node, &t->cert))
			return err_set(e, E_bad_signature, "the certificate "
			    "of the log holds no key");
		if (logcert_check(&t->cert, origin, vkey, &t->node, e))
			return -1;
	}
	add(t, &key, x, TRAIL_SCHEDULED);
	return 0;
}

/* Both statements are over the lines of a certificate: logcert.h. */
static int
check_signed(const struct trail *t, const struct json *data,
    const char *member, const char *vkey, const struct sign_public *key,
    struct err *e)
{
	struct logcert said;
	const char *sig;

	if (json_get_str(data, member, &sig, e))
		return -1;
	if (strlen(sig) >= sizeof(said.node_sig))
		return json_fail(data, member, E_bad_signature, "is too long",
		    e);
	return logcert_said(t->origin, vkey, sig, key, e) ?
	    err_wrap(e, "%s", member) : 0;
}

static int
rotate(struct trail *t, const struct json *data, const struct entry *x,
    struct err *e)
{
	struct buf now = BUF_INIT(2 * NOTE_NAME);
	static const char *const keys[] = {
		"key_sig", "log_key", "old_key", "reason", "node_sig", NULL,
	};
	const char *vkey, *old, *why;
	enum trail_reason reason;
	struct note_key key;
	bool follows;

	if (json_only(data, keys, e) ||
	    json_get_str(data, "log_key", &vkey, e) ||
	    json_get_str(data, "old_key", &old, e) ||
	    json_get_str(data, "reason", &why, e) ||
	    read_vkey(t, vkey, &key, e))
		return -1;
	if (!trail_reason_named(why, &reason))
		return json_fail(data, "reason", E_bad_json,
		    "is not scheduled, compromised or lost", e);
	if (!t->certified && json_has(data, "node_sig"))
		return json_fail(data, "node_sig", E_bad_json,
		    "is of no node: none certifies this log", e);
	note_key_write(&now, &t->key[t->n - 1].key);
	follows = !strcmp(now.data, old);
	buf_release(&now);
	if (!follows || !memcmp(&key.pub, &t->key[t->n - 1].key.pub,
	    sizeof(key.pub)))
		return err_set(e, E_wrong_state, "entry %lld does not replace "
		    "the key in use", (long long)x->seq);
	if (check_signed(t, data, "key_sig", vkey, &key.pub, e) ||
	    (t->certified &&
	    check_signed(t, data, "node_sig", vkey, &t->node, e)))
		return -1;
	add(t, &key, x, reason);
	return 0;
}

int
trail_add(struct trail *t, const struct entry *x, struct err *e)
{
	struct json data = { 0 };
	int rc;

	if (x->kind != ENTRY_EVENT || strcmp(x->type, t->n ? ROTATION :
	    GENESIS))
		return 0;
	if (json_parse(&data, x->data, strlen(x->data), e))
		return -1;
	rc = t->n ? rotate(t, &data, x, e) : begin(t, &data, x, e);
	json_release(&data);
	return rc ? err_wrap(e, "entry %lld", (long long)x->seq) : 0;
}

bool
trail_concerns(const void *leaf, size_t n)
{
	const char *at = leaf, *end = at + n;

	for (; at; at = at ? at + 1 : NULL) {
		at = memchr(at, *MARK, (size_t)(end - at));
		if (at && (size_t)(end - at) >= sizeof(MARK) - 1 &&
		    !memcmp(at, MARK, sizeof(MARK) - 1))
			return true;
	}
	return false;
}

/* Events have no legs, so no units are needed. */
static int
look_at(struct trail *t, const struct stored *s, struct leaf *leaf,
    struct err *e)
{
	const struct units none = { 0 };
	struct err why = { 0 };

	if (!trail_concerns(s->leaf, s->leaf_n) ||
	    leaf_parse(leaf, s->leaf, s->leaf_n, &none, &why))
		return 0;
	return trail_add(t, &leaf->entry, e);
}

static int
look_through(struct trail *t, struct store *s, int64_t from, int64_t to,
    struct leaf *leaf, struct err *e)
{
	struct stored row;
	struct query q;
	int got;

	ledger_leaves_open(&q, s, from, to);
	while ((got = ledger_leaves_next(&q, &row, e)) > 0)
		if (look_at(t, &row, leaf, e)) {
			got = -1;
			break;
		}
	query_close(&q);
	return got;
}

static void
name_of(char out[64], size_t i)
{
	snprintf(out, 64, ROTATIONS ".%zu", i);
}

/* Follow what was noted: 1 if it holds, 0 if not, -1. */
static int
follow(struct trail *t, struct store *s, int64_t count, int64_t below,
    struct leaf *leaf, struct err *e)
{
	char name[64];
	int64_t seq, i;

	for (i = 0; i < count; i++) {
		name_of(name, (size_t)i);
		if (store_number(s, name, &seq, e))
			return -1;
		if (seq <= t->key[t->n - 1].seq || seq >= below)
			return 0;
		if (look_through(t, s, seq, seq + 1, leaf, e))
			return -1;
		if (t->key[t->n - 1].seq != seq)
			return 0;
	}
	return 1;
}

int
trail_load(struct trail *t, struct store *s, int64_t size, struct err *e)
{
	int64_t count, below;
	struct leaf leaf = { 0 };
	int got, rc = -1;

	*t = (struct trail){ 0 };
	if (store_number(s, ROTATIONS, &count, e) ||
	    store_number(s, SEEN, &below, e) ||
	    look_through(t, s, 0, 1, &leaf, e))
		goto out;
	if (!t->n) {
		err_set(e, E_store_corrupt, "the log does not begin with "
		    GENESIS);
		goto out;
	}
	got = below < 1 || below > size ? 0 : follow(t, s, count, below,
	    &leaf, e);
	if (got < 0)
		goto out;
	if (!got) {
		t->n = 1;
		below = 1;
	}
	rc = look_through(t, s, below, size, &leaf, e);
out:
	leaf_release(&leaf);
	if (rc)
		trail_release(t);
	return rc;
}

int
trail_keep_in(const struct trail *t, struct store *s, int64_t size,
    struct err *e)
{
	char name[64];
	size_t i;

	for (i = 1; i < t->n; i++) {
		name_of(name, i - 1);
		if (store_keep_number_in(s, name, t->key[i].seq, e))
			return -1;
	}
	return store_keep_number_in(s, ROTATIONS, (int64_t)t->n - 1, e) ||
	    store_keep_number_in(s, SEEN, size, e) ? -1 : 0;
}

const struct trail_key *
trail_at(const struct trail *t, int64_t size)
{
	size_t i = t->n - 1;

	while (i && t->key[i].seq >= size)
		i--;
	return &t->key[i];
}

void
trail_release(struct trail *t)
{
	free(t->key);
	*t = (struct trail){ 0 };
}
