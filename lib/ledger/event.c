/* The log's own events: units, limits, and what is said of the log. */
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/json.h"
#include "base/mem.h"
#include "ledger/apply.h"
#include "ledger/cond.h"
#include "ledger/type.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

#define BUILTIN (sizeof(unit_builtin) / sizeof(*unit_builtin))

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
	if (json_has(data, "closed") && !closed)
		return json_fail(data, "closed", E_bad_json,
		    "is true or not there", e);
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

/* In the order of their codes, the four among them. */
static int
check_units(const struct json *units, struct err *e)
{
	const char *code = "", *last = "";
	const struct unit *u;
	struct json it = { 0 };
	int64_t scale = -1;
	size_t four = 0;

	while (json_next(&it, units)) {
		if (json_get_str(&it, "code", &code, e) ||
		    json_get_int(&it, "scale", &scale, e))
			return -1;
		if (strcmp(last, code) >= 0)
			return err_set(e, E_bad_json, "the units are not in "
			    "the order of their codes");
		u = unit_named(code);
		four += u && u->scale == scale;
		last = code;
	}
	return four == BUILTIN ? 0 : err_set(e, E_bad_json,
	    "not every log's units are among those declared");
}

/* What is beside the units; the key and its certificate are a trail's. */
static int
check_genesis(const struct entry *x, const struct json *data, struct err *e)
{
	static const char *const keys[] = {
		"log_key", "node_id", "node_key", "node_sig", "origin",
		"units", NULL,
	};
	int of_node = json_has(data, "node_id") +
	    json_has(data, "node_key") + json_has(data, "node_sig");

	if (json_only(data, keys, e))
		return -1;
	if (strcmp(x->id, "genesis"))
		return err_set(e, E_bad_id, "the id of log.genesis is genesis");
	if (!json_has(data, "log_key") || !json_has(data, "origin"))
		return err_set(e, E_bad_json, "a log has a key and a name");
	return of_node % 3 ? err_set(e, E_bad_json,
	    "a part of the certificate is missing") : 0;
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
	return check_units(&units, e) || check_genesis(x, data, e) ? -1 : 0;
}

/* The checkpoint that a log continues is the one that it speaks of. */
static int
check_prior(const char *base64, const char *origin, int64_t size,
    struct err *e)
{
	struct note *note = mem_zero(1, sizeof(*note));
	struct checkpoint at;
	size_t n, max = strlen(base64);
	char *text = mem_zero(max + 1, 1);
	int rc;

	if (!enc_unbase64(text, max, &n, base64, max))
		rc = err_set(e, E_bad_note, "'prior_note' is not base64");
	else if (note_parse(note, text, n, e) ||
	    checkpoint_read(&at, note->text, note->text_n, e))
		rc = err_wrap(e, "prior_note");
	else
		rc = !strcmp(at.origin, origin) && size >= 0 &&
		    at.size == (uint64_t)size ? 0 : err_set(e, E_bad_note,
		    "'prior_note' is of another log or size");
	free(text);
	free(note);
	return rc;
}

static int
apply_succession(struct ledger *l, const struct entry *x,
    const struct json *data, struct err *e)
{
	static const char *const keys[] = {
		"prior_note", "prior_origin", "prior_size", NULL,
	};
	const char *note, *origin;
	int64_t size;

	if (x->seq != 1)
		return err_set(e, E_wrong_state,
		    "only leaf 1 can say what the log continues");
	l->succession = 1;
	return json_only(data, keys, e) ||
	    json_get_str(data, "prior_note", &note, e) ||
	    json_get_str(data, "prior_origin", &origin, e) ||
	    json_get_int(data, "prior_size", &size, e) ||
	    check_prior(note, origin, size, e) ? -1 : 0;
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
