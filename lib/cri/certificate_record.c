/* What is said of certificates to those who ask for one, or show one. */
#include <string.h>

#include "base/buf.h"
#include "cri/certificate.h"
#include "crypto/thumb.h"
#include "ledger/ledger.h"

/* Where others find it, and the keys to it; if this grid has an address. */
static void
put_urls(struct buf *out, const char *base)
{
	static const struct { const char *key, *path; } urls[] = {
		{ "verify_url", "/v1/cri/verify" },
		{ "public_key_url",
		    "/.well-known/botnode-cri-pubkey.pem" },
		{ "jwks_url", "/.well-known/jwks.json" },
	};
	struct buf url = BUF_INIT(PARAM_LINE + 64);
	size_t i, n = strlen(base);

	while (n && base[n - 1] == '/')
		n--;
	for (i = 0; n && i < sizeof(urls) / sizeof(*urls); i++) {
		buf_reset(&url);
		buf_add(&url, base, n);
		buf_adds(&url, urls[i].path);
		json_str(out, urls[i].key, url.data);
	}
	buf_release(&url);
}

static void
put_record(struct buf *out, const struct certificate *a,
    const struct certified *of, const char *token, const char *kid)
{
	json_open(out, NULL, '{');
	json_str(out, "certificate", token);
	json_str(out, "attestation", token);
	json_str(out, "node_id", of->node.id);
	cri_score_write(out, "cri_score", of->cri.tenths);
	json_open(out, "score", '{');
	cri_score_write(out, "score", of->cri.tenths);
	certificate_components(out, "components", &of->cri);
	json_time(out, "computed_at", a->now_ms);
	json_close(out, '}');
	certificate_history(out, "history", of);
	json_int(out, "valid_until", a->exp_ms / 1000);
	json_time(out, "valid_until_at", a->exp_ms / 1000 * 1000);
	json_str(out, "kid", kid);
}

int
certificate_issue(struct buf *out, const struct token_key *key,
    const struct certificate *a, const struct certified *of,
    const char *base, struct err *e)
{
	struct buf claims = BUF_INIT(JWT_MAX), token = BUF_INIT(JWT_MAX);
	char kid[THUMB_TEXT];
	int rc = 0;

	thumb_of_rsa(kid, &key->pub);
	certificate_claims(&claims, a, of);
	jwt_make_rsa(&token, kid, key, claims.data, claims.len);
	if (claims.full || token.full || token.len > JWT_MAX)
		rc = err_set(e, E_too_long, "the certificate of '%s' is over "
		    "%d bytes", of->node.id, JWT_MAX);
	put_record(out, a, of, token.data, kid);
	put_urls(out, base);
	json_close(out, '}');
	buf_release(&claims);
	buf_release(&token);
	return rc;
}

void
certificate_refuse(struct buf *out, const struct err *why)
{
	json_open(out, NULL, '{');
	json_bool(out, "valid", false);
	json_str(out, "error", why->code == E_expired ? "Certificate "
	    "expired. Request a fresh one from the node." :
	    "Invalid or tampered certificate");
	json_str(out, "code", err_word(why->code));
}

int
certificate_since(struct buf *out, const struct json *claims,
    struct store *s, int64_t now_ms, const struct params *p, struct err *e)
{
	struct err none = { 0 };
	struct cri cri;
	struct node n;
	const char *id;
	int rc = -1;

	if (s && !json_get_str(claims, "sub", &id, e)) {
		rc = node_get(s, id, &n, &none);
		if (rc && none.code != E_node_missing) {
			*e = none;
			return -1;
		}
	}
	if (rc) {
		json_null(out, "node_active");
		json_null(out, "current_score");
		return 0;
	}
	if (cri_score(s, id, now_ms, p, &cri, e))
		return -1;
	json_bool(out, "node_active", n.active);
	cri_score_write(out, "current_score", cri.tenths);
	return 0;
}
