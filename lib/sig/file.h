/*
 * file - signatures of files: bzn-signature(5).
 *
 * A signature is a few lines of text that say what the file is, who signs,
 * when, and the size and SHA-256 of the content; the last line is an Ed25519
 * signature of those before it.  The public key is among them, so that a
 * stranger can check it: whether its owner is trusted is asked in trust.h.
 * There is one text for what is said, and no other is accepted.  All that is
 * shown of a signature is covered by it.
 *
 * Times are _ms since 1970 UTC; they are claims of the signer.
 */
#ifndef SIG_FILE_H
#define SIG_FILE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

#define SIG_COMMENT 256		/* bytes of a comment */
#define SIG_MAX 1024		/* bytes of a signature */

struct sig {
	const char *space;	/* of space.h */
	struct sign_public key;
	char key_id[HASH_HEX];
	int64_t at_ms, size;
	struct hash content;
	int64_t seq;		/* -1: none */
	char comment[SIG_COMMENT + 1];
	struct sign_sig mark;
};

/*
 * Fill in key, key_id and mark; the rest is the caller's.  E_bad_sig if the
 * comment has control characters or is not UTF-8, or a number is negative.
 */
int sig_make(struct sig *, const struct sign_key *, struct err *) CHECKED;

/* The whole text.  An attached signature is it, a line feed, the content. */
void sig_write(struct buf *out, const struct sig *);

/*
 * Parse exactly n bytes: E_bad_sig, naming the line.  That the id is that of
 * the key is checked; whether it has signed is not.
 */
int sig_read(struct sig *out, const char *text, size_t n, struct err *)
    CHECKED;

/* How many bytes the signature has that an attached one begins with; or 0. */
size_t sig_length(const char *text, size_t n);

/* Has the key signed this? */
bool sig_holds(const struct sig *);

#endif
