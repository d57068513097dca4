#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "crypto/hash.h"
#include "sig/http.h"

#define LABEL "bzn"
#define NONCE_LEAST 16
#define NONCE "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
    "0123456789-_"
#define HEX "0123456789abcdef"

int
http_field(struct buf *out, const struct http_request *r, const char *name)
{
	int found = 0;
	size_t i;

	for (i = 0; i < r->fields; i++)
		if (!strcmp(r->field[i].name, name)) {
			if (found++)
				buf_adds(out, ", ");
			buf_adds(out, r->field[i].value);
		}
	return found > 0;
}

/* What a request is, beside its fields (RFC 9421, 2.2). */
static int
derived(struct buf *out, const struct http_request *r, const char *name,
    struct err *e)
{
	size_t path = strcspn(r->target, "?");

	if (!strcmp(name, "@method"))
		buf_adds(out, r->method);
	else if (!strcmp(name, "@target-uri"))
		buf_addf(out, "%s://%s%s", r->scheme, r->authority, r->target);
	else if (!strcmp(name, "@authority"))
		buf_adds(out, r->authority);
	else if (!strcmp(name, "@scheme"))
		buf_adds(out, r->scheme);
	else if (!strcmp(name, "@request-target"))
		buf_adds(out, r->target);
	else if (!strcmp(name, "@path"))
		buf_add(out, r->target, path);
	else if (!strcmp(name, "@query"))
		buf_adds(out, r->target[path] ? r->target + path : "?");
	else
		return err_set(e, E_bad_header, "'%.40s' is not known here",
		    name);
	return 0;
}

static bool
listed_before(const struct sf_member *m, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (!strcmp(m->item[j].value.text, m->item[i].value.text))
			return true;
	return false;
}

static int
component(struct buf *out, const struct http_request *r,
    const struct sf_member *m, size_t i, struct err *e)
{
	const struct sf_item *item = m->item + i;
	const char *name = item->value.text, *p;

	if (item->value.kind != SF_STRING || item->params || !*name)
		return err_set(e, E_bad_header, "component %zu is not a name "
		    "without parameters", i + 1);
	for (p = name; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			return err_set(e, E_bad_header, "'%.40s' is not in "
			    "lower case", name);
	if (listed_before(m, i))
		return err_set(e, E_bad_header, "'%.40s' is listed twice",
		    name);
	sf_write_value(out, &item->value);
	buf_adds(out, ": ");
	if (*name == '@') {
		if (derived(out, r, name, e))
			return -1;
	} else if (!http_field(out, r, name)) {
		return err_set(e, E_bad_header, "'%.40s' is listed, but is "
		    "not there", name);
	}
	buf_addc(out, '\n');
	return 0;
}

int
http_text(struct buf *out, const struct http_request *r,
    const struct sf_member *m, struct err *e)
{
	size_t i;

	if (!m->list)
		return err_set(e, E_bad_header, "Signature-Input has no list "
		    "of components");
	for (i = 0; i < m->items; i++)
		if (component(out, r, m, i, e))
			return -1;
	buf_adds(out, "\"@signature-params\": ");
	sf_write(out, m);
	return out->full ? err_set(e, E_too_long, "what is signed is too "
	    "long") : 0;
}

static bool
covers(const struct sf_member *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->items; i++)
		if (m->item[i].value.kind == SF_STRING &&
		    !strcmp(m->item[i].value.text, name))
			return true;
	return false;
}

static bool
fits(const struct sf_member *m, const void *digest, size_t n)
{
	const struct sf_value *v = m->item ? &m->item->value : NULL;

	return !m->list && v && v->kind == SF_BYTES && v->n == n &&
	    !memcmp(v->text, digest, n);
}

int
http_digest(const struct http_request *r, struct err *e)
{
	struct buf text = BUF_INIT(SF_MAX + 1);
	const struct sf_member *m;
	struct sf_dict d = { 0 };
	struct hash_512 long_one;
	struct hash hash;
	int known = 0, bad = 0, rc = -1;

	hash_of(&hash, r->body, r->body_n);
	hash_512_of(&long_one, r->body, r->body_n);
	http_field(&text, r, "content-digest");
	if (sf_read(&d, text.data, text.len, e)) {
		err_wrap_(e, "Content-Digest");
		goto out;
	}
	m = sf_find(&d, "sha-256");
	known += m != NULL;
	bad += m && !fits(m, hash.b, sizeof(hash));
	m = sf_find(&d, "sha-512");
	known += m != NULL;
	bad += m && !fits(m, long_one.b, sizeof(long_one));
	rc = known && !bad ? 0 : err_set(e, E_bad_digest, "%s", known ?
	    "the content is not that of Content-Digest" :
	    "Content-Digest has neither sha-256 nor sha-512");
out:
	buf_release(&text);
	sf_release(&d);
	return rc;
}

/* Text of some characters, and as many of them as it may have. */
static int
text_param(const struct sf_member *m, const char *name, const char *set,
    size_t least, size_t most, char *out, struct err *e)
{
	const struct sf_value *v = sf_param(m, name);

	if (!v || v->kind != SF_STRING || v->n < least || v->n > most ||
	    strspn(v->text, set) != v->n)
		return err_set(e, E_bad_header, "the parameter %s is not "
		    "there, or is not what it must be", name);
	memcpy(out, v->text, v->n + 1);
	return 0;
}

static int
read_params(struct http_claim *c, const struct sf_member *m,
    int64_t *until_ms, struct err *e)
{
	const struct sf_value *v = sf_param(m, "created");

	if (!v || v->kind != SF_INTEGER)
		return err_set(e, E_bad_header, "the parameter created is not "
		    "there, or is no integer");
	c->created_ms = v->number * 1000;
	if (text_param(m, "nonce", NONCE, NONCE_LEAST, HTTP_NONCE - 1,
	    c->nonce, e) || text_param(m, "keyid", HEX, HTTP_KEY_ID - 1,
	    HTTP_KEY_ID - 1, c->key_id, e))
		return -1;
	v = sf_param(m, "alg");
	if (v && (v->kind != SF_STRING || strcmp(v->text, "ed25519")))
		return err_set(e, E_bad_header, "alg is not \"ed25519\"");
	*until_ms = INT64_MAX;
	v = sf_param(m, "expires");
	if (v && v->kind != SF_INTEGER)
		return err_set(e, E_bad_header, "expires is no integer");
	if (v)
		*until_ms = v->number * 1000;
	return 0;
}

/* What it must cover, and what it covers. */
static int
check_cover(const struct http_request *r, const struct sf_member *m,
    struct err *e)
{
	struct buf digest = BUF_INIT(SF_MAX + 1);
	bool given = http_field(&digest, r, "content-digest");

	buf_release(&digest);
	if (!covers(m, "@method") || !covers(m, "@target-uri"))
		return err_set(e, E_uncovered, "it does not cover @method and "
		    "@target-uri");
	if (r->body_n && !covers(m, "content-digest"))
		return err_set(e, E_uncovered, "there is content, and no "
		    "content-digest that it covers");
	return given ? http_digest(r, e) : 0;
}

/* Ours if it is there; else the first that is signed at all. */
static const struct sf_member *
choose(const struct sf_dict *inputs, const struct sf_dict *sigs)
{
	const struct sf_member *m = sf_find(inputs, LABEL);

	if (m && sf_find(sigs, LABEL))
		return m;
	for (m = inputs->member; m < inputs->member + inputs->members; m++)
		if (sf_find(sigs, m->key))
			return m;
	return NULL;
}

static int
judge(struct http_claim *c, const struct http_request *r,
    const struct sf_dict *inputs, const struct sf_dict *sigs, int64_t now_ms,
    struct err *e)
{
	const struct sf_member *m = choose(inputs, sigs), *s;
	int64_t until_ms, off;

	if (!m || !m->list)
		return err_set(e, E_bad_header, "no list of Signature-Input "
		    "has a Signature of its label");
	s = sf_find(sigs, m->key);
	if (s->list || s->item->value.kind != SF_BYTES ||
	    s->item->value.n != SIGN_BYTES)
		return err_set(e, E_bad_header, "the signature is not 64 "
		    "bytes");
	memcpy(c->sig.b, s->item->value.text, SIGN_BYTES);
	if (read_params(c, m, &until_ms, e) ||
	    http_text(&c->text, r, m, e) || check_cover(r, m, e))
		return -1;
	off = now_ms - c->created_ms;
	if (off > HTTP_WINDOW_MS || off < -HTTP_WINDOW_MS)
		return err_set(e, E_stale, "created is %" PRId64 " s from "
		    "now, more than %d", off / 1000, HTTP_WINDOW_MS / 1000);
	return now_ms < until_ms ? 0 : err_set(e, E_stale, "expires has "
	    "passed");
}

int
http_claim(struct http_claim *out, const struct http_request *r,
    int64_t now_ms, struct err *e)
{
	struct buf input = BUF_INIT(SF_MAX + 1), sig = BUF_INIT(SF_MAX + 1);
	struct sf_dict inputs = { 0 }, sigs = { 0 };
	int rc = -1;

	*out = (struct http_claim){ .text = BUF_INIT(4 * HTTP_HEAD) };
	if (!http_field(&input, r, "signature-input") ||
	    !http_field(&sig, r, "signature"))
		err_set_(e, E_no_signature, "there is no Signature-Input, or "
		    "no Signature");
	else if (sf_read(&inputs, input.data, input.len, e))
		err_wrap_(e, "Signature-Input");
	else if (sf_read(&sigs, sig.data, sig.len, e))
		err_wrap_(e, "Signature");
	else
		rc = judge(out, r, &inputs, &sigs, now_ms, e);
	sf_release(&inputs);
	sf_release(&sigs);
	buf_release(&input);
	buf_release(&sig);
	return rc;
}

void
http_claim_release(struct http_claim *c)
{
	buf_release(&c->text);
}

static void
add_digest(struct buf *out, const struct http_request *r)
{
	struct sf_value v = { .kind = SF_BYTES, .n = HASH_BYTES };
	struct hash h;

	hash_of(&h, r->body, r->body_n);
	v.text = (const char *)h.b;
	buf_adds(out, "sha-256=");
	sf_write_value(out, &v);
}

/* What we cover, in this order, as far as it is there. */
static void
add_input(struct buf *out, const struct http_request *r,
    const struct http_sign *s)
{
	static const char *const also[] = {
		"content-digest", "content-type", "idempotency-key"
	};
	struct buf ignored = BUF_INIT(HTTP_HEAD);
	size_t i;

	buf_adds(out, LABEL "=(\"@method\" \"@target-uri\"");
	for (i = 0; i < sizeof(also) / sizeof(*also); i++)
		if (http_field(&ignored, r, also[i]))
			buf_addf(out, " \"%s\"", also[i]);
	buf_addf(out, ");created=%" PRId64 ";nonce=\"%s\";keyid=\"%s\"",
	    s->created_ms / 1000, s->nonce, s->key_id);
	buf_release(&ignored);
}

static int
make(struct buf *out, const struct http_request *r, const char *input,
    size_t n, const struct sign_key *key, struct err *e)
{
	struct sf_value v = { .kind = SF_BYTES, .n = SIGN_BYTES };
	struct buf text = BUF_INIT(4 * HTTP_HEAD);
	struct sf_dict d = { 0 };
	struct sign_sig sig;
	int rc = -1;

	if (!sf_read(&d, input, n, e) &&
	    !http_text(&text, r, &d.member[0], e)) {
		sign_make(&sig, key, text.data, text.len);
		v.text = (const char *)sig.b;
		buf_addf(out, "Signature-Input: %s\nSignature: " LABEL "=",
		    input);
		sf_write_value(out, &v);
		buf_addc(out, '\n');
		rc = 0;
	}
	sf_release(&d);
	buf_release(&text);
	return rc;
}

int
http_sign(struct buf *out, const struct http_request *given,
    const struct http_sign *s, const struct sign_key *key, struct err *e)
{
	struct buf digest = BUF_INIT(128), input = BUF_INIT(SF_MAX);
	struct http_request r = *given;
	size_t i, kept = 0;
	int rc;

	for (i = 0; i < given->fields; i++)
		if (strcmp(given->field[i].name, "content-digest"))
			r.field[kept++] = given->field[i];
	r.fields = kept;
	if (r.body_n && r.fields == HTTP_FIELDS)
		return err_set(e, E_bad_header, "there are too many fields");
	if (r.body_n) {
		add_digest(&digest, &r);
		r.field[r.fields++] = (struct http_field){
			"content-digest", digest.data };
		buf_addf(out, "Content-Digest: %s\n", digest.data);
	}
	add_input(&input, &r, s);
	rc = make(out, &r, input.data, input.len, key, e);
	buf_release(&digest);
	buf_release(&input);
	return rc;
}
