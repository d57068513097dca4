/*
 * card - a node's signed statement of who it is (spec/node.md 3.2).
 *
 * A card is a JSON object {v, node_id, name, endpoint, public_key_pem, alg,
 * capabilities, class?, wallet?, dns?, channel_key?, issued_at, expires_at?,
 * signature}.  Members of no meaning here are kept and covered by the
 * signature.  It is checked in this order: form, PEM, id, signature, time;
 * whether its key is revoked is known to peer.h only.
 *
 * Times are _ms since 1970 UTC; a card may be issued CARD_SKEW_MS ahead of
 * our clock.  No mutable globals.
 */
#ifndef CARD_H
#define CARD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "card/fit.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "key/domain.h"

struct buf;

#define CARD_MAX 65536		/* bytes */
#define CARD_FULL_MAX 600	/* of one that fits into a QR code */
#define CARD_SKEW_MS INT64_C(300000)
#define CARD_CAPABILITIES 64

struct card {
	struct json json;		/* all of it; owned */
	char node_id[HASH_HEX];
	struct sign_public key;
	const char *name;		/* in json */
	char endpoint[FIT_ENDPOINT + 1];
	int64_t issued_ms;
	int64_t expires_ms;		/* INT64_MAX: never */
};

/*
 * Read one and judge its form.  E_bad_json, E_too_long; E_bad_pem if the key
 * is not the 113 bytes of a public key as PEM.  On success out is the
 * caller's: card_release(); on failure it is empty.
 */
int card_read(struct card *out, const char *text, size_t n, struct err *)
    CHECKED;
void card_release(struct card *);

/*
 * Is it true as of that moment?  E_id_mismatch if node_id is not that of the
 * key, E_bad_signature, E_not_yet_valid if it is issued later, E_expired.
 */
int card_check(const struct card *, int64_t at_ms, struct err *) CHECKED;

/* Only the first two: is it its key's own, whenever? */
int card_check_key(const struct card *, struct err *) CHECKED;

/* Only the last two. */
int card_check_time(const char *what, int64_t issued_ms, int64_t expires_ms,
    int64_t at_ms, struct err *) CHECKED;

/* Append it in canonical form (RFC 8785), which is a line. */
int card_write(struct buf *out, const struct card *, struct err *) CHECKED;

/* The same in ASCII: readers of QR codes guess at other bytes. */
int card_write_ascii(struct buf *out, const struct card *, struct err *)
    CHECKED;

struct card_draft {
	const char *name, *endpoint;
	const char *const *capability;	/* n of them */
	size_t n;
	const char *class, *dns, *wallet, *channel_key;	/* or NULL */
	int64_t issued_ms;
	int64_t expires_ms;		/* INT64_MAX: never */
};

/*
 * Make a card of it; what card_read() would refuse is refused.  E_bad_json.
 */
int card_make(struct card *out, const struct card_draft *,
    const struct sign_key *, struct err *) CHECKED;

/* Is it the id of the key?  E_id_mismatch. */
int card_match_id(const char *node_id, const struct sign_public *,
    struct err *) CHECKED;

/* Append a member: RFC 3339 without a fraction that is zero. */
void card_put_time(struct buf *out, const char *key, int64_t ms);

/*
 * Close the object in text, sign it, and append it in canonical form to out
 * with the member "signature".
 */
int card_seal(struct buf *out, struct buf *text, enum domain,
    const struct sign_key *, struct err *) CHECKED;

#endif
