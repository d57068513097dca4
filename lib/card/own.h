/*
 * own - the card of this node, kept as identity/card.json.
 *
 * The file is {"card":{...},"uri":"bzn:..."}: both are signed when the card
 * is made, so that showing them needs no passphrase.
 */
#ifndef OWN_H
#define OWN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "card/card.h"

struct own {
	struct card card;
	struct buf uri;		/* empty: it would be too long */
};

#define OWN_ENDPOINT "http://localhost:8080"	/* unless said otherwise */
#define OWN_INIT { .uri = BUF_INIT(1024) }

/*
 * E_no_card if there is none, or it is another key's, such as that before a
 * rotation.  It may be out of date.  What card_read() and card_check_key()
 * may say if the file is damaged, of which own_damaged() tells.
 */
int own_read(struct own *out, const char *home, const struct sign_public *,
    struct err *) CHECKED;

/* Is the error of own_read() that of a damaged file? */
bool own_damaged(const struct err *);

/*
 * The card of a key before it, from which rotations of this home lead to it.
 * E_no_card if there is none; what key_path() and statement_follow() may say.
 */
int own_before(struct own *out, const char *home, const struct sign_public *,
    struct err *) CHECKED;

/* What it shall say; NULL: as before. */
struct own_wish {
	const char *name, *endpoint, *class, *dns;
	const char *wallet;		/* of a binding that was checked */
	const char *capabilities;	/* parted by commas; "" none */
	int64_t issued_ms, expires_ms;
};

/*
 * Make one, out of a wish and of the one before, which may be a zeroed one;
 * what neither says has a default.  A wallet is bound to a key, so that of
 * another key's card is left out.  It is not kept yet.  What card_make() may
 * say.
 */
int own_make(struct own *out, const struct own_wish *, const struct card *old,
    const struct sign_key *, struct err *) CHECKED;
int own_keep(const struct own *, const char *home, struct err *) CHECKED;

/* Append the URI.  E_too_long if it would be. */
int own_uri(struct buf *out, const struct own *, struct err *) CHECKED;

/* A record of how a node is shown of which no registry has spoken. */
void own_write_state(struct buf *, const struct card *);

void own_release(struct own *);

#endif
