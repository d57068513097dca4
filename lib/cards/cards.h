/*
 * cards - the verbs of bzn-card: what a person asked for, and what is said
 * of it.  The rules are those of lib/card.
 *
 * All of them enter the sandbox, as soon as the passphrase is known and the
 * store is open, and before anything is read that others have written.
 */
#ifndef CARDS_H
#define CARDS_H

#include <stdbool.h>

#include "card/own.h"
#include "cli/cli.h"
#include "cli/pass.h"

/* What the options say; zeroed, nothing. */
struct cards {
	struct own_wish wish;		/* show: but for its times */
	const char *expires;
	const char *binding;		/* a file */
	bool sign, keep_not;
	const char *qr;			/* a form, or NULL */
	bool uri, full, names, did;	/* uri: import and verify, too */
	const char *at;			/* verify */
	bool pin;			/* import */
	const char *state;		/* list */
	const char *reason;		/* revoke */
	const char *life;		/* export */
	bool peers;
	bool require_sandbox;
	struct pass pass;
};

typedef int cards_verb(struct cli *, const struct cards *, struct err *);

cards_verb cards_show, cards_verify, cards_import, cards_list, cards_diff,
    cards_pin, cards_revoke, cards_export;

#endif
