/* Posting: what is judged, in which order, and what a repeated id means. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ledger/apply.h"
#include "ledger/clawback.h"
#include "ledger/own.h"
#include "ledger/type.h"

static int
by_name(const void *a, const void *b)
{
	const struct leg *x = a, *y = b;
	int rc = strcmp(x->account, y->account);

	return rc ? rc : strcmp(x->unit->code, y->unit->code);
}

static int
add_memo(struct ledger *l, int64_t seq, const struct terms *t, struct err *e)
{
	struct query q;

	query_open(&q, l->store, SQL_LEDGER_MEMO_ADD);
	query_int(&q, seq);
	query_bytes(&q, t->salt, sizeof(t->salt));
	query_text(&q, t->memo);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
post_append(struct ledger *l, const struct entry *x, const char *leaf, size_t n,
    struct err *e)
{
	struct query q;
	struct hash h;

	query_open(&q, l->store, SQL_LEDGER_ENTRY_ADD);
	query_int(&q, x->seq);
	query_text(&q, x->id);
	query_bytes(&q, leaf, n);
	if (query_run(&q, NULL, e) < 0)
		return -1;
	post_close_gap(l, x->id);
	tlog_leaf(&h, leaf, n);
	ledger_push_leaf(l, &h);
	return 0;
}

/* The conditions of one entry, at this moment. */
static int
judge(struct ledger *l, const struct cond *c, size_t n, enum err_code code,
    struct refused *why, struct err *e)
{
	char is[AMOUNT_TEXT];
	int64_t balance;

	for (; n--; c++) {
		if (cond_balance_in(l, c, &balance, e))
			return -1;
		if (cond_holds(c, balance))
			continue;
		amount_text((struct amount){ balance, c->unit }, is);
		snprintf(why->account, sizeof(why->account), "%s",
		    c->account);
		why->unit = c->unit;
		why->balance = why->available = balance;
		l->blamed = NULL;
		return err_set(e, code, "'%s' has %s %s", c->account, is,
		    c->unit->code);
	}
	return 0;
}

/* One entry of a group, whose place in the log is set here. */
static int
accept_one(struct ledger *l, const struct group *g, size_t i,
    struct refused *why, struct err *e)
{
	const struct terms *t = g->terms ? &g->terms[i] : NULL;
	struct entry *x = &g->x[i];

	why->member = i;
	x->seq = (int64_t)(l->edge.size + i);
	x->at_ms = l->now_ms;
	x->group_i = g->n > 1 ? (int)i : 0;
	x->group_n = g->n > 1 ? (int)g->n : 0;
	if ((x->kind == ENTRY_TRANSFER && type_check(x, e)) ||
	    (t && judge(l, t->before, t->n_before, E_condition_false, why,
	    e)) || apply_entry(l, x, e) ||
	    (t && judge(l, t->after, t->n_after, E_assertion_failed, why,
	    e)) || leaf_render(&l->bytes, x, e))
		return -1;
	return 0;
}

/* Judge a group entry by entry; end[i] is where leaf i ends in l->bytes. */
static int
accept(struct ledger *l, const struct group *g, size_t *end,
    struct refused *why, struct err *e)
{
	size_t i, j;

	buf_reset(&l->bytes);
	for (i = 0; i < g->n; i++) {
		why->member = i;
		for (j = 0; j < i; j++)
			if (!strcmp(g->x[i].id, g->x[j].id))
				return err_set(e, E_id_conflict,
				    "'%s' is twice in the group", g->x[i].id);
		if (accept_one(l, g, i, why, e))
			return -1;
		end[i] = l->bytes.len;
	}
	if (!l->due)
		return 0;
	return err_set(e, E_not_reversible, "a group is reversed whole, in "
	    "one group, in the same order");
}

/* What the account that said no had before the group. */
static void
blame(const struct ledger *l, struct refused *why)
{
	const struct acct *a = l->blamed;

	if (!a)
		return;
	snprintf(why->account, sizeof(why->account), "%s", a->name);
	why->unit = a->unit;
	why->balance = a->cr - a->dr;
	why->available = a->cr - a->dr - a->pdr;
}

/*
 * The tree and the store are touched only when the whole group is accepted.
 * Whoever cannot undo what was stored must not commit it.
 */
static int
post_new(struct ledger *l, const struct group *g, struct posted *out,
    struct refused *why, struct err *e)
{
	size_t end[LEAF_GROUP], i, from = 0;
	const struct entry *x = g->x;
	struct mark mark;

	ledger_mark_here(l, &mark);
	l->blamed = NULL;
	if (accept(l, g, end, why, e)) {
		ledger_back_to(l, &mark);
		blame(l, why);
		return -1;
	}
	for (i = 0; i < g->n; from = end[i++]) {
		if (post_append(l, &x[i], l->bytes.data + from,
		    end[i] - from, e) ||
		    (g->terms && g->terms[i].memo &&
		    add_memo(l, x[i].seq, &g->terms[i], e))) {
			l->broken = true;
			ledger_back_to(l, &mark);
			return -1;
		}
		out[i] = (struct posted){ false, x[i].seq, x[i].at_ms };
	}
	return 0;
}

static void
make_room(struct ledger *l, size_t n_entry, size_t n_legs)
{
	if (n_entry > l->cap_entry) {
		l->entry = mem_grow(l->entry, n_entry, sizeof(*l->entry));
		l->extra = mem_grow(l->extra, n_entry, sizeof(*l->extra));
		memset(l->extra + l->cap_entry, 0,
		    (n_entry - l->cap_entry) * sizeof(*l->extra));
		l->cap_entry = n_entry;
	}
	if (n_legs > l->cap_legs) {
		l->cap_legs = n_legs;
		l->legs = mem_grow(l->legs, n_legs, sizeof(*l->legs));
	}
}

/* The hash of a memo, where the entry of this kind has it. */
static int
hide_memo(struct entry *x, struct extra *extra, const struct terms *t,
    struct err *e)
{
	char hex[HASH_HEX];

	if (post_check_memo(t->memo, e))
		return -1;
	if (x->memo_sha256 || (x->kind == ENTRY_REVERSAL && x->data))
		return err_set(e, E_bad_json, "the hash of the memo has its "
		    "place, which is taken");
	post_memo_hash(t->memo, t->salt, hex);
	if (x->kind == ENTRY_REVERSAL) {
		snprintf(extra->memo, sizeof(extra->memo), POST_IN_DATA "%s\"}",
		    hex);
		x->data = extra->memo;
	} else {
		snprintf(extra->memo, sizeof(extra->memo), "%s", hex);
		x->memo_sha256 = extra->memo;
	}
	return 0;
}

/* Whose types may it be?  A reversal brings no legs of its own. */
static int
check_shape(struct entry *x, bool own, struct err *e)
{
	if (x->kind == ENTRY_EVENT && apply_is_own(x->type) != own)
		return err_set(e, E_bad_type, "'%.40s' is the log's own: it "
		    "has a verb of its own", x->type);
	if (x->kind != ENTRY_REVERSAL)
		return leaf_check(x, e);
	x->legs = NULL;
	x->n_legs = 0;
	x->reverses_seq = 0;
	return leaf_check_words(x, e);
}

/* Entries of our own, with sorted legs. */
static int
prepare(struct ledger *l, const struct entry *in, struct group *g,
    struct refused *why, struct err *e)
{
	size_t i, total = 0;
	struct entry *x;
	struct leg *at;

	for (i = 0; i < g->n; i++)
		total += in[i].n_legs;
	make_room(l, g->n, total);
	g->x = l->entry;
	at = l->legs;
	for (i = 0; i < g->n; i++, at += in[i - 1].n_legs) {
		why->member = i;
		x = &g->x[i];
		*x = in[i];
		x->legs = at;
		if (in[i].n_legs == 2) {
			bool swap = by_name(&in[i].legs[0],
			    &in[i].legs[1]) > 0;

			at[0] = in[i].legs[swap];
			at[1] = in[i].legs[!swap];
		} else if (in[i].n_legs) {
			memcpy(at, in[i].legs, in[i].n_legs * sizeof(*at));
			qsort(at, in[i].n_legs, sizeof(*at), by_name);
		}
		if (check_shape(x, g->own, e))
			return -1;
	}
	return 0;
}

/* A group takes of a purchase back once, so that what is left is known. */
static int
check_clawback(struct ledger *l, const struct group *g, size_t i,
    struct err *e)
{
	const struct entry *undone = &l->extra[i].target.entry;
	const char *ref = clawback_purchase(&g->x[i], undone), *other;
	size_t j;

	for (j = 0; ref && j < i; j++) {
		other = clawback_purchase(&g->x[j],
		    &l->extra[j].target.entry);
		if (other && !strcmp(other, ref))
			return err_set(e, E_flow_refused, "of purchase '%s' "
			    "the group takes back twice", ref);
	}
	return clawback_check(l, &g->x[i], undone, e);
}

/* What only a new entry needs: the hash of its memo, the legs it undoes. */
static int
complete(struct ledger *l, const struct group *g, struct refused *why,
    struct err *e)
{
	struct extra *extra;
	size_t i;

	for (i = 0; i < g->n; i++) {
		why->member = i;
		extra = &l->extra[i];
		if (g->terms && g->terms[i].memo &&
		    hide_memo(&g->x[i], extra, &g->terms[i], e))
			return -1;
		if (g->x[i].kind == ENTRY_REVERSAL &&
		    reversal_negate(l, &g->x[i], &extra->target,
		    &extra->legs, &extra->room, e))
			return -1;
		if (check_clawback(l, g, i, e))
			return -1;
	}
	return 0;
}

static int
post(struct ledger *l, const struct entry *in, struct group *g,
    struct posted *out, struct refused *why, struct err *e)
{
	int got;

	assert(l->writing);
	if (g->n < 1 || g->n > LEAF_GROUP)
		return err_set(e, E_group_size, "a group of %zu entries",
		    g->n);
	if (prepare(l, in, g, why, e))
		return -1;
	got = post_known(l, g, out, why, e);
	if (!got)
		got = complete(l, g, why, e) ? -1 :
		    post_new(l, g, out, why, e);
	return got < 0 ? -1 : 0;
}

int
ledger_post_with_in(struct ledger *l, const struct entry *in,
    const struct terms *terms, size_t n, struct posted *out,
    struct refused *why, struct err *e)
{
	struct group g = { .terms = terms, .n = n };
	struct refused ignored = { 0 };

	why = why ? why : &ignored;
	*why = (struct refused){ .seq = -1 };
	return post(l, in, &g, out, why, e);
}

int
ledger_post_in(struct ledger *l, const struct entry *in, size_t n,
    struct posted *out, struct err *e)
{
	return ledger_post_with_in(l, in, NULL, n, out, NULL, e);
}

int
ledger_own_in(struct ledger *l, const struct entry *x, struct posted *out,
    struct err *e)
{
	struct group g = { .n = 1, .own = true };
	struct refused why = { 0 };

	assert(x->kind == ENTRY_EVENT && apply_is_own(x->type));
	return post(l, x, &g, out, &why, e);
}
