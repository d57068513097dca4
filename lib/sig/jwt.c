#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/mem.h"
#include "base/num.h"
#include "crypto/thumb.h"
#include "key/ident.h"
#include "sig/jwt.h"

/* Members of a header that would let a stranger choose how it is checked. */
static const char *const refused[] = {
	"crit", "b64", "jku", "jwk", "x5u", "x5c", NULL
};

static int
read_header(struct jwt *t, const struct json *h, struct err *e)
{
	const char *alg, *kid = "", *typ = "";
	struct json any;
	int i;

	for (i = 0; refused[i]; i++)
		if (json_find(&any, h, refused[i]))
			return err_set(e, E_bad_header, "the header has '%s'",
			    refused[i]);
	if (json_get_str(h, "alg", &alg, e) ||
	    json_opt_str(h, "typ", &typ, e) ||
	    json_opt_str(h, "kid", &kid, e)) {
		e->code = E_bad_token;
		return -1;
	}
	if (strlen(kid) >= sizeof(t->kid))
		return err_set(e, E_bad_token, "the kid is over %d bytes",
		    JWT_KID - 1);
	snprintf(t->alg, sizeof(t->alg), "%s", alg);
	snprintf(t->typ, sizeof(t->typ), "%s", typ);
	memcpy(t->kid, kid, strlen(kid) + 1);
	return 0;
}

/* Decode one part, which must be exactly what its bytes give. */
static int
part(struct buf *out, const char *text, size_t n, const char *what,
    struct err *e)
{
	char *room = mem_zero(n + 1, 1);
	size_t got;
	bool good = enc_unbase64url(room, n, &got, text, n);

	if (good)
		buf_add(out, room, got);
	free(room);
	return good ? 0 : err_set(e, E_bad_token, "the %s is not base64url",
	    what);
}

static int
header(struct jwt *t, const char *text, size_t n, struct err *e)
{
	struct buf json = BUF_INIT(JWT_MAX);
	struct err why = { 0 };
	struct json root;
	int rc;

	rc = part(&json, text, n, "header", e);
	if (!rc && json_parse(&root, json.data, json.len, &why))
		rc = err_set(e, E_bad_token, "the header: %s", why.msg);
	else if (!rc) {
		rc = json_kind(&root) == JSON_OBJECT ?
		    read_header(t, &root, e) :
		    err_set(e, E_bad_token, "the header is not an object");
		json_release(&root);
	}
	buf_release(&json);
	return rc;
}

int
jwt_read(struct jwt *out, const char *text, size_t n, struct err *e)
{
	const char *one, *two, *end = text + n;

	*out = (struct jwt){ .payload = BUF_INIT(JWT_MAX), .text = text };
	if (n > JWT_MAX)
		return err_set(e, E_bad_token, "it is over %d bytes",
		    JWT_MAX);
	one = memchr(text, '.', n);
	two = one ? memchr(one + 1, '.', (size_t)(end - one - 1)) : NULL;
	if (!two || memchr(two + 1, '.', (size_t)(end - two - 1)))
		return err_set(e, E_bad_token, "it has not three parts");
	out->text_n = (size_t)(two - text);
	if (header(out, text, (size_t)(one - text), e) ||
	    part(&out->payload, one + 1, (size_t)(two - one - 1), "payload",
	    e))
		return -1;
	return enc_unbase64url(out->sig, sizeof(out->sig), &out->sig_n,
	    two + 1, (size_t)(end - two - 1)) ? 0 : err_set(e, E_bad_token,
	    "the signature is not base64url, or too long");
}

void
jwt_release(struct jwt *t)
{
	buf_release(&t->payload);
}

/* "did:key:z...", or with "#" and the same again: spec/protocols.md 6, K3. */
static bool
is_did(const char *did, const char *kid)
{
	size_t n = strlen(did);

	return !strncmp(kid, did, n) && (!kid[n] || (kid[n] == '#' &&
	    !strcmp(kid + n + 1, did + strlen("did:key:"))));
}

/* By its kid, or by what follows from the key. */
static bool
is_named(const struct jwk *k, const char *kid)
{
	char thumb[THUMB_TEXT];
	struct ident id;

	if (*k->kid && !strcmp(k->kid, kid))
		return true;
	if (k->rsa)
		thumb_of_rsa(thumb, &k->token);
	else
		thumb_of_sign(thumb, &k->ed);
	if (!strcmp(thumb, kid))
		return true;
	if (k->rsa)
		return false;
	ident_of(&id, &k->ed);
	return !strcmp(id.node_id, kid) || is_did(id.did, kid);
}

static int
find_key(const struct jwt *t, const struct jwks *set, const struct jwk **key,
    struct err *e)
{
	const struct jwk *k, *found = NULL;
	int n = 0;

	for (k = set->key; k < set->key + set->n; k++)
		if (!*t->kid || is_named(k, t->kid)) {
			found = k;
			n++;
		}
	if (n == 1) {
		*key = found;
		return 0;
	}
	if (*t->kid)
		return err_set(e, E_unknown_signer, "%d keys are called "
		    "'%.80s'", n, t->kid);
	return err_set(e, E_unknown_signer, "it names no key, and there are "
	    "%d", n);
}

int
jwt_check(const struct jwt *t, const struct jwks *set, const struct jwk **key,
    struct err *e)
{
	struct sign_sig sig;
	const struct jwk *k;
	bool good;

	if (find_key(t, set, &k, e))
		return -1;
	if (k->rsa ? strcmp(t->alg, "RS256") != 0 : strcmp(t->alg, "EdDSA") &&
	    strcmp(t->alg, "Ed25519"))
		return err_set(e, E_bad_alg, "the key is for %s, the token "
		    "says '%s'", k->rsa ? "RS256" : "EdDSA", t->alg);
	if (k->rsa) {
		good = rsa_check(t->sig, t->sig_n, &k->token, t->text,
		    t->text_n);
	} else {
		good = t->sig_n == sizeof(sig.b);
		memcpy(sig.b, t->sig, sizeof(sig.b));
		good = good && sign_check(&sig, &k->ed, t->text, t->text_n);
	}
	if (!good)
		return err_set(e, E_bad_signature, "the key has not signed "
		    "this token");
	*key = k;
	return 0;
}

/* A NumericDate: 1 with its moment, 0 without the claim. */
static int
date(const struct json *claims, const char *name, double *ms, struct err *e)
{
	struct json value;
	const char *digits;
	size_t n;

	if (!json_find(&value, claims, name))
		return 0;
	digits = json_lexeme(&value, &n);
	if (!digits)
		return err_set(e, E_bad_token, "'%s' is not a number", name);
	*ms = num_read(digits, n) * 1000;
	return isfinite(*ms) ? 1 : err_set(e, E_bad_token, "'%s' is no time",
	    name);
}

static int
dates(const struct json *claims, int64_t at_ms, struct err *e)
{
	double ms = 0, now = (double)at_ms;
	int got;

	got = date(claims, "exp", &ms, e);
	if (got > 0 && now >= ms)
		return err_set(e, E_expired, "its exp has passed");
	if (got >= 0)
		got = date(claims, "nbf", &ms, e);
	if (got > 0 && now < ms)
		return err_set(e, E_not_yet_valid, "its nbf is to come");
	if (got >= 0)
		got = date(claims, "iat", &ms, e);
	if (got > 0 && now < ms - JWT_SKEW_MS)
		return err_set(e, E_not_yet_valid, "its iat is to come");
	return got < 0 ? -1 : 0;
}

static bool
has_audience(const struct json *aud, const char *name)
{
	struct json one = { 0 };
	bool found = false;

	if (json_string(aud))
		return !strcmp(json_string(aud), name);
	while (json_kind(aud) == JSON_ARRAY && json_next(&one, aud))
		found |= json_string(&one) && !strcmp(json_string(&one), name);
	return found;
}

int
jwt_claims(const struct json *claims, const struct jwt_rules *r,
    struct err *e)
{
	struct json value;
	bool named;

	if (json_kind(claims) != JSON_OBJECT)
		return err_set(e, E_bad_token, "the payload is not an object");
	if (dates(claims, r->at_ms, e))
		return -1;
	named = json_find(&value, claims, "aud");
	if (named != (r->aud != NULL) ||
	    (named && !has_audience(&value, r->aud)))
		return err_set(e, E_wrong_audience, named ? "it is for "
		    "another audience: say which by --aud" : "it names no "
		    "audience");
	if (r->iss && (!json_find(&value, claims, "iss") ||
	    !json_string(&value) || strcmp(json_string(&value), r->iss)))
		return err_set(e, E_wrong_issuer, "it is not issued by '%.80s'",
		    r->iss);
	return 0;
}

/* "header.payload", both in base64url. */
static void
begin(struct buf *out, const char *alg, const char *typ, const char *kid,
    const char *payload, size_t n)
{
	struct buf head = BUF_INIT(4 * JWT_KID);

	json_open(&head, NULL, '{');
	json_str(&head, "alg", alg);
	json_str(&head, "kid", kid);
	json_str(&head, "typ", typ);
	json_close(&head, '}');
	enc_base64url(out, head.data, head.len);
	buf_addc(out, '.');
	enc_base64url(out, payload, n);
	buf_release(&head);
}

/* And what signs that. */
static void
end(struct buf *out, const struct buf *text, const void *sig, size_t n)
{
	buf_addf(out, "%s.", text->data);
	enc_base64url(out, sig, n);
}

void
jwt_make_ed(struct buf *out, const char *kid, const struct sign_key *key,
    const char *payload, size_t n)
{
	struct buf text = BUF_INIT(out->max);
	struct sign_sig sig;

	begin(&text, "EdDSA", "JWT", kid, payload, n);
	sign_make(&sig, key, text.data, text.len);
	end(out, &text, sig.b, sizeof(sig.b));
	buf_release(&text);
}

void
jwt_make_typed(struct buf *out, const char *typ, const char *kid,
    const struct token_key *key, const char *payload, size_t n)
{
	struct buf text = BUF_INIT(out->max);
	struct token_sig sig;

	begin(&text, "RS256", typ, kid, payload, n);
	rsa_sign(&sig, key, text.data, text.len);
	end(out, &text, sig.b, sig.len);
	buf_release(&text);
}

void
jwt_make_rsa(struct buf *out, const char *kid, const struct token_key *key,
    const char *payload, size_t n)
{
	jwt_make_typed(out, "JWT", kid, key, payload, n);
}
