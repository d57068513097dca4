/* The log's own events: units, limits, and what is said of the log. */
#include <string.h>

#include "base/json.h"
#include "ledger/apply.h"
#include "ledger/cond.h"
#include "ledger/type.h"

/* A limit of an account: an amount, or "none". */
static int
read_limit(const struct json *data, const char *key, const struct unit *u,
    bool *has, int64_t *minor, struct err *e)
{
	const char *text = NULL;

	if (json_opt_str(data, key, &text, e))
		return -1;
	if (!text)
		return 0;
	*has = strcmp(text, "none") != 0;
	*minor = 0;
	if (*has && !amount_canonical(text, strlen(text), u->scale, minor))
		return json_fail(data, key, E_bad_amount, "is neither an "
		    "amount as a leaf writes it nor none", e);
	return 0;
}

/* What node money is worth rests on this: only MINT goes below zero. */
static int
check_floor(const struct acct *a, struct err *e)
{
	if ((a->has_lo && a->lo >= 0) || !unit_named(a->unit->code))
		return 0;
	return err_set(e, E_flow_refused, "an account in %s cannot have a "
	    "lower limit below zero", a->unit->code);
}

static int
close_account(struct acct *a, struct err *e)
{
	if (a->cr != a->dr || a->pcr || a->pdr)
		return err_set(e, E_account_not_empty, "'%s' is not empty",
		    a->name);
	a->closed = true;
	return 0;
}

static int
apply_account(struct ledger *l, const struct entry *x,
    const struct json *data, struct err *e)
{
	static const char *const keys[] = {
		"account", "closed", "hi", "lo", "unit", NULL,
	};
	const char *name, *code;
	const struct unit *u;
	bool closed = false;
	struct acct *a;

	(void)x;
	if (json_only(data, keys, e) ||
	    json_get_str(data, "account", &name, e) ||
	    json_get_str(data, "unit", &code, e) ||
	    json_opt_bool(data, "closed", &closed, e) ||
	    leaf_check_account(name, e))
		return -1;
	u = units_find(&l->units, code);
	if (!u)
		return err_set(e, E_no_unit, "no unit '%.20s'", code);
	if (type_reserved(name))
		return err_set(e, E_reserved_account,
		    "'%s' is the system's own", name);
	if (account_find(l, name, u, &a, e))
		return -1;
	l->blamed = a;
	if (a->closed)
		return err_set(e, E_account_closed, "'%s' is closed", name);
	account_touch(l, a);
	a->relimited = true;
	if (read_limit(data, "lo", u, &a->has_lo, &a->lo, e) ||
	    read_limit(data, "hi", u, &a->has_hi, &a->hi, e) ||
	    check_floor(a, e))
		return -1;
	if (account_check(l, a, e))
		return err_set(e, E_limit_exceeded, "what '%s' holds is not "
		    "within these limits", name);
	return closed ? close_account(a, e) : 0;
}

static int
apply_unit(struct ledger *l, const struct entry *x, const struct json *data,
    struct err *e)
{
	static const char *const keys[] = { "code", "scale", NULL };
	const char *code;
	int64_t scale;

	(void)x;
	return json_only(data, keys, e) ||
	    json_get_str(data, "code", &code, e) ||
	    json_get_int(data, "scale", &scale, e) ||
	    units_add(l, code, scale, e) ? -1 : 0;
}

/* A fold begins with the four that every log has. */
static bool
known_to_fold(const struct ledger *l, const struct json *unit)
{
	const struct unit *u = NULL;
	const char *code = "";
	int64_t scale = -1;
	struct err ignored;

	if (!l->detached || json_get_str(unit, "code", &code, &ignored) ||
	    json_get_int(unit, "scale", &scale, &ignored))
		return false;
	u = units_find(&l->units, code);
	return u && u->scale == scale;
}

static int
apply_genesis(struct ledger *l, const struct entry *x,
    const struct json *data, struct err *e)
{
	struct json units, it = { 0 };

	if (x->seq)
		return err_set(e, E_wrong_state, "a log begins only once");
	if (json_get(&units, data, "units", JSON_ARRAY, e))
		return -1;
	while (json_next(&it, &units))
		if (json_want(&it, JSON_OBJECT, e) ||
		    (!known_to_fold(l, &it) && apply_unit(l, x, &it, e)))
			return -1;
	return 0;
}

static int
apply_succession(struct ledger *l, const struct entry *x,
    const struct json *data, struct err *e)
{
	(void)data;
	if (x->seq != 1)
		return err_set(e, E_wrong_state,
		    "only leaf 1 can say what the log continues");
	l->succession = 1;
	return 0;
}

static int
apply_assert(struct ledger *l, const struct entry *x, const struct json *data,
    struct err *e)
{
	struct cond c;
	int64_t at;

	return cond_read_leaf(&c, data, &l->units, &at, e) ||
	    (at >= x->seq && err_set(e, E_bad_json,
	    "'at_seq' is not before the assertion")) ? -1 : 0;
}

static int
apply_erased(struct ledger *l, const struct entry *x, const struct json *data,
    struct err *e)
{
	static const char *const keys[] = { "target_seq", NULL };
	int64_t target;

	(void)l;
	if (json_only(data, keys, e) ||
	    json_get_int(data, "target_seq", &target, e))
		return -1;
	return target >= 0 && target < x->seq ? 0 : err_set(e, E_bad_json,
	    "'target_seq' is not that of an earlier entry");
}

static const struct own {
	const char *type;
	int (*apply)(struct ledger *, const struct entry *,
	    const struct json *data, struct err *);
} owns[] = {
	{ "ledger.account", apply_account },
	{ "ledger.assert", apply_assert },
	{ "ledger.unit", apply_unit },
	{ "log.genesis", apply_genesis },
	{ "log.succession", apply_succession },
	{ "memo.erased", apply_erased },
};

int
event_apply(struct ledger *l, const struct entry *x, struct err *e)
{
	const struct own *own, *end = owns + sizeof(owns) / sizeof(*owns);
	struct json data = { 0 };
	int rc;

	if (!apply_is_own(x->type))
		return 0;
	for (own = owns; own < end && strcmp(own->type, x->type); own++)
		;
	if (own == end)
		return 0;
	rc = json_parse(&data, x->data, strlen(x->data), e);
	if (!rc)
		rc = own->apply(l, x, &data, e);
	json_release(&data);
	return rc;
}
