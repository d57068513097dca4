#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "journal/alias.h"

#define NAME "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

static int
find_unit(const struct units *units, const char *code,
    const struct unit **out, struct err *e)
{
	const struct unit *u = units_find(units, code);

	if (!u)
		return err_set(e, E_no_unit, "no unit '%.20s': declare it with "
		    "'bzn-ledger unit add', or map it with --unit-map", code);
	if (unit_named(code))
		return err_set(e, E_flow_refused, "foreign books are not node "
		    "money: map '%s' to a unit that you declared", code);
	*out = u;
	return 0;
}

/* "EUR=EUR,$=USD": what is foreign, and what we call it. */
static int
read_map(struct alias *a, const char *p, struct err *e)
{
	char code[UNIT_CODE];
	struct alias_unit *m;
	size_t n, eq;

	for (; p && *p; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		eq = strcspn(p, "=,");
		m = &a->unit[a->n_unit];
		if (a->n_unit == ALIAS_UNITS || eq >= n ||
		    eq >= sizeof(m->from) || n - eq - 1 >= sizeof(code))
			return err_set(e, E_usage, "a map of units is like "
			    "EUR=EUR,$=USD, not '%.60s'", p);
		memcpy(m->from, p, eq);
		memcpy(code, p + eq + 1, n - eq - 1);
		code[n - eq - 1] = '\0';
		if (find_unit(a->how.units, code, &m->to, e))
			return -1;
		a->n_unit++;
	}
	return 0;
}

int
alias_init(struct alias *a, const struct alias_how *how, struct err *e)
{
	a->how = *how;
	return read_map(a, how->unit_map, e);
}

void
alias_release(struct alias *a)
{
	while (a->n_account--) {
		free(a->account[a->n_account].from);
		free(a->account[a->n_account].to);
	}
	free(a->account);
	free(a->used);
}

static size_t
place_of(const struct alias *a, const char *to, bool *found)
{
	size_t low = 0, high = a->n_account, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(a->account[middle].to, to) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = low < a->n_account && !strcmp(a->account[low].to, to);
	return low;
}

static void
add_account(struct alias *a, size_t at, const char *from, const char *to)
{
	if (a->n_account == a->cap_account) {
		a->cap_account = a->cap_account ? 2 * a->cap_account : 64;
		a->account = mem_grow(a->account, a->cap_account,
		    sizeof(*a->account));
	}
	memmove(&a->account[at + 1], &a->account[at],
	    (a->n_account++ - at) * sizeof(*a->account));
	a->account[at] = (struct alias_account){
		mem_text(from), mem_text(to)
	};
}

int
alias_account(struct alias *a, const char *from, const char **out,
    struct err *e)
{
	const char *prefix = a->how.account_prefix;
	char to[LEAF_ACCOUNT];
	bool found;
	size_t i, n;

	n = (size_t)snprintf(to, sizeof(to), "%s%s", prefix ? prefix : "",
	    from);
	if (n >= sizeof(to) || !n)
		return err_set(e, E_bad_account, "the account '%.60s' has no "
		    "name of 1 to 100 bytes here", from);
	for (i = 0; i < n; i++)
		if (!strchr(i ? NAME ".:@/+" : NAME, to[i]))
			to[i] = '_';
	i = place_of(a, to, &found);
	if (!found)
		add_account(a, i, from, to);
	else if (strcmp(a->account[i].from, from))
		return err_set(e, E_bad_account, "the accounts '%.60s' and "
		    "'%.60s' would both be '%.60s'", a->account[i].from, from,
		    to);
	*out = a->account[i].to;
	return 0;
}

int
alias_unit(const struct alias *a, const char *from,
    const struct unit **out, struct err *e)
{
	size_t i;

	for (i = 0; i < a->n_unit; i++)
		if (!strcmp(a->unit[i].from, from)) {
			*out = a->unit[i].to;
			return 0;
		}
	return find_unit(a->how.units, from, out, e);
}

void
alias_use(struct alias *a, const char *account, const struct unit *unit)
{
	size_t low = 0, high = a->n_used, middle;
	int cmp;

	while (low < high) {
		middle = low + (high - low) / 2;
		cmp = strcmp(a->used[middle].account, account);
		if (!cmp)
			cmp = strcmp(a->used[middle].unit->code, unit->code);
		if (!cmp)
			return;
		if (cmp < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (a->n_used == a->cap_used) {
		a->cap_used = a->cap_used ? 2 * a->cap_used : 64;
		a->used = mem_grow(a->used, a->cap_used, sizeof(*a->used));
	}
	memmove(&a->used[low + 1], &a->used[low],
	    (a->n_used++ - low) * sizeof(*a->used));
	a->used[low] = (struct alias_used){ account, unit };
}
