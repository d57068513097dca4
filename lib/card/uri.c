#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "card/card.h"
#include "card/uri.h"
#include "key/ident.h"

#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789-._~"
#define SIGNED_MAX 1024

static void
add_name(struct buf *out, const char *name)
{
	for (; *name; name++) {
		if (strchr(PLAIN, *name))
			buf_addc(out, *name);
		else
			buf_addf(out, "%%%02X", (unsigned)(unsigned char)*name);
	}
}

/* What is signed. */
static void
add_body(struct buf *out, const struct sign_public *key, const char *name,
    const char *endpoint)
{
	buf_adds(out, "bzn:1?k=");
	enc_base64url(out, key->b, sizeof(key->b));
	buf_adds(out, "&n=");
	add_name(out, name);
	buf_adds(out, "&e=");
	buf_adds(out, endpoint);
}

void
uri_write(struct buf *out, const struct uri *u)
{
	add_body(out, &u->key, u->name, u->endpoint);
	buf_adds(out, "&s=");
	enc_base64url(out, u->signature.b, sizeof(u->signature.b));
}

static void
add_signed(struct buf *out, const struct sign_public *key, const char *name,
    const char *endpoint)
{
	struct buf body = BUF_INIT(SIGNED_MAX);

	add_body(&body, key, name, endpoint);
	domain_text(out, DOMAIN_uri, body.data, body.len);
	buf_release(&body);
}

int
uri_make(struct buf *out, const struct card *c, const struct sign_key *key,
    struct err *e)
{
	struct buf text = BUF_INIT(SIGNED_MAX);
	struct sign_sig signature;
	int rc = 0;

	add_signed(&text, &key->pub, c->name, c->endpoint);
	sign_make(&signature, key, text.data, text.len);
	buf_reset(&text);
	add_body(&text, &key->pub, c->name, c->endpoint);
	buf_adds(&text, "&s=");
	enc_base64url(&text, signature.b, sizeof(signature.b));
	if (text.len <= URI_MAX)
		buf_add(out, text.data, text.len);
	else
		rc = err_set(e, E_too_long, "the URI would have %zu bytes, and "
		    "phones read %d: choose a shorter name", text.len,
		    URI_MAX);
	buf_release(&text);
	return rc;
}

int
uri_check(const struct uri *u, struct err *e)
{
	struct buf text = BUF_INIT(SIGNED_MAX);
	bool good;

	add_signed(&text, &u->key, u->name, u->endpoint);
	good = sign_check(&u->signature, &u->key, text.data, text.len);
	buf_release(&text);
	return good ? 0 : err_set(e, E_bad_signature, "the URI is not signed "
	    "by its key");
}

/* Bytes in base64url between two texts; moves *p to the second. */
static bool
take_bytes(const char **p, const char *before, void *out, size_t size,
    const char *behind)
{
	const char *end;
	size_t n;

	if (strncmp(*p, before, strlen(before)))
		return false;
	*p += strlen(before);
	end = *behind ? strstr(*p, behind) : *p + strlen(*p);
	if (!end || !enc_unbase64url(out, size, &n, *p, (size_t)(end - *p)) ||
	    n != size)
		return false;
	*p = end;
	return true;
}

/* A digit after %, which is in capitals. */
static int
digit(char c)
{
	const char *at = c ? strchr("0123456789ABCDEF", c) : NULL;

	return at ? (int)(at - "0123456789ABCDEF") : -1;
}

static bool
take_name(const char **p, char out[FIT_NAME + 1])
{
	size_t n = 0;
	int high, low;

	if (strncmp(*p, "&n=", 3))
		return false;
	for (*p += 3; **p && **p != '&'; ++*p) {
		if (n == FIT_NAME)
			return false;
		out[n] = **p;
		if (**p == '%') {
			high = digit((*p)[1]);
			low = high < 0 ? -1 : digit((*p)[2]);
			if (low < 0)
				return false;
			out[n] = (char)(high << 4 | low);
			*p += 2;
		}
		n++;
	}
	out[n] = '\0';
	return strlen(out) == n && fit_name(out);
}

static bool
take_endpoint(const char **p, char out[FIT_ENDPOINT + 1])
{
	size_t n;

	if (strncmp(*p, "&e=", 3))
		return false;
	*p += 3;
	n = strcspn(*p, "&");
	if (n > FIT_ENDPOINT)
		return false;
	memcpy(out, *p, n);
	out[n] = '\0';
	*p += n;
	return fit_endpoint(out);
}

/* What is read must be what would be written: there is one spelling. */
static bool
same(const struct uri *u, const char *text)
{
	struct buf again = BUF_INIT(SIGNED_MAX);
	bool is;

	uri_write(&again, u);
	is = !strcmp(again.data, text);
	buf_release(&again);
	return is;
}

int
uri_read(struct uri *out, const char *text, size_t n, struct err *e)
{
	char copy[URI_MAX + 1];
	const char *p = copy;
	struct uri u = { 0 };

	if (n > URI_MAX)
		return err_set(e, E_too_long, "a bzn: URI has at most %d "
		    "bytes", URI_MAX);
	memcpy(copy, text, n);
	copy[n] = '\0';
	if (strlen(copy) != n || !take_bytes(&p, "bzn:1?k=", u.key.b,
	    sizeof(u.key.b), "&n=") || !take_name(&p, u.name) ||
	    !take_endpoint(&p, u.endpoint) || !take_bytes(&p, "&s=",
	    u.signature.b, sizeof(u.signature.b), "") || !same(&u, copy))
		return err_set(e, E_bad_uri, "not a URI of the form "
		    "bzn:1?k=KEY&n=NAME&e=ENDPOINT&s=SIGNATURE");
	ident_id(u.node_id, &u.key);
	*out = u;
	return 0;
}
