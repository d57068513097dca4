/* Proof hashes: the forms of an output that sellers hash (vmp 9.4). */
#include <stdio.h>

#include "tap.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/nfc.h"
#include "base/num.h"
#include "crypto/hash.h"
#include "validate/proof.h"

#define DECOMPOSED "e\xcc\x81"
#define COMPOSED "\xc3\xa9"

static struct err e;

/* The form of a text, or the complaint. */
static const char *
form(const char *text, enum proof_form how)
{
	static struct buf b = BUF_INIT(JSON_MAX);
	struct json v = { 0 };
	int rc;

	buf_reset(&b);
	rc = json_parse(&v, text, strlen(text), &e) ||
	    proof_write(&b, &v, how, &e);
	json_release(&v);
	return rc ? e.msg : b.data;
}

static const char *
match(const char *text, const char *hash)
{
	struct json v = { 0 };
	const char *word = "not read";

	if (!json_parse(&v, text, strlen(text), &e))
		word = proof_match(&v, hash);
	json_release(&v);
	return word;
}

static bool
hashes(const char *text, enum proof_form how, const char *want)
{
	const char *s = form(text, how);
	char hex[HASH_HEX];
	struct hash h;

	hash_of(&h, s, strlen(s));
	hash_hex(hex, &h);
	return !strcmp(hex, want);
}

/* vmp 12.1, all rows: the hashes of the forms, and the first that matches. */
static void
test_golden(void)
{
	static const struct {
		const char *output, *hash[PROOF__FORMS];
	} rows[] = {
		{ "{}", {
		    "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f6"
		    "1caaff8a", NULL, NULL, "44136fa355b3678a1146ad16f7e8649e"
		    "94fb4fc21fe77e8310c060f61caaff8a" } },
		{ "{\"b\":1,\"a\":[true,null,\"x\"]}", {
		    "54a65415ad370228851a1da4b31b6fd42dc58b19a50d35cae759325f"
		    "7388ce64", NULL, NULL, "636910e54e14b83a16db552691b843fe"
		    "bfdd82efe731d35da1c457f0a2799892" } },
		{ "{\"" DECOMPOSED "\":\"caf" COMPOSED "\",\"n\":1.0}", {
		    "3cc348af4569e40b03cad20864534998d241cf03127b8a837e06b10e"
		    "1499d842",
		    "fc32088ba7583d33652182bce2a09e1da557c62caeac8bbc604a2b42"
		    "694cb4b7",
		    "e5f267e036cc712a012a9731b20b360eaa9d5116a496f65a5e5d6593"
		    "d998ef6b",
		    "3f2162a67247a33c2a5aeaaaa544bd51be268828fe073841b2774b60"
		    "ce03f476" } },
		{ "{\"z\":{\"y\":2,\"x\":1e21,\"w\":0.1}}", {
		    "6831bccedc51d66f8170303cf4e2fd17460f97d5b9d7e885335f36c4"
		    "45cb35dd", NULL, NULL, "ca2bedb2b3be5ea37459c092eff785a5"
		    "67db4f0dc4f83e0fbcd93a2ca0a44646" } },
		{ "{\"echo\":{\"v\":1},\"n\":1.5,\"" COMPOSED "\":\"" COMPOSED
		    "\"}", {
		    "db85f0e2b75173b53afadbcffa5a181adbbcfe1b9114b16d5f1e4d16"
		    "7aa13fbf", NULL, NULL, "60455b748ca2c487d4bc3693deca6146"
		    "a28da95bf9ea8bad8a4c5e9ca4221e94" } },
	};
	const char *hash, *first;
	enum proof_form how;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (how = 0; how < PROOF__FORMS; how++) {
			hash = rows[i].hash[how];
			first = proof_word(how);
			if (!hash || !strcmp(hash, rows[i].hash[0])) {
				hash = rows[i].hash[0];
				first = "python";
			}
			OK(hashes(rows[i].output, how, hash));
			IS(match(rows[i].output, hash), first);
		}
}

static void
test_match(void)
{
	IS(match("{}", "SHA256:44136FA355B3678A1146AD16F7E8649E94FB4FC21FE77E8"
	    "310C060F61CAAFF8A"), "python");
	IS(match("{}", "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8"
	    "310c060f61caaff8a"), "python");
	IS(match("{}", " 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c06"
	    "0f61caaff8a"), "none");
	IS(match("{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060"
	    "f61caaff8a "), "none");
	IS(match("{}", "sha256:sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc2"
	    "1fe77e8310c060f61caaff8a"), "none");
	IS(match("{}", "54136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060"
	    "f61caaff8a"), "none");
	IS(match("{}", "hash123"), "none");
	IS(match("{}", ""), "none");
	IS(match("{}", "sha256:"), "none");
	/* A number that no client can have has no form. */
	IS(match("[1e400]", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e831"
	    "0c060f61caaff8a"), "none");
	IS(form("[1e400]", PROOF_PYTHON), "'/0' is too large for a double");
	IS(form("[1e400]", PROOF_JCS), "'/0' is too large for a double");
}

static void
test_forms(void)
{
	/* By code point, or by unit of UTF-16: U+10000 and U+E000. */
	static const char keys[] =
	    "{\"\xf0\x90\x80\x80\":1,\"\xee\x80\x80\":2}";
	static const char twisted[] =
	    "{\"\xee\x80\x80\":2,\"\xf0\x90\x80\x80\":1}";

	IS(form(keys, PROOF_PYTHON), twisted);
	IS(form(twisted, PROOF_JS), keys);
	IS(form(twisted, PROOF_JCS), keys);
	IS(form(keys, PROOF_LEGACY),
	    "{\"\\ue000\": 2, \"\\ud800\\udc00\": 1}");
	IS(form("[\"\\u007f\\b\\u001f\\\"\\\\\\/\"]", PROOF_LEGACY),
	    "[\"\\u007f\\b\\u001f\\\"\\\\/\"]");
	IS(form("[\"\\u007f\\b\\u001f\\\"\\\\\\/\"]", PROOF_PYTHON),
	    "[\"\x7f\\b\\u001f\\\"\\\\/\"]");
	IS(form("[[],{},true,null,{\"a\":[1,2]}]", PROOF_LEGACY),
	    "[[], {}, true, null, {\"a\": [1, 2]}]");
	IS(form("\"" DECOMPOSED "\"", PROOF_JS), "\"" COMPOSED "\"");
	IS(form("\"" DECOMPOSED "\"", PROOF_JCS), "\"" DECOMPOSED "\"");
	IS(form("\"" DECOMPOSED "\"", PROOF_LEGACY), "\"e\\u0301\"");
}

static void
test_numbers(void)
{
	static const char *const rows[][3] = {
		/* lexeme, as Python, as ECMAScript */
		{ "0", "0", "0" }, { "-0", "0", "0" }, { "-0.0", "-0.0", "0" },
		{ "0e5", "0.0", "0" }, { "1E2", "100.0", "100" },
		{ "9007199254740993", "9007199254740993",
		    "9007199254740992" },
		{ "123456789012345678901234567890",
		    "123456789012345678901234567890",
		    "1.2345678901234568e+29" },
		{ "1e15", "1000000000000000.0", "1000000000000000" },
		{ "1e16", "1e+16", "10000000000000000" },
		{ "123456789012345680.0", "1.2345678901234568e+17",
		    "123456789012345680" },
		{ "1e21", "1e+21", "1e+21" }, { "1e-4", "0.0001", "0.0001" },
		{ "1e-5", "1e-05", "0.00001" }, { "1e-7", "1e-07", "1e-7" },
		{ "1.5e-10", "1.5e-10", "1.5e-10" },
		{ "5e-324", "5e-324", "5e-324" }, { "1e-400", "0.0", "0" },
		{ "1.7976931348623157e308", "1.7976931348623157e+308",
		    "1.7976931348623157e+308" },
		{ "-2.5", "-2.5", "-2.5" },
		{ "0.1000000000000000055511151231257827", "0.1", "0.1" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		IS(form(rows[i][0], PROOF_PYTHON), rows[i][1]);
		IS(form(rows[i][0], PROOF_LEGACY), rows[i][1]);
		IS(form(rows[i][0], PROOF_JS), rows[i][2]);
		IS(form(rows[i][0], PROOF_JCS), rows[i][2]);
	}
}

static void
test_nfc(void)
{
	struct buf b = BUF_INIT(64);

	/* Jamo compose, marks are put in order, some signs never compose. */
	OK(nfc_add(&b, "\xe1\x84\x80\xe1\x85\xa1", 6));
	IS(b.data, "\xea\xb0\x80");
	buf_reset(&b);
	OK(nfc_add(&b, "a\xcc\x81\xcc\xa3", 5));
	IS(b.data, "\xe1\xba\xa1\xcc\x81");
	buf_reset(&b);
	OK(nfc_add(&b, "\xe0\xa5\x98", 3));
	IS(b.data, "\xe0\xa4\x95\xe0\xa4\xbc");
	OK(!nfc_add(&b, "\xff", 1) && b.len == 6);
	OK(!nfc_add(&b, "\xed\xa0\x80", 3) && b.len == 6);
	OK(nfc_add(&b, "", 0) && b.len == 6 && !b.full);
	buf_release(&b);
}

int
main(void)
{
	test_golden();
	test_match();
	test_forms();
	test_numbers();
	test_nfc();
	return DONE();
}
