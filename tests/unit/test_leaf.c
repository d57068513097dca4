/*
 * Leaves: the demo log of spec/ledger.md 2.6 byte for byte, its hashes and
 * roots of 5.1, and what 2.7 says is no leaf.
 */
#include <stdlib.h>

#include "tap.h"

#include "base/buf.h"
#include "base/file.h"
#include "ledger/leaf.h"
#include "tlog/tlog.h"

static const struct unit whole = { "U", 0 };
static const struct unit *const five[] = {
	&unit_builtin[0], &unit_builtin[1], &unit_builtin[2], &unit_builtin[3],
	&whole,
};
static const struct units units = { five, 5 };
static struct leaf leaf;

static const char *const hashes[] = {
	"e8d2cda5289872596ff538976b9eaf15e430e03bf227e6401d31c0cb7d0a5ed4",
	"7fe1d214450bd4aac2461c5f90228c7d7decc49f9159bf8068bd148366b5afc2",
	"1d7a3193ce50b849050a72fbff145578075e2108ff4197325c44a97a8f2f4814",
	"fb39346d9275bce78c8130a07eb7e796ecb05f23e4760b356572c1c949a0e64b",
	"15f05393c4ba919ca49e53163bc0c05e54ed902bf5ee43545e8f80a7720235ee",
	"629dde95f5428ec911b818a856d4503cb406cde93e5fcfc8803a9cc29bbfe6f2",
	"0dfb7aabd2e4b2decde3b082e45ea67339e8c49bd442773f825f907bd70eeefe",
	"e92462e836691e6789e59a587aeced07051b7235b9871414ba3e23ddaf01554b",
	"8393c687f4fad901cdac4a6ecaa6283d7dc18d485a1b1dfdacecf28089a17ffe",
	"aa8f31396c13c25ad97240e865e938a2b87807a615abb66c8f26d525693e19c5",
	"f49846f66e252bd465577e2b40f6e1f3a25b2b5363f26ba56ee9591aae36f037",
};
static const char *const roots[] = {
	"e8d2cda5289872596ff538976b9eaf15e430e03bf227e6401d31c0cb7d0a5ed4",
	"916659193aca4e1e3e6f26af55779c363718b667b901f7a87cb1df9504492c96",
	"bb628ffaa908a347f298b12d89e5c471c74f21de4e2a777fd9d5c08767693b2a",
	"357209f5c39f3544a15abd97e5e418a829111ede65ca3beec24635d667b44538",
	"7b7d561997b6ff8ff207e5da416ff18336222c90c4457d819efa3e02f9977227",
	"7de7afa4fd232d2837cdd5286776d1cc7c5e4c4afc29b03ecd9151750badc13b",
	"8f4cd2633e8d858eb949fd195aa56cac8d2596cea9543999fcb081d607a64e7c",
	"9288bc1e49a7ba8e22616df52a43a1f877d1debfb54de9ee8c20d52eada68d03",
	"30d60db48e98f9e308d4734c27572a5eca129d7eb506fe382ab3a94c93adfa79",
	"6e67a412c4c69b0ba07b6edafb171f9ca4c6ac7fe3e4ac21675d256802c2167d",
	"2958fb4e418e135bf334602a040dc9ae259d3e49211f233d9f141d9fcba287dd",
};

static int
parses(const char *text)
{
	struct err e = { 0 };

	return !leaf_parse(&leaf, text, strlen(text), &units, &e);
}

/* Parsed and rendered, it is the same bytes. */
static int
returns(const char *text, size_t n)
{
	struct buf out = BUF_INIT(LEAF_MAX + 4096);
	struct err e = { 0 };
	int same = !leaf_parse(&leaf, text, n, &units, &e) &&
	    !leaf_render(&out, &leaf.entry, &e) && out.len == n &&
	    !memcmp(out.data, text, n);

	buf_release(&out);
	return same;
}

/* Every byte changed, put in or left out either breaks it or round-trips. */
static int
mutants(const char *text, size_t n)
{
	static const char put[] = "09a\"\\{}[],:.- \n\xc3";
	struct buf b = BUF_INIT(LEAF_MAX + 4096);
	struct err e = { 0 };
	size_t i, k;
	int bad = 0;

	for (i = 0; i < n; i++)
		for (k = 0; k < 2 * sizeof(put); k++) {
			buf_reset(&b);
			buf_add(&b, text, i);
			if (k % sizeof(put) < sizeof(put) - 1)
				buf_addc(&b, put[k % sizeof(put)]);
			if (k < sizeof(put))
				buf_add(&b, text + i + 1, n - i - 1);
			else
				buf_add(&b, text + i, n - i);
			if (!leaf_parse(&leaf, b.data, b.len, &units, &e))
				bad += !returns(b.data, b.len);
		}
	buf_release(&b);
	return bad;
}

static void
demo(void)
{
	const char *src = getenv("BZN_SRC");
	struct buf path = BUF_INIT(4096), text = BUF_INIT(65536);
	struct tlog_edge edge = { 0 };
	struct err e = { 0 };
	char hex[HASH_HEX], *line, *end;
	struct hash h;
	size_t i;

	buf_addf(&path, "%s/tests/golden/demo.leaves", src ? src : ".");
	OK(file_read(&text, path.data, &e) == 0);
	for (line = text.data, i = 0; *line; line = end + 1, i++) {
		end = strchr(line, '\n');
		OK(i < 11 && returns(line, (size_t)(end - line)));
		tlog_leaf(&h, line, (size_t)(end - line));
		hash_hex(hex, &h);
		IS(hex, hashes[i]);
		tlog_push(&edge, &h);
		tlog_root(&edge, &h);
		hash_hex(hex, &h);
		IS(hex, roots[i]);
		OK(mutants(line, (size_t)(end - line)) == 0);
	}
	OK(i == 11);
	OK(edge.size == 11);
	buf_release(&path);
	buf_release(&text);
}

#define HEAD "{\"at_ms\":5,"
#define EVENT(data) HEAD "\"data\":" data ",\"id\":\"x\",\"kind\":\"event\"," \
	"\"seq\":0,\"type\":\"note.test\",\"v\":1}"
#define MOVE(legs) HEAD "\"id\":\"x\",\"kind\":\"transfer\",\"legs\":[" legs \
	"],\"seq\":0,\"type\":\"TRANSFER\",\"v\":1}"
#define LEG(account, amount) "{\"account\":\"" account "\",\"amount\":\"" \
	amount "\",\"unit\":\"TCK\"}"

static void
forms(void)
{
	static const char *const good[] = {
		EVENT("{}"), EVENT("{\"a\":1,\"a0\":-1,\"b\":true}"),
		EVENT("{\"a\":{\"b\":{\"c\":[1,\"x\",false]}}}"),
		EVENT("{\"s\":\"a\\\"b\\\\c/\xc3\xa9\xf0\x9f\x98\x80\"}"),
		EVENT("{\"n\":9007199254740991}"),
		MOVE(LEG("a", "-0.01") "," LEG("b", "0.01")),
		MOVE(LEG("B", "-1.00") "," LEG("a", "0.40") ","
		    LEG("b", "0.60")),
	};
	static const char *const bad[] = {
		"", "{}", EVENT("{}") "\n", "\xef\xbb\xbf" EVENT("{}"),
		" " EVENT("{}"), EVENT("{ }"), EVENT("null"), EVENT("[]"),
		EVENT("{\"a\":null}"), EVENT("{\"a\":1.0}"),
		EVENT("{\"a\":1e0}"), EVENT("{\"a\":01}"), EVENT("{\"a\":-0}"),
		EVENT("{\"a\":9007199254740992}"), EVENT("{\"a\":\"\\u0061\"}"),
		EVENT("{\"a\":\"\\/\"}"), EVENT("{\"a\":\"\t\"}"),
		EVENT("{\"a\":\"\x7f\"}"), EVENT("{\"a\":\"\xc3\"}"),
		EVENT("{\"a\":\"\xed\xa0\x80\"}"),
		EVENT("{\"a\":\"\xc0\xaf\"}"),
		EVENT("{\"b\":1,\"a\":1}"), EVENT("{\"a\":1,\"a\":1}"),
		EVENT("{\"A\":1}"), EVENT("{\"a\":{\"b\":{\"c\":{\"d\":{}}}}}"),
		HEAD "\"id\":\"x\",\"kind\":\"event\",\"seq\":0,"
		    "\"type\":\"note.test\",\"v\":1}",
		HEAD "\"data\":{},\"id\":\"x\",\"kind\":\"event\",\"seq\":0,"
		    "\"type\":\"note.test\",\"v\":2}",
		HEAD "\"data\":{},\"id\":\"\",\"kind\":\"event\",\"seq\":0,"
		    "\"type\":\"note.test\",\"v\":1}",
		HEAD "\"data\":{},\"group\":{\"i\":2,\"n\":2},\"id\":\"x\","
		    "\"kind\":\"event\",\"seq\":0,\"type\":\"a.b\",\"v\":1}",
		HEAD "\"data\":{},\"group\":{\"i\":0,\"n\":1},\"id\":\"x\","
		    "\"kind\":\"event\",\"seq\":0,\"type\":\"a.b\",\"v\":1}",
		HEAD "\"data\":{},\"group\":{\"i\":0,\"n\":257},\"id\":\"x\","
		    "\"kind\":\"event\",\"seq\":0,\"type\":\"a.b\",\"v\":1}",
		MOVE(LEG("b", "0.01") "," LEG("a", "-0.01")),
		MOVE(LEG("a", "0.01")), MOVE(LEG("a", "-0.01")),
		MOVE(LEG("a", "-0.01") "," LEG("a", "0.01")),
		MOVE(LEG("a", "0.00") "," LEG("b", "0.00")),
		MOVE(LEG("a", "-0.01") "," LEG("b", "0.02")),
		MOVE(LEG("a", "-10.0") "," LEG("b", "10.0")),
		MOVE(LEG("a", "-1.00") "," LEG("b", "+1.00")),
		MOVE(LEG("a", "-1.00") "," LEG("b", "01.00")),
		MOVE(LEG("a", "-1.00") "," LEG("b", "1e0")),
		MOVE(LEG("a b", "-1.00") "," LEG("b", "1.00")),
		MOVE("{\"account\":\"a\",\"amount\":-1.00,\"unit\":\"TCK\"},"
		    LEG("b", "1.00")),
	};
	struct buf big = BUF_INIT(1 << 20);
	struct err e = { 0 };
	int i;

	for (i = 0; i < (int)(sizeof(good) / sizeof(*good)); i++)
		OK(returns(good[i], strlen(good[i])));
	for (i = 0; i < (int)(sizeof(bad) / sizeof(*bad)); i++)
		OK(!parses(bad[i]));
	OK(leaf_parse(&leaf, MOVE(LEG("a", "-1.00") ",{\"account\":\"b\","
	    "\"amount\":\"1\",\"unit\":\"XYZ\"}"), strlen(MOVE(LEG("a",
	    "-1.00") ",{\"account\":\"b\",\"amount\":\"1\","
	    "\"unit\":\"XYZ\"}")), &units, &e) && e.code == E_bad_unit);
	/* 64 keys fit, 65 do not; strings of 4,096 bytes fit, 4,097 not. */
	buf_adds(&big, HEAD "\"data\":{");
	for (i = 0; i < 64; i++)
		buf_addf(&big, "%s\"k%02d\":\"%0*d\"", i ? "," : "", i,
		    i ? 1 : 4096, 0);
	buf_adds(&big, "},\"id\":\"x\",\"kind\":\"event\",\"seq\":0,"
	    "\"type\":\"note.test\",\"v\":1}");
	OK(parses(big.data));
	buf_reset(&big);
	buf_addf(&big, HEAD "\"data\":{\"k\":\"%04097d\"},\"id\":\"x\","
	    "\"kind\":\"event\",\"seq\":0,\"type\":\"a.b\",\"v\":1}", 0);
	OK(!parses(big.data));
	buf_release(&big);
}

#define SAID(at, id, seq, more) "{\"at_ms\":" at ",\"data\":{},\"id\":" id \
	",\"kind\":\"event\"" more ",\"seq\":" seq \
	",\"type\":\"note.test\",\"v\":1}"
#define ID64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* The table of 2.7, row by row, as far as forms() has not got it. */
static void
refused(void)
{
	static const char *const good[] = {
		SAID("5", "\"x\"", "1", ""), SAID("0", "\"" ID64 "\"", "0", ""),
		SAID("5", "\"x\"", "1", ",\"ref\":\"a/b\""),
	};
	static const char *const bad[] = {
		"{\"v\":1,\"at_ms\":5,\"data\":{},\"id\":\"x\",\"kind\":"
		    "\"event\",\"seq\":1,\"type\":\"note.test\"}",
		SAID("5", "\"x\"", "1.0", ""), SAID("5", "\"x\"", "1e0", ""),
		SAID("5", "\"x\"", "01", ""), SAID("5", "\"x\"", "-0", ""),
		SAID("5", "\"x\"", "-1", ""), SAID("-1", "\"x\"", "1", ""),
		SAID("5", "\"x\"", "9007199254740992", ""),
		SAID("5", "\"x\"", "\"1\"", ""),
		SAID("5", "\"\\u0061\"", "1", ""),
		SAID("5", "\"" ID64 "0\"", "1", ""),
		SAID("5", "\"x\"", "1", ",\"ref\":\"a\\/b\""),
		SAID("5", "\"x\"", "1", ",\"ref\":\"a\tb\""),
		SAID("5", "\"x\"", "1", ",\"ref\":\"a\nb\""),
		SAID("5", "\"x\"", "1", ",\"ref\":\"\""),
		SAID("5", "\"x\"", "1", ",\"odd\":1"),
		SAID("5", "\"x\"", "1", ",\"kind\":\"event\""),
		SAID("5", "\"x\"", "1", ",\"legs\":[" LEG("a", "-1.00") ","
		    LEG("b", "1.00") "]"),
		EVENT("{\"a\":\"\n\"}"), EVENT("{\"a\":\"\xc0\x80\"}"),
		EVENT("{\"a\":\"\\ud800\"}"), EVENT("{\"a\":\"\xed\xbf\xbf\"}"),
		HEAD "\"id\":\"x\",\"kind\":\"transfer\",\"seq\":0,"
		    "\"type\":\"TRANSFER\",\"v\":1}",
		MOVE(LEG("a", "-0.00") "," LEG("b", "0.00")),
		MOVE(LEG("a", "-.50") "," LEG("b", ".50")),
		MOVE(LEG("a", "-1e2") "," LEG("b", "1e2")),
		MOVE(LEG("a", "-010.00") "," LEG("b", "010.00")),
		MOVE(LEG("a", "-1.00") "," LEG("b", "1.00") ","
		    "{\"account\":\"c\",\"amount\":\"1.00\","
		    "\"unit\":\"SBX\"}"),
	};
	struct buf big = BUF_INIT(1 << 20);
	int i, n;

	for (i = 0; i < (int)(sizeof(good) / sizeof(*good)); i++)
		OK(returns(good[i], strlen(good[i])));
	for (i = 0; i < (int)(sizeof(bad) / sizeof(*bad)); i++)
		OK(!parses(bad[i]));
	for (n = 1024; n <= 1025; n++) {
		buf_reset(&big);
		buf_adds(&big, HEAD "\"id\":\"x\",\"kind\":\"transfer\","
		    "\"legs\":[");
		for (i = 0; i < n; i++)
			buf_addf(&big, "%s{\"account\":\"a%04d\",\"amount\":"
			    "\"%d\",\"unit\":\"U\"}", i ? "," : "", i,
			    i ? -1 : n - 1);
		buf_adds(&big, "],\"seq\":0,\"type\":\"TRANSFER\",\"v\":1}");
		OK(parses(big.data) == (n == 1024));
	}
	/* 65,535 bytes are a leaf; one more is none. */
	for (n = 65535; n <= 65536; n++) {
		buf_reset(&big);
		buf_adds(&big, HEAD "\"data\":{");
		for (i = 0; i < 15; i++)
			buf_addf(&big, "\"k%02d\":\"%04096d\",", i, 0);
		buf_addf(&big, "\"z\":\"%0*d\"},\"id\":\"x\","
		    "\"kind\":\"event\",\"seq\":0,\"type\":\"a.b\",\"v\":1}",
		    n - 65535 + 3882, 0);
		OK(parses(big.data) == (n == 65535) && big.len == (size_t)n);
	}
	buf_release(&big);
}

/* The worked vector of 2.7. */
static void
utf8(void)
{
	static const char text[] = "{\"at_ms\":1795161600000,\"data\":{\"s\":"
	    "\"a\\\"b\\\\c/\xc3\xa9\xf0\x9f\x98\x80\"},\"id\":\"utf8\","
	    "\"kind\":\"event\",\"seq\":0,\"type\":\"note.test\",\"v\":1}";
	char hex[HASH_HEX];
	struct err e = { 0 };
	struct hash h;
	size_t n;

	/* No beginning is a leaf, nor is one read beyond its end. */
	for (n = 0; n < 113; n++) {
		leaf_release(&leaf);
		OK(leaf_parse(&leaf, text, n, &units, &e));
	}
	OK(sizeof(text) - 1 == 113 && returns(text, 113));
	tlog_leaf(&h, text, 113);
	hash_hex(hex, &h);
	IS(hex, "6349ff740351c0aeec1fc159f3b8d1da"
	    "28202417e3597b8cd405ad1b13d27c20");
}

/* A transfer whose account, ref and type have this byte inside. */
static int
has(const char *account, const char *ref, const char *type)
{
	char text[512];

	snprintf(text, sizeof(text), "{\"at_ms\":1,\"id\":\"a\",\"kind\":"
	    "\"transfer\",\"legs\":[{\"account\":\"a%s\",\"amount\":\"1\","
	    "\"unit\":\"U\"},{\"account\":\"b\",\"amount\":\"-1\",\"unit\":"
	    "\"U\"}],\"ref\":\"r%s\",\"seq\":1,\"type\":\"T%s\",\"v\":1}",
	    account, ref, type);
	return parses(text);
}

/* Sets and tables of bytes have the bytes that the rules name. */
static void
bytes(void)
{
	static const char alnum[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	bool word, mark;
	char in[] = "a?", first[] = "?a";
	struct err e;
	int c, wrong = 0;

	for (c = 1; c < 256; c++) {
		in[1] = first[0] = (char)c;
		word = strchr(alnum, c) != NULL;
		mark = strchr("._:@/+-", c) != NULL;
		wrong += !leaf_check_id(in, &e) !=
		    (word || mark || c == '=' || c == '~');
		wrong += !leaf_check_id(first, &e) != word;
		wrong += !leaf_check_account(in, &e) != (word || mark);
		wrong += !leaf_check_account(first, &e) !=
		    (word || c == '_' || c == '-');
		wrong += has(in + 1, "", "") != (word || mark);
		mark = c >= ' ' && c < 0x7f && c != '"' && c != '\\';
		wrong += has("", in + 1, "") != mark;
		wrong += has("", "", in + 1) != mark;
	}
	OK(!wrong);
}

int
main(void)
{
	demo();
	bytes();
	forms();
	refused();
	utf8();
	leaf_release(&leaf);
	return DONE();
}
