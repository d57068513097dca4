#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "ledger/fold.h"
#include "ledger/read.h"
#include "ledger/type.h"
#include "tlog/tlog.h"
#include "verify/verify.h"

#define LEVELS 8			/* 256^8 leaves are out of reach */
#define LEVEL_BITS 56
#define ROWS (65536 - LEAF_LEGS)	/* gathered before they are compared */

struct run {
	struct store *store;
	struct fold *fold;		/* as the writer counts, from nothing */
	struct tlog_edge edge;
	struct leaf leaf;
	struct hash tile[LEVELS][TLOG_TILE];
	unsigned filled[LEVELS];
	int64_t tiles[LEVELS], n_tiles, postings;
	int64_t last_ms;
	int group_n, group_i;		/* of the last leaf; 0 outside */
	bool blind;			/* a leaf could not be read: no fold */
	int64_t most;
	verify_told *told;
	void *arg;
	struct verified *out;
	struct err *e;
};

/* Report; 0 to go on. */
static int
find(struct run *r, int layer, enum err_code code, int64_t seq,
    const char *fmt, ...) ERR_PRINTF(5, 6);

static int
find(struct run *r, int layer, enum err_code code, int64_t seq,
    const char *fmt, ...)
{
	char text[256];
	const struct finding f = { layer, code, seq, text };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!r->out->findings++)
		r->out->first = code;
	return r->out->findings <= r->most ? r->told(r->arg, &f, r->e) : 0;
}

/* 5: dense, in time, ids as in the leaf, groups whole and adjacent. */
static int
check_sequence(struct run *r, const struct stored *s)
{
	const struct entry *x = &r->leaf.entry;
	bool in_group = r->group_n && r->group_i + 1 < r->group_n;
	int rc = 0;

	if (x->seq != s->seq || strcmp(x->id, s->id))
		rc = find(r, 5, E_column_mismatch, s->seq,
		    "entry %lld: its leaf says seq %lld, id '%s'",
		    (long long)s->seq, (long long)x->seq, x->id);
	if (!rc && x->at_ms < r->last_ms)
		rc = find(r, 5, E_time_backwards, s->seq,
		    "entry %lld is earlier than the one before it",
		    (long long)s->seq);
	if (!rc && (in_group ? x->group_n != r->group_n ||
	    x->group_i != r->group_i + 1 : x->group_n && x->group_i))
		rc = find(r, 5, E_group_broken, s->seq,
		    "entry %lld breaks a group", (long long)s->seq);
	r->last_ms = x->at_ms;
	r->group_n = x->group_n;
	r->group_i = x->group_i;
	return rc;
}

/*
 * 8 and 9: the flow of the type, then limits at this very prefix.  After an
 * entry that is not there no limit can be judged.
 */
static int
check_fold(struct run *r, int64_t seq)
{
	struct entry *x = &r->leaf.entry;
	struct err why = { 0 };

	x->seq = seq;			/* if the leaf lies, that was told */
	if (x->kind == ENTRY_TRANSFER && type_check(x, &why) &&
	    find(r, 8, E_flow_broken, seq, "entry %lld: %s", (long long)seq,
	    why.msg))
		return -1;
	if (r->blind || !fold_entry(r->fold, x, &why))
		return 0;
	if (why.code == E_no_entry || why.code == E_already_reversed ||
	    why.code == E_not_reversible)
		return find(r, 5, E_bad_reversal, seq, "entry %lld: %s",
		    (long long)seq, why.msg);
	if (find(r, 9, E_limit_broken, seq, "entry %lld: %s", (long long)seq,
	    why.msg))
		return -1;
	return 0;
}

static int
wrong_row(struct run *r, const struct fold_row *row)
{
	return find(r, 10, E_projection_mismatch, row->seq,
	    "entry %lld: a posting differs from its leg",
	    (long long)row->seq);
}

/* The rows of one account, whose keys follow each other without a gap. */
static int
check_span(struct run *r, const struct fold_row *row, size_t n)
{
	const struct fold_row *end = row + n;
	struct query q;
	int got, rc = 0;

	query_open(&q, r->store, SQL_LEDGER_POSTING_KEYS);
	query_int(&q, row->key);
	query_int(&q, row->key + (int64_t)n);
	while (!rc && (got = query_row(&q, r->e)) > 0) {
		while (!rc && row->key < query_get_int(&q, 0))
			rc = wrong_row(r, row++);
		if (!rc && (query_get_int(&q, 1) != row->seq ||
		    query_get_int(&q, 2) != row->amount ||
		    query_get_int(&q, 3) != row->balance))
			rc = wrong_row(r, row);
		row++;
	}
	query_close(&q);
	while (!rc && row < end)
		rc = wrong_row(r, row++);
	return rc || got < 0 ? -1 : 0;
}

/*
 * 10: each posting is the leg and the balance after it.  They are stored by
 * account and met by entry, so many are gathered, and then read in order.
 */
static int
check_rows(struct run *r)
{
	const struct fold_row *row;
	size_t i, n, all;

	row = fold_sorted(r->fold, &all);
	for (i = 0; i < all; i += n) {
		for (n = 1; i + n < all &&
		    row[i + n].key == row[i].key + (int64_t)n; n++)
			;
		if (check_span(r, &row[i], n))
			return -1;
	}
	r->postings += (int64_t)all;
	fold_drop_rows(r->fold);
	return 0;
}

/* 7: a full tile is stored as it was computed. */
static int
check_tile(struct run *r, unsigned level, const struct hash *root)
{
	int64_t pos = (int64_t)((uint64_t)level << LEVEL_BITS |
	    (uint64_t)r->tiles[level]);
	const void *is, *h;
	struct query q;
	size_t n, m;
	bool same;
	int got;

	query_open(&q, r->store, SQL_LEDGER_TILE_GET);
	query_int(&q, pos);
	got = query_row(&q, r->e);
	if (got <= 0)
		return got < 0 ? -1 : find(r, 7, E_tile_missing, -1,
		    "tile %u/%lld is not stored", level,
		    (long long)r->tiles[level]);
	is = query_get_bytes(&q, 0, &n);
	h = query_get_bytes(&q, 1, &m);
	same = n == HASH_BYTES && !memcmp(is, root, n) &&
	    m == sizeof(r->tile[level]) && !memcmp(h, r->tile[level], m);
	query_close(&q);
	return same ? 0 : find(r, 7, E_tile_mismatch, -1,
	    "tile %u/%lld is not that of the leaves", level,
	    (long long)r->tiles[level]);
}

static int
add_hash(struct run *r, const struct hash *leaf)
{
	struct hash h = *leaf;
	unsigned level;

	for (level = 0; level < LEVELS; level++) {
		r->tile[level][r->filled[level]++] = h;
		if (r->filled[level] < TLOG_TILE)
			return 0;
		tlog_fold(&h, r->tile[level], TLOG_TILE);
		if (check_tile(r, level, &h))
			return -1;
		r->filled[level] = 0;
		r->tiles[level]++;
		r->n_tiles++;
	}
	return 0;
}

static int
check_leaf(struct run *r, const struct stored *s)
{
	struct err why = { 0 };
	struct hash h;

	tlog_leaf(&h, s->leaf, s->leaf_n);
	tlog_push(&r->edge, &h);
	if (add_hash(r, &h))
		return -1;
	if (leaf_parse(&r->leaf, s->leaf, s->leaf_n, fold_units(r->fold),
	    &why)) {
		r->blind = true;
		return find(r, why.code == E_bad_unit ? 8 : 6, why.code,
		    s->seq, "entry %lld: %s", (long long)s->seq, why.msg);
	}
	if (!s->seq && strcmp(r->leaf.entry.type, "log.genesis") &&
	    find(r, 5, E_column_mismatch, 0,
	    "the first entry is no log.genesis"))
		return -1;
	return check_sequence(r, s) || check_fold(r, s->seq) ||
	    (fold_rows(r->fold) > ROWS && check_rows(r)) ? -1 : 0;
}

static int
scan(struct run *r)
{
	int64_t next = 0;
	struct stored s;
	struct query q;
	int got, rc = 0;

	ledger_leaves_open(&q, r->store, INT64_MIN, INT64_MAX);
	while (!rc && (got = ledger_leaves_next(&q, &s, r->e)) > 0) {
		if (s.seq != next) {
			r->blind = true;
			rc = find(r, 5, E_seq_gap, next,
			    "entry %lld is missing: %lld follows",
			    (long long)next, (long long)s.seq);
		}
		next = s.seq + 1;
		if (!rc)
			rc = check_leaf(r, &s);
	}
	query_close(&q);
	if (rc || got < 0)
		return -1;
	if (r->group_n && r->group_i + 1 < r->group_n)
		return find(r, 5, E_group_broken, (int64_t)r->edge.size,
		    "the last group is not whole");
	return 0;
}

/* 6 and 7: what the head row says. */
static int
check_head(struct run *r)
{
	size_t want = HASH_BYTES * tlog_edge_count(r->edge.size), n;
	struct ledger_head head;
	const void *edge;
	struct query q;
	bool same;

	tlog_root(&r->edge, &r->out->root);
	r->out->size = (int64_t)r->edge.size;
	if (ledger_head(r->store, &head, r->e))
		return -1;
	if ((head.size != r->out->size || head.at_ms != r->last_ms) &&
	    find(r, 6, E_head_mismatch, -1, "the head counts %lld entries, "
	    "there are %lld", (long long)head.size, (long long)r->out->size))
		return -1;
	if (memcmp(&head.root, &r->out->root, sizeof(head.root)) &&
	    find(r, 6, E_root_mismatch, -1,
	    "the root is not that of the leaves"))
		return -1;
	query_open(&q, r->store, SQL_LEDGER_HEAD);
	if (query_row(&q, r->e) <= 0)
		return -1;
	edge = query_get_bytes(&q, 2, &n);
	same = n == want && !memcmp(edge, r->edge.h, n);
	query_close(&q);
	return same ? 0 : find(r, 7, E_edge_mismatch, -1,
	    "the edge is not that of the leaves");
}

/* 7 and 10: nothing is stored beyond what the leaves make. */
static int
check_count(struct run *r, enum sql which, int64_t want, int layer,
    enum err_code code, const char *what)
{
	struct query q;
	int64_t n = 0;

	query_open(&q, r->store, which);
	if (query_run(&q, &n, r->e) < 0)
		return -1;
	return n == want ? 0 : find(r, layer, code, -1,
	    "%lld %s are stored, the leaves make %lld", (long long)n, what,
	    (long long)want);
}

/* 10: accounts refer to units by their place among those of leaf 0. */
static int
check_units(struct run *r)
{
	const struct units *made = fold_units(r->fold);
	size_t want = r->edge.size ? made->n : 0, n = 0, same = 0;
	const struct unit *u;
	struct query q;
	int got;

	query_open(&q, r->store, SQL_LEDGER_UNIT_LIST);
	while ((got = query_row(&q, r->e)) > 0) {
		u = n < want ? made->unit[n] : NULL;
		same += u && !strcmp(u->code, query_get_text(&q, 0)) &&
		    u->scale == query_get_int(&q, 1);
		n++;
	}
	if (got < 0)
		return -1;
	return n == want && same == n ? 0 : find(r, 10,
	    E_projection_mismatch, -1,
	    "the units are not those that the log declares");
}

static bool
same_account(const struct account *a, const struct account *b)
{
	return a->id == b->id && a->balance.cr == b->balance.cr &&
	    a->balance.dr == b->balance.dr &&
	    a->balance.legs == b->balance.legs &&
	    a->balance.pcr == b->balance.pcr &&
	    a->balance.pdr == b->balance.pdr &&
	    a->has_lo == b->has_lo && a->lo == b->lo &&
	    a->has_hi == b->has_hi && a->closed == b->closed;
}

static int
check_accounts(struct run *r)
{
	const struct unit *unit;
	struct account stored, made;
	int64_t n = 0;
	struct query q;
	int got, rc = 0;

	ledger_accounts_open(&q, r->store, NULL);
	while (!rc && (got = ledger_accounts_next(&q, &stored, r->e)) > 0) {
		n++;
		unit = units_find(fold_units(r->fold), stored.unit.code);
		if (unit)
			fold_account(r->fold, stored.name, unit, &made);
		if (!unit || !same_account(&made, &stored))
			rc = find(r, 10, E_projection_mismatch, -1,
			    "account '%s' in %s is not what its entries make",
			    stored.name, stored.unit.code);
	}
	query_close(&q);
	if (rc || got < 0)
		return -1;
	return n == fold_accounts(r->fold) ? 0 : find(r, 10,
	    E_projection_mismatch, -1, "%lld accounts are stored, the leaves "
	    "make %lld", (long long)n, (long long)fold_accounts(r->fold));
}

/* An earlier leaf, for a reversal. */
static int
past(void *arg, int64_t seq, struct leaf *out, struct err *e)
{
	struct run *r = arg;
	const void *leaf;
	struct query q;
	size_t n;
	int got;

	/* The statement of the scan is busy with it. */
	query_open(&q, r->store, SQL_LEDGER_ENTRY_BY_SEQ);
	query_int(&q, seq);
	got = query_row(&q, e);
	if (got > 0) {
		leaf = query_get_bytes(&q, 2, &n);
		if (leaf_parse(out, leaf, n, fold_units(r->fold), e))
			got = -1;
	}
	query_close(&q);
	return got;
}

int
verify_run(struct store *s, int64_t most, verify_told *told, void *arg,
    struct verified *out, struct err *e)
{
	struct run *r = mem_zero(1, sizeof(*r));
	int rc = -1;

	*out = (struct verified){ 0 };
	r->store = s;
	r->most = most;
	r->told = told;
	r->arg = arg;
	r->out = out;
	r->e = e;
	r->fold = fold_new();
	fold_past(r->fold, past, r);
	if (store_snapshot(s, e))
		goto out;
	if (scan(r) || check_rows(r) || check_head(r) ||
	    check_count(r, SQL_LEDGER_TILE_COUNT, r->n_tiles, 7,
	    E_tile_mismatch, "tiles") || check_units(r))
		goto out;
	if (!r->blind && (check_accounts(r) ||
	    check_count(r, SQL_LEDGER_POSTING_COUNT, r->postings, 10,
	    E_projection_mismatch, "postings")))
		goto out;
	rc = 0;
out:
	store_rollback(s);
	fold_free(r->fold);
	leaf_release(&r->leaf);
	free(r);
	return rc;
}

void
verify_finding_write(struct buf *out, const struct finding *f)
{
	json_open(out, NULL, '{');
	json_int(out, "layer", f->layer);
	json_str(out, "code", err_word(f->code));
	json_int(out, "status", (int64_t)err_kind(f->code));
	if (f->seq >= 0)
		json_int(out, "seq", f->seq);
	json_str(out, "message", f->text);
}

void
verify_write(struct buf *out, const struct verified *v)
{
	static const int layers[] = { 5, 6, 7, 8, 9, 10 };
	char hex[HASH_HEX];
	size_t i;

	hash_hex(hex, &v->root);
	json_open(out, NULL, '{');
	json_str(out, "result", v->findings ? "false" : "true");
	json_int(out, "status", v->findings ? 1 : 0);
	json_int(out, "size", v->size);
	json_str(out, "root", hex);
	json_open(out, "layers", '[');
	for (i = 0; i < sizeof(layers) / sizeof(*layers); i++)
		json_int(out, NULL, layers[i]);
	json_close(out, ']');
	json_int(out, "findings", v->findings);
}
