#include <assert.h>
#include <string.h>

#include "base/enc.h"
#include "base/file.h"
#include "base/mem.h"
#include "key/ident.h"
#include "sig/http.h"
#include "sig/space.h"
#include "signer/impl.h"

#define BASES 16
#define NONCE_BYTES 16
#define WIRE_MAX (HTTP_HEAD + HTTP_BODY)

struct bases { struct http_base base[BASES]; size_t n; };

/* --base-url: the node's own first, then its aliases, parted by commas. */
static int
read_bases(struct bases *b, const char *text, struct err *e)
{
	const char *target;
	char one[HTTP_URL];
	size_t n;

	if (!text)
		return err_set(e, E_usage, "--base-url: where is the request "
		    "sent? It is not believed what it says of that");
	for (b->n = 0; *text && b->n < BASES; text += n + (text[n] == ',')) {
		n = strcspn(text, ",");
		if (n >= sizeof(one))
			return err_set(e, E_usage, "--base-url is too long");
		memcpy(one, text, n);
		one[n] = '\0';
		if (http_url(&b->base[b->n++], &target, one, e))
			return -1;
		if (strcmp(target, "/"))
			return err_set(e, E_usage, "--base-url: '%.80s' is "
			    "more than scheme and host", one);
	}
	return b->n && !*text ? 0 : err_set(e, E_usage, "--base-url: 1 to %d "
	    "URLs", BASES);
}

/* Whoever may be known to the trust files, and by key; a peer, here. */
static int
know(struct check *v, const struct check_ask *a, struct sign_public *key)
{
	int rc;

	rc = check_key(v, a);
	if (rc && v->why.code == E_unknown_signer)
		err_set_(&v->why, E_unknown_peer, "the key %.16s is no "
		    "peer's", v->key_id);
	if (!rc && !trust_key(a->trust, v->key_id, key))
		rc = err_set(&v->why, E_unknown_peer, "the public key of "
		    "%.16s is not known: a trust file can give it as "
		    "ed25519:", v->key_id);
	return rc;
}

static void
judge(struct check *v, const struct check_ask *a,
    const struct http_request *r)
{
	struct sign_public key;
	struct http_claim c;

	if (http_claim(&c, r, a->at_ms, &v->why))
		goto out;
	v->named = true;
	memcpy(v->key_id, c.key_id, sizeof(v->key_id));
	v->signed_ms = c.created_ms;
	if (know(v, a, &key))
		goto out;
	if (a->explain)
		json_str(&v->explain, NULL, c.text.data);
	if (!sign_check(&c.sig, &key, c.text.data, c.text.len))
		err_set_(&v->why, E_bad_signature, "the key %.16s has not "
		    "signed this request, or not for here", c.key_id);
	static_assert(sizeof(v->nonce) == sizeof(c.nonce), "one size");
	memcpy(v->nonce, c.nonce, sizeof(v->nonce));
out:
	http_claim_release(&c);
}

/* One question as of another moment is no acceptance: nothing is kept. */
static int
verify(struct cli *c, struct signer *o, struct err *e)
{
	struct buf wire = BUF_INIT(WIRE_MAX);
	struct check_ask ask = {
		.space = SPACE_HTTP, .principal = o->principal,
		.as_of = o->at != NULL, .explain = o->explain,
	};
	struct trust trust = { 0 };
	struct http_request r;
	struct bases bases;
	struct check v;
	int rc = -1;

	check_init(&v);
	v.space = SPACE_HTTP;
	ask.trust = &trust;
	if (c->argc)
		err_set_(e, E_usage, "the request is read from standard "
		    "input: name nothing");
	else if (!read_bases(&bases, o->base, e) &&
	    !signer_at(c, o, &ask.at_ms, e) &&
	    !signer_trust(c, o, &trust, e) && (o->at || !cli_store(c, e)) &&
	    !signer_shut(c, o, SIGNER_HOME, e) && !file_read(&wire, "-", e) &&
	    !http_read(&r, &wire, e)) {
		if (!o->at)		/* it may have been long in coming */
			ask.at_ms = cli_now(c);
		http_at(&r, bases.base, bases.n);
		judge(&v, &ask, &r);
		rc = 0;
	}
	if (!rc && !v.why.kind && !o->at &&
	    signer_once(c, v.key_id, v.nonce, v.signed_ms + HTTP_WINDOW_MS,
	    &v.why) && v.why.kind != ERR_NO) {
		*e = v.why;
		rc = -1;
	}
	if (!rc)
		rc = signer_answer(c, &v, e);
	check_release(&v);
	trust_release(&trust);
	buf_release(&wire);
	return rc;
}

/* A word in double quotes, as a configuration of curl has it. */
static void
quote(struct buf *out, const char *name, const char *text, size_t n)
{
	buf_addf(out, "%s = \"", name);
	for (; n--; text++) {
		if (*text == '"' || *text == '\\')
			buf_addc(out, '\\');
		buf_addc(out, *text);
	}
	buf_adds(out, "\"\n");
}

static void
as_curl(struct buf *out, const struct http_request *r, const char *lines)
{
	struct buf url = BUF_INIT(2 * HTTP_URL), field = BUF_INIT(HTTP_HEAD);
	size_t i, n;

	buf_addf(&url, "%s://%s%s", r->scheme, r->authority, r->target);
	quote(out, "url", url.data, url.len);
	quote(out, "request", r->method, strlen(r->method));
	for (i = 0; i < r->fields; i++) {
		buf_reset(&field);
		buf_addf(&field, "%s: %s", r->field[i].name,
		    r->field[i].value);
		quote(out, "header", field.data, field.len);
	}
	for (; *lines; lines += n + 1) {
		n = strcspn(lines, "\n");
		quote(out, "header", lines, n);
	}
	buf_release(&url);
	buf_release(&field);
}

static int
print(struct cli *c, const struct signer *o, const struct http_request *r,
    const struct buf *lines, struct err *e)
{
	struct buf out = BUF_INIT(4 * HTTP_HEAD);
	int rc;

	if (!o->curl)
		return cli_emit(c, lines->data, lines->len - 1, e);
	as_curl(&out, r, lines->data);
	rc = cli_emit(c, out.data, out.len - 1, e);
	buf_release(&out);
	return rc;
}

static bool
clean(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return false;
	return true;
}

/* As a verifier reads it: a token, and a value without blanks around it. */
static bool
is_method(const char *s)
{
	return *s && strspn(s, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~") ==
	    strlen(s);
}

static bool
is_trimmed(const char *s)
{
	return !*s || (!strchr(" \t", *s) && !strchr(" \t",
	    s[strlen(s) - 1]));
}

static int
add_field(struct http_request *r, const char *name, const char *value,
    struct err *e)
{
	if (!value)
		return 0;
	if (!clean(value))
		return err_set(e, E_usage, "%s has a control character", name);
	if (!is_trimmed(value))
		return err_set(e, E_usage, "%s has a blank at an end", name);
	r->field[r->fields++] = (struct http_field){ name, value };
	return 0;
}

static bool
has_body(const char *method)
{
	return !strcmp(method, "POST") || !strcmp(method, "PUT") ||
	    !strcmp(method, "PATCH");
}

/* The request that the options describe. */
static int
describe(struct cli *c, const struct signer *o, struct http_request *r,
    struct buf *body, struct err *e)
{
	const char *from = o->body;
	struct http_base b;

	*r = (struct http_request){ .method = o->method ? o->method : "GET" };
	if (c->argc != 1)
		return err_set(e, E_usage, "which URL?");
	if (!is_method(r->method))
		return err_set(e, E_usage, "--method: '%.20s' is none",
		    r->method);
	if (http_url(&b, &r->target, c->argv[0], e))
		return -1;
	http_at(r, &b, 1);
	if (!from && has_body(r->method)) {
		from = "-";
		cli_expect_stdin(c);
	}
	if (from && file_read(body, from, e))
		return -1;
	r->body = body->data;
	r->body_n = body->len;
	return add_field(r, "content-type", o->type, e) ||
	    add_field(r, "idempotency-key", o->idempotency, e) ? -1 : 0;
}

/* The request that stands on standard input. */
static int
take(struct cli *c, const struct signer *o, struct http_request *r,
    struct buf *wire, struct err *e)
{
	struct bases bases;

	if (c->argc)
		return err_set(e, E_usage, "--raw reads the request from "
		    "standard input: name no URL");
	if (read_bases(&bases, o->base, e) || file_read(wire, "-", e) ||
	    http_read(r, wire, e))
		return -1;
	http_at(r, bases.base, bases.n);
	return 0;
}

static int
make_nonce(struct cli *c, const char *given, struct buf *out, struct err *e)
{
	unsigned char random[NONCE_BYTES];

	if (given) {
		buf_adds(out, given);
		return out->len >= NONCE_BYTES && !out->full && strspn(given,
		    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "0123456789-_") == out->len ? 0 : err_set(e, E_usage,
		    "--nonce: 16 to 64 characters of base64url");
	}
	chance_bytes(&c->chance, random, sizeof(random));
	enc_base64url(out, random, sizeof(random));
	return 0;
}

static int
sign(struct cli *c, struct signer *o, struct err *e)
{
	struct buf in = BUF_INIT(WIRE_MAX), out = BUF_INIT(4 * HTTP_HEAD),
	    nonce = BUF_INIT(HTTP_NONCE - 1);
	struct sign_key key = { 0 };
	struct http_sign s = { .key_id = "" };
	struct http_request r;
	char id[HASH_HEX];
	int rc = -1;

	if (make_nonce(c, o->nonce, &nonce, e) ||
	    signer_at(c, o, &s.created_ms, e) || signer_key(c, o, &key, e) ||
	    signer_shut(c, o, SIGNER_NOTHING, e))
		goto out;
	if (o->raw ? take(c, o, &r, &in, e) : describe(c, o, &r, &in, e))
		goto out;
	ident_id(id, &key.pub);
	s.key_id = id;
	s.nonce = nonce.data;
	if (!http_sign(&out, &r, &s, &key, e))
		rc = print(c, o, &r, &out, e);
out:
	sign_key_release(&key);
	buf_release(&in);
	buf_release(&out);
	buf_release(&nonce);
	return rc;
}

int
signer_http(struct cli *c, struct signer *o, struct err *e)
{
	if (signer_signs(o, NULL, e))
		return -1;
	return o->verify ? verify(c, o, e) : sign(c, o, e);
}
