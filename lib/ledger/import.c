/* Over 400 lines because groups, transactions and results meet here. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/line.h"
#include "base/mem.h"
#include "ledger/import.h"
#include "ledger/record.h"
#include "ledger/result.h"

#define CHUNK_ENTRIES 8192
#define CHUNK_BYTES ((size_t)4 << 20)
#define CHUNK_MS 50
#define HISTORY_ENTRIES 65536		/* stored at once, of many chunks */
#define WHOLE_ENTRIES 1000000		/* of --all-or-nothing */
#define RESULTS_MAX ((size_t)1 << 30)

/* One line that was read. */
struct item {
	struct record record;
	unsigned long line;
	size_t bytes;
	struct err bad;			/* kind 0: it can be posted */
	bool blind;			/* not JSON: its label is not known */
};

struct run {
	const struct import_how *how;
	struct imported *sum;
	struct ledger *ledger;
	struct item *item;		/* one more than a group has */
	size_t n_item;
	bool ahead;			/* item[n_item] is the next line */
	bool end, cut;			/* of the input; amid a line */
	bool failed;			/* of all-or-nothing */
	struct entry entry[LEAF_GROUP];
	struct terms terms[LEAF_GROUP];
	struct posted posted[LEAF_GROUP];
	struct result result;
	struct imported tally;		/* of the transaction */
	size_t entries, bytes;		/* of it */
	size_t late;			/* entries without history, of ours */
	int64_t began_ms;
	unsigned groups;
	size_t group_at;		/* its results begin there */
};

static struct item *
slot(struct run *r, size_t i)
{
	return &r->item[i];
}

static void
tell_posted(struct run *r, const struct item *it, const char *id,
    const struct posted *p)
{
	*(p->existed ? &r->tally.exists : &r->tally.posted) += 1;
	if (!r->how->problems)
		result_posted(&r->result, it->line, id, p);
}

static void
tell_failed(struct run *r, const struct item *it, const struct err *e,
    const struct refused *why)
{
	*(e->kind == ERR_INPUT ? &r->tally.invalid :
	    e->kind == ERR_CONFLICT ? &r->tally.conflict :
	    &r->tally.refused) += 1;
	r->tally.worst = err_worse(r->tally.worst, e->kind);
	result_failed(&r->result, it->line, it->record.id, e, why);
}

/* Results go out after the commit that makes them true. */
static int
flush(struct run *r, struct err *e)
{
	struct imported *s = r->sum;
	const struct imported *t = &r->tally;
	struct buf *out = &r->result.out;

	s->posted += t->posted;
	s->exists += t->exists;
	s->refused += t->refused;
	s->conflict += t->conflict;
	s->invalid += t->invalid;
	s->worst = err_worse(s->worst, t->worst);
	r->tally = (struct imported){ 0 };
	if (out->full)
		return err_set(e, E_too_long, "over %zu bytes of results",
		    RESULTS_MAX);
	if (out->len && r->how->put(r->how->arg, out->data, out->len, e))
		return -1;
	buf_reset(out);
	return 0;
}

static bool
writing(const struct run *r)
{
	return r->ledger && ledger_writing(r->ledger);
}

static int
begin(struct run *r, struct err *e)
{
	const struct import_how *h = r->how;

	r->began_ms = h->now_ms(h->arg);
	r->entries = r->bytes = 0;
	return ledger_begin(h->store, &r->ledger, r->began_ms, h->sane, e);
}

static int
commit(struct run *r, struct err *e)
{
	if (ledger_commit(r->ledger, e) || flush(r, e))
		return -1;
	r->late += r->entries;
	if (r->late < HISTORY_ENTRIES || store_is_dry(r->how->store))
		return 0;
	r->late = 0;
	return ledger_project(r->how->store, &r->ledger, e);
}

/* A dry run in pieces would not see its own effects. */
static bool
is_whole(const struct run *r)
{
	return r->how->all_or_nothing || r->how->one ||
	    store_is_dry(r->how->store);
}

/* Is the transaction as large as one may be, or as old? */
static bool
is_full(struct run *r)
{
	if (is_whole(r))
		return false;
	return r->entries >= CHUNK_ENTRIES || r->bytes >= CHUNK_BYTES ||
	    (r->groups++ % 16 == 0 &&
	    r->how->now_ms(r->how->arg) - r->began_ms >= CHUNK_MS);
}

/* The next line into an item: 1, 0 at the end, -1. */
static int
read_item(struct run *r, struct item *it, struct err *e)
{
	struct line *in = r->how->in;
	int got;

	/* Nobody waits for us while we wait for the input. */
	if (writing(r) && !is_whole(r) && line_would_block(in) &&
	    commit(r, e))
		return -1;
	it->bad = (struct err){ 0 };
	it->blind = false;
	got = line_next(in, e);
	it->line = in->number;
	if (got <= 0) {
		if (!got || e->code != E_too_long)
			return got;
		it->bad = *e;
		*e = (struct err){ 0 };
		it->blind = true;
		it->record.id = it->record.label = NULL;
		return 1;
	}
	it->bytes = in->text.len;
	r->cut = in->cut;
	if (record_read(&it->record, in->text.data, in->text.len, &it->bad))
		it->blind = !it->record.readable;
	return 1;
}

static void
swap(struct run *r, size_t a, size_t b)
{
	struct item t = r->item[a];

	r->item[a] = r->item[b];
	r->item[b] = t;
}

/* Does the last item read belong to those before it? */
static bool
joins(const struct run *r, size_t n)
{
	const struct item *it = &r->item[n], *first = r->item;
	const char *label = NULL;
	size_t i;

	for (i = 0; i < n && !label; i++)
		label = r->item[i].record.label;
	if (r->how->one)
		return true;
	if (!label)		/* lines that cannot be read, until now */
		return first->blind && it->record.label;
	return it->blind || (it->record.label &&
	    !strcmp(it->record.label, label));
}

/* Lines until one that is of something else: how many, 0 at the end, -1. */
static int
gather(struct run *r, struct err *e)
{
	size_t n = r->ahead;
	int got;

	if (r->ahead)
		swap(r, 0, r->n_item);
	r->ahead = false;
	for (;;) {
		got = r->end ? 0 : read_item(r, slot(r, n), e);
		if (got < 0)
			return -1;
		if (!got) {
			r->end = true;
			break;
		}
		if (n && !joins(r, n)) {
			r->ahead = true;
			r->n_item = n;
			break;
		}
		if (++n > LEAF_GROUP)
			break;
		if (!slot(r, 0)->record.label && !slot(r, 0)->blind &&
		    !r->how->one)
			break;		/* a lone entry needs no more */
	}
	return (int)n;
}

static void
tell_all_failed(struct run *r, size_t n, size_t who, const struct err *e,
    const struct refused *why)
{
	struct err member = { 0 };
	size_t i;

	err_set_(&member, E_group_member, "another member of its group was "
	    "not taken");
	for (i = 0; i < n; i++)
		if (slot(r, i)->bad.kind)
			tell_failed(r, slot(r, i), &slot(r, i)->bad, NULL);
		else if (i == who)
			tell_failed(r, slot(r, i), e, why);
		else
			tell_failed(r, slot(r, i), &member, NULL);
}

/* Is it a group as it stands?  In e for all of them, if it is not. */
static int
check_group(const struct run *r, size_t n, struct err *e)
{
	if (n > LEAF_GROUP)
		return err_set(e, E_group_size, "a group of over %d entries",
		    LEAF_GROUP);
	if (r->how->one || !r->item[0].record.label)
		return 0;
	if (r->end && !r->ahead && (n == 1 || r->cut))
		return err_set(e, E_group_open, "the input ends amid group "
		    "'%.40s'", r->item[0].record.label);
	if (n == 1)
		return err_set(e, E_group_size, "group '%.40s' has one entry",
		    r->item[0].record.label);
	return 0;
}

/* As entries; -1 if some cannot be, which then says why in its item. */
static int
make_entries(struct run *r, size_t n)
{
	bool own_ids = r->how->one;
	size_t i;
	int rc = 0;

	if (own_ids && r->how->id && n == 1 && !slot(r, 0)->record.id)
		slot(r, 0)->record.id = r->how->id;

	for (i = 0; i < n; i++) {
		struct item *it = slot(r, i);

		if (it->bad.kind || record_entry(&it->record, r->ledger,
		    own_ids ? r->how->chance : NULL, &r->entry[i],
		    &r->terms[i], &it->bad))
			rc = -1;
		else if (it->record.memo)
			post_salt(&r->terms[i], r->how->chance);
	}
	return rc;
}

static bool
has_terms(const struct run *r, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (r->terms[i].memo || r->terms[i].n_before ||
		    r->terms[i].n_after)
			return true;
	return false;
}

/* 0 also if it was not taken; -1 if the run has to stop. */
static int
post_group(struct run *r, size_t n, struct err *e)
{
	struct refused why = { 0 };
	struct err no = { 0 };
	struct hash root;
	size_t i;

	r->group_at = r->result.out.len;
	if (check_group(r, n, &no)) {
		for (i = 0; i < n; i++)
			if (!slot(r, i)->bad.kind)
				slot(r, i)->bad = no;
		tell_all_failed(r, n, n, &no, NULL);
		return 0;
	}
	if (make_entries(r, n)) {
		tell_all_failed(r, n, n, &no, NULL);
		return 0;
	}
	if (ledger_post_with_in(r->ledger, r->entry, has_terms(r, n) ?
	    r->terms : NULL, n, r->posted, &why, &no)) {
		if (err_ends_run(&no)) {
			*e = no;
			return -1;
		}
		tell_all_failed(r, n, why.member, &no, &why);
		return 0;
	}
	for (i = 0; r->how->follow && i < n; i++)
		if (!r->posted[i].existed && r->how->follow(r->how->arg,
		    r->ledger, r->posted[i].seq, e))
			return -1;
	if (r->how->one && store_is_dry(r->how->store)) {
		ledger_root_in(r->ledger, &root);
		hash_hex(r->result.root, &root);
	}
	for (i = 0; i < n; i++) {
		r->bytes += slot(r, i)->bytes;
		tell_posted(r, slot(r, i), r->entry[i].id, &r->posted[i]);
	}
	r->entries += n;
	return 0;
}

/* A group that is too large goes on: its other lines fail as well. */
static int
drop_rest(struct run *r, struct err *e)
{
	struct item *it = slot(r, 0);
	char *label = mem_text(it->record.label ? it->record.label : "");
	int got;

	while ((got = read_item(r, it, e)) > 0) {
		if (!it->blind && (!it->record.label ||
		    strcmp(it->record.label, label)))
			break;
		if (!it->bad.kind)
			err_set_(&it->bad, E_group_size,
			    "a group of over %d entries", LEAF_GROUP);
		tell_failed(r, it, &it->bad, NULL);
	}
	free(label);
	if (got > 0) {
		r->ahead = true;
		r->n_item = 0;
	}
	r->end = !got;
	return got < 0 ? -1 : 0;
}

static int
write_summary(struct run *r, const struct ledger_head *h, struct err *e)
{
	const struct imported *s = r->sum;
	struct buf *out = &r->result.out;
	char hex[HASH_HEX];

	hash_hex(hex, &h->root);
	json_open(out, NULL, '{');
	json_str(out, "result", "summary");
	json_int(out, "posted", s->posted);
	json_int(out, "exists", s->exists);
	json_int(out, "refused", s->refused);
	json_int(out, "conflict", s->conflict);
	json_int(out, "invalid", s->invalid);
	json_int(out, "size", h->size);
	json_str(out, "root", hex);
	if (r->result.dry)
		json_bool(out, "dry_run", true);
	json_close(out, '}');
	buf_addc(out, '\n');
	return flush(r, e);
}

/* Nothing stands: only what was in the way is told. */
static int
give_up(struct run *r, struct err *e)
{
	struct buf left = BUF_INIT(RESULTS_MAX), *out = &r->result.out;

	ledger_rollback(r->ledger);
	buf_add(&left, out->data + r->group_at, out->len - r->group_at);
	buf_release(out);
	*out = left;
	r->tally.posted = r->tally.exists = 0;
	return flush(r, e);
}

static int
finish(struct run *r, struct err *e)
{
	const struct import_how *h = r->how;
	struct ledger_head head = { 0 };

	if (!writing(r) && begin(r, e))
		return -1;
	head.size = (int64_t)ledger_size_in(r->ledger);
	ledger_root_in(r->ledger, &head.root);
	if (r->failed) {
		if (give_up(r, e) || ledger_head(h->store, &head, e))
			return -1;
	} else if (commit(r, e)) {
		return -1;
	}
	if (h->one)
		return 0;
	if (!store_is_dry(h->store) && ledger_project(h->store, &r->ledger, e))
		return -1;
	return write_summary(r, &head, e);
}

static int
run(struct run *r, struct err *e)
{
	const struct import_how *h = r->how;
	int n;

	while ((n = gather(r, e)) > 0) {
		if ((!writing(r) && begin(r, e)) ||
		    post_group(r, (size_t)n, e) ||
		    (n > LEAF_GROUP && drop_rest(r, e)))
			return -1;
		if (h->all_or_nothing && r->tally.worst) {
			r->failed = true;
			break;
		}
		if (h->all_or_nothing && r->entries > WHOLE_ENTRIES)
			return err_set(e, E_too_long, "over %d entries at "
			    "once: leave out --all-or-nothing",
			    WHOLE_ENTRIES);
		if (is_full(r) && commit(r, e))
			return -1;
		if (h->one)
			break;
	}
	if (n < 0)
		return -1;
	if (h->one && !n)
		return err_set(e, E_bad_json, "there is no record");
	r->failed |= h->one && r->tally.worst;
	return finish(r, e);
}

int
import_run(const struct import_how *how, struct imported *out, struct err *e)
{
	struct run *r = mem_zero(1, sizeof(*r));
	size_t i;
	int rc;

	*out = (struct imported){ 0 };
	r->how = how;
	r->sum = out;
	r->item = mem_zero(LEAF_GROUP + 1, sizeof(*r->item));
	result_init(&r->result, !how->one, store_is_dry(how->store),
	    RESULTS_MAX);
	rc = run(r, e);
	for (i = 0; i <= LEAF_GROUP; i++)
		record_release(&r->item[i].record);
	free(r->item);
	ledger_free(r->ledger);
	buf_release(&r->result.out);
	free(r);
	return rc;
}
