#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/jcs.h"
#include "base/utf8.h"
#include "card/card.h"
#include "key/member.h"

/* Under its name, or the one that older nodes have for it; not under both. */
static int
get_key(const struct json *o, struct sign_public *out, struct err *e)
{
	bool old = json_has(o, "public_key");

	if (old && json_has(o, "public_key_pem"))
		return json_fail(o, "public_key", E_bad_json,
		    "is a second name of another member", e);
	return member_pem(o, old ? "public_key" : "public_key_pem", out, e);
}

void
card_put_time(struct buf *out, const char *key, int64_t ms)
{
	char text[CLOCK_TEXT], *dot;

	clock_text(ms, text);
	dot = strchr(text, '.');
	if (dot && !strcmp(dot, ".000Z"))
		memcpy(dot, "Z", 2);
	json_str(out, key, text);
}

/* Older nodes write "ip": an address, with a port or without. */
static int
get_endpoint(const struct json *o, char out[FIT_ENDPOINT + 1],
    struct err *e)
{
	const char *key = json_has(o, "endpoint") || !json_has(o, "ip") ?
	    "endpoint" : "ip";
	const char *s, *before = "", *behind = "", *colon;
	int n;

	if (json_get_str(o, key, &s, e))
		return -1;
	if (*key == 'i' && !strstr(s, "://")) {
		colon = strchr(s, ':');
		before = "http://";
		if (*s != '[' && colon && strchr(colon + 1, ':')) {
			before = "http://[";
			behind = "]";
		}
	}
	n = snprintf(out, FIT_ENDPOINT + 1, "%s%s%s", before, s, behind);
	if (n > FIT_ENDPOINT || !fit_endpoint(out))
		return json_fail(o, key, E_bad_json, "is not http(s)://host "
		    "in lower case, with a port if it is not the usual one, "
		    "and no path", e);
	return 0;
}

static int
check_capabilities(const struct json *o, struct err *e)
{
	struct json list, it = { 0 };

	if (json_get(&list, o, "capabilities", JSON_ARRAY, e))
		return -1;
	if (json_count(&list) > CARD_CAPABILITIES)
		return json_fail(&list, NULL, E_bad_json,
		    "has over 64 items", e);
	while (json_next(&it, &list))
		if (!json_string(&it) || !fit_text(json_string(&it),
		    FIT_NAME))
			return json_fail(&it, NULL, E_bad_json,
			    FIT_TEXT_IS_NOT, e);
	return 0;
}

/* What a card need not have, but must have right. */
static int
check_rest(const struct json *o, struct err *e)
{
	static const struct {
		const char *key, *what;
		bool (*form)(const char *);
	} rest[] = {
		{ "class", "is not mobile, edge or cloud", fit_class },
		{ "dns", "is not a name that ends in .1bz", fit_dns },
		{ "wallet", "is not an address with the checksum of EIP-55",
		    fit_wallet },
		{ "channel_key", "is not 32 bytes in base64url",
		    fit_channel_key },
	};
	const char *s;
	size_t i;

	for (i = 0; i < sizeof(rest) / sizeof(*rest); i++) {
		s = NULL;
		if (json_opt_str(o, rest[i].key, &s, e))
			return -1;
		if (s && !rest[i].form(s))
			return json_fail(o, rest[i].key, E_bad_json,
			    rest[i].what, e);
	}
	return check_capabilities(o, e);
}

static int
read_times(struct card *c, const struct json *o, struct err *e)
{
	c->expires_ms = INT64_MAX;
	if (member_time(o, "issued_at", &c->issued_ms, e) ||
	    (json_has(o, "expires_at") &&
	    member_time(o, "expires_at", &c->expires_ms, e)))
		return -1;
	return c->expires_ms > c->issued_ms ? 0 : json_fail(o, "expires_at",
	    E_bad_json, "is not later than issued_at", e);
}

static int
read_members(struct card *c, const struct json *o, struct err *e)
{
	const char *alg, *signature;

	if (json_want(o, JSON_OBJECT, e) || member_v1(o, e) ||
	    member_id(o, "node_id", c->node_id, e) ||
	    json_get_str(o, "name", &c->name, e) ||
	    json_get_str(o, "alg", &alg, e) ||
	    json_get_str(o, "signature", &signature, e))
		return -1;
	if (strcmp(alg, "Ed25519"))
		return json_fail(o, "alg", E_bad_json, "is not Ed25519", e);
	if (!fit_name(c->name))
		return json_fail(o, "name", E_bad_json, FIT_NAME_IS_NOT, e);
	return get_endpoint(o, c->endpoint, e) || check_rest(o, e) ||
	    read_times(c, o, e) ||
	    get_key(o, &c->key, e) ? -1 : 0;
}

int
card_read(struct card *out, const char *text, size_t n, struct err *e)
{
	struct card c = { 0 };

	if (n > CARD_MAX)
		return err_set(e, E_too_long, "a card is at most %d bytes",
		    CARD_MAX);
	if (json_parse(&c.json, text, n, e))
		return -1;
	if (read_members(&c, &c.json, e)) {
		card_release(&c);
		return -1;
	}
	*out = c;
	return 0;
}

int
card_write(struct buf *out, const struct card *c, struct err *e)
{
	return jcs_write(out, &c->json, e);
}

/* Only strings have other characters, and may have them escaped. */
int
card_write_ascii(struct buf *out, const struct card *c, struct err *e)
{
	struct buf text = BUF_INIT(2 * CARD_MAX);
	size_t i, n;
	unsigned ch;
	int rc = card_write(&text, c, e);

	for (i = 0; i < text.len && !rc; i += n) {
		n = utf8_len(text.data + i, text.len - i);
		ch = utf8_number(text.data + i, n);
		if (ch < 0x80)
			buf_addc(out, (char)ch);
		else if (ch < 0x10000)
			buf_addf(out, "\\u%04x", ch);
		else
			buf_addf(out, "\\u%04x\\u%04x",
			    0xd7c0 + (ch >> 10), 0xdc00 + (ch & 0x3ff));
	}
	buf_release(&text);
	return rc;
}
