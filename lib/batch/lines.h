/*
 * lines - an action on the store that is not an entry of the ledger.
 *
 * One transaction makes all its records; they are printed after the commit
 * that makes them true.  Under an --id it acts once: see once.h.
 */
#ifndef LINES_H
#define LINES_H

#include "cli/cli.h"

struct buf;

/* Act inside the transaction, and append records, a line each. */
typedef int lines_act(struct cli *, void *arg, struct buf *lines,
    struct err *);

struct lines {
	lines_act *act;
	void *arg;
	bool as_they_are;	/* records are signed: they get no flags */
};

/*
 * request is a JSON object: what is asked for, so that an --id that was used
 * for something else is E_id_conflict.  If it complained of some records, the
 * --id is not used up.
 */
int lines_run(struct cli *, const struct buf *request, const struct lines *,
    struct err *) CHECKED;

#endif
