#include <inttypes.h>
#include <string.h>

#include "base/enc.h"
#include "key/domain.h"
#include "key/ident.h"
#include "sig/ask.h"

/* Room for the domain, the id and the timestamp. */
#define TEXT_MAX 128

static void
signed_text(struct buf *out, const struct ask *a)
{
	struct buf text = BUF_INIT(TEXT_MAX);

	buf_addf(&text, "%s\n%" PRId64 "\n", a->node_id, a->timestamp);
	domain_text(out, DOMAIN_verify, text.data, text.len);
	buf_release(&text);
}

void
ask_make(struct ask *out, const struct sign_key *key, int64_t timestamp)
{
	struct buf text = BUF_INIT(TEXT_MAX);

	out->timestamp = timestamp;
	ident_id(out->node_id, &key->pub);
	signed_text(&text, out);
	sign_make(&out->sig, key, text.data, text.len);
	buf_release(&text);
}

void
ask_write(struct buf *out, const struct ask *a)
{
	struct buf sig = BUF_INIT(DOMAIN_SIG);

	enc_base64(&sig, a->sig.b, sizeof(a->sig.b));
	json_open(out, NULL, '{');
	json_str(out, "node_id", a->node_id);
	json_int(out, "timestamp", a->timestamp);
	json_str(out, "signature", sig.data);
	json_close(out, '}');
	buf_release(&sig);
}

int
ask_read(struct ask *out, const struct json *in, struct err *e)
{
	const char *id, *sig;
	struct ask a;
	size_t n;

	if (json_get_str(in, "node_id", &id, e) ||
	    json_get_int(in, "timestamp", &a.timestamp, e) ||
	    json_get_str(in, "signature", &sig, e))
		return -1;
	if (!ident_is_id(id))
		return json_fail(in, "node_id", E_bad_json,
		    "is not 64 digits of hex", e);
	memcpy(a.node_id, id, HASH_HEX);
	if (!enc_unbase64(a.sig.b, sizeof(a.sig.b), &n, sig, strlen(sig)) ||
	    n != sizeof(a.sig.b))
		return json_fail(in, "signature", E_bad_signature,
		    "is not 64 bytes in base64", e);
	*out = a;
	return 0;
}

int
ask_check(const struct ask *a, const struct sign_public *key, int64_t now_ms,
    struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	int64_t now_s = now_ms / 1000;
	bool good;

	if (a->timestamp < now_s - ASK_WINDOW_S ||
	    a->timestamp > now_s + ASK_WINDOW_S)
		return err_set(e, E_stale, "the timestamp is more than %d s "
		    "from now", ASK_WINDOW_S);
	signed_text(&text, a);
	good = sign_check(&a->sig, key, text.data, text.len);
	buf_release(&text);
	return good ? 0 : err_set(e, E_bad_signature, "the key %.16s has not "
	    "signed this request", a->node_id);
}
