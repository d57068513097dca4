/*
 * policy - whom to believe about a log: its keys, and how many witnesses
 * (C2SP tlog-policy, spec/ledger.md 5.6).
 *
 * A file of lines: "log VKEY [URL]"; "witness NAME VKEY [URL]"; "group NAME
 * all|any|K MEMBER...", of witnesses and groups named above it, each a member
 * of one group at most; "quorum NAME|none", once; # begins a comment.  Bytes
 * only: no store, no clock.
 */
#ifndef POLICY_H
#define POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

struct buf;

#define POLICY_MAX 65536	/* bytes of a file */
#define POLICY_KEYS 128		/* logs and witnesses in one */
#define POLICY_GROUPS 64
#define POLICY_NAME 128		/* bytes of a name, and NUL */

/* A witness, or a group of what says that it is in it. */
struct policy_member {
	char name[POLICY_NAME];
	int need;		/* of a group: members; 0 of a witness */
	int key;		/* of a witness: in key[] */
	int group;		/* that it is a member of, or -1 */
};

struct policy {
	struct note_key key[POLICY_KEYS];	/* of logs, then witnesses */
	size_t keys;
	struct policy_member member[POLICY_KEYS + POLICY_GROUPS];
	size_t members;
	int quorum;		/* a member, or -1: none */
};

/* Nobody is trusted yet, and no witness is asked for. */
void policy_init(struct policy *);

/* E_bad_policy with "name:line:". */
int policy_read(struct policy *out, const char *text, size_t n,
    const char *name, struct err *) CHECKED;

/* Trust one more log key; the same again is harmless.  E_bad_policy. */
int policy_add_log(struct policy *, const struct note_key *, struct err *)
    CHECKED;
void policy_drop_log(struct policy *, const struct note_key *);

/*
 * Is the note a checkpoint that a log of that origin has signed, and enough
 * witnesses?  *out and *note are what it says; lines of theirs are verified.
 * E_bad_note; E_bad_signature; E_unknown_signer; E_witness_missing, which may
 * be met later.
 */
int policy_open(const struct policy *, const char *bytes, size_t n,
    struct checkpoint *out, struct note *note, struct err *) CHECKED;

/* Append as members the names that have signed, of logs or of witnesses. */
void policy_write_signers(struct buf *, const char *key, const struct note *,
    const struct policy *, enum note_type);

#endif
