/*
 * http - signed requests: RFC 9421 and RFC 9530, in the profile of
 * spec/protocols.md 2.1.
 *
 * A request is seen as method, scheme, authority, target and fields; where it
 * is sent is never learnt from the request itself, because a node that did
 * would take what was signed for another.  Ed25519 signs; required are
 * @method, @target-uri and, where there is content, content-digest, with the
 * parameters created, nonce and keyid.
 *
 * Times are _ms since 1970 UTC, though created counts seconds.
 */
#ifndef SIG_HTTP_H
#define SIG_HTTP_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "crypto/sign.h"
#include "sig/sf.h"

#define HTTP_FIELDS 64
#define HTTP_HEAD 16384		/* bytes of request line and fields */
#define HTTP_BODY (1 << 20)
#define HTTP_URL 2048
#define HTTP_NAME 256		/* of an authority */
#define HTTP_WINDOW_MS 300000
#define HTTP_KEY_ID 65
#define HTTP_NONCE 65

struct http_field { const char *name, *value; };

struct http_request {
	const char *method;
	char scheme[8], authority[HTTP_NAME];
	const char *target;		/* path and query, as they are sent */
	struct http_field field[HTTP_FIELDS];	/* names in lower case */
	size_t fields;
	const char *body;		/* borrowed, as is all text */
	size_t body_n;
};

/* Where a node is reached: the first is its name, others are aliases. */
struct http_base { char scheme[8], authority[HTTP_NAME]; };

/*
 * An http or https URL; the target is a pointer into it, or "/".  Its names
 * become lower case, a default port is dropped.  E_bad_request.
 */
int http_url(struct http_base *out, const char **target, const char *url,
    struct err *) CHECKED;

/*
 * A request as it stands on the wire, lines ended by CRLF or LF; the text is
 * changed, and pointed to.  No scheme and authority yet.  E_bad_request for
 * what RFC 9112 forbids, for folded lines, for transfer codings.
 */
int http_read(struct http_request *out, struct buf *text, struct err *)
    CHECKED;

/* Give the request the base that its Host names; else the first. */
void http_at(struct http_request *, const struct http_base *, size_t n);

/* All values of a field, joined: 1, or 0 without it. */
int http_field(struct buf *out, const struct http_request *,
    const char *name);

/*
 * The text that is signed, for what a member of Signature-Input lists.
 * E_bad_header if it lists what is not there, or not known here.
 */
int http_text(struct buf *out, const struct http_request *,
    const struct sf_member *, struct err *) CHECKED;

struct http_sign {
	const char *key_id, *nonce;
	int64_t created_ms;
};

/*
 * Append the lines "Content-Digest: ...", "Signature-Input: ..." and
 * "Signature: ...", each ended by LF.  E_bad_header.
 */
int http_sign(struct buf *out, const struct http_request *,
    const struct http_sign *, const struct sign_key *, struct err *) CHECKED;

struct http_claim {
	char key_id[HTTP_KEY_ID], nonce[HTTP_NONCE];
	int64_t created_ms;
	struct buf text;		/* that is signed */
	struct sign_sig sig;
};

/*
 * All that can be judged without the key: E_no_signature, E_bad_header,
 * E_uncovered, E_bad_digest, E_stale.  The claim is the caller's:
 * http_claim_release(), also after a failure.
 */
int http_claim(struct http_claim *out, const struct http_request *,
    int64_t now_ms, struct err *) CHECKED;
void http_claim_release(struct http_claim *);

/* E_bad_digest unless all known digests of the field are of the body. */
int http_digest(const struct http_request *, struct err *) CHECKED;

#endif
