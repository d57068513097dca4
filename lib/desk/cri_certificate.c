/* Certificates of scores, with the facts that these follow from at will. */
#include <string.h>

#include "base/buf.h"
#include "base/id.h"
#include "cri/certificate.h"
#include "crypto/thumb.h"
#include "desk/cri.h"
#include "evidence/issue.h"
#include "key/token.h"
#include "ledger/ledger.h"

#define RECORD_MAX (4 * JWT_MAX)
#define TRIES 8			/* at a head and a checkpoint of it */

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
put_record(struct buf *out, const struct cli *c, const struct certificate *a,
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
	put_urls(out, param_string(&c->params, PARAM_base_url));
	json_close(out, '}');
}

/* Sign what is certified, and print it. */
static int
issue(struct cli *c, const struct token_key *key, const struct certificate *a,
    const struct certified *of, struct err *e)
{
	struct buf claims = BUF_INIT(JWT_MAX), token = BUF_INIT(JWT_MAX),
	    out = BUF_INIT(RECORD_MAX);
	char kid[THUMB_TEXT];
	int rc;

	thumb_of_rsa(kid, &key->pub);
	certificate_claims(&claims, a, of);
	jwt_make_rsa(&token, kid, key, claims.data, claims.len);
	put_record(&out, c, a, of, token.data, kid);
	rc = claims.full || token.full || token.len > JWT_MAX ?
	    err_set(e, E_too_long, "the certificate of '%s' is over %d bytes",
	    of->node.id, JWT_MAX) : cli_emit_buf(c, &out, e);
	buf_release(&claims);
	buf_release(&token);
	buf_release(&out);
	return rc;
}

/*
 * A checkpoint of what the log is now: that which is stored, or a new one.  1,
 * or 0 where nothing can be signed.
 */
static int
check_in(struct cli *c, bool writes, struct issued *out, struct err *e)
{
	struct err why = { 0 };
	struct ledger_head head;
	struct issuer i;

	if (ledger_head(c->store, &head, e) || issue_begin(&i, c->store,
	    c->home, &c->params, cli_now(c), e))
		return -1;
	if (!issue_stored(&i, head.size, out, &why) || (writes &&
	    why.code == E_no_checkpoint && !issue_checkpoint(&i, out, &why)))
		return 1;
	if (why.code == E_no_key || (!writes && why.code == E_no_checkpoint))
		return 0;
	*e = why;
	return -1;
}

/* Score and log are read in one state, so that one is evidence of the other. */
static int
read_state(struct cli *c, const char *node_id, struct certificate *a,
    struct ledger_head *head, struct certified *of, struct trail *trail,
    struct err *e)
{
	int rc = store_snapshot(c->store, e) ||
	    ledger_head(c->store, head, e) ||
	    trail_load(trail, c->store, head->size, e) ||
	    certificate_of(c->store, node_id, a->now_ms, &c->params, of, e) ?
	    -1 : 0;

	store_rollback(c->store);
	return rc;
}

struct certifying {
	const struct token_key *key;
	bool facts, writes;
};

static int
certify(struct cli *c, const struct certifying *how, const char *node_id,
    struct err *e)
{
	char issuer[CERTIFICATE_ISSUER], id[ID_TEXT];
	struct issued made = ISSUED_INIT;
	struct certificate a = {
		.id = id, .issuer = issuer,
		.now_ms = cli_now(c) / 1000 * 1000,	/* iat */
		.params = how->facts ? &c->params : NULL,
	};
	struct ledger_head head;
	struct trail trail = { 0 };
	struct certified of;
	int got = 0, rc, tries = how->facts ? TRIES : 1;

	a.exp_ms = a.now_ms + c->params.value[PARAM_cri_certificate_ttl];
	a.head = &head;
	id_new(id, a.now_ms, &c->chance);
	do {
		trail_release(&trail);
		trail = (struct trail){ 0 };
		if (how->facts)
			got = check_in(c, how->writes, &made, e);
		rc = got < 0 || read_state(c, node_id, &a, &head, &of, &trail,
		    e) ? -1 : 0;
	} while (!rc && got && made.at.size != (uint64_t)head.size && --tries);
	if (!rc && got && made.at.size == (uint64_t)head.size) {
		a.note = made.note.data;
		a.note_n = made.note.len;
	}
	a.origin = trail.origin;
	certificate_issuer(issuer, &c->params, trail.origin);
	if (!rc)
		rc = issue(c, how->key, &a, &of, e);
	trail_release(&trail);
	issue_release(&made);
	return rc;
}

/* A checkpoint is written, unless it is stored or nothing can be. */
static int
open_store(struct cli *c, struct certifying *how, struct err *e)
{
	struct err why = { 0 };

	if (how->facts && !cli_store_write(c, &why)) {
		how->writes = true;
		return 0;
	}
	if (why.kind && why.kind != ERR_DENIED && why.kind != ERR_SYSTEM) {
		*e = why;
		return -1;
	}
	return cli_store(c, e);
}

int
desk_cri_certificate(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct token_key key = { 0 };
	struct certifying how = { .key = &key, .facts = d->with_facts };
	char **id;
	int rc;

	rc = open_store(c, &how, e) || token_open(c->home, &key, e) ? -1 : 0;
	for (id = c->argv; *id && !rc; id++)
		rc = certify(c, &how, *id, e);
	rsa_key_release(&key);
	return rc;
}
