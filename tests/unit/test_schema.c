/* Schemas that are wrong, values that are wrong, and what is said of both. */
#include <stdlib.h>
#include <time.h>

#include "tap.h"

#include "base/json.h"
#include "schema/schema.h"

#define TWENTY "\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","

static struct err e;
static struct schema_fault fault;
static struct buf path = BUF_INIT(1000);	/* of fault.at, or "" */

static void
parse(struct json *root, const char *text)
{
	struct err why;

	*root = (struct json){ 0 };
	if (!json_parse(root, text, strlen(text), &why))
		return;
	printf("Bail out! %s: %.200s\n", why.msg, text);
	exit(1);
}

/* "valid"; why not; or why the schema itself is refused. */
static const char *
judge_with(const char *schema, const char *value, int64_t steps)
{
	struct regex_budget budget = REGEX_BUDGET;
	struct schema *s = NULL;
	struct json of, v;
	const char *says = "valid";

	e = (struct err){ 0 };
	fault = (struct schema_fault){ 0 };
	parse(&of, schema);
	parse(&v, value);
	if (schema_compile(&s, &of, NULL, 0, &e))
		says = s ? "out was touched" : e.msg;
	json_release(&of);
	if (s && schema_check(s, &v, steps, &budget, &fault) != SCHEMA_VALID)
		says = fault.error;
	else if (s && *fault.error)
		says = "the fault was touched";
	buf_reset(&path);
	if (fault.at.node)
		json_path(&path, NULL, &fault.at);
	schema_free(s);
	json_release(&v);
	return says;
}

static const char *
judge(const char *schema, const char *value)
{
	return judge_with(schema, value, SCHEMA_STEPS);
}

#define SAYS(schema, value, what)	IS(judge((schema), (value)), (what))
#define VALID(schema, value)		SAYS(schema, value, "valid")
#define REFUSED(schema, what)		SAYS(schema, "0", what)

static void
test_refused(void)
{
	REFUSED("{\"type\":5}",
	    "'/type' is not the name of a type, nor a list of such");
	OK(e.code == E_bad_schema && e.kind == ERR_INPUT);
	REFUSED("5", "the document is not a schema, which is an object, true "
	    "or false");
	REFUSED("{\"properties\":{\"a\":{\"items\":[{\"type\":[\"strin\"]}]}}}",
	    "'/properties/a/items/0/type/0' is not the name of a type");
	REFUSED("{\"type\":[\"null\",\"null\"]}", "'/type/1' is there twice");
	REFUSED("{\"required\":[\"a\",\"a\"]}", "'/required/1' is there twice");
	REFUSED("{\"enum\":[1,2,1.0]}", "'/enum/2' is there twice");
	REFUSED("{\"enum\":[]}", "'/enum' is empty");
	VALID("{" TWENTY "\"enum\":[1,1]}", "1");
	REFUSED("{\"multipleOf\":0}", "'/multipleOf' is not a number above 0");
	REFUSED("{\"minLength\":1.5}",
	    "'/minLength' is not an integer from 0 upwards");
	REFUSED("{\"pattern\":\"a(\"}",
	    "'/pattern': byte 2: missing closing parenthesis");
	OK(e.code == E_bad_pattern);
	REFUSED("{\"patternProperties\":{\"x\":{},\"[\":{}}}",
	    "'/patternProperties/[': byte 1: missing terminating ] for "
	    "character class");
	REFUSED("{\"$schema\":\"http://json-schema.org/draft-04/schema#\"}",
	    "'/$schema' is not a dialect that is known here: draft-07 and "
	    "2020-12 are");
	REFUSED("{\"$schema\":7}", "'/$schema' is not a string");
	REFUSED("{\"$ref\":\"http://example.com/s\"}", "'/$ref' refers to "
	    "'http://example.com/s', which is not in this document");
	REFUSED("{\"$ref\":\"http://json-schema.org/draft-07/schema#\"}",
	    "'/$ref' refers to 'http://json-schema.org/draft-07/schema', "
	    "which is not in this document");
	REFUSED("{\"$ref\":\"#/definitions/a\"}",
	    "'/$ref' refers to what is not there");
	REFUSED("{\"$ref\":\"#a\"}",
	    "'/$ref' refers to a name that no schema has");
	REFUSED("{\"$ref\":\"#%zz\"}", "'/$ref' is not a URI reference");
	REFUSED("{\"$ref\":\"#%00\"}", "'/$ref' is not a URI reference");
	REFUSED("{\"$ref\":\"#/minimum\",\"minimum\":1}", "'/minimum' is not "
	    "a schema, which is an object, true or false");
	REFUSED("{\"$ref\":\"#/definitions/a/01\",\"definitions\":{\"a\":{}}}",
	    "'/$ref' refers to what is not there");
	REFUSED("{\"definitions\":{\"a\":{\"$id\":\"#x\"},"
	    "\"b\":{\"$id\":\"#x\"}}}",
	    "'/definitions/b/$id' is the name of another schema too");
	REFUSED("{" TWENTY "\"$id\":\"a#b\"}", "'/$id' has a fragment");
	REFUSED("{" TWENTY "\"$anchor\":\"1\"}", "'/$anchor' is not a name: a "
	    "letter, or _, then letters, digits, - _ .");
	REFUSED("{" TWENTY "\"unevaluatedItems\":3}", "'/unevaluatedItems' is "
	    "not a schema, which is an object, true or false");
	VALID("{\"unevaluatedItems\":3}", "[1]");
	/* It is ignored, and yet it is part of the schema. */
	REFUSED("{\"$ref\":\"#/definitions/a\",\"definitions\":{\"a\":{}},"
	    "\"type\":5}",
	    "'/type' is not the name of a type, nor a list of such");
}

static void
test_circles(void)
{
	static const char to_itself[] = "leads back to itself for the same "
	    "value";
	REFUSED("{\"$ref\":\"#\"}", "the document leads back to itself for "
	    "the same value");
	OK(strstr(judge("{\"$ref\":\"#/definitions/a\",\"definitions\":{"
	    "\"a\":{\"$ref\":\"#/definitions/b\"},"
	    "\"b\":{\"$ref\":\"#/definitions/a\"}}}", "0"), to_itself) != NULL);
	OK(strstr(judge("{\"anyOf\":[{\"type\":\"null\"},{\"not\":"
	    "{\"if\":true,\"then\":{\"allOf\":[{\"$ref\":\"#\"}]}}}]}", "0"),
	    to_itself) != NULL);
	OK(strstr(judge("{\"dependencies\":{\"a\":{\"$ref\":\"#\"}}}", "0"),
	    to_itself) != NULL);
	VALID("{\"properties\":{\"a\":{\"$ref\":\"#\"}},"
	    "\"additionalProperties\":false}", "{\"a\":{\"a\":{}}}");
	SAYS("{\"properties\":{\"a\":{\"$ref\":\"#\"}},"
	    "\"additionalProperties\":false}", "{\"a\":{\"a\":{\"b\":1}}}",
	    "'/a/a/b' is not allowed");
	IS(fault.rule, "/additionalProperties");
	/* A circle that only dynamic references close is found on the way. */
	SAYS("{" TWENTY "\"$id\":\"http://x/r\",\"$dynamicAnchor\":\"n\","
	    "\"$ref\":\"l\",\"$defs\":{\"l\":{\"$id\":\"l\","
	    "\"$dynamicRef\":\"#n\",\"$defs\":{\"n\":{\"$dynamicAnchor\":"
	    "\"n\"}}}}}", "[]", "the value takes more than 64 references "
	    "without a step down");
	IS(path.data, "");
}

/* n references in a row. */
static const char *
judge_chain(int n)
{
	struct buf b = BUF_INIT(1 << 20);
	const char *says;
	int i;

	buf_adds(&b, "{\"$ref\":\"#/definitions/d1\",\"definitions\":{");
	for (i = 1; i < n; i++)
		buf_addf(&b, "\"d%d\":{\"$ref\":\"#/definitions/d%d\"},", i,
		    i + 1);
	buf_addf(&b, "\"d%d\":{\"type\":\"null\"}}}", n);
	says = judge(b.data, "null");
	buf_release(&b);
	return says;
}

/* n references, and around each a few schemas more. */
static const char *
judge_wide_chain(int n, int wide)
{
	struct buf b = BUF_INIT(1 << 20);
	const char *says;
	int i, k;

	buf_adds(&b, "{\"definitions\":{");
	for (i = 0; i < n; i++) {
		buf_addf(&b, "\"d%d\":", i);
		for (k = 0; k < wide; k++)
			buf_adds(&b, "{\"allOf\":[");
		buf_addf(&b, "{\"$ref\":\"#/definitions/d%d\"}", i + 1);
		for (k = 0; k < wide; k++)
			buf_adds(&b, "]}");
		buf_addc(&b, ',');
	}
	buf_addf(&b, "\"d%d\":true},\"allOf\":[{\"$ref\":"
	    "\"#/definitions/d0\"}]}", n);
	says = judge(b.data, "null");
	buf_release(&b);
	return says;
}

static void
test_references(void)
{
	IS(judge_chain(64), "valid");
	IS(judge_chain(65), "the value takes more than 64 references without "
	    "a step down");
	IS(judge_chain(1000), "the value takes more than 64 references "
	    "without a step down");
	IS(judge_wide_chain(60, 15), "valid");
	IS(judge_wide_chain(60, 16), "the value takes schemas within schemas "
	    "without end");
	VALID("{\"definitions\":{\"a b/c\":{\"type\":\"null\"}},"
	    "\"items\":{\"$ref\":\"#/definitions/a%20b~1c\"}}", "[null]");
	SAYS("{\"definitions\":{\"a b/c\":{\"type\":\"null\"}},"
	    "\"items\":{\"$ref\":\"#/definitions/a%20b~1c\"}}", "[1]",
	    "'/0' is of another type");
	IS(fault.rule, "/definitions/a b~1c/type");
	/* Draft-07 ignores what stands beside a reference, 2020-12 does not. */
	VALID("{\"$ref\":\"#/definitions/a\",\"minimum\":5,"
	    "\"definitions\":{\"a\":{}}}", "1");
	SAYS("{" TWENTY "\"$ref\":\"#/$defs/a\",\"minimum\":5,"
	    "\"$defs\":{\"a\":{}}}", "1", "the value is below 'minimum'");
	/* A schema where no keyword leads. */
	SAYS("{\"$ref\":\"#/x/0\",\"x\":[{\"$ref\":\"#/y\"}],\"y\":false}",
	    "1", "the value is not allowed");
	/* It belongs to the schema around it, and so does its reference. */
	SAYS("{\"$ref\":\"#/definitions/r/x/0\",\"definitions\":{\"r\":{"
	    "\"$id\":\"http://h/r\",\"x\":[{\"$ref\":\"#/definitions/q\"}],"
	    "\"definitions\":{\"q\":{\"type\":\"null\"}}}}}", "1",
	    "the value is of another type");
	/* Of three with the name, the outermost is meant. */
	SAYS("{" TWENTY "\"$id\":\"http://h/1\",\"$ref\":\"2\",\"$defs\":{"
	    "\"a\":{\"$dynamicAnchor\":\"n\",\"maximum\":1},"
	    "\"b\":{\"$id\":\"2\",\"$ref\":\"3\",\"$defs\":{\"a\":{"
	    "\"$dynamicAnchor\":\"n\",\"maximum\":2}}},"
	    "\"c\":{\"$id\":\"3\",\"$dynamicRef\":\"#n\",\"$defs\":{\"a\":{"
	    "\"$dynamicAnchor\":\"n\",\"maximum\":3}}}}}", "4",
	    "the value is above 'maximum'");
	IS(fault.expected, "1");
	VALID("true", "[]");
	SAYS("false", "[]", "the value is not allowed");
	VALID("{}", "[]");
	VALID("{\"properties\":{\"__proto__\":{\"type\":\"string\"}},"
	    "\"required\":[\"__proto__\"]}", "{\"__proto__\":\"x\"}");
	SAYS("{\"properties\":{\"__proto__\":{\"type\":\"string\"}}}",
	    "{\"__proto__\":1}", "'/__proto__' is of another type");
	SAYS("{\"required\":[\"constructor\"]}", "{}",
	    "'/constructor' is missing");
}

static void
test_faults(void)
{
	char text[2000], *p = text;
	int i;

	SAYS("{\"properties\":{\"a\":{\"items\":{\"maximum\":1e2}}}}",
	    "{\"a\":[1,1e2,100.0,1.000000000000000000000000000001e2]}",
	    "'/a/3' is above 'maximum'");
	IS(path.data, "[\"a\",3]");
	IS(fault.rule, "/properties/a/items/maximum");
	IS(fault.expected, "1e2");
	IS(fault.got, "1.000000000000000000000000000001e2");
	SAYS("{\"anyOf\":[{\"type\":\"null\"},{\"minimum\":3}]}", "2",
	    "the value is as none of 'anyOf' says");
	IS(fault.expected, "[{\"type\":\"null\"},{\"minimum\":3}]");
	SAYS("{\"oneOf\":[{\"minimum\":1},{\"minimum\":0}]}", "2",
	    "the value is as more than one of 'oneOf' says");
	SAYS("{\"not\":{\"type\":\"null\"}}", "null",
	    "the value is as 'not' says");
	SAYS("{\"propertyNames\":{\"maxLength\":1}}", "{\"a\":1,\"\xc3\xa9"
	    "\xc3\xa9\":2}", "'/\xc3\xa9\xc3\xa9' is longer than 'maxLength'");
	IS(fault.got, "\"\xc3\xa9\xc3\xa9\"");
	SAYS("{\"propertyNames\":{\"enum\":[\"a\"]}}", "{\"b\":1}",
	    "'/b' is none of the values of 'enum'");
	VALID("{\"propertyNames\":{\"const\":\"a\",\"type\":\"string\","
	    "\"uniqueItems\":true,\"minProperties\":3}}", "{\"a\":[]}");
	SAYS("{\"uniqueItems\":true}", "[{\"a\":1,\"b\":2},"
	    "{\"b\":2.0,\"a\":1e0}]",
	    "the value has an item twice, against 'uniqueItems'");
	VALID("{\"uniqueItems\":true}", "[0,false,\"0\",null,\"\",[],{}]");
	SAYS("{\"type\":\"integer\"}", "1.5", "the value is of another type");
	VALID("{\"type\":\"integer\"}", "1.0e3");
	VALID("{\"const\":1e400}", "10e399");
	SAYS("{\"const\":1e400}", "1e401", "the value is not the value of "
	    "'const'");
	VALID("{\"minimum\":1e999999999999999999999}",
	    "1e9999999999999999999999");
	VALID("{\"maxLength\":1e999999999}", "\"x\"");
	SAYS("{\"minLength\":18446744073709551617}", "\"x\"",
	    "the value is shorter than 'minLength'");
	VALID("{\"maxLength\":2}", "\"\\ud83d\\ude02\xe2\x82\xac\"");
	/* What is shown is cut between characters. */
	*p++ = '"';
	for (i = 0; i < 300; i++, p += 3)
		memcpy(p, "\xe2\x82\xac", 4);
	memcpy(p, "\"", 2);
	SAYS("{\"maxLength\":2}", text, "the value is longer than 'maxLength'");
	OK(strlen(fault.got) == 199 && !strncmp(fault.got, text, 199));
	SAYS("{\"pattern\":\"^(a+)+$\"}",
	    "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaab\"",
	    "the value takes a search with more steps than are left");
	IS(fault.rule, "/pattern");
	IS(path.data, "");
	SAYS("{\"not\":{\"pattern\":\"^(a+)+$\"}}",
	    "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaab\"",
	    "the value takes a search with more steps than are left");
}

/* What one registers, another can refer to; nothing else is found. */
static void
test_known(void)
{
	struct regex_budget budget = REGEX_BUDGET;
	struct schema_known known = { .uri = "http://x/a" };
	struct schema *s = NULL;
	struct json of, v;

	parse(&known.root, "{\"$id\":\"b\",\"definitions\":{\"t\":{\"$id\":"
	    "\"#t\",\"type\":\"null\"}},\"items\":{\"$ref\":\"#t\"}}");
	parse(&of, "{\"$ref\":\"http://x/./y/../a#\"}");
	parse(&v, "[null,1]");
	OK(!schema_compile(&s, &of, &known, 1, &e));
	json_release(&of);
	OK(s && schema_check(s, &v, 100, &budget, &fault) == SCHEMA_INVALID);
	IS(fault.error, "'/1' is of another type");
	OK(budget.left < 2000000 && budget.left >= 2000000 - 100);
	schema_free(s);
	parse(&of, "{\"$ref\":\"http://x/c\"}");
	OK(schema_compile(&s, &of, &known, 1, &e) && e.code == E_bad_schema);
	json_release(&of);
	json_release(&known.root);
	json_release(&v);
}

static double
milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* part, with its number for %d, n times between commas. */
static void
list(struct buf *b, const char *open, const char *part, int n,
    const char *close)
{
	const char *mark = strstr(part, "%d");
	int i;

	buf_adds(b, open);
	for (i = 0; i < n; i++) {
		if (i)
			buf_addc(b, ',');
		buf_add(b, part, mark ? (size_t)(mark - part) : strlen(part));
		if (mark)
			buf_addf(b, "%d%s", i, mark + 2);
	}
	buf_adds(b, close);
}

/* A schema and a value, each of them many times something. */
static const struct large {
	const char *s_open, *s_part;
	int s_n;
	const char *s_close, *v_open, *v_part;
	int v_n;
	const char *v_close, *says;
} large[] = {
	{ "{\"required\":[", "\"k%d\"", 8000, "]}", "{", "\"k%d\":0", 85000,
	    "}", "valid" },
	{ "{\"enum\":[", "%d", 12000, "]}", "", "11999", 1, "", "valid" },
	{ "{\"items\":{\"enum\":[", "%d", 9000, "]}}", "[", "8999", 60000,
	    "]", "valid" },
	{ "{\"items\":{\"dependencies\":{", "\"k%d\":[]", 5000, "}}}", "[",
	    "{}", 300000, "]", "' takes more steps than are left" },
	{ "{\"uniqueItems\":true}", "", 0, "", "[", "%d", 140000, "]",
	    "valid" },
	{ "{\"uniqueItems\":true}", "", 0, "", "[", "[%d]", 100000, "]",
	    "valid" },
	{ "{\"uniqueItems\":true,\"allOf\":[", "{\"uniqueItems\":true}", 2000,
	    "]}", "[", "%d", 100000, "]",
	    "the value takes more steps than are left" },
	{ "{\"allOf\":[", "{\"maxLength\":2000000}", 2000, "]}", "\"",
	    "abcdefghijklmnop", 60000, "\"",
	    "the value takes more steps than are left" },
	{ "{\"allOf\":[", "{\"pattern\":\"p\"}", 2000, "]}", "\"",
	    "abcdefghijklmnop", 60000, "\"",
	    "the value takes a search with more steps than are left" },
	{ "{\"patternProperties\":{", "\"k%d$\":true", 2000, "}}", "{",
	    "\"k%d\":0", 80000, "}",
	    "the value takes more steps than are left" },
	{ "{\"items\":{\"type\":\"null\"}}", "", 0, "", "[", "null", 200000,
	    "]", "' takes more steps than are left" },
	{ "{" TWENTY "\"unevaluatedItems\":false,\"anyOf\":[",
	    "{\"contains\":{\"const\":%d}}", 500, "]}", "[", "%d", 100000,
	    "]", " takes more steps than are left" },
};

static void
test_bounded(void)
{
	struct buf s = BUF_INIT(1 << 20), v = BUF_INIT(1 << 21);
	const struct large *l;
	double took, worst = 0;
	size_t i;

	for (i = 0; i < sizeof large / sizeof *large; i++) {
		l = &large[i];
		buf_reset(&s);
		buf_reset(&v);
		list(&s, l->s_open, l->s_part, l->s_n, l->s_close);
		list(&v, l->v_open, l->v_part, l->v_n, l->v_close);
		took = milliseconds();
		OK(strstr(judge(s.data, v.data), l->says) != NULL);
		took = milliseconds() - took;
		if (took > worst)
			printf("# %.60s: %.0f ms\n", s.data, worst = took);
	}
	buf_release(&s);
	buf_release(&v);
}

/* Each of these takes 5 ms to compile. */
static void
test_wide(void)
{
	struct buf b = BUF_INIT(1 << 20);

	list(&b, "{\"allOf\":[",
	    "{\"pattern\":\"(?i)[\xc2\xa1-\xf4\x8f\xbf\xbe]%d\"}", 9, "]}");
	OK(strstr(judge(b.data, "1"), "too large") != NULL);
	buf_release(&b);
}

/* What takes long in one step: it is done as often as steps allow. */
static const struct dear {
	const char *open, *close;	/* of a schema, about a long text */
	const char *v_open, *v_close;	/* of a value, about the same */
} dear[] = {
	{ "{\"required\":[\"", "\"]}", "{\"", "\":1,\"b\":2}" },
	{ "{\"dependencies\":{\"", "\":[]}}", "{\"", "\":1,\"b\":2}" },
	{ "{\"properties\":{\"", "\":{}}}", "{\"", "\":1,\"b\":2}" },
	{ "{\"properties\":{\"b\":{},\"", "\":{}}}", "{\"", "\":1}" },
	{ "{\"propertyNames\":{\"enum\":[\"", "\"]}}", "{\"", "\":1}" },
	{ "{\"propertyNames\":{\"enum\":[1,2,3,4,5,6,7,8,9,\"", "\"]}}",
	    "{\"", "\":1}" },
	{ "{\"const\":{\"", "\":1}}", "{\"", "\":1}" },
	{ "{\"enum\":[1,2,3,4,5,6,7,8,9,{\"", "\":1}]}", "{\"", "\":1}" },
};

/* It holds in 1000 steps, and not in the same steps a hundred times over. */
static void
test_dear(void)
{
	struct buf s = BUF_INIT(1 << 20), v = BUF_INIT(1 << 20);
	struct buf text = BUF_INIT(1 << 20);
	const struct dear *d;
	double took = milliseconds();
	size_t i;

	list(&text, "", "a", 20000, "");
	for (i = 0; i < sizeof dear / sizeof *dear; i++) {
		d = &dear[i];
		buf_reset(&s);
		buf_reset(&v);
		buf_addf(&s, "{\"definitions\":{\"a\":%s", d->open);
		buf_add(&s, text.data, text.len);
		buf_addf(&s, "%s},\"allOf\":[", d->close);
		buf_addf(&v, "%s", d->v_open);
		buf_add(&v, text.data, text.len);
		buf_addf(&v, "%s", d->v_close);
		list(&s, "", "{\"$ref\":\"#/definitions/a\"}", 10, "]}");
		IS(judge_with(s.data, v.data, 10000), "valid");
		buf_cut(&s, s.len - 2);
		list(&s, ",", "{\"$ref\":\"#/definitions/a\"}", 500, "]}");
		IS(judge_with(s.data, v.data, 10000),
		    "the value takes more steps than are left");
	}
	IS(judge_with("{\"multipleOf\":7}", "7e500", 20),
	    "the value takes more steps than are left");
	IS(judge_with("{\"multipleOf\":7}", "7e500", 50), "valid");
	IS(judge_with("{\"multipleOf\":7}", "777", 2), "valid");
	printf("# dear steps: %.0f ms\n", milliseconds() - took);
	buf_release(&s);
	buf_release(&v);
	buf_release(&text);
}

/* Each schema leads twice to the next: 2^40 ways. */
static void
test_doubling(void)
{
	struct buf b = BUF_INIT(1 << 20);
	int i;

	buf_adds(&b, "{\"$ref\":\"#/definitions/d0\",\"definitions\":{");
	for (i = 0; i < 40; i++)
		buf_addf(&b, "\"d%d\":{\"allOf\":[{\"$ref\":"
		    "\"#/definitions/d%d\"},{\"$ref\":\"#/definitions/d%d\"}]},"
		    , i, i + 1, i + 1);
	buf_adds(&b, "\"d40\":true}}");
	IS(judge(b.data, "1"), "the value takes more steps than are left");
	IS(judge_with("{\"type\":\"null\"}", "null", 1), "valid");
	IS(judge_with("{\"type\":\"null\"}", "null", 0),
	    "the value takes more steps than are left");
	buf_release(&b);
}

static void
test_sizes(void)
{
	struct buf b = BUF_INIT(1 << 21);
	struct json deep = { 0 };
	int i;

	list(&b, "{\"required\":[", "\"%d\"", 100000, "]}");
	IS(judge(b.data, "0"), "a schema of more than 65536 bytes");
	buf_reset(&b);
	list(&b, "{\"enum\":[", "%d", 100000, "]}");
	IS(judge(b.data, "0"), "a schema of more than 65536 bytes");
	OK(e.code == E_too_long);
	buf_reset(&b);
	for (i = 0; i < 10000; i++)
		buf_adds(&b, "{\"not\":");
	OK(json_parse(&deep, b.data, b.len, &e) && e.code == E_bad_json);
	buf_reset(&b);
	for (i = 0; i < 63; i++)
		buf_adds(&b, "{\"not\":");
	buf_adds(&b, "{}");
	for (i = 0; i < 63; i++)
		buf_addc(&b, '}');
	SAYS(b.data, "0", "the value is as 'not' says");
	/* Patterns that become much larger than they are. */
	buf_reset(&b);
	list(&b, "{\"allOf\":[", "{\"pattern\":\"(?:a{9}){999}\"}", 1000,
	    "]}");
	OK(strstr(judge(b.data, "0"), "together they are too large") != NULL);
	buf_reset(&b);
	list(&b, "{\"$id\":\"http://x/", "%d", 400, "\"}");
	OK(strstr(judge(b.data, "0"), "more than 1000 bytes") != NULL);
	buf_release(&b);
}

int
main(void)
{
	test_refused();
	test_circles();
	test_references();
	test_faults();
	test_known();
	test_bounded();
	test_wide();
	test_dear();
	test_doubling();
	test_sizes();
	buf_release(&path);
	return DONE();
}
