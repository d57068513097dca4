/*
 * rotate - another key for a log, said by the log itself (spec/ledger.md 5.8).
 *
 * The leaf log.key holds the new key, its own signature over its statement,
 * and the node's, where the log is certified.  From the first checkpoint that
 * covers it, both keys sign for a while, so that who knows the old one finds
 * the new one; after a compromise only the node's signature leads there.
 */
#ifndef ROTATE_H
#define ROTATE_H

#include "evidence/issue.h"
#include "ledger/ledger.h"

struct rotation {
	const char *id;			/* of the leaf */
	const struct sign_key *key;	/* the new one */
	bool fresh;			/* made for this; nobody has it yet */
	const struct sign_key *node;	/* NULL: a log that none certifies */
	enum trail_reason reason;
	bool sane;			/* as for ledger_begin() */
};

/*
 * Who certifies the log?  1 with its public key, 0 if nobody does.
 */
int rotate_node(struct store *, struct sign_public *out, struct err *)
    CHECKED;

/*
 * Post the leaf; issue_checkpoint() does the rest, now or after a crash.  A
 * known id that brought this very key is a success that does nothing; if the
 * key was made here, one that brought any.  Which it was goes to brought.
 *
 * E_key_mismatch if the node is not the one that certified the log;
 * E_no_key for reasons other than scheduled where none did; E_wrong_state
 * while the key before signs too, and if the key is the one in use;
 * E_below_pin; as ledger_post_in().
 */
int rotate_key(struct issuer *, const struct rotation *, struct posted *out,
    struct sign_public *brought, struct err *) CHECKED;

#endif
