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
		if (!strcmp(u->unit[i]->code, code))
			return u->unit[i];
	return NULL;
}

int
units_load(struct ledger *l, struct err *e)
{
	struct query q;
	int got;

	units_drop(l);
	query_open(&q, l->store, SQL_LEDGER_UNIT_LIST);
	while ((got = query_row(&q, e)) > 0) {
		l->unit = mem_grow(l->unit, l->units.n + 1, sizeof(*l->unit));
		l->unit[l->units.n++] = make(query_get_text(&q, 0),
		    (int)query_get_int(&q, 1));
	}
	l->units.unit = l->unit;
	return got;
}

void
units_drop(struct ledger *l)
{
	const struct unit *u;

	while (l->units.n) {
		u = l->unit[--l->units.n];
		if (u != unit_named(u->code))
			free((void *)(uintptr_t)u);
	}
	free(l->unit);
	l->unit = NULL;
	l->units = (struct units){ 0 };
}
