/* Layers 5, 8 and 9: each leaf in its order, and what it does to the state. */
#include <stdlib.h>
#include <string.h>

#include "ledger/cond.h"
#include "ledger/type.h"
#include "verify/impl.h"

#define ROWS (65536 - LEAF_LEGS)	/* gathered before they are compared */
#define OF_STATE (LAYER(5) | LAYER(8) | LAYER(9) | LAYER(10) | LAYER(11))
#define AFTER_HOLE (LAYER(9) | LAYER(10) | LAYER(11))

/* After an entry that is not there, or not to be read, nothing adds up. */
static void
go_blind(struct run *r, const char *why)
{
	if (r->blind)
		return;
	r->blind = true;
	verify_skip(r, AFTER_HOLE, ERR_NO, "%s", why);
}

/* 5: dense, within what the head counts. */
static int
check_place(struct run *r, int64_t seq)
{
	int64_t hole = r->next;

	if (seq < hole)
		return verify_find(r, 5, E_seq_extra, -1,
		    "a row has the seq %lld", (long long)seq);
	if (seq > hole) {
		r->tree.broken = true;
		if (verify_find(r, 5, E_seq_gap, hole,
		    "entry %lld is missing: %lld follows", (long long)hole,
		    (long long)seq))
			return -1;
		go_blind(r, "an entry is missing");
	}
	r->next = seq + 1;
	return r->has_head && seq >= r->head.size ? verify_find(r, 5,
	    E_seq_extra, seq, "entry %lld is beyond the %lld that the head "
	    "counts", (long long)seq, (long long)r->head.size) : 0;
}

/* 5: without an index that could be read in its order. */
static int
check_id(struct run *r, const struct entry *x)
{
	int known = r->how->leaves && (r->want & LAYER(5)) ?
	    verify_leaves_known(r, x->id) : 0;

	return known > 0 ? verify_find(r, 5, E_duplicate_id, x->seq,
	    "the id '%s' is taken", x->id) : known;
}

/* A NUL in the column does not end it. */
static bool
same_id(const char *id, const struct stored *s)
{
	size_t n = strlen(id);

	return n == s->id_n && !memcmp(id, s->id, n);
}

/* 5: as its columns say, in time, groups whole and adjacent. */
static int
check_order(struct run *r, const struct stored *s)
{
	const struct entry *x = &r->leaf.entry;
	bool in_group = r->group_n && r->group_i + 1 < r->group_n;

	if ((x->seq != s->seq || (s->id && !same_id(x->id, s))) &&
	    verify_find(r, 5, E_column_mismatch, s->seq,
	    "entry %lld: its leaf says seq %lld, id '%s'", (long long)s->seq,
	    (long long)x->seq, x->id))
		return -1;
	if (!s->seq && strcmp(x->type, "log.genesis") &&
	    verify_find(r, 5, E_column_mismatch, 0,
	    "the first entry is no log.genesis"))
		return -1;
	if (x->at_ms < r->last_ms &&
	    verify_find(r, 5, E_time_backwards, s->seq,
	    "entry %lld is earlier than the one before it",
	    (long long)s->seq))
		return -1;
	if ((in_group ? x->group_n != r->group_n ||
	    x->group_i != r->group_i + 1 : x->group_n && x->group_i) &&
	    verify_find(r, 5, E_group_broken, s->seq,
	    "entry %lld breaks a group", (long long)s->seq))
		return -1;
	r->last_ms = x->at_ms;
	r->group_n = x->group_n;
	r->group_i = x->group_i;
	return 0;
}

/* Which layer a broken rule of the state is of, and its word there. */
static int
broken_rule(struct run *r, int64_t seq, const struct err *why)
{
	enum err_code code = E_flow_broken;
	int layer = 8;

	switch (why->code) {
	case E_no_entry:
	case E_already_reversed:
	case E_not_reversible:
		layer = 5;
		code = E_bad_reversal;
		break;
	case E_insufficient_funds:
	case E_limit_exceeded:
	case E_amount_overflow:
		layer = 9;
		code = E_limit_broken;
		break;
	case E_account_closed:
	case E_account_not_empty:
		layer = 9;
		code = E_closed_account;
		break;
	case E_no_unit:
	case E_bad_unit:
		code = E_bad_unit;
		break;
	default:
		break;
	}
	return verify_find(r, layer, code, seq, "entry %lld: %s",
	    (long long)seq, why->msg);
}

/* 8: the flow of its type.  A type that nobody knows may be a later one. */
static int
check_flow(struct run *r, const struct entry *x)
{
	struct err why ERR_UNSET;

	if (x->kind != ENTRY_TRANSFER || !type_check(x, &why))
		return 0;
	return verify_find(r, 8, why.code == E_bad_type ? E_unknown_type :
	    E_flow_broken, x->seq, "entry %lld: %s", (long long)x->seq,
	    why.msg);
}

/* An escrow that holds nothing is over, and need not be kept. */
static int
forget_empty(struct run *r, const struct entry *x)
{
	struct account a;
	size_t i;

	for (i = 0; i < x->n_legs; i++) {
		if (strncmp(x->legs[i].account, "ESCROW", 6))
			continue;
		fold_account(r->fold, x->legs[i].account, x->legs[i].unit,
		    &a);
		if (!a.balance.minor && verify_forget(r, x->legs[i].account,
		    x->legs[i].unit))
			return -1;
	}
	return 0;
}

static int
check_state(struct run *r, const struct entry *x)
{
	bool stateless = r->blind || !(r->want & OF_STATE);
	struct err why ERR_UNSET;

	if ((r->want & LAYER(8)) && check_flow(r, x))
		return -1;
	/* Without a state leaves still have to be read, in their units. */
	if (stateless && (x->kind != ENTRY_EVENT || (x->seq &&
	    strcmp(x->type, "ledger.unit"))))
		return 0;
	if (fold_entry(r->fold, x, &why) && !stateless &&
	    broken_rule(r, x->seq, &why))
		return -1;
	if (stateless)
		return 0;
	if (verify_clearing(r, x) || forget_empty(r, x))
		return -1;
	if (x->kind == ENTRY_EVENT)
		verify_erased(r, x);
	if (x->kind == ENTRY_EVENT && !strcmp(x->type, "ledger.assert") &&
	    verify_asserted(r, x))
		return -1;
	return fold_rows(r->fold) > ROWS ? verify_rows(r) : 0;
}

/* 4: the keys of the log are said by the log. */
static int
check_trail(struct run *r, const struct entry *x)
{
	struct err why ERR_UNSET;

	if (x->kind != ENTRY_EVENT || strncmp(x->type, "log.", 4) ||
	    !trail_add(&r->trail, x, &why))
		return 0;
	r->no_trail = r->no_trail || !x->seq;
	return verify_find(r, 4, E_bad_certificate, x->seq, "entry %lld: %s",
	    (long long)x->seq, why.msg);
}

static int
unreadable(struct run *r, const struct stored *s, const struct err *why)
{
	/* The unit may be declared by what is not there. */
	bool unsure = r->blind && why->code == E_bad_unit;
	int layer = why->code == E_leaf_not_canonical ? 6 : 8;
	enum err_code code = why->code == E_unbalanced_entry ? E_unbalanced :
	    why->code;

	if (!unsure && verify_find(r, layer, code, s->seq, "entry %lld: %s",
	    (long long)s->seq, why->msg))
		return -1;
	go_blind(r, "an entry cannot be read");
	if (!s->seq)
		r->no_trail = true;
	return 0;
}

int
verify_leaf(struct run *r, const struct stored *s)
{
	struct entry *x = &r->leaf.entry;
	struct err why ERR_UNSET;
	bool read = !leaf_parse(&r->leaf, s->leaf, s->leaf_n,
	    fold_units(r->fold), &why);
	struct stored at = *s;

	/* In a file the place is what the leaf says, if there can be one. */
	if (r->how->leaves && read && x->seq > r->next)
		at.seq = x->seq;
	if (check_place(r, at.seq) || at.seq < 0)
		return r->stop ? -1 : 0;
	if (!read)
		return unreadable(r, &at, &why);
	if (check_order(r, &at))
		return -1;
	x->seq = at.seq;		/* if the leaf lies, that was told */
	return check_id(r, x) || check_trail(r, x) || check_state(r, x) ?
	    -1 : 0;
}

/* 5: in the order of the index two that are alike stand side by side. */
static int
check_ids(struct run *r)
{
	char last[LEAF_ID] = "";
	struct query q;
	const char *id;
	int got, rc = 0;

	query_open(&q, r->store, SQL_VERIFY_IDS);
	while (!rc && (got = query_row(&q, r->e)) > 0) {
		id = query_get_text(&q, 0);
		if (!id || strlen(id) >= sizeof(last))
			continue;	/* unlike its leaf's */
		if (!strcmp(id, last))
			rc = verify_find(r, 5, E_duplicate_id,
			    query_get_int(&q, 1), "the id '%s' is taken", id);
		memcpy(last, id, strlen(id) + 1);
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

int
verify_judge_end(struct run *r)
{
	if (r->group_n && r->group_i + 1 < r->group_n &&
	    verify_find(r, 5, E_group_broken, r->next - 1,
	    "the last group is not whole"))
		return -1;
	if (r->has_head && r->next < r->head.size &&
	    verify_find(r, 5, E_seq_gap, r->next,
	    "entry %lld is missing: the head counts %lld",
	    (long long)r->next, (long long)r->head.size))
		return -1;
	if (r->store && (r->want & LAYER(5)) && !r->unique && check_ids(r) &&
	    verify_failed(r, LAYER(5)))
		return -1;
	return r->blind ? 0 : verify_clearing_end(r);
}
