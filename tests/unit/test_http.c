/*
 * Signed requests: the vectors S1 to S3 of spec/protocols.md 6, that of
 * spec/node.md 22.2, and one request for every way to fail.
 */
#include <stdlib.h>

#include "tap.h"

#include "base/json.h"
#include "seed.h"
#include "sig/http.h"
#include "vectors.h"

#define NONCE "AAECAwQFBgcICQoLDA0ODw"
#define HELLO "{\"hello\": \"world\"}"

static struct sign_key key_a, key_k;

static void
sf(void)
{
	static const struct { const char *in, *out; } good[] = {
		{ "", "" }, { "a=1", "a=1" }, { "a", "a" }, { "a=?1", "a" },
		{ "a=?0;b", "a=?0;b" }, { "a;b=2", "a;b=2" },
		{ "a=1 ,\tb=2", "a=1, b=2" }, { "  a=1  ", "a=1" },
		{ "a=007", "a=7" }, { "a=-0", "a=0" }, { "a=1.50", "a=1.5" },
		{ "a=01.500;q=0.0", "a=1.5;q=0.0" }, { "a=-1.0", "a=-1.0" },
		{ "a=\"x\\\"\\\\y\"", "a=\"x\\\"\\\\y\"" },
		{ "a=*t/x:y", "a=*t/x:y" }, { "a=:aGk=:", "a=:aGk=:" },
		{ "a=::", "a=::" }, { "*a=1", "*a=1" },
		{ "a=()", "a=()" }, { "a=( 1   2 );x", "a=(1 2);x" },
		{ "a=(\"x\";y=1 b);z=\"\"", "a=(\"x\";y=1 b);z=\"\"" },
		{ "a=1, b=2, a=3", "a=3, b=2" }, { "a=1;b=1;b=2", "a=1;b=2" },
		{ "a=999999999999999", "a=999999999999999" },
		{ "a; b=1", "a;b=1" },
	};
	static const char *const bad[] = {
		",", "a,", "a=", "A=1", "1=a", "a=1 b=2", "a=(", "a=(1", "a=)",
		"a=(1,2)", "a=(1\t2)", "a=(\"x\"y)", "a=\"", "a=\"x",
		"a=\"\\x\"", "a=\"\x7f\"", "a=\"\xc3\xa9\"", "a=:aGk:",
		"a=:aGl=:", "a=:aGk=", "a=: aGk=:", "a=:a-k=:", "a=?2", "a=?",
		"a=1.", "a=.5", "a=1.2345", "a=1234567890123.1", "a=-",
		"a=1000000000000000", "a=@1", "a=%\"x\"", "a==1", "a;=1",
		"a;B=1", "a=1;", "a =1", "a=\x01", ";a", "a=1,,b=2", "\ta=1",
	};
	struct buf out = BUF_INIT(1000);
	struct err e = { 0 };
	struct sf_dict d;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		buf_reset(&out);
		OK(!sf_read(&d, good[i].in, strlen(good[i].in), &e));
		sf_write_dict(&out, &d);
		IS(out.data, good[i].out);
		sf_release(&d);
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		OK(sf_read(&d, bad[i], strlen(bad[i]), &e) &&
		    e.code == E_bad_header);
		sf_release(&d);
	}
	OK(sf_read(&d, "a=1\0", 4, &e));
	sf_release(&d);
	buf_release(&out);
}

/* Is it what the file of vectors has? */
static void
compare(const char *base, const char *sig)
{
	struct buf text = BUF_INIT(65536);
	struct err e = { 0 };
	struct json root;
	const char *want;

	if (vector_read(&text, "rfc9421/ed25519_b26.json")) {
		SKIP(1, "RFC 9421 B.2.6");
		return;
	}
	OK(!json_parse(&root, text.data, text.len, &e));
	OK(!json_get_str(&root, "signature_base", &want, &e));
	IS(base, want);
	OK(!json_get_str(&root, "signature", &want, &e));
	OK(strstr(want, sig) != NULL);
	json_release(&root);
	buf_release(&text);
}

/* S1, RFC 9421 B.2.6: what is signed, with what, and four changes. */
static void
rfc(void)
{
	static const char want[] = "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n"
	    "\"@method\": POST\n\"@path\": /foo\n\"@authority\": example.com\n"
	    "\"content-type\": application/json\n\"content-length\": 18\n"
	    "\"@signature-params\": (\"date\" \"@method\" \"@path\" "
	    "\"@authority\" \"content-type\" \"content-length\");created="
	    "1618884473;keyid=\"test-key-ed25519\"";
	static const char input[] = "sig-b26=(\"date\" \"@method\" \"@path\" "
	    "\"@authority\" \"content-type\" \"content-length\");created="
	    "1618884473;keyid=\"test-key-ed25519\"";
	static const char wire[] = "POST /foo?param=Value&Pet=dog HTTP/1.1\r\n"
	    "Host: example.com\r\nDate: Tue, 20 Apr 2021 02:07:55 GMT\r\n"
	    "Content-Type: application/json\r\nContent-Digest: sha-512=:"
	    "WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BN"
	    "NyealdVLvRwEmTHWXvJwew==:\r\nContent-Length: 18\r\n\r\n" HELLO;
	static const struct { const char *from, *to; } change[] = {
		{ "POST", "GET " }, { "/foo", "/fo/" }, { ":55 G", ":56 G" },
		{ "created=1618884473", "created=1618884474" },
	};
	struct buf text = BUF_INIT(4096), base = BUF_INIT(4096),
	    sig64 = BUF_INIT(100);
	struct http_base b = { "https", "example.com" };
	struct http_request r;
	struct err e = { 0 };
	struct sign_sig sig, again;
	struct sf_dict d;
	size_t i, n;
	char *at;

	OK(enc_unbase64(sig.b, 64, &n, "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN"
	    "6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==", 88));
	buf_add(&text, wire, sizeof(wire) - 1);
	OK(!http_read(&r, &text, &e));
	http_at(&r, &b, 1);
	OK(!http_digest(&r, &e));
	OK(!sf_read(&d, input, strlen(input), &e));
	OK(!http_text(&base, &r, sf_find(&d, "sig-b26"), &e));
	IS(base.data, want);
	sign_make(&again, &key_k, base.data, base.len);
	OK(!memcmp(&again, &sig, sizeof(sig)));
	enc_base64(&sig64, again.b, sizeof(again.b));
	compare(base.data, sig64.data);
	OK(sign_check(&sig, &key_k.pub, base.data, base.len));
	for (i = 0; i < sizeof(change) / sizeof(*change); i++) {
		buf_reset(&text);
		buf_adds(&text, want);
		at = strstr(text.data, change[i].from);
		memcpy(at, change[i].to, strlen(change[i].to));
		OK(!sign_check(&sig, &key_k.pub, text.data, text.len));
	}
	sf_release(&d);
	buf_release(&text);
	buf_release(&base);
	buf_release(&sig64);
}

/* Sign, compare, write it as a request, and judge that. */
static void
vector(const char *method, const char *url, const char *body, int64_t ms,
    const struct sign_key *key, const char *key_id, const char *want)
{
	const struct http_sign s = { key_id, NONCE, ms };
	struct buf out = BUF_INIT(4096), wire = BUF_INIT(8192);
	struct http_request r = { .method = method };
	struct http_claim c;
	struct http_base b;
	struct err e = { 0 };

	OK(!http_url(&b, &r.target, url, &e));
	http_at(&r, &b, 1);
	r.body = body;
	r.body_n = strlen(body);
	OK(!http_sign(&out, &r, &s, key, &e));
	OK(strstr(out.data, want) != NULL);
	buf_addf(&wire, "%s %s HTTP/1.1\nhost: %s\n%s\n%s", method, r.target,
	    b.authority, out.data, body);
	OK(!http_read(&r, &wire, &e));
	http_at(&r, &b, 1);
	OK(!http_claim(&c, &r, ms, &e));
	printf("# %s\n", e.msg);
	OK(sign_check(&c.sig, &key->pub, c.text.data, c.text.len));
	IS(c.key_id, key_id);
	IS(c.nonce, NONCE);
	printf("# base of %zu bytes\n", c.text.len);
	http_claim_release(&c);
	buf_release(&out);
	buf_release(&wire);
}

static void
ours(void)
{
	vector("POST", "https://node-b.example/v1/tasks/create", HELLO,
	    INT64_C(1772000000000), &key_k, K_ID, "Content-Digest: sha-256=:"
	    "X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:\nSignature-Input: "
	    "bzn=(\"@method\" \"@target-uri\" \"content-digest\");created="
	    "1772000000;nonce=\"" NONCE "\";keyid=\"" K_ID "\"\nSignature: "
	    "bzn=:LvU2+STCp8LEkiO3G+U4zJD93shFBOxVUgoJ9HyqVb9k3iS2+G7+hHPEq/n"
	    "zJp8fWQRgza1IeZQMVNaviGeKBQ==:\n");
	vector("GET", "https://node-b.example/v1/tasks/mine?status=OPEN", "",
	    INT64_C(1772000000000), &key_k, K_ID, "Signature-Input: "
	    "bzn=(\"@method\" \"@target-uri\");created=1772000000;nonce=\""
	    NONCE "\";keyid=\"" K_ID "\"\nSignature: bzn=:tg2vLRbKlOOQEgBhdhR"
	    "OHZeIENGaPF/P3ENfwY3gpDOQvI5XhuLaiSUoX8LW7LcMc8s8OrLLAZvAR0AtiwY"
	    "FDg==:\n");
	vector("POST", "https://b.example/api/identity/import", "{\"uri\":\""
	    "bzn:1?k=11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo&n=Acme%20Con"
	    "sulting&e=https://acme.example&s=tMoicol013uG_5AlgfHHUr242K4D9Xm5"
	    "2nQ8qSGQUm6oGdY6o8jogQ7EapfB16xFtESSGGTi0LvuZHDNn3FaBQ\"}",
	    INT64_C(1773066180000), &key_a, A_ID, "Signature: bzn=:xVEpRE5yss"
	    "KRckd6mMNrm+J67mmTcDLSdI7xcJ6ackcMYujrhThtuqZOsrTjk6fQAT+F49QqQd"
	    "k9X02DSAWiCw==:\n");
}

#define LIST "(\"@method\" \"@target-uri\")"
#define PARAMS ";created=1772000000;nonce=\"" NONCE "\";keyid=\"" K_ID "\""
#define SIG "Signature: bzn=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==:\n"
#define IN "Signature-Input: bzn="
#define DIGEST "Content-Digest: sha-256=:" \
	"X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:\n"
#define WITH "(\"@method\" \"@target-uri\" \"content-digest\")"

static void
failures(void)
{
	static const struct {
		const char *fields, *body;
		int64_t now_s;
		enum err_code want;
	} row[] = {
		{ "", "", 0, E_no_signature },
		{ IN LIST PARAMS "\n", "", 0, E_no_signature },
		{ SIG, "", 0, E_no_signature },
		{ IN LIST PARAMS "\n" SIG, "", 0, E_ok },
		{ IN LIST PARAMS "\n" SIG, "", 300, E_ok },
		{ IN LIST PARAMS "\n" SIG, "", -300, E_ok },
		{ IN LIST PARAMS "\n" SIG, "", 301, E_stale },
		{ IN LIST PARAMS "\n" SIG, "", -301, E_stale },
		{ IN LIST PARAMS ";expires=1772000001\n" SIG, "", 0, E_ok },
		{ IN LIST PARAMS ";expires=1772000000\n" SIG, "", 0, E_stale },
		{ IN LIST PARAMS ";expires=\"1\"\n" SIG, "", 0, E_bad_header },
		{ IN LIST PARAMS ";alg=\"ed25519\"\n" SIG, "", 0, E_ok },
		{ IN LIST PARAMS ";alg=\"hmac-sha256\"\n" SIG, "", 0,
		    E_bad_header },
		{ IN LIST PARAMS ";tag=\"x\"\n" SIG, "", 0, E_ok },
		{ "Signature-Input: x=" LIST PARAMS "\n" SIG, "", 0,
		    E_bad_header },
		{ IN "1\n" SIG, "", 0, E_bad_header },
		{ IN LIST PARAMS ",\n" SIG, "", 0, E_bad_header },
		{ IN LIST PARAMS "\nSignature: bzn=:AAAA:\n", "", 0,
		    E_bad_header },
		{ IN LIST PARAMS "\nSignature: bzn=\"x\"\n", "", 0,
		    E_bad_header },
		{ IN LIST ";nonce=\"" NONCE "\";keyid=\"" K_ID "\"\n" SIG, "",
		    0, E_bad_header },
		{ IN LIST ";created=1772000000;keyid=\"" K_ID "\"\n" SIG, "",
		    0, E_bad_header },
		{ IN LIST ";created=1772000000;nonce=\"short\";keyid=\"" K_ID
		    "\"\n" SIG, "", 0, E_bad_header },
		{ IN LIST ";created=1772000000;nonce=\"" NONCE "\"\n" SIG, "",
		    0, E_bad_header },
		{ IN LIST ";created=1772000000;nonce=\"" NONCE "\";keyid=\"x\""
		    "\n" SIG, "", 0, E_bad_header },
		{ IN "(\"@method\")" PARAMS "\n" SIG, "", 0, E_uncovered },
		{ IN "(\"@target-uri\")" PARAMS "\n" SIG, "", 0,
		    E_uncovered },
		{ IN "()" PARAMS "\n" SIG, "", 0, E_uncovered },
		{ IN LIST PARAMS "\n" SIG, HELLO, 0, E_uncovered },
		{ IN LIST PARAMS "\n" SIG DIGEST, HELLO, 0, E_uncovered },
		{ IN WITH PARAMS "\n" SIG DIGEST, HELLO, 0, E_ok },
		{ IN WITH PARAMS "\n" SIG, HELLO, 0, E_bad_header },
		{ IN WITH PARAMS "\n" SIG DIGEST, "{\"hello\": \"World\"}", 0,
		    E_bad_digest },
		{ IN LIST PARAMS "\n" SIG DIGEST, "", 0, E_bad_digest },
		{ IN WITH PARAMS "\n" SIG "Content-Digest: md5=:aGk=:\n",
		    HELLO, 0, E_bad_digest },
		{ IN WITH PARAMS "\n" SIG DIGEST "Content-Digest: sha-512=:aGk"
		    "=:\n", HELLO, 0, E_bad_digest },
		{ IN WITH PARAMS "\n" SIG "Content-Digest: x\x7f\n", HELLO, 0,
		    E_bad_header },
		{ IN "(\"@method\" \"@target-uri\" \"x-a\")" PARAMS "\n" SIG,
		    "", 0, E_bad_header },
		{ IN "(\"@method\" \"@target-uri\" \"Host\")" PARAMS "\n" SIG,
		    "", 0, E_bad_header },
		{ IN "(\"@method\" \"@target-uri\" \"host\")" PARAMS "\n" SIG,
		    "", 0, E_ok },
		{ IN "(\"@method\" \"@target-uri\" \"@method\")" PARAMS "\n"
		    SIG, "", 0, E_bad_header },
		{ IN "(\"@method\";req \"@target-uri\")" PARAMS "\n" SIG, "",
		    0, E_bad_header },
		{ IN "(\"@method\" \"@target-uri\" \"@status\")" PARAMS "\n"
		    SIG, "", 0, E_bad_header },
	};
	const struct http_base b = { "https", "node-b.example" };
	struct buf wire = BUF_INIT(8192);
	struct http_request r;
	struct http_claim c;
	struct err e;
	size_t i;

	for (i = 0; i < sizeof(row) / sizeof(*row); i++) {
		e = (struct err){ 0 };
		buf_reset(&wire);
		buf_addf(&wire, "POST /x HTTP/1.1\r\nHost: node-b.example\r\n"
		    "%s\r\n%s", row[i].fields, row[i].body);
		OK(!http_read(&r, &wire, &e));
		http_at(&r, &b, 1);
		if (http_claim(&c, &r, (1772000000 + row[i].now_s) *
		    INT64_C(1000), &e))
			printf("# %zu: %s\n", i, e.msg);
		OK(e.code == row[i].want);
		http_claim_release(&c);
	}
	buf_release(&wire);
}

static void
requests(void)
{
	static const char *const bad[] = {
		"", "\n", "GET\n\n", "GET /\n\n", "GET / HTTP/2\n\n",
		"GET  / HTTP/1.1\n\n", "GET / HTTP/1.1 \n\n",
		"G(T / HTTP/1.1\n\n", "GET x HTTP/1.1\n\n",
		"GET * HTTP/1.1\n\n", "GET /# HTTP/1.1\n\n",
		"GET /\xff HTTP/1.1\n\n", "GET / HTTP/1.1\nHost: a\n",
		"GET / HTTP/1.1\nHost: a\nHost: b\n\n",
		"GET / HTTP/1.1\n a: b\n\n", "GET / HTTP/1.1\na: b\n c\n\n",
		"GET / HTTP/1.1\na : b\n\n", "GET / HTTP/1.1\n: b\n\n",
		"GET / HTTP/1.1\na\n\n", "GET / HTTP/1.1\na: b\x01\n\n",
		"GET / HTTP/1.1\na: b\rc\n\n",
		"GET / HTTP/1.1\nContent-Length: 1\n\n",
		"GET / HTTP/1.1\nContent-Length: 1\n\nab",
		"GET / HTTP/1.1\nContent-Length: 1\nContent-Length: 1\n\na",
		"GET / HTTP/1.1\nContent-Length: +1\n\na",
		"GET / HTTP/1.1\nTransfer-Encoding: chunked\n\n0\r\n\r\n",
		"GET https://u@a/ HTTP/1.1\n\n", "GET ftp://a/ HTTP/1.1\n\n",
		"GET https:///x HTTP/1.1\n\n",
	};
	static const struct { const char *url, *base, *target; } url[] = {
		{ "https://A.Example", "https://a.example", "/" },
		{ "https://a:443/x?y#", NULL, NULL },
		{ "https://a:443/x?y", "https://a", "/x?y" },
		{ "http://a:80/", "http://a", "/" },
		{ "http://a:443/", "http://a:443", "/" },
		{ "http://[::1]:8000/", "http://[::1]:8000", "/" },
		{ "https://a?x", NULL, NULL }, { "https://", NULL, NULL },
		{ "HTTPS://a/", NULL, NULL }, { "a/b", NULL, NULL },
		{ "https://a b/", NULL, NULL }, { "https://a/b c", NULL, NULL },
	};
	const struct http_base both[] = {
		{ "https", "one.example" }, { "http", "two.example:8000" },
	};
	struct buf wire = BUF_INIT(8192);
	struct http_request r;
	struct http_base b;
	struct err e = { 0 };
	const char *target;
	char got[400];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		buf_reset(&wire);
		buf_adds(&wire, bad[i]);
		OK(http_read(&r, &wire, &e) && e.code == E_bad_request);
	}
	buf_reset(&wire);
	buf_add(&wire, "GET / HTTP/1.1\na: b\0\n\n", 22);
	OK(http_read(&r, &wire, &e) && e.code == E_bad_request);
	for (i = 0; i < sizeof(url) / sizeof(*url); i++) {
		if (http_url(&b, &target, url[i].url, &e)) {
			OK(!url[i].base);
			continue;
		}
		snprintf(got, sizeof(got), "%s://%s", b.scheme, b.authority);
		IS(got, url[i].base ? url[i].base : "");
		IS(target, url[i].target);
	}
	buf_reset(&wire);
	buf_adds(&wire, "GET https://evil.example/p?q HTTP/1.1\n"
	    "Host: TWO.example:8000\n\n");
	OK(!http_read(&r, &wire, &e));
	http_at(&r, both, 2);
	IS(r.authority, "two.example:8000");
	IS(r.target, "/p?q");
	buf_reset(&wire);
	buf_adds(&wire, "GET / HTTP/1.1\nHost: evil.example\n\n");
	OK(!http_read(&r, &wire, &e));
	http_at(&r, both, 2);
	IS(r.authority, "one.example");
	buf_release(&wire);
}

int
main(void)
{
	seed_key(&key_a, SEED_A);
	seed_key(&key_k, SEED_K);
	sf();
	rfc();
	ours();
	failures();
	requests();
	sign_key_release(&key_a);
	sign_key_release(&key_k);
	return DONE();
}
