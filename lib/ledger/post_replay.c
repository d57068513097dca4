/* What a repeated id means (spec/ledger.md 4.2). */
#include <stdio.h>
#include <string.h>

#include "ledger/apply.h"
#include "ledger/post.h"

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool
same_legs(const struct entry *a, const struct entry *b)
{
	size_t i;

	if (a->n_legs != b->n_legs)
		return false;
	for (i = 0; i < a->n_legs; i++)
		if (a->legs[i].minor != b->legs[i].minor ||
		    a->legs[i].unit != b->legs[i].unit ||
		    strcmp(a->legs[i].account, b->legs[i].account))
			return false;
	return true;
}

static const char *const fields[] = {
	"kind", "type", "legs", "ref", "data", "effective_ms", "reverses",
	"memo", NULL,
};

const char *
post_field_word(unsigned i)
{
	return fields[i];
}

/* The hash of the memo, wherever the kind of entry has it. */
static bool
memo_of(const struct entry *x, char out[HASH_HEX])
{
	const char *p = x->memo_sha256;

	if (x->kind == ENTRY_REVERSAL && x->data &&
	    strlen(x->data) == sizeof(POST_IN_DATA) - 1 + 64 + 2 &&
	    !strncmp(x->data, POST_IN_DATA, sizeof(POST_IN_DATA) - 1))
		p = x->data + sizeof(POST_IN_DATA) - 1;
	if (p)
		snprintf(out, HASH_HEX, "%.64s", p);
	return p != NULL;
}

/* 1 if the memos are the same, or the known one was erased; 0, -1. */
static int
same_memo(struct ledger *l, const struct entry *x, const struct terms *t,
    const struct entry *known, struct err *e)
{
	char have[HASH_HEX], want[HASH_HEX];
	const char *memo = t ? t->memo : NULL;
	const void *salt;
	struct query q;
	size_t n;
	int got;

	if (!memo_of(known, have))
		return !memo && !x->memo_sha256;
	query_open(&q, l->store, SQL_LEDGER_MEMO_GET);
	query_int(&q, known->seq);
	got = query_row(&q, e);
	if (got <= 0)
		return got < 0 ? -1 : !x->memo_sha256 ||
		    !strcmp(x->memo_sha256, have);
	salt = query_get_bytes(&q, 1, &n);
	if (memo && n == MEMO_SALT) {
		post_memo_hash(memo, salt, want);
		got = !strcmp(want, have);
	} else {
		got = x->memo_sha256 && !strcmp(x->memo_sha256, have);
	}
	query_close(&q);
	return got;
}

static bool
same_data(const struct entry *x, const struct entry *known)
{
	char hash[HASH_HEX];

	if (known->kind == ENTRY_REVERSAL && memo_of(known, hash))
		return !x->data || !strcmp(x->data, known->data);
	return same_text(x->data, known->data);
}

/* Do the caller's fields equal those of the entry known under this id? */
static int
compare(struct ledger *l, const struct entry *x, const struct terms *t,
    const struct entry *known, struct refused *why, struct err *e)
{
	struct buf words = BUF_INIT(128);
	bool reversal = x->kind == ENTRY_REVERSAL;
	unsigned f = 0, i;
	int memo = same_memo(l, x, t, known, e);

	if (memo < 0)
		return -1;
	f |= x->kind != known->kind ? POST_KIND : 0;
	f |= same_text(x->type, known->type) ? 0 : POST_TYPE;
	/* The legs of a reversal follow from what it reverses. */
	if (!reversal || known->kind != x->kind)
		f |= same_legs(x, known) ? 0 : POST_LEGS;
	f |= same_text(x->ref, known->ref) ? 0 : POST_REF;
	f |= same_data(x, known) ? 0 : POST_DATA;
	if (!x->effective_ms != !known->effective_ms ||
	    (x->effective_ms && *x->effective_ms != *known->effective_ms))
		f |= POST_EFFECTIVE;
	f |= same_text(x->reverses, known->reverses) ? 0 : POST_REVERSES;
	f |= memo ? 0 : POST_MEMO;
	if (!f)
		return 0;
	for (i = 0; fields[i]; i++)
		if (f & 1u << i)
			buf_addf(&words, words.len ? ", %s" : "%s",
			    fields[i]);
	why->fields = f;
	why->seq = known->seq;
	err_set(e, E_id_conflict, "'%s' is known as entry %lld with other %s",
	    x->id, (long long)known->seq, words.data);
	buf_release(&words);
	return -1;
}

static bool
in_gap(const struct ledger *l, const char *id)
{
	return l->gap && strcmp(id, l->gap_lo) > 0 &&
	    (!*l->gap_hi || strcmp(id, l->gap_hi) < 0);
}

void
post_close_gap(struct ledger *l, const char *id)
{
	if (in_gap(l, id))
		memcpy(l->gap_lo, id, strlen(id) + 1);
}

/* This id is free: how many more are, above it?  Only if they rise. */
static int
find_gap(struct ledger *l, const char *id, struct err *e)
{
	bool rises = strcmp(id, l->last_id) > 0;
	struct query q;
	int got;

	memcpy(l->last_id, id, strlen(id) + 1);
	if (!rises)
		return 0;
	l->gap = false;
	query_open(&q, l->store, SQL_LEDGER_ENTRY_AFTER);
	query_text(&q, id);
	got = query_row(&q, e);
	if (got < 0)
		return -1;
	*l->gap_hi = '\0';
	if (got)
		query_put_text(&q, 0, l->gap_hi, sizeof(l->gap_hi));
	query_close(&q);
	memcpy(l->gap_lo, id, strlen(id) + 1);
	l->gap = true;
	return 0;
}

/* 1 if this very entry is there, 0 if its id is free, -1 if it is taken. */
static int
known(struct ledger *l, const struct entry *x, const struct terms *t,
    struct posted *out, struct refused *why, struct err *e)
{
	const void *leaf;
	struct query q;
	size_t n;
	int got;

	if (in_gap(l, x->id))
		return 0;
	query_open(&q, l->store, SQL_LEDGER_ENTRY_BY_ID);
	query_text(&q, x->id);
	got = query_row(&q, e);
	if (got <= 0)
		return got < 0 ? -1 : find_gap(l, x->id, e);
	leaf = query_get_bytes(&q, 1, &n);
	if (leaf_parse(&l->known, leaf, n, &l->units, e) ||
	    compare(l, x, t, &l->known.entry, why, e))
		got = -1;
	*out = (struct posted){ true, l->known.entry.seq,
	    l->known.entry.at_ms };
	query_close(&q);
	return got;
}

/* Are all ids known, or none?  1, 0, -1. */
int
post_known(struct ledger *l, const struct group *g, struct posted *out,
    struct refused *why, struct err *e)
{
	size_t i, hits = 0;
	int got;

	for (i = 0; i < g->n; i++) {
		why->member = i;
		got = known(l, &g->x[i], g->terms ? &g->terms[i] : NULL,
		    &out[i], why, e);
		if (got < 0)
			return -1;
		hits += (size_t)got;
	}
	if (hits && hits < g->n)
		return err_set(e, E_group_partial,
		    "%zu of %zu ids of the group are known", hits, g->n);
	return hits > 0;
}
