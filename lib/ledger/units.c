/* The units that the log has declared, as the store has them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ledger/impl.h"

/*
 * The four that every log has are the library's own objects, so that their
 * addresses are theirs everywhere; later ones are made here.
 */
static const struct unit *
make(const char *code, int scale)
{
	const struct unit *known = unit_named(code);
	struct unit *u;

	if (known && known->scale == scale)
		return known;
	u = mem_zero(1, sizeof(*u));
	snprintf(u->code, sizeof(u->code), "%s", code);
	u->scale = scale;
	return u;
}

const struct unit *
units_find(const struct units *u, const char *code)
{
	size_t i;

	for (i = 0; i < u->n; i++)
		if (*u->unit[i]->code == *code &&
		    !strcmp(u->unit[i]->code, code))
			return u->unit[i];
	return NULL;
}

static void
append(struct ledger *l, const struct unit *u)
{
	l->unit = mem_grow(l->unit, l->units.n + 1, sizeof(*l->unit));
	l->unit[l->units.n++] = u;
	l->units.unit = l->unit;
}

int
units_load(struct ledger *l, struct err *e)
{
	struct query q;
	int got;

	units_drop(l);
	query_open(&q, l->store, SQL_LEDGER_UNIT_LIST);
	while ((got = query_row(&q, e)) > 0)
		append(l, make(query_get_text(&q, 0),
		    (int)query_get_int(&q, 1)));
	return got;
}

static bool
is_code(const char *code)
{
	const char *upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	size_t n = strspn(code, upper);

	return n > 1 && n < UNIT_CODE && !code[n] && *code > '9';
}

void
units_begin(struct ledger *l)
{
	size_t i;

	for (i = 0; i < sizeof(unit_builtin) / sizeof(*unit_builtin); i++)
		append(l, &unit_builtin[i]);
}

/* Neither the code nor the scale ever changes. */
int
units_add(struct ledger *l, const char *code, int64_t scale, struct err *e)
{
	if (!is_code(code))
		return err_set(e, E_bad_json, "'%.40s' is not the code of a "
		    "unit: 2 to 12 of A-Z and 0-9", code);
	if (scale < 0 || scale > 18)
		return err_set(e, E_bad_json,
		    "a unit has 0 to 18 decimals, not %lld", (long long)scale);
	if (units_find(&l->units, code))
		return err_set(e, E_wrong_state, "'%s' is declared already",
		    code);
	append(l, make(code, (int)scale));
	return 0;
}

/* Accounts of a unit that is gone must not be met under its address. */
void
units_cut(struct ledger *l, size_t n)
{
	const struct unit *u;

	while (l->units.n > n) {
		u = l->unit[--l->units.n];
		account_drop_unit(l, u);
		if (u != unit_named(u->code))
			free((void *)(uintptr_t)u);
	}
}

int
units_write_back(struct ledger *l, struct err *e)
{
	struct query q;
	size_t i;

	for (i = l->old_unit; i < l->units.n; i++) {
		query_open(&q, l->store, SQL_LEDGER_UNIT_ADD);
		query_int(&q, (int64_t)i + 1);
		query_text(&q, l->unit[i]->code);
		query_int(&q, l->unit[i]->scale);
		if (query_run(&q, NULL, e) < 0)
			return -1;
	}
	return 0;
}

void
units_drop(struct ledger *l)
{
	units_cut(l, 0);
	free(l->unit);
	l->unit = NULL;
	l->units = (struct units){ 0 };
}
