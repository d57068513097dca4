/* Certificates of scores: one that is made, and those that are shown. */
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/id.h"
#include "base/line.h"
#include "base/mem.h"
#include "cri/certificate.h"
#include "crypto/thumb.h"
#include "desk/cri.h"
#include "evidence/trail.h"
#include "key/token.h"
#include "ledger/ledger.h"

#define RECORD_MAX (4 * JWT_MAX)
#define PEM_MAX 65536

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
	rc = cli_emit_buf(c, &out, e);
	buf_release(&claims);
	buf_release(&token);
	buf_release(&out);
	return rc;
}

/* Score and log are read in one state, so that one is evidence of the other. */
static int
certify(struct cli *c, const char *node_id, const struct token_key *key,
    struct err *e)
{
	char issuer[CERTIFICATE_ISSUER], id[ID_TEXT];
	struct certificate a = {
		.id = id, .issuer = issuer, .now_ms = cli_now(c),
	};
	struct ledger_head head;
	struct trail trail = { 0 };
	struct certified of;
	int rc;

	a.exp_ms = a.now_ms + c->params.value[PARAM_cri_certificate_ttl];
	a.head = &head;
	id_new(id, a.now_ms, &c->chance);
	rc = store_snapshot(c->store, e) ||
	    ledger_head(c->store, &head, e) ||
	    trail_load(&trail, c->store, head.size, e) ||
	    certificate_of(c->store, node_id, a.now_ms, &c->params, &of, e) ?
	    -1 : 0;
	store_rollback(c->store);
	a.origin = trail.origin;
	certificate_issuer(issuer, &c->params, trail.origin);
	if (!rc)
		rc = issue(c, key, &a, &of, e);
	trail_release(&trail);
	return rc;
}

int
desk_cri_certificate(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct token_key key = { 0 };
	char **id;
	int rc;

	(void)d;
	rc = cli_store(c, e) || token_open(c->home, &key, e) ? -1 : 0;
	for (id = c->argv; *id && !rc; id++)
		rc = certify(c, *id, &key, e);
	rsa_key_release(&key);
	return rc;
}

/* --- and the other way ---------------------------------------------------- */

struct checking {
	struct cli *cli;
	struct jwks keys;
	struct certificate_ask ask;
	char issuer[CERTIFICATE_ISSUER];
	bool own;			/* by this home's keys */
	unsigned long number;		/* of the one that is looked at */
	bool seen;			/* any */
};

/* One key of a file, which a token may call as it likes. */
static int
read_pem(struct checking *k, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(PEM_MAX);
	int rc = file_read(&text, path, e);

	if (!rc) {
		k->keys.key = mem_zero(1, sizeof(*k->keys.key));
		k->keys.n = 1;
		k->keys.key->rsa = true;
		k->ask.any_name = true;
		if (rsa_spki_read(&k->keys.key->token, text.data, text.len,
		    e))
			rc = err_wrap(e, "'%s'", path);
	}
	buf_release(&text);
	return rc;
}

static int
read_jwks(struct checking *k, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(JSON_MAX);
	struct json root;
	int rc;

	rc = path ? json_read_file(&text, path, JSON_OBJECT, e) :
	    token_jwks(&text, k->cli->home, cli_now(k->cli), e);
	if (!rc)
		rc = json_parse(&root, text.data, text.len, e);
	if (!rc) {
		rc = jwks_read(&k->keys, &root, e);
		json_release(&root);
	}
	buf_release(&text);
	return rc;
}

/* The keys of this home: its own certificates, by its own name. */
static int
read_own(struct checking *k, struct err *e)
{
	struct cli *c = k->cli;
	struct trail trail = { 0 };
	struct ledger_head head;
	int rc;

	if (!c->home)
		return err_set(e, E_usage, "no home has keys to check with: "
		    "say --pubkey or --jwks");
	k->own = true;
	rc = cli_store_read(c, e) || ledger_head(c->store, &head, e) ||
	    trail_load(&trail, c->store, head.size, e) ||
	    read_jwks(k, NULL, e) ? -1 : 0;
	certificate_issuer(k->issuer, &c->params, trail.origin);
	if (!k->ask.iss)
		k->ask.iss = k->issuer;
	trail_release(&trail);
	return rc;
}

/* What has become of a node of ours since; of others it is not known. */
static int
put_now(struct buf *out, const struct checking *k, const struct json *claims,
    struct err *e)
{
	struct cli *c = k->cli;
	struct err none = { 0 };
	struct cri cri;
	struct node n;
	const char *id;
	int rc = -1;

	if (k->own && !json_get_str(claims, "sub", &id, e)) {
		rc = node_get(c->store, id, &n, &none);
		if (rc && none.code != E_node_missing) {
			*e = none;
			return -1;
		}
	}
	if (rc) {
		json_raw(out, "node_active", "null", 4);
		json_raw(out, "current_score", "null", 4);
		return 0;
	}
	if (cri_score(c->store, id, cli_now(c), &c->params, &cri, e))
		return -1;
	json_bool(out, "node_active", n.active);
	cri_score_write(out, "current_score", cri.tenths);
	return 0;
}

static int
emit(struct checking *k, struct buf *out, struct err *e)
{
	int rc;

	json_close(out, '}');
	rc = cli_emit_buf(k->cli, out, e);
	buf_release(out);
	return rc;
}

/* Those that follow are looked at all the same. */
static int
refuse(struct checking *k, struct err *why, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);

	json_open(&out, NULL, '{');
	json_bool(&out, "valid", false);
	json_str(&out, "error", why->code == E_expired ? "Certificate "
	    "expired. Request a fresh one from the node." :
	    "Invalid or tampered certificate");
	json_str(&out, "code", err_word(why->code));
	if (!k->cli->argc)
		err_wrap(why, "stdin:%lu", k->number);
	else if (k->cli->argc > 1)
		err_wrap(why, "certificate %lu", k->number);
	if (emit(k, &out, e))
		return -1;
	cli_complain(k->cli, why);
	return 0;
}

static int
judge(struct checking *k, const char *token, size_t n, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	char kid[JWT_KID];
	struct err why = { 0 };
	struct json claims;
	int rc;

	k->ask.at_ms = cli_now(k->cli);
	if (certificate_check(&claims, kid, &k->ask, token, n, &why))
		return refuse(k, &why, e);
	certificate_write(&out, &claims, kid);
	rc = put_now(&out, k, &claims, e);
	json_release(&claims);
	if (!rc)
		return emit(k, &out, e);
	buf_release(&out);
	return -1;
}

/* A token, or a record that has it as its certificate. */
static int
take(struct checking *k, const char *text, size_t n, struct err *e)
{
	struct json root = { 0 };
	struct err why = { 0 };
	const char *token;
	int rc;

	k->seen = true;
	if (*text != '{')
		return judge(k, text, n, e);
	if (json_parse(&root, text, n, &why) ||
	    json_get_str(&root, "certificate", &token, &why))
		rc = refuse(k, &why, e);
	else
		rc = judge(k, token, strlen(token), e);
	json_release(&root);
	return rc;
}

static int
take_lines(struct checking *k, struct err *e)
{
	struct err why = { 0 };
	struct line in;
	int got, rc = 0;

	line_init(&in, STDIN_FILENO, "stdin");
	cli_expect_stdin(k->cli);
	while (!rc && (got = line_next(&in, &why)) != 0) {
		k->number = in.number;
		if (got > 0) {
			rc = take(k, in.text.data, in.text.len, e);
		} else if (why.code == E_too_long) {
			k->seen = true;
			rc = refuse(k, &why, e);
			why = (struct err){ 0 };
		} else {
			*e = why;
			rc = -1;
		}
	}
	line_release(&in);
	return rc;
}

int
desk_cri_verify(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct checking k = { .cli = c, .ask.iss = d->issuer };
	char **token;
	int rc;

	if (d->pubkey && d->jwks)
		return err_set(e, E_usage, "--pubkey or --jwks, not both");
	rc = d->pubkey ? read_pem(&k, d->pubkey, e) :
	    d->jwks ? read_jwks(&k, d->jwks, e) : read_own(&k, e);
	k.ask.keys = &k.keys;
	for (token = c->argv; *token && !rc; token++) {
		k.number++;
		rc = take(&k, *token, strlen(*token), e);
	}
	if (!c->argc && !rc)
		rc = take_lines(&k, e);
	jwks_release(&k.keys);
	if (!rc && !k.seen)
		return err_set(e, E_nothing_given, "there is no certificate");
	return rc;
}
