/*
 * box - the sandbox of a program: base/sandbox as the frame uses it.
 */
#ifndef BOX_H
#define BOX_H

#include <stdbool.h>

#include "base/err.h"

struct cli;

/* A row for the table of a verb that enters it. */
#define OPT_SANDBOX(p) \
	OPT_FLAG(0, "require-sandbox", (p), "end if there is none")

/*
 * Enter it, offline: from here on only what is in read can be opened, and
 * written only where write says; both as in struct sandbox, so that operands
 * can be given as they are.  To be called once the options are parsed, the
 * files known and the passphrase fetched, before any thread is started.
 *
 * E_no_sandbox if it is required and not complete, E_no_file and E_denied of
 * a directory in write.
 */
int cli_sandbox(struct cli *, bool require, const char *const *read,
    const char *const *write, struct err *) CHECKED;

/*
 * The same for one that asks others: it may connect to them, and read what
 * names and certificates need.  again: it goes on for days, see there.
 */
int cli_sandbox_connect(struct cli *, bool require, bool again,
    const char *const *read, const char *const *write, struct err *) CHECKED;

#endif
