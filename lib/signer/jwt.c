#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/thumb.h"
#include "key/ident.h"
#include "key/token.h"
#include "sig/jwt.h"
#include "sig/space.h"
#include "signer/impl.h"

#define CLAIMS_MAX 32768

/* The claims with iat and exp, if a life is given; they must not be there. */
static int
add_dates(struct buf *out, const struct json *claims, const char *ttl,
    int64_t now_ms, struct err *e)
{
	struct json member = { 0 };
	int64_t span;

	json_open(out, NULL, '{');
	while (json_next(&member, claims))
		json_copy(out, json_key(&member), &member);
	if (ttl) {
		if (clock_span(ttl, &span, e))
			return -1;
		if (json_find(&member, claims, "iat") ||
		    json_find(&member, claims, "exp"))
			return err_set(e, E_usage, "--ttl makes iat and exp: "
			    "the claims have one");
		json_int(out, "iat", now_ms / 1000);
		json_int(out, "exp", (now_ms + span) / 1000);
	}
	json_close(out, '}');
	return 0;
}

struct keys { struct sign_key node; struct token_key token; };

static int
open_keys(struct cli *c, struct signer *o, struct keys *k, struct err *e)
{
	return (o->token ? token_open(c->home, &k->token, e) :
	    signer_key(c, o, &k->node, e)) ||
	    signer_shut(c, o, SIGNER_NOTHING, e) ? -1 : 0;
}

static void
make(struct buf *out, const struct signer *o, const struct keys *k,
    const struct buf *claims)
{
	char kid[HASH_HEX];

	if (o->token) {
		thumb_of_rsa(kid, &k->token.pub);
		jwt_make_rsa(out, kid, &k->token, claims->data, claims->len);
	} else {
		ident_id(kid, &k->node.pub);
		jwt_make_ed(out, kid, &k->node, claims->data, claims->len);
	}
}

static int
sign(struct cli *c, struct signer *o, struct err *e)
{
	struct buf in = BUF_INIT(CLAIMS_MAX), out = BUF_INIT(JWT_MAX),
	    claims = BUF_INIT(CLAIMS_MAX);
	struct json root = { 0 };
	struct keys keys = { 0 };
	int rc = -1;

	if (open_keys(c, o, &keys, e))
		goto out;
	cli_expect_stdin(c);
	if (json_read_file(&in, "-", JSON_OBJECT, e) ||
	    json_parse(&root, in.data, in.len, e) ||
	    add_dates(&claims, &root, o->ttl, cli_now(c), e))
		goto out;
	make(&out, o, &keys, &claims);
	rc = cli_emit_buf(c, &out, e);
out:
	json_release(&root);
	sign_key_release(&keys.node);
	rsa_key_release(&keys.token);
	buf_release(&in);
	buf_release(&out);
	buf_release(&claims);
	return rc;
}

/* --jwks, or the keys of this node. */
static int
read_keys(struct cli *c, const struct signer *o, struct jwks *out,
    struct err *e)
{
	struct buf text = BUF_INIT(JSON_MAX);
	struct json root;
	int rc;

	rc = o->jwks ? json_read_file(&text, o->jwks, JSON_OBJECT, e) :
	    token_jwks(&text, c->home, cli_now(c), e);
	if (!rc)
		rc = json_parse(&root, text.data, text.len, e);
	if (!rc) {
		rc = jwks_read(out, &root, e);
		json_release(&root);
	}
	buf_release(&text);
	return rc;
}

static void
say_claims(struct signer_item *i, const struct jwt *t,
    const struct json *claims)
{
	json_str(&i->also, "alg", t->alg);
	json_copy(&i->also, "claims", claims);
}

/* Keys of this node count, unless a line of a trust file revokes them. */
static bool
is_revoked(struct check *v, const struct check_ask *a)
{
	const struct trust_ask ask = {
		.key_id = v->key_id, .space = a->space, .at_ms = a->at_ms,
		.as_of = a->as_of,
	};
	struct err why = { 0 };
	const char *ignored;

	if (!trust_check(a->trust, &ask, &ignored, NULL, &why) ||
	    why.code != E_revoked)
		return false;
	v->why = why;
	return true;
}

static void
judge(struct signer_item *i, const struct jwt_rules *rules,
    const struct jwks *set, const struct check_ask *own,
    const struct buf *text)
{
	struct check *v = &i->check;
	const struct jwk *key;
	struct json claims;
	struct err why = { 0 };
	struct jwt t;

	if (jwt_read(&t, text->data, text->len, &v->why) ||
	    jwt_check(&t, set, &key, &v->why))
		goto out;
	v->named = true;
	v->space = SPACE_JWT;
	if (!key->rsa)
		ident_id(v->key_id, &key->ed);
	if (own && !key->rsa && is_revoked(v, own))
		goto out;
	if (json_parse(&claims, t.payload.data, t.payload.len, &why)) {
		err_set_(&v->why, E_bad_token, "the payload: %s", why.msg);
	} else {
		if (!jwt_claims(&claims, rules, &v->why))
			say_claims(i, &t, &claims);
		json_release(&claims);
	}
out:
	jwt_release(&t);
}

/* A token on each line. */
static int
verify_lines(struct signer_round *r, const struct jwks *set, struct err *e)
{
	struct jwt_rules rules = {
		.aud = r->opts->aud, .iss = r->opts->iss,
		.at_ms = r->ask.at_ms,
	};
	struct signer_item i;
	char path[32];
	int got;

	while ((got = line_next(&r->in, e)) != 0) {
		if (got < 0 && e->code != E_too_long)
			break;
		i = (struct signer_item){
			.path = path, .also = BUF_INIT(JSON_MAX),
		};
		snprintf(path, sizeof(path), "stdin:%lu", r->in.number);
		check_init(&i.check);
		if (!r->ask.as_of)
			rules.at_ms = cli_now(r->cli);
		r->ask.at_ms = rules.at_ms;
		if (got < 0) {
			i.check.why = *e;
			*e = (struct err){ 0 };
		} else {
			judge(&i, &rules, set, r->opts->jwks ? NULL : &r->ask,
			    &r->in.text);
		}
		got = signer_round_give(r, &i, e);
		check_release(&i.check);
		buf_release(&i.also);
		if (got)
			break;
	}
	return got < 0 ? -1 : signer_round_sum(r, e);
}

static int
verify(struct cli *c, struct signer *o, struct err *e)
{
	struct jwks set = { 0 };
	struct signer_round r;
	int rc;

	rc = signer_round_open(&r, c, o, SPACE_JWT, e) ||
	    signer_shut(c, o, SIGNER_NOTHING, e) ? -1 : 0;
	if (!rc)
		rc = read_keys(c, o, &set, e);
	if (!rc) {
		cli_expect_stdin(c);
		rc = verify_lines(&r, &set, e);
	}
	jwks_release(&set);
	signer_round_close(&r);
	return rc;
}

int
signer_jwt(struct cli *c, struct signer *o, struct err *e)
{
	if (signer_signs(o, o->at, e))
		return -1;
	return o->verify ? verify(c, o, e) : sign(c, o, e);
}
