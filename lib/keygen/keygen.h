/*
 * keygen - the verbs of bzn-keygen: fetch a passphrase, do one thing to the
 * keys of a home, print a record.
 *
 * The rules are those of lib/key; here is what a person asked for, and what
 * is said of it.  A passphrase is fetched only when it is needed, and once.
 */
#ifndef KEYGEN_H
#define KEYGEN_H

#include <stdbool.h>

#include "cli/cli.h"
#include "cli/pass.h"

/* What the options say. */
struct keygen {
	struct pass old, fresh;
	const char *from;	/* wallet: a file to take it from */
	const char *origin;	/* log */
	const char *reason;	/* rotate, revoke */
	const char *chain, *key;	/* check */
	bool force, dry_run, open, premade, require_sandbox;
};

typedef int keygen_verb(struct cli *, const struct keygen *, struct err *);

keygen_verb keygen_identity, keygen_import, keygen_wallet, keygen_token,
    keygen_log, keygen_api_key, keygen_inspect, keygen_check, keygen_rotate,
    keygen_revoke, keygen_passwd, keygen_export;

#endif
