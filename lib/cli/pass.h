/*
 * pass - where a passphrase comes from: bzn-passphrase(7).
 *
 * The first source that exists is taken: --passphrase-file, --passphrase-fd,
 * --passphrase-cmd, $BZN_PASSPHRASE_FILE, the file bzn-passphrase in
 * $CREDENTIALS_DIRECTORY, the terminal.  A source that exists and cannot be
 * read is an error: the next is not tried.  Standard input is never read
 * unasked, and nothing but a terminal is waited for longer than PASS_WAIT_MS.
 *
 * A passphrase has 1 to PASS_MAX bytes, of any value but NUL; one line feed
 * at its end is taken off.  It goes from its source into locked memory and
 * nowhere else.
 */
#ifndef PASS_H
#define PASS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/secret.h"

#define PASS_MAX 1024
#define PASS_WAIT_MS 30000

struct cli;

/* What the options say.  Zeroed, it is that none was given. */
struct pass {
	const char *file, *fd, *cmd;
	const char *of;		/* for the prompt: "the node key", or NULL */
	int64_t wait_ms;	/* of tests; 0 is PASS_WAIT_MS */
	bool unasked;		/* the terminal is none of its sources */
};

/* Rows for the table of a verb that opens or makes a key. */
#define OPT_PASS(p) \
	OPT_STR(0, "passphrase-file", "FILE", &(p)->file, \
	    "the passphrase is in it"), \
	OPT_STR(0, "passphrase-fd", "N", &(p)->fd, \
	    "read it from this descriptor"), \
	OPT_STR(0, "passphrase-cmd", "CMD", &(p)->cmd, \
	    "this command prints it")

/* The same for the passphrase that is to replace it. */
#define OPT_NEW_PASS(p) \
	OPT_STR(0, "new-passphrase-file", "FILE", &(p)->file, \
	    "the new passphrase is in it"), \
	OPT_STR(0, "new-passphrase-fd", "N", &(p)->fd, \
	    "read it from this descriptor"), \
	OPT_STR(0, "new-passphrase-cmd", "CMD", &(p)->cmd, \
	    "this command prints it")

enum pass_for {
	PASS_OPEN,	/* a key that exists: a terminal is asked once */
	PASS_NEW,	/* a new key: asked twice, or eight words are offered */
	PASS_CHANGE,	/* of OPT_NEW_PASS; else only from the terminal */
};

/*
 * Fetch the passphrase into out, which is the caller's: secret_release().
 * out->len bytes, and a NUL behind them that is not counted.  Call it before
 * cli_sandbox(): a command may have to be run.
 *
 * E_no_passphrase if there is no source, or it cannot be read; E_no_file,
 * E_denied and E_unsafe_mode of a file; E_unfit_passphrase if it is empty,
 * too long or holds a NUL; E_usage.  On failure out is empty.
 */
int cli_passphrase(struct cli *, const struct pass *, enum pass_for,
    struct secret *out, struct err *) CHECKED;

/* The same to open a key that exists, as a key_ask() of key/key.h. */
struct pass_asker {
	struct cli *cli;
	const struct pass *pass;	/* borrowed */
};
int pass_ask(void *asker, struct secret *out, struct err *) CHECKED;

#endif
