/*
 * key - the files of identity/ in a home, and how secret they are.
 *
 * identity/ is 0700 and its files 0600; a secret that others can read is
 * refused (DESIGN 7).
 */
#ifndef KEY_H
#define KEY_H

#include "base/err.h"
#include "crypto/sign.h"

/*
 * The public half of identity/log_private.pem, which signs checkpoints; the
 * file is made if there is none.  E_unsafe_mode, E_bad_key.
 */
int key_log(const char *home, struct sign_public *out, struct err *) CHECKED;

/* Has the home a node identity of its own? */
int key_has_node(const char *home);

#endif
