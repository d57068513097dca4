#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "crypto/hash.h"
#include "cri/certificate.h"
#include "ledger/ledger.h"

#define PARTS 7			/* that add to a score */
#define TAKEN 3			/* that are taken off */

static const char *const part_names[PARTS] = {
	"base", "transaction_score", "diversity_score", "volume_score",
	"age_score", "buyer_activity", "genesis_bonus",
};
static const char *const taken_names[TAKEN] = {
	"dispute_penalty", "concentration_penalty", "strike_penalty",
};

void
certificate_issuer(char out[CERTIFICATE_ISSUER], const struct params *p,
    const char *origin)
{
	const char *said = param_string(p, PARAM_cri_issuer);
	const char *url = param_string(p, PARAM_base_url), *host;

	if (*said) {
		snprintf(out, CERTIFICATE_ISSUER, "%s", said);
		return;
	}
	host = strstr(url, "://");
	host = host ? host + 3 : url;
	if (*host)
		snprintf(out, CERTIFICATE_ISSUER, "%.*s",
		    (int)strcspn(host, ":/?#"), host);
	else
		snprintf(out, CERTIFICATE_ISSUER, "%s", origin);
}

int
certificate_of(struct store *s, const char *node_id, int64_t now_ms,
    const struct params *p, struct certified *out, struct err *e)
{
	return node_get(s, node_id, &out->node, e) ||
	    cri_score(s, node_id, now_ms, p, &out->cri, e) ||
	    cri_level(s, node_id, now_ms, p, &out->level, e) ? -1 : 0;
}

static void
put(struct buf *out, const char *const *names, const double *part, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		cri_part_write(out, names[i], part[i]);
}

static void
put_factors(struct buf *out, const struct cri *c)
{
	const double part[PARTS] = {
		c->base, c->tx, c->diversity, c->volume, c->age, c->buyer,
		c->genesis,
	};

	put(out, part_names, part, PARTS);
}

static void
put_penalties(struct buf *out, const struct cri *c)
{
	const double part[TAKEN] = {
		c->dispute, c->concentration, c->strike,
	};

	put(out, taken_names, part, TAKEN);
}

void
certificate_components(struct buf *out, const char *key, const struct cri *c)
{
	json_open(out, key, '{');
	put_factors(out, c);
	put_penalties(out, c);
	json_close(out, '}');
}

void
certificate_history(struct buf *out, const char *key,
    const struct certified *c)
{
	const struct cri_facts *f = &c->cri.facts;

	json_open(out, key, '{');
	json_int(out, "trades_completed", f->sold + f->bought);
	json_int(out, "unique_counterparties", f->partners);
	json_int(out, "disputes", f->failed);
	json_int(out, "disputes_total", f->failed);
	json_int(out, "strikes", f->strikes);
	json_time(out, "member_since", c->node.made_ms);
	json_bool(out, "is_genesis", f->badge);
	json_str(out, "level", cri_rung(c->level.id)->name);
	json_close(out, '}');
}

void
certificate_claims(struct buf *out, const struct certificate *a,
    const struct certified *c)
{
	char hex[HASH_HEX];

	json_open(out, NULL, '{');
	json_str(out, "iss", a->issuer);
	json_str(out, "sub", c->node.id);
	json_str(out, "jti", a->id);
	json_int(out, "iat", a->now_ms / 1000);
	json_int(out, "exp", a->exp_ms / 1000);
	json_open(out, "cri", '{');
	cri_score_write(out, "score", c->cri.tenths);
	json_open(out, "factors", '{');
	put_factors(out, &c->cri);
	json_close(out, '}');
	json_open(out, "penalties", '{');
	put_penalties(out, &c->cri);
	json_close(out, '}');
	json_close(out, '}');
	certificate_history(out, "history", c);
	json_open(out, "evidence", '{');
	json_str(out, "origin", a->origin);
	json_int(out, "size", a->head->size);
	hash_hex(hex, &a->head->root);
	json_str(out, "root", hex);
	json_close(out, '}');
	json_close(out, '}');
}

/* Of whatever log it is: the members that a certificate cannot lack. */
static int
check_form(const struct json *claims, struct err *e)
{
	struct json cri, any;
	const char *text;
	int64_t n;

	return json_get_str(claims, "iss", &text, e) ||
	    json_get_str(claims, "sub", &text, e) ||
	    json_get_int(claims, "iat", &n, e) ||
	    json_get_int(claims, "exp", &n, e) ||
	    json_get(&any, claims, "history", JSON_OBJECT, e) ||
	    json_get(&cri, claims, "cri", JSON_OBJECT, e) ||
	    json_get(&any, &cri, "score", JSON_NUMBER, e) ||
	    json_get(&any, &cri, "factors", JSON_OBJECT, e) ||
	    json_get(&any, &cri, "penalties", JSON_OBJECT, e) ? -1 : 0;
}

static int
check_claims(struct json *claims, const struct jwt *t,
    const struct certificate_ask *a, struct err *e)
{
	const struct jwt_rules rules = { .iss = a->iss, .at_ms = a->at_ms };
	struct err why = { 0 };

	if (json_parse(claims, t->payload.data, t->payload.len, &why))
		return err_set(e, E_bad_token, "the payload: %s", why.msg);
	if (jwt_claims(claims, &rules, e))
		return -1;
	return check_form(claims, &why) ? err_set(e, E_bad_token,
	    "it certifies no score: %s", why.msg) : 0;
}

static int
check_signature(const struct jwt *t, const struct certificate_ask *a,
    struct err *e)
{
	struct jwks keys = *a->keys;
	const struct jwk *key;
	struct jwk renamed;

	if (strcmp(t->alg, "RS256"))
		return err_set(e, E_bad_alg, "a certificate is of RS256, the "
		    "token says '%s'", t->alg);
	if (a->any_name && keys.n == 1) {
		renamed = *keys.key;
		memcpy(renamed.kid, t->kid, sizeof(renamed.kid));
		keys.key = &renamed;
	}
	return jwt_check(t, &keys, &key, e);
}

int
certificate_check(struct json *claims, char kid[JWT_KID],
    const struct certificate_ask *a, const char *token, size_t n,
    struct err *e)
{
	struct jwt t;
	int rc = jwt_read(&t, token, n, e);

	*claims = (struct json){ 0 };
	if (!rc)
		rc = check_signature(&t, a, e);
	if (!rc) {
		rc = check_claims(claims, &t, a, e);
		if (rc)
			json_release(claims);
	}
	memcpy(kid, t.kid, JWT_KID);
	jwt_release(&t);
	return rc;
}

/* A member of good claims, as it came. */
static void
copy(struct buf *out, const char *as, const struct json *from,
    const char *key)
{
	struct json value;

	if (json_find(&value, from, key))
		json_copy(out, as, &value);
}

void
certificate_write(struct buf *out, const struct json *claims,
    const char *kid)
{
	struct json cri;

	if (!json_find(&cri, claims, "cri"))
		return;
	json_open(out, NULL, '{');
	json_bool(out, "valid", true);
	copy(out, "node_id", claims, "sub");
	copy(out, "cri_score", &cri, "score");
	copy(out, "cri_factors", &cri, "factors");
	copy(out, "cri_penalties", &cri, "penalties");
	copy(out, "history", claims, "history");
	copy(out, "evidence", claims, "evidence");
	copy(out, "issued_at", claims, "iat");
	copy(out, "expires_at", claims, "exp");
	copy(out, "issuer", claims, "iss");
	json_str(out, "kid", kid);
}
