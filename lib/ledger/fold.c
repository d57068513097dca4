/* A writer without a store: the same accounts, counted the same way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ledger/apply.h"
#include "ledger/cond.h"
#include "ledger/fold.h"

struct fold {
	struct ledger state;		/* detached */
	struct fold_row *out;		/* what fold_sorted() gives */
	size_t cap;
};

struct fold *
fold_new(void)
{
	struct fold *f = mem_zero(1, sizeof(*f));

	f->state.detached = true;
	f->state.next_account = 1;
	units_begin(&f->state);
	return f;
}

void
fold_free(struct fold *f)
{
	if (!f)
		return;
	account_drop_all(&f->state);
	units_drop(&f->state);
	free(f->state.bucket);
	free(f->state.was);
	free(f->state.row);
	free(f->state.rev);
	free(f->state.rev_at);
	leaf_release(&f->state.target);
	free(f->out);
	free(f);
}

const struct units *
fold_units(const struct fold *f)
{
	return &f->state.units;
}

int
fold_entry(struct fold *f, const struct entry *x, struct err *e)
{
	f->state.n_was = 0;
	return apply_entry(&f->state, x, e);
}

void
fold_past(struct fold *f, fold_leaf *past, void *arg)
{
	f->state.past = past;
	f->state.past_arg = arg;
}

const struct reversal *
fold_reversals(const struct fold *f, size_t *n)
{
	*n = f->state.n_rev;
	return f->state.rev;
}

static const struct acct *
look(const struct fold *f, const char *name, const struct unit *u)
{
	struct acct *const *at = account_at(&f->state, name, u);

	return at ? *at : NULL;
}

void
fold_account(const struct fold *f, const char *name, const struct unit *u,
    struct account *out)
{
	const struct acct *a = look(f, name, u);

	*out = (struct account){ .unit = *u };
	snprintf(out->name, sizeof(out->name), "%s", name);
	if (!a)
		return;
	out->id = a->id;
	out->lo = a->lo;
	out->hi = a->hi;
	out->has_lo = a->has_lo;
	out->has_hi = a->has_hi;
	out->closed = a->closed;
	out->balance = (struct balance){
		.cr = a->cr, .dr = a->dr, .pcr = a->pcr, .pdr = a->pdr,
		.legs = a->legs, .minor = a->cr - a->dr,
		.available = a->cr - a->dr - a->pdr,
	};
}

int
fold_balance(struct fold *f, const struct cond *c, int64_t *out,
    struct err *e)
{
	return cond_balance_in(&f->state, c, out, e);
}

int64_t
fold_accounts(const struct fold *f)
{
	return f->state.next_account - 1;
}

size_t
fold_rows(const struct fold *f)
{
	return f->state.n_row;
}

const struct fold_row *
fold_sorted(struct fold *f, size_t *n)
{
	size_t i;

	*n = f->state.n_row;
	project_sort(f->state.row, *n);
	if (*n > f->cap) {
		f->cap = *n;
		f->out = mem_grow(f->out, f->cap, sizeof(*f->out));
	}
	for (i = 0; i < *n; i++)
		f->out[i] = (struct fold_row){
			f->state.row[i].key, f->state.row[i].seq,
			f->state.row[i].amount, f->state.row[i].balance,
		};
	return f->out;
}

void
fold_drop_rows(struct fold *f)
{
	f->state.n_row = 0;
}

void
fold_forget(struct fold *f, const char *name, const struct unit *u)
{
	struct acct **at = account_at(&f->state, name, u);
	struct acct *a;

	if (!at || !*at)
		return;
	a = *at;
	*at = a->next;
	f->state.n_acct--;
	free(a);
}
