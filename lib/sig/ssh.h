/*
 * ssh - signatures of files as ssh-keygen(1) has them: PROTOCOL.sshsig.
 *
 * An armored blob: the public key, the namespace, the name of a hash, and a
 * signature over magic, namespace, that name and the hash of the content.  It
 * says neither when nor how much.  Only Ed25519 is read.
 *
 * What is signed begins with "SSHSIG", and with nothing that domain.def, the
 * lines of file.h, a request or a token begin with: no signature of one form
 * can be turned into one of another.
 *
 * The blob is accepted in one encoding.  The format leaves open how its
 * base64 is cut into lines, and so do we: of 76 bytes at most.
 */
#ifndef SIG_SSH_H
#define SIG_SSH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "crypto/sign.h"
#include "sig/content.h"

#define SSH_SPACE 255		/* bytes of a namespace */
#define SSH_MAX 4096		/* of a signature, by whatever kind of key */

struct ssh {
	char space[SSH_SPACE + 1];	/* of space.h, or anything */
	struct sign_public key;
	char key_id[HASH_HEX];
	bool sha256;			/* of the content; ours are SHA-512 */
	struct sign_sig mark;
};

/* Fill in all but the namespace, over the SHA-512 of a content. */
void ssh_make(struct ssh *, const struct sign_key *, const struct content *);

/* The whole text, as ssh-keygen writes it. */
void ssh_write(struct buf *out, const struct ssh *);

/* Does the text begin as one? */
bool ssh_is(const char *text, size_t n);

/*
 * Parse exactly n bytes.  E_bad_sig, also if it is of another kind of key or
 * if the namespace is not 1 to 255 bytes of printable ASCII.  Whether the key
 * has signed is not checked.
 */
int ssh_read(struct ssh *out, const char *text, size_t n, struct err *)
    CHECKED;

/* Which hash of the content it needs: of content.h. */
int ssh_hash(const struct ssh *);
const char *ssh_hash_word(const struct ssh *);	/* "sha512" "sha256" */

/* Has the key signed this content? */
bool ssh_holds(const struct ssh *, const struct content *);

#endif
