/*
 * doc - whatever nodes hand to each other about keys, told apart by its form.
 *
 * A card; a bzn: URI, as it is or as {"uri":"bzn:..."}; a rotation; a
 * revocation.
 */
#ifndef DOC_H
#define DOC_H

#include <stdint.h>

#include "card/card.h"
#include "card/peer.h"
#include "card/uri.h"

enum doc_kind { DOC_CARD, DOC_URI, DOC_ROTATION, DOC_REVOCATION };

struct doc {
	enum doc_kind kind;
	struct card card;		/* DOC_CARD */
	struct uri uri;			/* DOC_URI */
	struct json json;		/* of a statement */
};

/* What card_read() and uri_read() say.  out is the caller's. */
int doc_read(struct doc *out, const char *text, size_t n, struct err *)
    CHECKED;
void doc_release(struct doc *);

const char *doc_word(enum doc_kind);		/* "card" */

/* The node whose document it is; NULL for a statement without one. */
const char *doc_node(const struct doc *);

/*
 * Judge it as of a moment, by its own key: card_check(), uri_check().  For a
 * statement that is the key of a peer: E_node_missing if it is not known, or
 * s is NULL.
 */
int doc_check(const struct doc *, struct store *s, int64_t at_ms,
    struct err *) CHECKED;

/*
 * The same, and E_revoked if its node's key is revoked here by then.  *state
 * is "unknown", or what it is here; NULL if it was not looked up.
 */
int doc_judge(const struct doc *, struct store *s, int64_t at_ms,
    const char **state, struct err *) CHECKED;

/*
 * A verdict, as an open object: doc is NULL if it could not be read, why is
 * zeroed if the answer is yes.
 */
void doc_write_verdict(struct buf *, const struct doc *, const char *state,
    const struct err *why);

/* Check it and take it in: see peer.h. */
int doc_in(struct store *, const struct doc *, int64_t now_ms,
    struct peer *out, enum peer_news *, struct err *) CHECKED;

#endif
