/*
 * key - the files of identity/ in a home, and how secret they are.
 *
 * identity/ is 0700 and its files 0600; a secret that others can read is
 * refused (DESIGN 7).  The node's own files are node_private.pem,
 * node_public.pem, node_id.txt and revocation.json: identity.h makes them.
 *
 * They change together.  New ones are written to identity/.ready, which
 * appears whole, by one rename; from then on they are the identity, wherever
 * they are found first: there, or below identity/, to which they are moved
 * one by one.  So every reader sees the old identity or the new one, also
 * when the program that made it was killed.
 */
#ifndef KEY_H
#define KEY_H

#include <limits.h>
#include <stdbool.h>

#include "base/err.h"
#include "crypto/secret.h"
#include "crypto/sign.h"

#define KEY_PEM_MAX 16384	/* bytes of a key file */

/* Fetch a passphrase, if it turns out that one is needed; 0, or -1. */
typedef int key_ask(void *arg, struct secret *passphrase, struct err *);

/*
 * The node's key, out of node_private.pem; ask is called only if that is
 * encrypted, and may be NULL if it must not be.  out is the caller's:
 * sign_key_release().
 *
 * E_no_key without an identity; E_unsafe_mode; E_bad_pem and the like of a
 * file that is damaged; E_bad_passphrase; E_key_mismatch if node_public.pem
 * is of another key, E_id_mismatch if node_id.txt is; what ask says.
 */
int key_node(const char *home, key_ask *ask, void *arg, struct sign_key *out,
    struct err *) CHECKED;

/*
 * Its public half, which needs no secret.  E_no_key, E_bad_pem,
 * E_id_mismatch.
 */
int key_node_public(const char *home, struct sign_public *out, struct err *)
    CHECKED;

/*
 * The key in node_private.pem, whatever is beside it: to restore that.
 */
int key_node_half(const char *home, key_ask *ask, void *arg,
    struct sign_key *out, struct err *) CHECKED;

/* The key in any such file. */
int key_open(const char *path, key_ask *ask, void *arg, struct sign_key *out,
    struct err *) CHECKED;

/* Has the home a node identity of its own? */
bool key_has_node(const char *home);

/*
 * The public half of identity/log_private.pem, which signs checkpoints; the
 * file is made if there is none.  E_unsafe_mode, E_bad_key.
 */
int key_log(const char *home, struct sign_public *out, struct err *) CHECKED;

/*
 * Read a file of secrets, of at most max bytes, into locked memory.  Refused
 * with E_unsafe_mode are files that others can read, that belong to others,
 * and that are not files.  E_no_file, E_denied, E_too_long.  On failure out
 * is empty.
 */
int key_read_secret(const char *path, struct secret *out, size_t max,
    struct err *) CHECKED;

/*
 * Write one, for its owner alone whatever the umask says.  A file that is
 * there already is E_id_conflict, or replaced, its mode too; it survives any
 * failure.  What a writer of it left that was killed is removed.
 */
int key_write_secret(const char *path, const struct secret *, bool replace,
    struct err *) CHECKED;

/* identity/NAME in the home, or identity/ itself if the name is empty. */
int key_path(char out[PATH_MAX], const char *home, const char *name,
    struct err *) CHECKED;

/* The same, or where a new one of this name waits: see above. */
int key_path_now(char out[PATH_MAX], const char *home, const char *name,
    struct err *) CHECKED;

#endif
