/*
 * Cards and URIs: the vectors of spec/node.md 22.2, byte for byte, and what
 * must be refused.
 */
#include <stdlib.h>

#include "tap.h"

#include "seed.h"

#include "base/buf.h"
#include "base/clock.h"
#include "card/card.h"
#include "card/uri.h"
#include "key/ident.h"

#define A_URI "bzn:1?k=11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" \
    "&n=Acme%20Consulting&e=https://acme.example" \
    "&s=tMoicol013uG_5AlgfHHUr242K4D9Xm52nQ8qSGQUm6oGdY6o8jogQ7EapfB16x" \
    "FtESSGGTi0LvuZHDNn3FaBQ"
#define A_SIG "6cH9jQU97oNnBgvrG0tMnJVWn3Fpl4mqmV3G+2zZOsp8GUwytNLI/Rlrh" \
    "JJjW5rRjOt6jd24BqTO+frYxnk6Dg=="

static int64_t
time_of(const char *text)
{
	struct err e = { 0 };
	int64_t ms = 0;

	OK(!clock_parse(text, &ms, &e));
	return ms;
}

/* The card of node A. */
static void
acme(struct card *out, const struct sign_key *key)
{
	static const char *const capability[] = { "legal-review" };
	const struct card_draft d = {
		.name = "Acme Consulting", .endpoint = "https://acme.example",
		.capability = capability, .n = 1,
		.issued_ms = time_of("2026-03-09T14:23:00Z"),
		.expires_ms = time_of("2027-03-09T14:23:00Z"),
	};
	struct err e = { 0 };

	OK(!card_make(out, &d, key, &e));
}

static void
vectors(void)
{
	struct buf text = BUF_INIT(CARD_MAX);
	struct sign_key key;
	struct card c, again;
	struct err e = { 0 };
	char hex[HASH_HEX];
	struct hash h;
	struct uri u;

	seed_key(&key, SEED_A);
	acme(&c, &key);
	OK(!card_write(&text, &c, &e) && text.len == 501);
	OK(strstr(text.data, "\"signature\":\"" A_SIG "\"") != NULL);
	buf_reset(&text);
	OK(!domain_object(&text, DOMAIN_card, &c.json, &e));
	OK(text.len == 12 + 398);
	hash_of(&h, text.data + 12, 398);
	hash_hex(hex, &h);
	IS(hex, "8cb80e0291f20c3ec0fc6764225ada84"
	    "38b849b5f034353d3cc8cec5c39e2c0a");
	buf_reset(&text);
	OK(!card_write(&text, &c, &e));
	OK(!card_read(&again, text.data, text.len, &e));
	OK(!card_check(&again, c.issued_ms, &e));
	buf_reset(&text);
	OK(!uri_make(&text, &c, &key, &e) && text.len == 183);
	IS(text.data, A_URI);
	OK(!uri_read(&u, A_URI, strlen(A_URI), &e) && !uri_check(&u, &e));
	IS(u.name, "Acme Consulting");
	IS(u.endpoint, "https://acme.example");
	IS(u.node_id, c.node_id);
	card_release(&again);
	card_release(&c);
	sign_key_release(&key);
	buf_release(&text);
}

static void
times(void)
{
	struct err e = { 0 };
	struct sign_key key;
	struct card c;

	seed_key(&key, SEED_A);
	acme(&c, &key);
	OK(!card_check(&c, c.expires_ms - 1, &e));
	OK(card_check(&c, c.expires_ms, &e) && e.code == E_expired);
	OK(!card_check(&c, c.issued_ms - CARD_SKEW_MS, &e));
	OK(card_check(&c, c.issued_ms - CARD_SKEW_MS - 1, &e) &&
	    e.code == E_not_yet_valid);
	card_release(&c);
	sign_key_release(&key);
}

/*
 * What becomes of the card of node A if the first "old" in it is "new":
 * E_ok, or why it is refused.
 */
static enum err_code
changed(const char *old, const char *new)
{
	struct buf text = BUF_INIT(CARD_MAX), other = BUF_INIT(4 * CARD_MAX);
	struct err e = { 0 };
	struct sign_key key;
	struct card c;
	int64_t at;
	char *p;

	seed_key(&key, SEED_A);
	acme(&c, &key);
	at = c.issued_ms;
	OK(!card_write(&text, &c, &e));
	card_release(&c);
	p = strstr(text.data, old);
	OK(p != NULL);
	buf_add(&other, text.data, (size_t)(p - text.data));
	buf_adds(&other, new);
	buf_adds(&other, p + strlen(old));
	if (!card_read(&c, other.data, other.len, &e)) {
		if (!card_check(&c, at, &e))
			e.code = E_ok;
		card_release(&c);
	}
	sign_key_release(&key);
	buf_release(&text);
	buf_release(&other);
	return e.code;
}

static void
refused(void)
{
	static const struct {
		const char *old, *new;
		enum err_code code;
	} bad[] = {
		{ "\"v\":1", "\"v\":2", E_bad_json },
		{ "\"v\":1", "\"v\":\"1\"", E_bad_json },
		{ "\"v\":1", "\"v\":1,\"v\":1", E_bad_json },
		{ "\"v\":1}", "\"v\":1", E_bad_json },
		{ "\"v\":1", "\"v\":1,\"x\":1", E_bad_signature },
		{ "\"v\":1", "\"v\":1,\"class\":\"big\"", E_bad_json },
		{ "\"v\":1", "\"v\":1,\"class\":\"edge\"", E_bad_signature },
		{ "\"v\":1", "\"v\":1,\"ip\":\"1.2.3.4\"", E_bad_signature },
		{ "\"v\":1", "\"v\":1,\"public_key\":\"x\"", E_bad_json },
		{ "\"v\":1", "\"v\":1,\"wallet\":\"0x7e5f4552091a69125d5d"
		    "fcb7b8c2659029395bdf\"", E_bad_json },
		{ "\"v\":1", "\"v\":1,\"wallet\":\"0x7E5F4552091A69125d5D"
		    "fCb7b8C2659029395Bdf\"", E_bad_signature },
		{ "\"v\":1", "\"v\":1,\"channel_key\":\"x\"", E_bad_json },
		{ "\"v\":1", "\"v\":1,\"dns\":\"a.bzn\"", E_bad_json },
		{ "Ed25519", "RS256", E_bad_json },
		{ "Acme", "Acne", E_bad_signature },
		{ "Acme Consulting", "", E_bad_json },
		{ "Acme", "A\\u001bcme", E_bad_json },
		{ "Acme", "A\\u0085cme", E_bad_json },
		{ "Acme", " Acme", E_bad_json },
		{ "Acme Consulting", "Acme Consulting ", E_bad_json },
		{ "Acme ", "Acme  ", E_bad_json },
		{ "Acme", "A\\u200bcme", E_bad_json },
		{ "Acme", "\\u202eAcme", E_bad_json },
		{ "https://acme.example", "https://acme.example/", E_bad_json },
		{ "[\"legal-review\"]", "\"legal-review\"", E_bad_json },
		{ "[\"legal-review\"]", "[7]", E_bad_json },
		{ "[\"legal-review\"]", "[\"\"]", E_bad_json },
		{ "2026-03-09T14:23:00Z", "2026-03-09", E_bad_json },
		{ "2027-03-09T14:23:00Z", "2027-02-29T14:23:00Z", E_bad_json },
		{ "2027-03-09T14:23:00Z", "2026-03-09T14:23:00Z", E_bad_json },
		{ "2027-03-09T14:23:00Z", "2027-03-09T14:23:01Z",
		    E_bad_signature },
		{ "\"node_id\":\"7f2d", "\"node_id\":\"7F2D", E_bad_json },
		{ "\"node_id\":\"7f2d", "\"node_id\":\"7f2e", E_id_mismatch },
		{ "\\nMCow", "\\r\\nMCow", E_bad_pem },
		{ "KEY-----\\n\"", "KEY-----\"", E_bad_pem },
		{ "11qYAYKx", "12qYAYKx", E_id_mismatch },
		{ "signature\":\"6", "signature\":\"7", E_bad_signature },
		{ "Dg==\"", "Dg=\"", E_bad_signature },
		{ "Dg==\"", "Dh==\"", E_bad_signature },
		{ "\"signature\":", "\"signatures\":", E_bad_json },
	};
	struct err e = { 0 };
	struct card c;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (changed(bad[i].old, bad[i].new) != bad[i].code)
			printf("# '%s' -> '%s'\n", bad[i].old, bad[i].new);
		OK(changed(bad[i].old, bad[i].new) == bad[i].code);
	}
	OK(changed("Acme", "Acme") == E_ok);
	OK(changed("Acme", "\\u0041cme") == E_ok);
	OK(card_read(&c, "[]", 2, &e) && e.code == E_bad_json);
	OK(card_read(&c, "", 0, &e) && e.code == E_bad_json);
}

/* Cut short anywhere, or with any bit of it changed, it is no card. */
static void
damaged(void)
{
	struct buf text = BUF_INIT(CARD_MAX);
	struct err e = { 0 };
	struct sign_key key;
	struct card c;
	size_t i, good = 0;
	int bit;

	seed_key(&key, SEED_A);
	acme(&c, &key);
	OK(!card_write(&text, &c, &e));
	card_release(&c);
	for (i = 0; i < text.len; i++) {
		good += !card_read(&c, text.data, i, &e);
		for (bit = 1; bit < 256; bit <<= 1) {
			text.data[i] = (char)(text.data[i] ^ bit);
			if (!card_read(&c, text.data, text.len, &e)) {
				good += !card_check_key(&c, &e);
				card_release(&c);
			}
			text.data[i] = (char)(text.data[i] ^ bit);
		}
	}
	OK(good == 0);
	OK(!card_read(&c, text.data, text.len, &e) && !card_check_key(&c, &e));
	card_release(&c);
	sign_key_release(&key);
	buf_release(&text);
}

/* What an older node calls its members, signed as it calls them. */
static void
older(void)
{
	static const struct { const char *ip, *endpoint; } ips[] = {
		{ "192.0.2.7", "http://192.0.2.7" },
		{ "192.0.2.7:8000", "http://192.0.2.7:8000" },
		{ "2001:db8::7", "http://[2001:db8::7]" },
		{ "[2001:db8::7]:8000", "http://[2001:db8::7]:8000" },
		{ "https://acme.example", "https://acme.example" },
	};
	struct buf text = BUF_INIT(CARD_MAX), made = BUF_INIT(CARD_MAX);
	char pem[SIGN_SPKI + 1], id[HASH_HEX];
	struct err e = { 0 };
	struct sign_key key;
	struct card c;
	size_t i;

	seed_key(&key, SEED_B);
	sign_spki(pem, &key.pub);
	ident_id(id, &key.pub);
	for (i = 0; i < sizeof(ips) / sizeof(*ips); i++) {
		json_open(&text, NULL, '{');
		json_int(&text, "v", 1);
		json_str(&text, "node_id", id);
		json_str(&text, "name", "old");
		json_str(&text, "ip", ips[i].ip);
		json_str(&text, "public_key", pem);
		json_str(&text, "alg", "Ed25519");
		json_raw(&text, "capabilities", "[]", 2);
		json_raw(&text, "unknown", "{\"a\":[150]}", 11);
		card_put_time(&text, "issued_at", 1795161600000);
		OK(!card_seal(&made, &text, DOMAIN_card, &key, &e));
		OK(!card_read(&c, made.data, made.len, &e));
		IS(c.endpoint, ips[i].endpoint);
		OK(!card_check(&c, 1795161600000, &e));
		OK(c.expires_ms == INT64_MAX);
		card_release(&c);
		buf_reset(&text);
		buf_reset(&made);
	}
	sign_key_release(&key);
	buf_release(&text);
	buf_release(&made);
}

static void
endpoints(void)
{
	static const char *const good[] = {
		"http://a", "https://a.b-c.example", "http://a:1",
		"https://a:65535", "http://[::1]", "https://[2001:db8::1]:8443",
		"http://a:443", "https://a:80", "http://127.0.0.1:8000",
	};
	static const char *const bad[] = {
		"", "a", "ftp://a", "http://", "http:///", "HTTP://a",
		"http://A", "http://a/", "http://a?x", "http://a#x",
		"http://u@a", "http://a:", "http://a:0", "http://a:080",
		"http://a:80", "https://a:443", "http://a:65536",
		"http://a:99999", "http://a:123456", "http://a:1x",
		"http://.a", "http://a.", "http://a..b", "http://-a",
		"http://a-", "http://[]", "http://[::1", "http://[::1]x",
		"http://[1]", "http://a b", "http://a%20", "http://a&n=b",
		"http://\xc3\xa9",
	};
	char host[300];
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++)
		OK(fit_endpoint(good[i]));
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		OK(!fit_endpoint(bad[i]));
	snprintf(host, sizeof(host), "http://%0250d.com", 0);
	OK(!fit_endpoint(host));
	OK(fit_is_loopback("http://localhost:8000"));
	OK(fit_is_loopback("http://[::1]") &&
	    fit_is_loopback("https://127.0.0.1"));
	OK(!fit_is_loopback("http://localhost.example"));
}

/* Names that a person would take for another one. */
static void
look_alikes(void)
{
	static const char *const good[] = {
		"a", "a b c", "Caf\xc3\xa9 Z\xc3\xbcrich",
		"\xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80",
		"\xe6\x97\xa5\xe3\x80\x80\xe6\x9c\xac",	/* U+3000 */
		"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",	/* Hebrew */
	};
	static const char *const bad[] = {
		"", " ", " a", "a ", "a  b", "a \xe3\x80\x80" "b",
		"\xe3\x80\x80" "a", "a\xe3\x80\x80",
		"a\xc2\xa0" "b", "a\xc2\xad" "b",	/* U+00A0 U+00AD */
		"a\xcd\x8f" "b", "a\xd8\x9c" "b",	/* U+034F U+061C */
		"a\xe2\x80\x80" "b", "a\xe2\x80\x8b" "b",
		"a\xe2\x80\x8c" "b", "a\xe2\x80\x8d" "b",
		"a\xe2\x80\x8e" "b", "a\xe2\x80\x8f" "b",
		"a\xe2\x80\xa8" "b", "a\xe2\x80\xaa" "b",
		"a\xe2\x80\xae" "b", "a\xe2\x80\xaf" "b",
		"a\xe2\x81\x9f" "b", "a\xe2\x81\xa0" "b",
		"a\xe2\x81\xa6" "b", "a\xe2\x81\xa9" "b",
		"a\xe3\x85\xa4" "b", "a\xef\xb8\x8f" "b",
		"\xef\xbb\xbf" "a", "a\xf3\xa0\x81\x81",	/* U+E0041 */
		"a\xff", "a\xe2\x80",
	};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++)
		OK(fit_name(good[i]));
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (fit_name(bad[i]))
			printf("# '%s'\n", bad[i]);
		OK(!fit_name(bad[i]));
	}
}

static void
names(void)
{
	char text[140];

	OK(fit_dns("acme.1bz") && fit_dns("xn--a.1bz") &&
	    fit_dns("a-b-1.1bz"));
	OK(!fit_dns("acme.bzn") && !fit_dns(".1bz") && !fit_dns("-a.1bz"));
	OK(!fit_dns("a-.1bz") && !fit_dns("ab--c.1bz") &&
	    !fit_dns("xn--.1bz") && !fit_dns("A.1bz") &&
	    !fit_dns("a.b.1bz") && !fit_dns("a.1bz."));
	OK(!fit_dns("p4wz5ufxdohfu3c46mhgi7loec23zjw2zadr6enl4p7pqaknwyia"
	    ".1bz"));
	memset(text, 'x', sizeof(text));
	text[128] = '\0';
	OK(fit_text(text, FIT_NAME));
	text[128] = 'x';
	text[129] = '\0';
	OK(!fit_text(text, FIT_NAME));
	OK(!fit_text("", FIT_NAME) && !fit_text("a\nb", FIT_NAME) &&
	    !fit_text("\x7f", FIT_NAME) && !fit_text("\xff", FIT_NAME) &&
	    fit_text("\xc3\xa9 \xe2\x82\xac", FIT_NAME));
	look_alikes();
	OK(fit_wallet("0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"));
	OK(!fit_wallet("0x7E5F4552091A69125d5DfCb7b8C2659029395BdF"));
	OK(!fit_wallet("7E5F4552091A69125d5DfCb7b8C2659029395Bdf"));
}

static void
uris(void)
{
	static const struct { const char *old, *new; } bad[] = {
		{ "bzn:1", "bzn:2" }, { "bzn:1", "BZN:1" },
		{ "%20", " " }, { "%20", "+" }, { "%20C", "%2" },
		{ "%20", "%0a" }, { "%20", "%0A" }, { "%20", "%00" },
		{ "%20C", "%20%20C" }, { "Acme", "%20Acme" },
		{ "Acme", "A%E2%80%8Bcme" },
		{ "%20", "%FF" }, { "%20", "%41" }, { "%20", "%2x" },
		{ "Acme%20Consulting", "" }, { "&e=", "&x=1&e=" },
		{ "https", "HTTPS" }, { ".example", ".example/" },
		{ "FaBQ", "FaBR" }, { "FaBQ", "FaBQ=" }, { "FaBQ", "FaB" },
		{ "FaBQ", "FaBQ&" }, { "FaBQ", "FaBQ\n" },
		{ "k=11", "k=1" }, { "k=11", "k=111" },
		{ "&s=", "&s=&s=" }, { "&n=", "&n=&n=" },
	};
	char text[400], *p;
	struct err e = { 0 };
	struct uri u;
	size_t i, n = strlen(A_URI);

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		p = strstr(A_URI, bad[i].old);
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(p - A_URI),
		    A_URI, bad[i].new, p + strlen(bad[i].old));
		if (!uri_read(&u, text, strlen(text), &e))
			printf("# %s\n", text);
		OK(uri_read(&u, text, strlen(text), &e) &&
		    e.code == E_bad_uri);
	}
	for (i = 0; i < n; i++)
		OK(uri_read(&u, A_URI, i, &e));
	memset(text, 'x', sizeof(text));
	OK(uri_read(&u, text, URI_MAX + 1, &e) && e.code == E_too_long);
	snprintf(text, sizeof(text), "%s", A_URI);
	text[strlen("bzn:1?k=")] = '2';
	OK(!uri_read(&u, text, n, &e) && uri_check(&u, &e) &&
	    e.code == E_bad_signature);
	snprintf(text, sizeof(text), "%s", A_URI);
	*strstr(text, "Acme") = 'B';
	OK(!uri_read(&u, text, n, &e) && uri_check(&u, &e) &&
	    e.code == E_bad_signature);
}

/* The longest that fits, and one byte more. */
static void
long_uris(void)
{
	struct buf text = BUF_INIT(CARD_MAX);
	struct card_draft d = {
		.endpoint = "https://acme.example", .issued_ms = 0,
		.expires_ms = INT64_MAX,
	};
	char name[FIT_NAME + 1];
	struct err e = { 0 };
	struct sign_key key;
	struct card c;

	seed_key(&key, SEED_A);
	memset(name, 'x', sizeof(name));
	name[85] = '\0';
	d.name = name;
	OK(!card_make(&c, &d, &key, &e) && !uri_make(&text, &c, &key, &e));
	OK(text.len == URI_MAX);
	card_release(&c);
	buf_reset(&text);
	name[85] = 'x';
	name[86] = '\0';
	OK(!card_make(&c, &d, &key, &e) && uri_make(&text, &c, &key, &e) &&
	    e.code == E_too_long && !text.len);
	card_release(&c);
	sign_key_release(&key);
	buf_release(&text);
}

int
main(void)
{
	vectors();
	times();
	refused();
	damaged();
	older();
	endpoints();
	names();
	uris();
	long_uris();
	return DONE();
}
