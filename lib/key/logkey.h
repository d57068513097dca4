/*
 * logkey - the private keys of a log, while one replaces another
 * (spec/ledger.md 5.8).
 *
 * identity/log_private.pem is the key in use; log_next.pem one that is about
 * to be, written before the log says so; log_old.pem the one before, which
 * signs beside it for a while.  Which is which is said by the log, never by
 * the names: after a crash they are put right by what it says.
 */
#ifndef LOGKEY_H
#define LOGKEY_H

#include <stdbool.h>

#include "base/err.h"
#include "crypto/sign.h"

/*
 * The private half of this key, wherever it is: 1, and out is the caller's;
 * 0 if it is nowhere.  E_unsafe_mode and the like of a file that is there.
 */
int logkey_find(const char *home, const struct sign_public *,
    struct sign_key *out, struct err *) CHECKED;

/* Keep one as the next.  Under the lock of the home, as is what follows. */
int logkey_stage(const char *home, const struct sign_key *, struct err *)
    CHECKED;

/*
 * The log says that now is in use, and came after prior, which is NULL for
 * the first: make the files agree, and destroy prior, too, unless it is to be
 * kept.  Nothing is touched if log_private.pem is neither: then the log is
 * not the one that these files belong to.
 */
int logkey_settle(const char *home, const struct sign_public *now,
    const struct sign_public *prior, bool keep, struct err *) CHECKED;

#endif
