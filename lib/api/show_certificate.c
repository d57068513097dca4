/* Scores that can be shown to strangers: spec/vmp.md 5.7, 5.8. */
#include <string.h>

#include "api/impl.h"
#include "api/show.h"
#include "base/id.h"
#include "cri/certificate.h"
#include "evidence/trail.h"
#include "key/token.h"
#include "ledger/ledger.h"

static const struct conf *
conf_of(const struct call *c)
{
	return ((const struct job *)c)->conf;
}

/* What this log is called. */
static int
read_trail(struct call *c, struct ledger_head *head, struct trail *out,
    struct err *e)
{
	return ledger_head(c->store, head, e) ||
	    trail_load(out, c->store, head->size, e) ? -1 : 0;
}

int
show_certificate(struct call *c, const char *node_id, struct err *e)
{
	char issuer[CERTIFICATE_ISSUER], id[ID_TEXT];
	struct ledger_head head;
	struct certificate a = {
		.id = id, .issuer = issuer, .head = &head,
		.now_ms = c->now_ms / 1000 * 1000,	/* iat */
	};
	struct trail trail = { 0 };
	struct certified of;
	int rc;

	a.exp_ms = a.now_ms + c->params->value[PARAM_cri_certificate_ttl];
	id_new(id, a.now_ms, c->chance);
	rc = read_trail(c, &head, &trail, e) || certificate_of(c->store,
	    node_id, a.now_ms, c->params, &of, e) ? -1 : 0;
	a.origin = trail.origin;
	certificate_issuer(issuer, c->params, trail.origin);
	if (!rc)
		rc = certificate_issue(&c->out, &conf_of(c)->token, &a, &of,
		    c->base_url, e);
	trail_release(&trail);
	return rc;
}

static int
do_certificate(struct call *c, struct err *e)
{
	return show_certificate(c, c->param[0], e);
}

/* What is no certificate of ours is an answer, too. */
static int
do_verify(struct call *c, struct err *e)
{
	const char *token = call_str(&c->body, "token", "");
	char issuer[CERTIFICATE_ISSUER], kid[JWT_KID];
	const struct certificate_ask ask = {
		.keys = &conf_of(c)->jwks, .iss = issuer,
		.at_ms = c->now_ms,
	};
	struct trail trail = { 0 };
	struct ledger_head head;
	struct json claims;
	struct err why;
	int rc = read_trail(c, &head, &trail, e);

	certificate_issuer(issuer, c->params, trail.origin);
	trail_release(&trail);
	if (rc)
		return -1;
	if (certificate_check(&claims, kid, &ask, token, strlen(token),
	    &why)) {
		certificate_refuse(&c->out, &why);
	} else {
		certificate_write(&c->out, &claims, kid);
		rc = certificate_since(&c->out, &claims, c->store, c->now_ms,
		    c->params, e);
		json_release(&claims);
	}
	json_close(&c->out, '}');
	return rc;
}

static int
do_pem(struct call *c, struct err *e)
{
	(void)e;
	rsa_spki(&c->out, &conf_of(c)->token.pub);
	c->type = "application/x-pem-file";
	call_document(c);
	return 0;
}

static int
do_jwks(struct call *c, struct err *e)
{
	if (token_jwks(&c->out, api_home(c->api), c->now_ms, e))
		return -1;
	call_document(c);
	return 0;
}

#define TAG .tag = "reputation"
const struct route routes_certificate[] = {
	{ "GET", "/v1/nodes/{node_id}/cri/certificate", .class = ROUTE_SLOW,
	    .act = do_certificate, TAG,
	    .summary = "The score of a node, signed",
	    .codes = "node_missing",
	    .reply = "Certificate" },
	{ "POST", "/v1/cri/verify", .flags = ROUTE_EXEMPT,
	    .act = do_verify, TAG, .summary = "Is such a score true?",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"token\":{\"type\":\"string\",\"minLength\":1}},"
		"\"required\":[\"token\"]}",
	    .reply = "{ valid: bool, error: text?, node_id: text?, "
		"cri_score: number?, cri_factors: Factors?, "
		"cri_penalties: Penalties?, history: History?, "
		"issued_at: int?, expires_at: int?, issuer: text?, "
		"kid: text?, node_active: bool?, current_score: number? }" },
	{ "GET", "/.well-known/botnode-cri-pubkey.pem", .act = do_pem, TAG,
	    .media = "application/x-pem-file",
	    .summary = "The key that signs scores and access tokens" },
	{ "GET", "/.well-known/jwks.json", .class = ROUTE_SLOW,
	    .act = do_jwks, TAG, .summary = "All keys of this grid",
	    .reply = "{ keys: [Jwk] }" },
	{ 0 }
};
