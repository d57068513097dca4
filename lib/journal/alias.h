/*
 * alias - what foreign names become here: of accounts, whose other characters
 * become '_' behind a prefix, and of units, which an operator has declared.
 * No two names may become one.
 */
#ifndef ALIAS_H
#define ALIAS_H

#include <stddef.h>

#include "ledger/leaf.h"

/* Options, all borrowed: a prefix or NULL, a map "EUR=EUR,$=USD" or NULL. */
struct alias_how {
	const char *account_prefix, *unit_map;
	const struct units *units;	/* of the log */
};

/* An account that was used, and in which unit. */
struct alias_used {
	const char *account;
	const struct unit *unit;
};

#define ALIAS_UNITS 64

struct alias {
	struct alias_how how;
	struct alias_unit {
		char from[UNIT_CODE + 32];
		const struct unit *to;
	} unit[ALIAS_UNITS];
	struct alias_account {
		char *from, *to;
	} *account;			/* sorted by "to" */
	struct alias_used *used;	/* sorted by account and unit */
	size_t n_unit, n_account, cap_account, n_used, cap_used;
};

/* Zeroed at first.  E_usage for a bad map, E_no_unit, E_flow_refused. */
int alias_init(struct alias *, const struct alias_how *, struct err *)
    CHECKED;
void alias_release(struct alias *);

/* The name lives as long as the aliases.  E_bad_account. */
int alias_account(struct alias *, const char *from, const char **out,
    struct err *) CHECKED;

/* E_no_unit; E_flow_refused for units of nodes: foreign books are no money. */
int alias_unit(const struct alias *, const char *from,
    const struct unit **out, struct err *) CHECKED;

/* Note that it was used. */
void alias_use(struct alias *, const char *account, const struct unit *);

#endif
