/* The entry that a record asks for. */
#include <stdio.h>
#include <string.h>

#include "base/chance.h"
#include "base/id.h"
#include "base/mem.h"
#include "ledger/impl.h"
#include "ledger/read.h"
#include "ledger/record.h"
#include "ledger/type.h"

/* With a sign, as a leg has it. */
static int
leg_amount(struct leg *out, const char *text, const char *code,
    const struct units *units, struct err *e)
{
	struct amount a = { 0, NULL };

	/* The leg before it mostly has the same unit. */
	if (!out->unit || strcmp(out->unit->code, code))
		out->unit = units_find(units, code);
	if (!out->unit)
		return err_set(e, E_no_unit, "no unit '%.20s'", code);
	a.unit = out->unit;
	if (amount_signed(&a, text, e))
		return -1;
	if (!a.minor)
		return err_set(e, E_amount_zero, "nothing to move");
	out->minor = a.minor;
	return 0;
}

static int
make_legs(struct record *r, const struct units *units, struct err *e)
{
	size_t i, n = r->has_legs ? r->n_legs : 2;
	const struct unit *last = NULL;

	if (n > r->cap_leg) {
		r->cap_leg = n;
		r->leg = mem_grow(r->leg, n, sizeof(*r->leg));
	}
	if (r->has_legs) {
		for (i = 0; i < n; i++, last = r->leg[i - 1].unit) {
			r->leg[i] = (struct leg){ r->legs[i].account, last, 0 };
			if (leg_amount(&r->leg[i], r->legs[i].amount,
			    r->legs[i].unit, units, e))
				return -1;
		}
		return 0;
	}
	r->leg[0] = (struct leg){ r->from, NULL, 0 };
	if (*r->amount == '-')		/* who pays whom is said by from, to */
		return err_set(e, E_bad_amount, "%.20s: '%.40s' is not an "
		    "amount", r->unit, r->amount);
	if (leg_amount(&r->leg[0], r->amount, r->unit, units, e))
		return -1;
	r->leg[1] = (struct leg){ r->to, r->leg[0].unit, r->leg[0].minor };
	r->leg[0].minor = -r->leg[0].minor;
	return 0;
}

static int
make_conds(struct record *r, const struct units *units, struct terms *t,
    struct err *e)
{
	size_t i, n = r->n_before + r->n_after;

	if (n > r->cap_cond) {
		r->cap_cond = n;
		r->cond = mem_grow(r->cond, n, sizeof(*r->cond));
	}
	for (i = 0; i < n; i++)
		if (cond_make(&r->cond[i], &r->conds[i], units, e))
			return -1;
	t->before = r->cond;
	t->n_before = r->n_before;
	t->after = r->cond + r->n_before;
	t->n_after = r->n_after;
	return 0;
}

static int
is_escrow(struct ledger *l, const char *prefix, const char *id, size_t n,
    struct err *e)
{
	char name[LEAF_ACCOUNT];
	struct account a;
	struct query q;
	int got;

	snprintf(name, sizeof(name), "%s%.*s", prefix, (int)n, id);
	ledger_accounts_open(&q, l->store, name);
	got = ledger_accounts_next(&q, &a, e);
	query_close(&q);
	return got;
}

int
record_check_id(struct ledger *l, const char *id, struct err *e)
{
	const char *word = strrchr(id, ':');
	struct ledger_known known;
	size_t n;
	int got;

	if (!word || word[1] < 'a' || word[1] > 'z')
		return 0;
	n = (size_t)(word - id);
	got = is_escrow(l, "ESCROW:", id, n, e);
	if (!got)
		got = is_escrow(l, "ESCROW:BOUNTY:", id, n, e);
	if (got <= 0)
		return got;
	got = ledger_find_in(l, id, &known, e);
	return got ? got < 0 ? -1 : 0 : err_set(e, E_flow_refused, "'%s' is "
	    "an id that escrow '%.*s' may need to end", id, (int)n, id);
}

/* What the caller named, else what the type dictates, else a fresh one. */
static int
make_id(struct record *r, struct ledger *l, struct entry *x,
    enum type type, struct chance *chance, struct err *e)
{
	x->id = r->id ? r->id : r->made_id;
	if (r->id && record_check_id(l, r->id, e))
		return -1;
	if (r->id || (type < TYPE__COUNT && type_id_of(type, x, r->made_id)))
		return 0;
	if (!chance)
		return err_set(e, E_bad_id, "it has no id, by which it would "
		    "be posted once");
	id_new(r->made_id, ledger_now(l), chance);
	return 0;
}

static int
make_type(struct record *r, struct entry *x, enum type *type, struct err *e)
{
	x->type = r->type ? r->type : "TRANSFER";
	if (!type_named(x->type, type))
		return err_set(e, E_bad_type, "no type '%.40s'", x->type);
	if (!type_by_hand(*type))
		return err_set(e, E_flow_refused,
		    "%s is posted only by what owns its rule", x->type);
	return 0;
}

int
record_entry(struct record *r, struct ledger *l, struct chance *chance,
    struct entry *x, struct terms *t, struct err *e)
{
	const struct units *units = ledger_units(l);
	enum type type = TYPE__COUNT;	/* events and reversals have none */

	*x = (struct entry){
		.kind = r->event ? ENTRY_EVENT : r->reverses ?
		    ENTRY_REVERSAL : ENTRY_TRANSFER,
		.ref = r->ref, .data = r->data, .reverses = r->reverses,
		.effective_ms = r->has_effective ? &r->effective_ms : NULL,
		.type = r->event ? r->event : "REVERSAL",
	};
	t->memo = r->memo;
	t->n_before = t->n_after = 0;
	if (x->kind == ENTRY_TRANSFER) {
		if (make_legs(r, units, e) || make_type(r, x, &type, e))
			return -1;
		x->legs = r->leg;
		x->n_legs = r->has_legs ? r->n_legs : 2;
	}
	if (r->event && (type_is_step(r->event) || type_is_fact(r->event)))
		return err_set(e, E_flow_refused, "%s is posted only by what "
		    "owns its rule", r->event);
	if (r->n_before + r->n_after && make_conds(r, units, t, e))
		return -1;
	return make_id(r, l, x, type, chance, e);
}
