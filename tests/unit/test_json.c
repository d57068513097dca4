/* What is strict stays strict; getters say where; writing needs no state. */
#include <stdint.h>
#include <stdlib.h>

#include "tap.h"
#include "vectors.h"

#include "base/json.h"

static struct err e;

/* "" if the text is accepted, else why not. */
static const char *
refusal(const char *text, size_t n)
{
	struct json root = { 0 };

	e = (struct err){ 0 };
	if (json_parse(&root, text, n, &e))
		return root.doc ? "root was touched" : e.msg;
	json_release(&root);
	return "";
}

#define REFUSED(text, why)	IS(refusal((text), sizeof (text) - 1), (why))
#define TAKEN(text)		REFUSED(text, "")

/* n copies of the text. */
static struct buf
many(const char *text, int n)
{
	struct buf b = BUF_INIT(4 * JSON_MAX);

	while (n-- > 0)
		buf_adds(&b, text);
	return b;
}

static void
test_strict(void)
{
	REFUSED("", "byte 0: the text ends too soon");
	REFUSED("\xef\xbb\xbf{}", "byte 0: not a JSON value");
	REFUSED("[1,]", "byte 3: not a JSON value");
	REFUSED("[1 2]",
	    "byte 3: a comma or the closing bracket is expected");
	REFUSED("{} {}", "byte 3: more follows after the value");
	REFUSED("{}\0", "byte 2: more follows after the value");
	REFUSED("{a:1}", "byte 1: a key in double quotes is expected");
	REFUSED("{\"a\" 1}", "byte 5: a colon is expected");
	REFUSED("[01]", "byte 2: a number begins with 0");
	REFUSED("[-]", "byte 2: a digit is expected");
	REFUSED("[1.]", "byte 3: a digit is expected");
	REFUSED("[.5]", "byte 1: not a JSON value");
	REFUSED("[1e+]", "byte 4: a digit is expected");
	REFUSED("[+1]", "byte 1: not a JSON value");
	REFUSED("[NaN]", "byte 1: not a JSON value");
	REFUSED("[\"\t\"]", "byte 2: a control character in a string");
	REFUSED("\"a\0b\"", "byte 2: a control character in a string");
	REFUSED("\"a\\u0000\"", "byte 2: \\u0000 is not allowed");
	REFUSED("\"\\x41\"", "byte 1: not an escape sequence");
	REFUSED("\"\\u12g4\"", "byte 1: not an escape sequence");
	REFUSED("\"\\\0\"", "byte 1: not an escape sequence");
	REFUSED("\"\\ud83d\"", "byte 1: half a surrogate pair");
	REFUSED("\"\\ude02\"", "byte 1: half a surrogate pair");
	REFUSED("\"\\ud83d\\ud83d\"", "byte 1: half a surrogate pair");
	REFUSED("\"\\ud83dx\"", "byte 1: half a surrogate pair");
	REFUSED("\"\xc0\x80\"", "byte 1: not UTF-8");
	REFUSED("\"\xc1\xbf\"", "byte 1: not UTF-8");
	REFUSED("\"\xe0\x9f\xbf\"", "byte 1: not UTF-8");
	REFUSED("\"\xed\xa0\x80\"", "byte 1: not UTF-8");
	REFUSED("\"\xf0\x8f\xbf\xbf\"", "byte 1: not UTF-8");
	REFUSED("\"\xf4\x90\x80\x80\"", "byte 1: not UTF-8");
	REFUSED("\"\xf5\x80\x80\x80\"", "byte 1: not UTF-8");
	REFUSED("\"\xe2\x82\"", "byte 1: not UTF-8");
	REFUSED("\"\x80\"", "byte 1: not UTF-8");
	TAKEN("\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\"");
	TAKEN("\"\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\x7f\"");
	TAKEN(" \t\r\n[ -0.0e-0 , \"\\ud83d\\ude02\" ] \n");
	REFUSED("{\"a\":1,\"b\":2,\"a\":3}",
	    "byte 17: the value of a second 'a'");
	REFUSED("[{\"\\u0061\":1,\"a\":3}]",
	    "byte 17: the value of a second 'a'");
	REFUSED("{\"\":1,\"\":3}", "byte 9: the value of a second ''");
	TAKEN("{\"a\":{\"a\":1},\"A\":[{\"a\":1},{\"a\":1}]}");
	OK(e.code == E_ok);
	OK(*refusal("\xff", 1) && e.code == E_bad_json);
}

static void
test_limits(void)
{
	static const char digits[] = "1234567890123456789012345678901234567"
	    "8901234567890123456789012345678901234567890123456789012345678901"
	    "234567890123456789012345678";
	struct buf b;
	size_t i, taken = 0;
	int n;

	OK(sizeof digits - 1 == 128 && !*refusal(digits, 127));
	IS(refusal(digits, 128), "byte 0: a number is longer than 127 bytes");
	b = many("[", 64);
	for (n = 0; n < 64; n++)
		buf_addc(&b, ']');
	OK(!*refusal(b.data, b.len));
	buf_release(&b);
	b = many("[", 100000);
	IS(refusal(b.data, b.len), "byte 64: nested more than 64 deep");
	buf_release(&b);
	b = many("{\"a\":", 100000);
	IS(refusal(b.data, b.len), "byte 320: nested more than 64 deep");
	buf_release(&b);
	b = many(" ", JSON_MAX - 1);
	buf_addc(&b, '1');
	OK(!*refusal(b.data, b.len));
	buf_addc(&b, ' ');
	OK(*refusal(b.data, b.len) && e.code == E_too_long);
	buf_release(&b);

	/* Any beginning of an object is not an object. */
	b = many("{\"s\":\"\xe2\x82\xac\\ud83d\\ude02\\n\",\"n\":-1.5e+3,"
	    "\"l\":[true,false,null,{}],\"o\":{\"k\":[[]]}}", 1);
	OK(!*refusal(b.data, b.len));
	for (i = 0; i < b.len; i++)
		taken += !*refusal(b.data, i);
	OK(taken == 0);
	buf_release(&b);
}

/* 10^5 keys take no time that one would notice, found or refused. */
static void
test_many_keys(void)
{
	struct buf b = BUF_INIT(4 * JSON_MAX);
	struct json root = { 0 }, v;
	int64_t got;
	char key[16];
	int i, wrong = 0;

	buf_addc(&b, '{');
	for (i = 0; i < 100000; i++)
		buf_addf(&b, "%s\"%d\":0", i ? "," : "", i);
	buf_addc(&b, '}');
	OK(!json_parse(&root, b.data, b.len, &e));
	OK(json_count(&root) == 100000);
	for (i = 0; i < 100000; i++) {
		snprintf(key, sizeof key, "%d", i);
		wrong += !json_find(&v, &root, key) || strcmp(json_key(&v), key)
		    || json_to_int(&v, &got, &e) || got != 0;
	}
	OK(wrong == 0 && !json_find(&v, &root, "100000"));
	json_release(&root);
	buf_cut(&b, b.len - 1);
	buf_adds(&b, ",\"\\u0037\":0}");
	OK(strstr(refusal(b.data, b.len), "a second '7'") != NULL);
	buf_release(&b);
}

static void
test_tree(void)
{
	static const char text[] = " {\"b\":[10,\"x\",{\"k\":null}],"
	    "\"a\":-12.50e1,\"\":true,\"n\":null}";
	struct json root = { 0 }, it = { 0 }, list, v;
	struct buf b = BUF_INIT(1000);
	const char *s;
	size_t n = 0;

	OK(!json_parse(&root, text, sizeof text - 1, &e));
	OK(json_kind(&root) == JSON_OBJECT && json_count(&root) == 4);
	OK(!json_key(&root) && !json_string(&root) && !json_lexeme(&root, &n));
	while (json_next(&it, &root))
		buf_addf(&b, "%s.", json_key(&it));
	IS(b.data, "b.a..n.");
	OK(!it.node && json_next(&it, &root) && !strcmp(json_key(&it), "b"));
	buf_reset(&b);
	for (n = 0; !json_sorted(&v, &root, n); n++)
		buf_addf(&b, "%s.", json_key(&v));
	IS(b.data, ".a.b.n.");
	OK(json_find(&v, &root, "a") && json_kind(&v) == JSON_NUMBER);
	s = json_lexeme(&v, &n);
	OK(s && n == 8 && !memcmp(s, "-12.50e1", 8));
	OK(json_find(&v, &root, "") && json_true(&v));
	OK(json_find(&v, &root, "n") && !json_has(&root, "n"));
	OK(!json_has(&root, "none") && !json_has(&v, "n"));
	OK(!json_get(&list, &root, "b", JSON_ARRAY, &e));
	OK(json_count(&list) == 3 && !json_at(&v, &list, 1));
	OK(!strcmp(json_string(&v), "x") && !json_key(&v));
	OK(json_at(&v, &list, 3) == -1 && json_at(&v, &root, 0) == -1);
	OK(json_sorted(&v, &list, 0) == -1 && !json_find(&v, &list, "0"));
	json_release(&root);
	json_release(&root);
	buf_release(&b);
}

#define SAYS(call, text) do {						\
	OK((call) == -1);						\
	IS(e.msg, (text));						\
} while (0)

static void
test_getters(void)
{
	static const char text[] = "{\"legs\":[{},{},{\"amount\":[],"
	    "\"n\":1.5}],\"price\":1.50,\"s\":\"1.50\",\"t\":true,\"z\":null,"
	    "\"a/b~c\":{\"x\":1},\"max\":9223372036854775807,"
	    "\"min\":-9223372036854775808,\"over\":9223372036854775808,"
	    "\"under\":-9223372036854775809,\"e\":1e2,\"zero\":-0}";
	static const char *const known[] = { "legs", "price", "s", "t", NULL };
	static const char *const amount[] = { "amount", NULL };
	struct json root = { 0 }, list, leg, v;
	const char *s = "before";
	int64_t i = 7;
	bool b = false;

	OK(!json_parse(&root, text, sizeof text - 1, &e));
	SAYS(json_get_str(&root, "none", &s, &e), "'/none' is missing");
	SAYS(json_get_str(&root, "t", &s, &e), "'/t' is not a string");
	SAYS(json_get_str(&root, "z", &s, &e), "'/z' is not a string");
	SAYS(json_get_int(&root, "s", &i, &e), "'/s' is not an integer");
	SAYS(json_get_int(&root, "price", &i, &e),
	    "'/price' is not an integer written in digits");
	SAYS(json_get_int(&root, "e", &i, &e),
	    "'/e' is not an integer written in digits");
	SAYS(json_get_int(&root, "over", &i, &e),
	    "'/over' does not fit into 64 bits");
	SAYS(json_get_int(&root, "under", &i, &e),
	    "'/under' does not fit into 64 bits");
	SAYS(json_get_bool(&root, "s", &b, &e), "'/s' is not true or false");
	SAYS(json_get_decimal(&root, "price", &s, &e),
	    "'/price' is a number: amounts are strings, such as \"1.50\"");
	SAYS(json_get_decimal(&root, "t", &s, &e), "'/t' is not a string");
	SAYS(json_get_decimal(&root, "no", &s, &e), "'/no' is missing");
	SAYS(json_opt_str(&root, "t", &s, &e), "'/t' is not a string");
	SAYS(json_opt_int(&root, "t", &i, &e), "'/t' is not an integer");
	SAYS(json_opt_bool(&root, "s", &b, &e), "'/s' is not true or false");
	OK(e.code == E_bad_json);
	OK(!json_opt_str(&root, "z", &s, &e) &&
	    !json_opt_int(&root, "no", &i, &e) &&
	    !json_opt_bool(&root, "z", &b, &e));
	OK(!strcmp(s, "before") && i == 7 && !b);
	OK(!json_get_int(&root, "max", &i, &e) && i == INT64_MAX);
	OK(!json_get_int(&root, "min", &i, &e) && i == INT64_MIN);
	OK(!json_opt_int(&root, "zero", &i, &e) && i == 0);
	OK(!json_get_bool(&root, "t", &b, &e) && b);
	OK(!json_get_decimal(&root, "s", &s, &e) && !strcmp(s, "1.50"));

	OK(!json_get(&list, &root, "legs", JSON_ARRAY, &e));
	SAYS(json_get_str(&list, "x", &s, &e), "'/legs' is not an object");
	SAYS(json_opt_str(&list, "x", &s, &e), "'/legs' is not an object");
	OK(!json_at(&leg, &list, 2));
	SAYS(json_want(&leg, JSON_STRING, &e), "'/legs/2' is not a string");
	SAYS(json_get_str(&leg, "amount", &s, &e),
	    "'/legs/2/amount' is not a string");
	SAYS(json_only(&leg, amount, &e), "'/legs/2/n' is not known here");
	OK(e.code == E_unknown_member);
	SAYS(json_only(&list, known, &e), "'/legs' is not an object");
	SAYS(json_only(&root, known, &e), "'/z' is not known here");
	SAYS(json_want(&root, JSON_ARRAY, &e), "the document is not an array");
	SAYS(json_fail(&leg, "unit", E_no_unit, "is unknown", &e),
	    "'/legs/2/unit' is unknown");
	OK(e.code == E_no_unit);
	OK(!json_get(&v, &root, "a/b~c", JSON_OBJECT, &e));
	SAYS(json_get_str(&v, "x", &s, &e), "'/a~1b~0c/x' is not a string");
	OK(!json_only(&v, (const char *const[]){ "x", NULL }, &e));
	json_release(&root);
}

static void
test_where(void)
{
	struct buf key = many("\xe2\x82\xac", 60), text = BUF_INIT(1000);
	struct json root = { 0 };
	char where[JSON_WHERE];
	size_t n, wrong = 0;

	OK(!json_parse(&root, "{}", 2, &e));
	for (n = 0; n < key.len; n += 3) {
		json_where(&root, key.data + n, where);
		wrong += strcmp(where + strlen(where) - 3, "\xe2\x82\xac") != 0;
		buf_reset(&text);
		json_str(&text, NULL, where);
		wrong += strstr(text.data, "\xef\xbf\xbd") != NULL;
		wrong += strncmp(where, "/", 1) && strncmp(where, "...", 3);
	}
	OK(wrong == 0);
	json_where(&root, NULL, where);
	IS(where, "");
	json_release(&root);
	buf_release(&key);
	buf_release(&text);
}

static void
test_path(void)
{
	struct json root = { 0 }, v = { 0 };
	struct buf b = BUF_INIT(1000);
	static const char text[] = "{\"a\":[{},{\"b/~\\\"\":[5]}]}";

	OK(!json_parse(&root, text, sizeof text - 1, &e));
	json_open(&b, NULL, '{');
	json_path(&b, "root", &root);
	OK(json_find(&v, &root, "a") && !json_at(&v, &v, 1) &&
	    json_find(&v, &v, "b/~\"") && !json_at(&v, &v, 0));
	json_path(&b, "deep", &v);
	json_close(&b, '}');
	IS(b.data, "{\"root\":[],\"deep\":[\"a\",1,\"b/~\\\"\",0]}");
	json_release(&root);
	buf_release(&b);
}

static void
test_write(void)
{
	struct buf b = BUF_INIT(1000), small = BUF_INIT(8);

	json_open(&b, NULL, '{');
	json_str(&b, "s", "a\"b\\c/\b\f\n\r\t\x01\x1f\x7f\xe2\x82\xac{[");
	json_strn(&b, "\n", "x\0y", 3);
	json_open(&b, "l", '[');
	json_int(&b, NULL, INT64_MIN);
	json_bool(&b, NULL, true);
	json_raw(&b, NULL, "null", 4);
	json_open(&b, NULL, '[');
	json_close(&b, ']');
	json_open(&b, NULL, '{');
	json_close(&b, '}');
	json_str(&b, NULL, "[");
	json_close(&b, ']');
	json_bool(&b, "f", false);
	json_close(&b, '}');
	IS(b.data, "{\"s\":\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f"
	    "\xe2\x82\xac{[\",\"\\n\":\"x\\u0000y\",\"l\":"
	    "[-9223372036854775808,true,null,[],{},\"[\"],\"f\":false}");
	buf_reset(&b);
	json_int(&b, NULL, 1);
	buf_addc(&b, '\n');
	json_str(&b, NULL, "\xff\xe2\x82z\xf0\x9f\x98");
	IS(b.data, "1\n\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz"
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	json_open(&small, NULL, '[');
	json_str(&small, NULL, "too long");
	json_close(&small, ']');
	OK(small.full);
	buf_release(&b);
	buf_release(&small);
}

/* More digits than the parser below reads; they are kept, each of them. */
static void
test_long_numbers(void)
{
	static const char text[] = "{\"a\":[-0.000000000000000000000000000000"
	    "000000000000000000000000000000000000000000000001e-7,\"1\",7],\"b\""
	    ":1234567890123456789012345678901234567890123456789012345678901234"
	    "5}";
	struct json doc = { 0 }, a, v;
	const char *s;
	size_t n = 0;

	if (json_parse(&doc, text, sizeof text - 1, &e)) {
		OK(0);
		return;
	}
	OK(json_find(&a, &doc, "a") && json_count(&a) == 3);
	OK(!json_at(&v, &a, 0) && (s = json_lexeme(&v, &n)) && n == 84 &&
	    !memcmp(s, text + 6, n));
	OK(!json_at(&v, &a, 2) && (s = json_lexeme(&v, &n)) && n == 1 &&
	    *s == '7');
	OK(json_find(&v, &doc, "b") && (s = json_lexeme(&v, &n)) && n == 65 &&
	    s[64] == '5');
	json_release(&doc);
}

/* Valid, and refused all the same: json.h says why. */
static const char *const policy[] = {
	"y/y_object_duplicated_key.json",
	"y/y_object_duplicated_key_and_value.json",
	"y/y_object_escaped_null_in_key.json",
	"y/y_string_null_escape.json",
};

static void
test_vectors(void)
{
	struct buf list = BUF_INIT(JSON_MAX), text = BUF_INIT(JSON_MAX);
	int y = 0, n = 0, i = 0, wrong = 0, excused = 0, taken, listed;
	char *line, *rest, name[512];
	size_t k;

	if (vector_read(&list, "json-parsing/cases.tsv")) {
		SKIP(318, "json-parsing");
		return;
	}
	for (line = strtok_r(list.data, "\n", &rest); line;
	    line = strtok_r(NULL, "\n", &rest)) {
		line[strcspn(line, "\t")] = '\0';
		if (*line == '#')
			continue;
		snprintf(name, sizeof name, "json-parsing/%s", line);
		if (vector_read(&text, name)) {
			printf("# %s: cannot be read\n", name);
			wrong++;
			continue;
		}
		taken = !*refusal(text.data, text.len);
		listed = 0;
		for (k = 0; k < sizeof policy / sizeof *policy; k++)
			listed |= !strcmp(line, policy[k]);
		excused += listed && !taken;
		y += *line == 'y';
		n += *line == 'n';
		i += *line == 'i';
		if (*line == 'i' || taken == (*line == 'y' && !listed))
			continue;
		printf("# %s: %s %s\n", line, taken ? "taken" : "refused",
		    e.msg);
		wrong++;
	}
	printf("# json-parsing: %d valid (%d refused by policy), %d invalid, "
	    "%d either way\n", y, excused, n, i);
	OK(y == 95 && n == 188 && i == 35 && wrong == 0);
	OK(excused == (int)(sizeof policy / sizeof *policy));
	buf_release(&list);
	buf_release(&text);
}

int
main(void)
{
	test_strict();
	test_limits();
	test_long_numbers();
	test_many_keys();
	test_tree();
	test_getters();
	test_where();
	test_path();
	test_write();
	test_vectors();
	return DONE();
}
