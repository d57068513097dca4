/* Is it a certificate, and is it true? */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/enc.h"
#include "base/num.h"
#include "crypto/hash.h"
#include "cri/attest.h"
#include "cri/certificate.h"
#include "cri/impl.h"

/* --- its form: of whatever log it is, what a certificate cannot lack ------ */

static int
check_number(const struct json *in, const char *key, double most,
    struct err *e)
{
	struct json value;
	const char *digits;
	double x;
	size_t n;

	if (json_get(&value, in, key, JSON_NUMBER, e))
		return -1;
	digits = json_lexeme(&value, &n);
	x = num_read(digits, n);
	return x >= 0 && x <= most ? 0 : json_fail(in, key, E_bad_json,
	    "is out of range", e);
}

/* An object of numbers, by their names. */
static int
check_numbers(const struct json *in, const char *key,
    const char *const *names, size_t n, double most, struct err *e)
{
	struct json numbers;
	size_t i;

	if (json_get(&numbers, in, key, JSON_OBJECT, e))
		return -1;
	for (i = 0; i < n; i++)
		if (check_number(&numbers, names[i], most, e))
			return -1;
	return 0;
}

static int
check_count(const struct json *in, const char *key, struct err *e)
{
	int64_t n;

	if (json_get_int(in, key, &n, e))
		return -1;
	return n >= 0 ? 0 :
	    json_fail(in, key, E_bad_json, "is out of range", e);
}

static int
check_score(const struct json *claims, struct err *e)
{
	struct json cri;

	return json_get(&cri, claims, "cri", JSON_OBJECT, e) ||
	    check_number(&cri, "score", CRI_MAX / 10, e) ||
	    check_numbers(&cri, "factors", cri_part_names, CRI_ADDED,
	    CRI_MAX / 10, e) ||
	    check_numbers(&cri, "penalties", cri_part_names + CRI_ADDED,
	    CRI_PARTS - CRI_ADDED, 1e9, e) ? -1 : 0;
}

static int
check_history(const struct json *claims, struct err *e)
{
	static const char *const counts[] = {
		"trades_completed", "unique_counterparties", "disputes",
		"disputes_total", "strikes",
	};
	struct json history;
	const char *text;
	int64_t ms;
	size_t i;
	bool is;

	if (json_get(&history, claims, "history", JSON_OBJECT, e))
		return -1;
	for (i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		if (check_count(&history, counts[i], e))
			return -1;
	if (json_get_str(&history, "member_since", &text, e))
		return -1;
	if (clock_parse(text, &ms, e))
		return err_wrap(e, "/history/member_since");
	return json_get_bool(&history, "is_genesis", &is, e) ||
	    json_get_str(&history, "level", &text, e) ? -1 : 0;
}

/* Another's may lack it; what is there has to be of a log. */
static int
check_evidence(const struct json *claims, struct err *e)
{
	struct json evidence;
	struct hash root;
	const char *text;

	if (!json_find(&evidence, claims, "evidence"))
		return 0;
	if (json_want(&evidence, JSON_OBJECT, e) ||
	    json_get_str(&evidence, "origin", &text, e) ||
	    check_count(&evidence, "size", e) ||
	    json_get_str(&evidence, "root", &text, e))
		return -1;
	return enc_unhex(&root, text, sizeof(root)) ? 0 :
	    json_fail(&evidence, "root", E_bad_json, "is not 64 hex digits",
	    e);
}

static int
check_text(const struct json *claims, const char *key, struct err *e)
{
	const char *text;

	if (json_get_str(claims, key, &text, e))
		return -1;
	return *text ? 0 : json_fail(claims, key, E_bad_json, "is empty", e);
}

static int
check_form(const struct json *claims, struct err *e)
{
	int64_t iat, exp;

	if (check_text(claims, "iss", e) || check_text(claims, "sub", e) ||
	    check_text(claims, "jti", e) ||
	    json_get_int(claims, "iat", &iat, e) ||
	    json_get_int(claims, "exp", &exp, e))
		return -1;
	if (iat < 0 || exp <= iat)
		return json_fail(claims, "exp", E_bad_json,
		    "is not after its iat", e);
	return check_score(claims, e) || check_history(claims, e) ||
	    check_evidence(claims, e) ? -1 : 0;
}

/* --- who signed it, and when ---------------------------------------------- */

static int
check_claims(struct json *claims, const struct jwt *t,
    const struct certificate_ask *a, struct err *e)
{
	const struct jwt_rules rules = { .iss = a->iss, .at_ms = a->at_ms };
	struct err why = { 0 };

	if (json_parse(claims, t->payload.data, t->payload.len, &why))
		return err_set(e, E_bad_token, "the payload: %s", why.msg);
	if (jwt_claims(claims, &rules, e))
		return e->code != E_wrong_audience ? -1 : err_set(e,
		    E_wrong_audience, "it is for an audience, as tokens for "
		    "access are, and certificates are for all");
	if (check_form(claims, &why))
		return err_set(e, E_bad_token, "it certifies no score: %s",
		    why.msg);
	if (!attest_check(claims, &why))
		return 0;
	if (why.kind == ERR_INPUT)
		return err_set(e, E_bad_token, "it names no facts: %s",
		    why.msg);
	*e = why;
	return -1;
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
	if (*t->typ && strcmp(t->typ, "JWT"))
		return err_set(e, E_bad_header, "a certificate is a JWT, the "
		    "token says '%s'", t->typ);
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
	copy(out, "facts", claims, "facts");
	copy(out, "parameters", claims, "parameters");
	copy(out, "parameters_sha256", claims, "parameters_sha256");
	copy(out, "evidence", claims, "evidence");
	copy(out, "issued_at", claims, "iat");
	copy(out, "expires_at", claims, "exp");
	copy(out, "issuer", claims, "iss");
	json_str(out, "kid", kid);
}
