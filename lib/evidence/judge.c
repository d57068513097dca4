#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/amount.h"
#include "base/mem.h"
#include "evidence/judge.h"
#include "evidence/trail.h"
#include "key/logcert.h"
#include "ledger/leaf.h"

void
judge_init(struct judge *j)
{
	memset(j, 0, sizeof(*j));
	policy_init(&j->policy);
}

void
judge_release(struct judge *j)
{
	while (j->n) {
		receipt_release(&j->one[--j->n].receipt);
		buf_release(&j->one[j->n].text);
	}
	free(j->one);
	j->one = NULL;
}

static struct judged *
room(struct judge *j, const char *file)
{
	const struct judged fresh = {
		.file = file, .text = BUF_INIT(RECEIPT_MAX),
		.receipt = RECEIPT_INIT,
	};

	j->one = mem_grow(j->one, j->n + 1, sizeof(*j->one));
	j->one[j->n] = fresh;
	return &j->one[j->n++];
}

void
judge_add(struct judge *j, const char *file, struct buf *text)
{
	struct judged *d = room(j, file);

	d->text = *text;
	*text = (struct buf)BUF_INIT(RECEIPT_MAX);
	if (!receipt_read(&d->receipt, d->text.data, d->text.len, &d->why) &&
	    !d->receipt.leaf.len)
		err_set(&d->why, E_bad_receipt, "the receipt has no leaf");
}

void
judge_fail(struct judge *j, const char *file, const struct err *why)
{
	room(j, file)->why = *why;
}

static int
trust(struct judge *j, const char *vkey, const char *origin, struct err *e)
{
	struct note_key k;

	if (note_key_read(&k, vkey, e))
		return -1;
	if (k.type != NOTE_PLAIN || (origin && strcmp(k.name, origin)))
		return err_set(e, E_bad_vkey, "'%.80s' is not a key of this "
		    "log", vkey);
	return policy_add_log(&j->policy, &k, e);
}

void
judge_node(struct judge *j, const struct sign_public *node)
{
	j->has_node = true;
	j->node = *node;
}

int
judge_certificate(struct judge *j, const struct json *in, struct err *e)
{
	const char *origin, *vkey;
	struct logcert cert;

	return json_get_str(in, "origin", &origin, e) ||
	    json_get_str(in, "log_key", &vkey, e) ||
	    logcert_read(&cert, in, e) ||
	    logcert_check(&cert, origin, vkey, &j->node, e) ||
	    trust(j, vkey, origin, e) ? -1 : 0;
}

/* Units are not known here: the scale is what the amounts show. */
struct scales {
	struct unit *unit;
	const struct unit **at;
	size_t n;
};

static int
add_scale(struct scales *s, const struct json *leg, struct err *e)
{
	const char *code, *amount, *point;
	const struct unit *known;
	struct unit *u;
	size_t i;

	if (json_get_str(leg, "unit", &code, e) ||
	    json_get_str(leg, "amount", &amount, e))
		return -1;
	for (i = 0; i < s->n; i++)
		if (!strcmp(s->unit[i].code, code))
			return 0;
	u = &s->unit[s->n++];
	known = unit_named(code);
	point = strchr(amount, '.');
	if (strlen(code) >= sizeof(u->code))
		return err_set(e, E_bad_unit, "'%.40s' is no unit", code);
	snprintf(u->code, sizeof(u->code), "%s", code);
	u->scale = known ? known->scale : point ? (int)strlen(point + 1) : 0;
	return u->scale <= 18 ? 0 : err_set(e, E_bad_unit,
	    "'%.40s' has over 18 decimals", code);
}

static int
find_scales(struct scales *s, const struct json *root, struct err *e)
{
	struct json legs, leg = { 0 };
	size_t i;

	if (!json_find(&legs, root, "legs"))
		return 0;
	s->unit = mem_zero(json_count(&legs) + 1, sizeof(*s->unit));
	s->at = mem_zero(json_count(&legs) + 1, sizeof(*s->at));
	while (json_next(&leg, &legs))
		if (json_want(&leg, JSON_OBJECT, e) || add_scale(s, &leg, e))
			return -1;
	for (i = 0; i < s->n; i++)
		s->at[i] = &s->unit[i];
	return 0;
}

static int
check_leaf(const struct receipt *r, struct err *e)
{
	struct json root = { 0 };
	struct scales s = { 0 };
	struct leaf leaf = { 0 };
	struct units units;
	int rc = -1;

	if (json_parse(&root, r->leaf.data, r->leaf.len, e) ||
	    json_want(&root, JSON_OBJECT, e) || find_scales(&s, &root, e)) {
		e->code = E_leaf_not_canonical;
		e->kind = ERR_NO;
		goto out;
	}
	units = (struct units){ s.at, s.n };
	if (leaf_parse(&leaf, r->leaf.data, r->leaf.len, &units, e))
		goto out;
	rc = (uint64_t)leaf.entry.seq == r->index ? 0 : err_set(e,
	    E_column_mismatch, "the entry says that it is %" PRId64 ", the "
	    "receipt %" PRIu64, leaf.entry.seq, r->index);
out:
	json_release(&root);
	leaf_release(&leaf);
	free(s.unit);
	free(s.at);
	return rc;
}

static int
check(const struct judge *j, const struct judged *d, struct checkpoint *at,
    struct note *note, struct err *e)
{
	const struct receipt *r = &d->receipt;

	if (policy_open(&j->policy, r->note, r->note_n, at, note, e) ||
	    receipt_covers(r, at, e))
		return -1;
	return check_leaf(r, e);
}

static bool
holds(const struct judge *j, const struct judged *d)
{
	struct checkpoint at;
	struct err ignored = { 0 };
	struct note note;

	return !check(j, d, &at, &note, &ignored);
}

/* What a log.key says, taken apart. */
struct change {
	const char *vkey, *old, *reason, *key_sig, *node_sig;
	struct note_key key, was;
};

static bool
read_change(struct change *c, const struct json *data, struct err *e)
{
	c->node_sig = NULL;
	return !json_get_str(data, "log_key", &c->vkey, e) &&
	    !json_get_str(data, "old_key", &c->old, e) &&
	    !json_get_str(data, "reason", &c->reason, e) &&
	    !json_get_str(data, "key_sig", &c->key_sig, e) &&
	    !json_opt_str(data, "node_sig", &c->node_sig, e) &&
	    !note_key_read(&c->key, c->vkey, e) &&
	    !note_key_read(&c->was, c->old, e) &&
	    !strcmp(c->key.name, c->was.name) &&
	    c->key.type == NOTE_PLAIN && c->was.type == NOTE_PLAIN &&
	    !logcert_said(c->key.name, c->vkey, c->key_sig, &c->key.pub, e);
}

static bool
trusted(const struct judge *j, const struct note_key *k)
{
	size_t i;

	for (i = 0; i < j->policy.keys; i++)
		if (!strcmp(j->policy.key[i].name, k->name) &&
		    j->policy.key[i].type == k->type &&
		    !memcmp(&j->policy.key[i].pub, &k->pub, sizeof(k->pub)))
			return true;
	return false;
}

static int
learn_change(struct judge *j, const struct judged *d,
    const struct json *data, struct err *e)
{
	struct err ignored = { 0 };
	struct change c;

	if (!read_change(&c, data, &ignored) || trusted(j, &c.key))
		return 0;
	if (j->has_node && c.node_sig && !logcert_said(c.key.name, c.vkey,
	    c.node_sig, &j->node, &ignored))
		return policy_add_log(&j->policy, &c.key, e);
	/* After a compromise the old key leads nowhere. */
	if (!strcmp(c.reason, trail_reason_word(TRAIL_SCHEDULED)) &&
	    trusted(j, &c.was) && holds(j, d))
		return policy_add_log(&j->policy, &c.key, e);
	return 0;
}

static int
forget(struct judge *j, const struct judged *d, const struct json *data,
    struct err *e)
{
	struct err ignored = { 0 };
	struct change c;

	(void)e;
	if (read_change(&c, data, &ignored) && trusted(j, &c.key) &&
	    !strcmp(c.reason, trail_reason_word(TRAIL_COMPROMISED)) &&
	    holds(j, d))
		policy_drop_log(&j->policy, &c.was);
	return 0;
}

static int
learn_first(struct judge *j, const struct judged *d, const struct json *data,
    struct err *e)
{
	struct err why = { 0 };

	(void)d;
	if (j->has_node && judge_certificate(j, data, &why) &&
	    why.code == E_bad_policy) {	/* too many keys */
		*e = why;
		return -1;
	}
	return 0;
}

typedef int lesson(struct judge *, const struct judged *,
    const struct json *data, struct err *);

/* Give it every receipt of such a leaf. */
static int
each(struct judge *j, const char *type, lesson *learn, struct err *e)
{
	struct json root, data;
	struct err ignored = { 0 };
	const struct judged *d;
	const char *is;
	int rc = 0;

	for (d = j->one; d < j->one + j->n && !rc; d++) {
		root = (struct json){ 0 };
		is = "";
		if (d->why.kind || !trail_concerns(d->receipt.leaf.data,
		    d->receipt.leaf.len) || json_parse(&root,
		    d->receipt.leaf.data, d->receipt.leaf.len, &ignored))
			continue;
		if (!json_opt_str(&root, "type", &is, &ignored) &&
		    !strcmp(is, type) &&
		    !json_get(&data, &root, "data", JSON_OBJECT, &ignored))
			rc = learn(j, d, &data, e);
		json_release(&root);
	}
	return rc;
}

/* Until nothing is new: receipts may come in any order. */
int
judge_learn(struct judge *j, struct err *e)
{
	size_t before;

	if (each(j, "log.genesis", learn_first, e))
		return -1;
	do {
		before = j->policy.keys;
		if (each(j, "log.key", learn_change, e))
			return -1;
	} while (j->policy.keys > before);
	return each(j, "log.key", forget, e);
}

void
judge_write(struct judge *j, size_t i, struct buf *out, struct err *why)
{
	const struct judged *d = &j->one[i];
	struct checkpoint at;
	struct note note;

	*why = d->why;
	if (!why->kind)
		(void)!check(j, d, &at, &note, why);
	json_open(out, NULL, '{');
	json_str(out, "file", d->file);
	json_str(out, "result", !why->kind ? "true" :
	    why->kind == ERR_NO ? "false" : "unknown");
	if (why->kind) {
		json_int(out, "status", why->kind);
		json_str(out, "code", err_word(why->code));
		json_str(out, "message", why->msg);
		return;
	}
	json_str(out, "origin", at.origin);
	json_int(out, "index", (int64_t)d->receipt.index);
	json_int(out, "size", (int64_t)at.size);
	policy_write_signers(out, "signed_by", &note, &j->policy, NOTE_PLAIN);
	policy_write_signers(out, "cosigned_by", &note, &j->policy,
	    NOTE_COSIGNED);
	json_raw(out, "entry", d->receipt.leaf.data, d->receipt.leaf.len);
}

enum err_kind
judge_worse(enum err_kind a, enum err_kind b)
{
	static const enum err_kind order[] = {
		ERR_NO, ERR_UNKNOWN, ERR_SYSTEM, ERR_BUSY, ERR_DENIED,
		ERR_MISSING, ERR_INPUT, ERR_USAGE, ERR_CONFLICT, ERR_REFUSED,
	};
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(*order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return ERR_OK;
}
