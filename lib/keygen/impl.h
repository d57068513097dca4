/* What the files of keygen share. */
#ifndef KEYGEN_IMPL_H
#define KEYGEN_IMPL_H

#include "base/buf.h"
#include "crypto/secret.h"
#include "crypto/sign.h"
#include "keygen/keygen.h"

#define KEYGEN_RECORD (1 << 20)

/*
 * Who asks for a passphrase, and which was got: it may lock a new key, too.
 * Ended by secret_release(&a.got).
 */
struct asked {
	struct cli *cli;
	const struct keygen *k;
	struct secret got;
	bool writes;		/* the verb writes to identity/ */
	bool more;		/* another passphrase will be fetched */
	bool shut;		/* the sandbox is closed */
};

/*
 * Close the sandbox behind all files that the options name, unless it is
 * closed: when the last passphrase is there, as a command may bring it.
 */
int keygen_shut(struct asked *, struct err *) CHECKED;

/* As a key_ask: the arg is a struct asked. */
int keygen_ask(void *arg, struct secret *out, struct err *) CHECKED;

/* For a new key: what was given for it, else what opened the old one. */
int keygen_ask_new(struct asked *, struct err *) CHECKED;

/* Open the node's key, with a remark if it is badly locked. */
int keygen_open(struct asked *, struct sign_key *out, struct err *) CHECKED;
void keygen_warn_weak(struct cli *, const char *path);

/* Close the record and print it. */
int keygen_emit(struct cli *, const struct keygen *, struct buf *,
    struct err *) CHECKED;

/* The record of a --dry-run. */
int keygen_would(struct cli *, const struct keygen *, const char *result,
    struct err *) CHECKED;

/* The public key in a file of any form, or without a path the node's own. */
int keygen_public(struct cli *, const char *path, struct sign_public *out,
    struct err *) CHECKED;

int keygen_jwks(struct cli *, struct err *) CHECKED;

#endif
