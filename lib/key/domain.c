#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "base/jcs.h"
#include "key/domain.h"

#define INTEGER_MAX ((INT64_C(1) << 53) - 1)

enum text { JCS, TEXT };

static const struct { const char *word; enum text text; } domains[] = {
#define DOMAIN(name, word, text)	{ word, text },
#include "key/domain.def"
};

const char *
domain_word(enum domain d)
{
	return domains[d].word;
}

bool
domain_named(const char *word, enum domain *out)
{
	int i;

	for (i = 0; i < DOMAIN__COUNT; i++)
		if (!strcmp(word, domains[i].word)) {
			*out = (enum domain)i;
			return true;
		}
	return false;
}

bool
domain_of_json(enum domain d)
{
	return domains[d].text == JCS;
}

void
domain_text(struct buf *out, enum domain d, const void *text, size_t n)
{
	buf_adds(out, domains[d].word);
	buf_addc(out, '\n');
	buf_add(out, text, n);
}

static bool
is_signature(const char *key)
{
	return !strcmp(key, "signature") || !strcmp(key, "signature_old") ||
	    !strcmp(key, "signature_new");
}

/* No fractions, and nothing that a double would round (spec/node.md 2). */
static int
want_integers(const struct json *v, struct err *e)
{
	struct json item = { 0 };
	int64_t n;

	if (json_kind(v) == JSON_NUMBER && (json_to_int(v, &n, e) ||
	    n > INTEGER_MAX || n < -INTEGER_MAX))
		return json_fail(v, NULL, E_bad_json, "is not an integer "
		    "within 2^53: what is signed has no other numbers", e);
	while (json_next(&item, v))
		if (want_integers(&item, e))
			return -1;
	return 0;
}

/* The members in the order of RFC 8785, as jcs_write() has them. */
int
domain_object(struct buf *out, enum domain d, const struct json *object,
    struct err *e)
{
	struct json member = { 0 };
	const char *key;
	bool first = true;
	size_t i;

	if (json_want(object, JSON_OBJECT, e))
		return -1;
	domain_text(out, d, "{", 1);
	for (i = 0; !json_sorted(&member, object, i); i++) {
		key = json_key(&member);
		if (is_signature(key))
			continue;
		if (!first)
			buf_addc(out, ',');
		first = false;
		json_quote(out, key, strlen(key));
		buf_addc(out, ':');
		if (want_integers(&member, e) || jcs_write(out, &member, e))
			return -1;
	}
	buf_addc(out, '}');
	return out->full ? err_set(e, E_too_long, "the object is too long to "
	    "be signed") : 0;
}

int
domain_sign(char out[DOMAIN_SIG], enum domain d, const struct json *object,
    const struct sign_key *key, struct err *e)
{
	struct buf text = BUF_INIT(2 * JSON_MAX);
	struct sign_sig sig;
	int rc = domain_object(&text, d, object, e);

	if (!rc) {
		sign_make(&sig, key, text.data, text.len);
		buf_reset(&text);
		enc_base64(&text, sig.b, sizeof(sig.b));
		memcpy(out, text.data, DOMAIN_SIG);
	}
	buf_release(&text);
	return rc;
}

int
domain_seal(struct buf *open, enum domain d, const struct sign_key *key,
    const char *member, struct err *e)
{
	struct json object = { 0 };
	char sig[DOMAIN_SIG];
	size_t at = open->len;
	int rc = -1;

	json_close(open, '}');
	if (!open->full && !json_parse(&object, open->data, open->len, e) &&
	    !domain_sign(sig, d, &object, key, e)) {
		buf_cut(open, at);
		json_str(open, member, sig);
		rc = 0;
	}
	json_release(&object);
	return open->full ? err_set(e, E_too_long, "the document is over %zu "
	    "bytes", open->max) : rc;
}

int
domain_check(enum domain d, const struct json *object, const char *member,
    const struct sign_public *key, struct err *e)
{
	struct buf text = BUF_INIT(2 * JSON_MAX);
	struct sign_sig sig;
	const char *base64;
	size_t n;
	int rc;

	if (json_get_str(object, member, &base64, e) ||
	    domain_object(&text, d, object, e)) {
		buf_release(&text);
		return -1;
	}
	rc = enc_unbase64(sig.b, sizeof(sig.b), &n, base64, strlen(base64)) &&
	    n == sizeof(sig.b) && sign_check(&sig, key, text.data, text.len) ?
	    0 : err_set(e, E_bad_signature, "'%s' is not this key's signature "
	    "of the object as %s", member, domains[d].word);
	buf_release(&text);
	return rc;
}
