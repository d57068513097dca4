#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/jcs.h"
#include "base/mem.h"
#include "card/card.h"
#include "card/peer_impl.h"
#include "key/ident.h"
#include "key/member.h"
#include "key/statement.h"
#include "store/store.h"

/* Of a signed statement. */
struct statement {
	char node_id[HASH_HEX];
	int64_t at_ms;
	const char *reason;		/* in its document */
};

static int
known(struct store *s, const char *node_id, struct peer *out, struct err *e)
{
	int got = peer_get(s, node_id, out, e);

	if (!got)
		return err_set(e, E_node_missing, "no peer %.16s...: its "
		    "card has to be imported first", node_id);
	return got < 0 ? -1 : 0;
}

int
peer_pin_in(struct store *s, const char *node_id, int64_t now_ms,
    struct peer *out, enum peer_news *news, struct err *e)
{
	struct peer p = { 0 };

	if (known(s, node_id, &p, e) || peer_refuse_revoked(&p, e))
		goto bad;
	if (*p.moved_to) {
		err_set(e, E_wrong_state, "'%.80s' has moved to %.16s...: pin "
		    "that", p.name, p.moved_to);
		goto bad;
	}
	*news = p.state == PEER_PINNED ? PEER_SAME : PEER_CHANGED;
	if (*news == PEER_CHANGED) {
		p.state = PEER_PINNED;
		p.pinned_ms = p.changed_ms = now_ms;
		if (peer_put_in(s, &p, e))
			goto bad;
	}
	*out = p;
	return 0;
bad:
	peer_release(&p);
	return -1;
}

/* The first revocation counts; a signed one adds its proof to any. */
static int
revoke(struct store *s, struct peer *p, const char *reason, int64_t at_ms,
    char *proof, int64_t now_ms, enum peer_news *news, struct err *e)
{
	bool was = p->state == PEER_REVOKED;

	*news = was && (!proof || p->proof) ? PEER_SAME : PEER_CHANGED;
	if (*news == PEER_SAME) {
		free(proof);
		return 0;
	}
	if (!was) {
		p->state = PEER_REVOKED;
		free(p->reason);
		p->reason = mem_text(reason);
		p->revoked_ms = at_ms;
	}
	free(p->proof);
	p->proof = proof;
	p->changed_ms = now_ms;
	return peer_put_in(s, p, e);
}

int
peer_revoke_in(struct store *s, const char *node_id, const char *reason,
    int64_t now_ms, struct peer *out, enum peer_news *news, struct err *e)
{
	struct peer p = { 0 };

	if (!fit_text(reason, FIT_REASON))
		return err_set(e, E_usage, "a reason is 1 to %d bytes of "
		    "text without control characters", FIT_REASON);
	if (known(s, node_id, &p, e) ||
	    revoke(s, &p, reason, now_ms, NULL, now_ms, news, e)) {
		peer_release(&p);
		return -1;
	}
	*out = p;
	return 0;
}

/* {v, key, ..., at, reason} */
static int
read_statement(struct statement *out, const struct json *o, const char *key,
    int64_t now_ms, struct err *e)
{
	if (json_want(o, JSON_OBJECT, e) || member_v1(o, e) ||
	    member_id(o, key, out->node_id, e) ||
	    member_time(o, "at", &out->at_ms, e) ||
	    json_get_str(o, "reason", &out->reason, e))
		return -1;
	if (*out->reason && !fit_text(out->reason, FIT_REASON))
		return json_fail(o, "reason", E_bad_json, "is not text of at "
		    "most 200 bytes without control characters", e);
	return card_check_time("the statement", out->at_ms, INT64_MAX,
	    now_ms, e);
}

static char *
copy_of(const struct json *o)
{
	struct buf text = BUF_INIT(CARD_MAX);
	struct err ignored;
	char *copy = NULL;

	if (!jcs_write(&text, o, &ignored))
		copy = mem_text(text.data);
	buf_release(&text);
	return copy;
}

int
peer_revocation_in(struct store *s, const struct json *o, int64_t now_ms,
    struct peer *out, enum peer_news *news, struct err *e)
{
	struct peer p = { 0 };
	struct statement st;

	if (read_statement(&st, o, "node_id", now_ms, e) ||
	    known(s, st.node_id, &p, e) ||
	    statement_revoke_check(o, &p.key, e) ||
	    revoke(s, &p, st.reason, st.at_ms, copy_of(o), now_ms, news, e)) {
		peer_release(&p);
		return -1;
	}
	*out = p;
	return 0;
}

/* The key that follows, as it will be known; what it was known for counts. */
static int
follow(struct store *s, const struct peer *old, const char *node_id,
    const struct sign_public *key, int64_t now_ms, struct peer *p,
    struct err *e)
{
	int got = peer_get(s, node_id, p, e);

	if (got < 0 || (got && peer_refuse_revoked(p, e)))
		return -1;
	if (*p->moved_to)
		return err_set(e, E_key_changed, "%.16s... has moved on to "
		    "%.16s... itself", node_id, p->moved_to);
	if (!got) {
		memcpy(p->node_id, node_id, sizeof(p->node_id));
		p->key = *key;
		memcpy(p->name, old->name, sizeof(p->name));
		memcpy(p->endpoint, old->endpoint, sizeof(p->endpoint));
		p->made_ms = now_ms;
	}
	if (old->state == PEER_PINNED && p->state != PEER_PINNED) {
		p->state = PEER_PINNED;
		p->pinned_ms = now_ms;
	}
	p->changed_ms = now_ms;
	return 0;
}

/* The name goes first: it belongs to one live peer at a time. */
static int
move(struct store *s, struct peer *old, struct peer *new, char *proof,
    int64_t now_ms, struct err *e)
{
	memcpy(old->moved_to, new->node_id, sizeof(old->moved_to));
	free(old->proof);
	old->proof = proof;
	old->changed_ms = now_ms;
	return peer_put_in(s, old, e) || peer_claim_in(s, new, e) ||
	    peer_put_in(s, new, e) ? -1 : 0;
}

int
peer_rotation_in(struct store *s, const struct json *o, int64_t now_ms,
    struct peer *out, enum peer_news *news, struct err *e)
{
	struct peer old = { 0 }, new = { 0 };
	struct sign_public key;
	struct statement st;
	char node_id[HASH_HEX];
	int rc = -1;

	if (read_statement(&st, o, "old_node_id", now_ms, e) ||
	    known(s, st.node_id, &old, e) || peer_refuse_revoked(&old, e) ||
	    statement_rotate_check(o, &old.key, &key, e))
		goto out;
	ident_id(node_id, &key);
	if (*old.moved_to && strcmp(old.moved_to, node_id)) {
		err_set(e, E_key_changed, "'%.80s' has moved to %.16s... "
		    "before", old.name, old.moved_to);
		goto out;
	}
	*news = *old.moved_to ? PEER_SAME : PEER_CHANGED;
	if (*news == PEER_SAME)
		rc = peer_get(s, node_id, &new, e) < 0 ? -1 : 0;
	else if (!follow(s, &old, node_id, &key, now_ms, &new, e))
		rc = move(s, &old, &new, copy_of(o), now_ms, e);
out:
	peer_release(&old);
	if (rc)
		peer_release(&new);
	else
		*out = new;
	return rc;
}
