/*
 * check - one answer about one signature, and what it rests on.
 *
 * In this order: is the text a signature at all, is it for the namespace that
 * is asked for, has the key signed it, is the key trusted for that, is the
 * content what was signed.  The first no is the answer.  What is signed as of
 * ssh.h is the content: there, the last is asked with the third.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "key/domain.h"
#include "sig/content.h"
#include "sig/file.h"
#include "sig/ssh.h"
#include "sig/trust.h"

#define CHECK_NAME 128		/* bytes of a principal, with its NUL */
#define CHECK_NONCE 65		/* that of a request, with its NUL */
#define CHECK_TEXT SSH_MAX	/* bytes of a signature of a file */
#define CHECK_SKEW_MS 300000	/* that clocks may differ by */

struct check_ask {
	const struct trust *trust;	/* sorted */
	const char *space, *principal;	/* principal may be NULL */
	int64_t at_ms;
	bool as_of;			/* at_ms is not now */
	bool explain;
};

/* A verdict; why.kind is ERR_OK where the answer is yes. */
struct check {
	struct err why;
	bool named;			/* the next two, and space, are known */
	char key_id[HASH_HEX];
	char principal[CHECK_NAME];	/* "" if nobody's */
	const char *space;		/* NULL: none of ours, but foreign */
	char foreign[SSH_SPACE + 1];
	int64_t signed_ms;		/* -1: it does not say */
	int64_t seq;			/* -1: none */
	char comment[SIG_COMMENT + 1];	/* "" none */
	char nonce[CHECK_NONCE];	/* "" none; of a request */
	struct buf explain;		/* JSON strings */
};

void check_init(struct check *);
void check_reset(struct check *);
void check_release(struct check *);	/* accepts a zeroed one */

/*
 * Of n bytes of signature, of file.h or ssh.h, over a content of which both
 * hashes are known.
 */
void check_text(struct check *, const struct check_ask *, const char *text,
    size_t n, const struct content *);

/* The same of two files; "-" as content is standard input. */
void check_files(struct check *, const struct check_ask *,
    const char *content, const char *signature);

/* The same of a file that begins with its signature, read into text. */
void check_attached(struct check *, const struct check_ask *,
    const struct buf *text);

/* The same of a page that has its signature in it, as of html.h. */
void check_html(struct check *, const struct check_ask *,
    const struct buf *page);

/*
 * Of a signed object (spec/node.md 2), whose domain is the namespace asked
 * for.  Its key is known from the trust files, or in its public_key_pem.
 */
void check_object(struct check *, const struct check_ask *,
    const struct json *object);

/*
 * Is the key of the verdict trusted?  For checks of other kinds: fills in the
 * principal; 0, or -1 with why set.
 */
int check_key(struct check *, const struct check_ask *) CHECKED;

/* Append the members of a verdict to an open object. */
void check_write(struct buf *out, const struct check *);

#endif
