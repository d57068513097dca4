/*
 * Layer 4: who has signed this log, and what was noted of it elsewhere.
 *
 * The keys are those that the log itself says, in the order in which they
 * were in use.  They are believed if one whom the caller trusts has signed a
 * checkpoint of it; and a later key if the node has certified it, or if it
 * has signed a checkpoint beside the one before it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "ledger/tree.h"
#include "tlog/growth.h"
#include "tlog/policy.h"
#include "verify/impl.h"

#define NOTE_BYTES (2 * NOTE_MAX)	/* with its cosignatures */

struct signers {
	struct run *run;
	struct note_key *key;		/* those of the trail */
	bool *linked;			/* the i-th is, to the one before it */
	bool anchored;			/* one who is trusted has signed */
	int64_t last_ms, newest_ms;
	struct buf newest;		/* the note, with its cosignatures */
};

static bool
same_key(const struct note_key *a, const struct note_key *b)
{
	return a->type == b->type && !strcmp(a->name, b->name) &&
	    !memcmp(&a->pub, &b->pub, sizeof(a->pub));
}

static bool
is_trusted(const struct run *r, const struct note_key *k)
{
	const struct policy *p = r->how->policy;
	size_t i;

	for (i = 0; p && i < p->keys; i++)
		if (same_key(&p->key[i], k))
			return true;
	return !p;
}

static bool
signed_by(const struct note *n, const struct note_key *k)
{
	size_t i;

	for (i = 0; i < n->n; i++)
		if (n->line[i].verified && strlen(k->name) ==
		    n->line[i].name_n && !memcmp(n->line[i].name, k->name,
		    n->line[i].name_n) && !memcmp(n->line[i].id, k->id,
		    NOTE_ID))
			return true;
	return false;
}

/* What this signed note says of the keys. */
static void
learn(struct signers *s, const struct note *note, uint64_t size)
{
	const struct trail *t = &s->run->trail;
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (!signed_by(note, &s->key[i]))
			continue;
		s->anchored = s->anchored || is_trusted(s->run, &s->key[i]);
		if (i && (uint64_t)t->key[i].seq < size &&
		    signed_by(note, &s->key[i - 1]))
			s->linked[i] = true;
	}
}

/* Is a checkpoint of this log signed by the key that was in use? */
static int
check_signed(struct signers *s, struct note *note,
    const struct checkpoint *cp, const char *what)
{
	struct run *r = s->run;
	const struct trail_key *now = trail_at(&r->trail, (int64_t)cp->size);
	struct err why = { 0 };

	if (note_check(note, s->key, r->trail.n, &why))
		return verify_find(r, 4, why.code, -1, "%s of size %llu: %s",
		    what, (unsigned long long)cp->size, why.msg);
	if (now && !signed_by(note, &now->key))
		return verify_find(r, 4, E_unknown_signer, -1,
		    "%s of size %llu is not signed by the key in use then",
		    what, (unsigned long long)cp->size);
	learn(s, note, cp->size);
	return 0;
}

static int
is_broken(struct run *r, int64_t size, const char *why)
{
	return verify_find(r, 4, E_checkpoint_broken, -1,
	    "the checkpoint of size %lld: %s", (long long)size, why);
}

/* One line of another: is it of its form, and the name that its row says? */
static bool
is_cosig(const struct note *of, const char *name, const char *line,
    struct buf *alone, struct note *out)
{
	struct err why = { 0 };

	buf_reset(alone);
	buf_add(alone, of->text, of->text_n);
	buf_addc(alone, '\n');
	buf_adds(alone, line ? line : "");
	return name && !note_parse(out, alone->data, alone->len, &why) &&
	    out->n == 1 && strlen(name) == out->line[0].name_n &&
	    !memcmp(name, out->line[0].name, strlen(name));
}

/* Does a witness that the policy knows deny it? */
static bool
is_denied(const struct policy *p, struct note *note, struct err *why)
{
	size_t i;

	for (i = 0; p && i < p->keys; i++)
		if (p->key[i].type == NOTE_COSIGNED && note_check(note,
		    &p->key[i], 1, why) && why->code == E_bad_signature)
			return true;
	return false;
}

static int
add_cosigs(struct signers *s, int64_t size, const struct note *of,
    struct buf *all)
{
	struct buf alone = BUF_INIT(NOTE_BYTES);
	struct run *r = s->run;
	struct err why = { 0 };
	const char *line;
	struct note note;
	struct query q;
	int got, rc = 0;

	query_open(&q, r->store, SQL_EVIDENCE_COSIG_ALL);
	query_int(&q, size);
	while (!rc && (got = query_row(&q, r->e)) > 0) {
		line = query_get_text(&q, 1);
		if (!is_cosig(of, query_get_text(&q, 0), line, &alone, &note))
			rc = is_broken(r, size, "a cosignature is not of its "
			    "form");
		else if (is_denied(r->how->policy, &note, &why))
			rc = verify_find(r, 4, E_bad_signature, -1,
			    "a cosignature of the checkpoint of size %lld: %s",
			    (long long)size, why.msg);
		else
			buf_adds(all, line);
	}
	query_close(&q);
	buf_release(&alone);
	return rc || got < 0 ? -1 : 0;
}

/* One that is stored, and is the newest so far. */
static int
check_row(struct signers *s, const struct query *q)
{
	struct run *r = s->run;
	int64_t size = query_get_int(q, 0), at_ms = query_get_int(q, 1);
	const char *text = query_get_text(q, 3);
	struct buf *all = &s->newest;
	int64_t before = r->out->findings;
	struct err why = { 0 };
	struct checkpoint cp;
	const void *root;
	struct note note;
	size_t n;

	root = query_get_bytes(q, 2, &n);
	buf_reset(all);
	buf_adds(all, text ? text : "");
	if (note_parse(&note, text ? text : "", all->len, &why) ||
	    checkpoint_read(&cp, note.text, note.text_n, &why))
		return is_broken(r, size, why.msg);
	if (strcmp(cp.origin, r->trail.origin))
		return is_broken(r, size, "it is of another origin");
	if (cp.size != (uint64_t)size || n != HASH_BYTES ||
	    memcmp(root, &cp.root, n))
		return is_broken(r, size, "its note says something else");
	if (at_ms < s->last_ms && is_broken(r, size,
	    "it is older than a shorter one"))
		return -1;
	s->last_ms = at_ms;
	if (check_signed(s, &note, &cp, "the checkpoint") ||
	    add_cosigs(s, size, &note, all))
		return -1;
	if (r->out->findings == before) {
		r->out->checkpoint = size;
		s->newest_ms = at_ms;
	}
	return 0;
}

static int
check_stored(struct signers *s)
{
	struct run *r = s->run;
	struct query q;
	int got, rc = 0;

	query_open(&q, r->store, r->how->fast ? SQL_EVIDENCE_LAST :
	    SQL_VERIFY_CHECKPOINTS);
	while (!rc && (got = query_row(&q, r->e)) > 0)
		rc = check_row(s, &q);
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

/* One from outside; its root was compared when the tree had its size. */
static int
check_given(struct signers *s, const struct buf *text, const char *what)
{
	struct run *r = s->run;
	struct checkpoint cp;
	struct note note;

	if (!text)
		return 0;
	if (verify_read_note(r, text, &note, &cp, what))
		return -1;
	if (strcmp(cp.origin, r->trail.origin))
		return verify_find(r, 4, E_unknown_signer, -1,
		    "%s is of the log '%.100s', not of '%.100s'", what,
		    cp.origin, r->trail.origin);
	if (check_signed(s, &note, &cp, what))
		return -1;
	if (text != r->how->checkpoint)
		return 0;
	r->out->checkpoint = (int64_t)cp.size;
	buf_reset(&s->newest);
	buf_add(&s->newest, text->data, text->len);
	return 0;
}

/* The root of the newest, which a scan would have asked for. */
static int
check_newest_root(struct signers *s)
{
	struct run *r = s->run;
	struct err why = { 0 };
	struct checkpoint cp;
	struct hash root;
	struct note note;

	if (r->out->checkpoint < 0)
		return 0;
	if (note_parse(&note, s->newest.data, s->newest.len, &why) ||
	    checkpoint_read(&cp, note.text, note.text_n, &why))
		return 0;
	if (cp.size <= (uint64_t)r->head.size &&
	    tree_root(r->store, cp.size, &root, r->e))
		return -1;
	return cp.size <= (uint64_t)r->head.size &&
	    !memcmp(&root, &cp.root, sizeof(root)) ? 0 :
	    verify_find(r, 4, cp.size > (uint64_t)r->head.size ?
	    E_rollback : E_forked, -1,
	    "the newest checkpoint is not of this log");
}

/* Is the chain of keys hung up on somebody who is trusted? */
static int
check_trust(struct signers *s)
{
	const struct trail *t = &s->run->trail;
	struct run *r = s->run;
	size_t i, from = 0;

	if (r->how->node)
		return t->certified && !memcmp(&t->node, r->how->node,
		    sizeof(t->node)) ? 0 : verify_find(r, 4,
		    E_unknown_signer, -1, "the log is not certified by the "
		    "node of the card");
	if (!r->how->policy)
		return 0;
	for (i = 0; i < t->n; i++)
		if (is_trusted(r, &s->key[i]))
			from = i + 1;
	if (!from || !s->anchored)
		return verify_find(r, 4, E_unknown_signer, -1, from ?
		    "no checkpoint is signed by whom you trust" :
		    "the log has no key that you trust");
	for (i = from; i < t->n; i++)
		if (!s->linked[i] && !t->certified)
			return verify_find(r, 4, E_unknown_signer,
			    t->key[i].seq, "nobody whom you trust vouches for "
			    "the key of entry %lld",
			    (long long)t->key[i].seq);
	return 0;
}

/* Witnesses, as the policy wants them; the log's own keys are believed. */
static int
check_quorum(struct signers *s)
{
	struct run *r = s->run;
	struct err why = { 0 };
	struct checkpoint cp;
	struct policy *p;
	struct note note;
	size_t i;
	int rc = 0;

	if (!r->how->policy || r->how->policy->quorum < 0)
		return 0;
	if (r->out->checkpoint < 0)
		return verify_find(r, 4, E_witness_missing, -1,
		    "there is no good checkpoint for witnesses to sign");
	p = mem_zero(1, sizeof(*p));
	*p = *r->how->policy;
	for (i = 0; i < r->trail.n && !rc; i++)
		rc = policy_add_log(p, &s->key[i], &why);
	if (rc || policy_open(p, s->newest.data, s->newest.len, &cp, &note,
	    &why))
		rc = verify_find(r, 4, why.code, -1,
		    "the newest checkpoint: %s", why.msg);
	free(p);
	return rc;
}

static int
check_fresh(struct signers *s)
{
	struct run *r = s->run;
	int64_t size = r->how->fast ? r->head.size : r->out->size;

	if (size < r->how->min_size && verify_find(r, 4, E_policy_unmet, -1,
	    "the log has %lld entries, fewer than %lld", (long long)size,
	    (long long)r->how->min_size))
		return -1;
	if (!r->how->max_checkpoint_ms)
		return 0;
	if (r->out->checkpoint < 0)
		return verify_find(r, 4, E_policy_unmet, -1,
		    "there is no good checkpoint");
	return r->how->now_ms - s->newest_ms <= r->how->max_checkpoint_ms ?
	    0 : verify_find(r, 4, E_policy_unmet, -1, "the newest checkpoint "
	    "is older than it may be");
}

/* From the old checkpoint to the newest, or to the head without one. */
static int
prove_growth(struct run *r)
{
	struct growth g = { 0 };
	struct checkpoint cp;
	struct note note;
	uint64_t size;

	if (!r->how->since || !r->how->growth || !r->store)
		return 0;
	if (verify_read_note(r, r->how->since, &note, &cp,
	    "the old checkpoint"))
		return -1;
	g.old = cp.size;
	size = r->out->checkpoint >= (int64_t)cp.size ?
	    (uint64_t)r->out->checkpoint : (uint64_t)r->head.size;
	if (size < g.old)
		return 0;
	if (proof_growth(&g.proof, g.old, size, tree_read, r->store, r->e))
		return -1;
	growth_write(r->how->growth, &g);
	return 0;
}

static int
check_all(struct signers *s)
{
	struct run *r = s->run;

	if (r->store && check_stored(s))
		return -1;
	if (check_given(s, r->how->checkpoint, "the checkpoint") ||
	    check_given(s, r->how->since, "the old checkpoint") ||
	    check_given(s, r->how->pin, "the pin"))
		return -1;
	if (r->how->fast && (verify_ask_tiles(r) || check_newest_root(s)))
		return -1;
	return check_trust(s) || check_quorum(s) || check_fresh(s) ||
	    prove_growth(r) ? -1 : 0;
}

int
verify_signatures(struct run *r)
{
	struct signers s = { .run = r, .newest = BUF_INIT(NOTE_BYTES),
	    .last_ms = INT64_MIN };
	struct err why = { 0 };
	size_t i;
	int rc;

	if (r->store && (r->how->fast || !(r->how->layers & ~LAYER(4)))) {
		trail_release(&r->trail);
		if (trail_load(&r->trail, r->store, r->head.size, &why) &&
		    verify_find(r, 4, E_bad_certificate, -1, "%s", why.msg))
			return -1;
	}
	if (!r->trail.n) {
		verify_skip(r, LAYER(4), ERR_SYSTEM,
		    "the log does not say its key");
		return 0;
	}
	s.key = mem_zero(r->trail.n, sizeof(*s.key));
	s.linked = mem_zero(r->trail.n, sizeof(*s.linked));
	for (i = 0; i < r->trail.n; i++)
		s.key[i] = r->trail.key[i].key;
	rc = check_all(&s);
	buf_release(&s.newest);
	free(s.key);
	free(s.linked);
	return rc;
}
