/* The shape of bodies and queries, and what is said of those without it. */
#include "tap.h"

#include "api/shape.h"
#include "base/buf.h"

static const char schema[] = "{\"type\":\"object\",\"properties\":{"
    "\"node_id\":{\"type\":\"string\",\"minLength\":3},"
    "\"price\":{\"format\":\"money\",\"x-least\":\"0.01\","
    "\"x-most\":\"10000\"},"
    "\"name\":{\"type\":\"string\",\"maxLength\":3},"
    "\"n\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":200},"
    "\"on\":{\"type\":\"boolean\"},"
    "\"list\":{\"type\":\"array\",\"maxItems\":2,"
    "\"items\":{\"type\":\"string\"}},"
    "\"metadata\":{\"type\":\"object\",\"x-null\":false}},"
    "\"required\":[\"node_id\"]}";

static struct shape *shape;

static void
body(const char *want, const char *text)
{
	struct buf out = BUF_INIT(4096);
	struct json root = { 0 };
	struct err e;

	OK(!json_parse(&root, text, strlen(text), &e));
	OK(shape_fits(shape, &root, &out) == !*want);
	IS(out.data, want);
	json_release(&root);
	buf_release(&out);
}

static void
query(const char *want, const char *text, bool good)
{
	struct buf out = BUF_INIT(4096), faults = BUF_INIT(4096);
	struct json root = { 0 };

	OK(shape_query(shape, text, &root, &faults) == good);
	if (good) {
		json_copy(&out, NULL, &root);
		IS(out.data, want);
	} else {
		IS(faults.data, want);
	}
	json_release(&root);
	buf_release(&out);
	buf_release(&faults);
}

static void
money(const char *text, int64_t want)
{
	struct json root = { 0 };
	struct err e;
	int64_t got = -1;

	OK(!json_parse(&root, text, strlen(text), &e));
	OK(shape_money(&root, &got) == (want != -1) && got == want);
	json_release(&root);
}

#define FAULT(f, m) "{\"field\":\"" f "\",\"message\":\"" m \
    "\",\"path\":[\"" f "\"]}"
#define HINT "node_id is the name of a node: 3 to 100 letters, digits, '_' " \
    "and '-', for example \\\"my-node_01\\\""

static void
bodies(void)
{
	body("", "{\"node_id\":\"abc\"}");
	body("", "{\"node_id\":\"abc\",\"other\":1,\"name\":null}");
	body(FAULT("node_id", HINT), "{}");
	body(FAULT("node_id", HINT), "{\"node_id\":null}");
	body(FAULT("node_id", HINT), "{\"node_id\":17}");
	body(FAULT("node_id", HINT) ","
	    FAULT("name", "must have at most 3 characters") ","
	    FAULT("n", "must be at most 200") ","
	    FAULT("on", "must be of type \\\"boolean\\\""),
	    "{\"name\":\"abcd\",\"n\":201,\"on\":1}");
	body("", "{\"node_id\":\"abc\",\"name\":\"\xc3\xa9\xc3\xa9\xc3\xa9\"}");
	body(FAULT("metadata", "must be of type \\\"object\\\""),
	    "{\"node_id\":\"abc\",\"metadata\":null}");
	body("{\"field\":1,\"message\":\"must be of type \\\"string\\\"\","
	    "\"path\":[\"list\",1]}",
	    "{\"node_id\":\"abc\",\"list\":[\"a\",2]}");
	body(FAULT("list", "must have at most 2 items"),
	    "{\"node_id\":\"abc\",\"list\":[\"a\",\"b\",\"c\"]}");
	body(FAULT("price", "must be at least 0.01"),
	    "{\"node_id\":\"abc\",\"price\":0}");
	body(FAULT("price", "must be at most 10000"),
	    "{\"node_id\":\"abc\",\"price\":\"10000.01\"}");
	body("", "{\"node_id\":\"abc\",\"price\":1e4}");
}

static void
moneys(void)
{
	money("1", 100);
	money("1.0", 100);
	money("1e2", 10000);
	money("\"1.50\"", 150);
	money("1.50", 150);
	money("1.500", 150);
	money("0.07", 7);
	money("1.234e1", 1234);
	money("12e-2", 12);
	money("0", 0);
	money("0.000", 0);
	money("90071992547409.93", 9007199254740993);
	money("1.005", -1);
	money("1e-3", -1);
	money("\"1.005\"", -1);
	money("\"1e2\"", -1);
	money("\"\"", -1);
	money("\" 1\"", -1);
	money("true", -1);
	money("[1]", -1);
	money("1e400", -1);
	money("92233720368547758.08", -1);
	money("92233720368547758.07", INT64_MAX);
}

static void
queries(void)
{
	query("{}", NULL, true);
	query("{\"n\":5,\"name\":\"7\",\"on\":true,\"x\":\"1\"}",
	    "n=5&name=7&on=true&x=1", true);
	query("{\"n\":\"five\",\"node_id\":\"a b+c\"}",
	    "n=five&node_id=a+b%2Bc", true);
	query("{\"n\":\"01\"}", "n=01", true);
	query("{\"n\":\"\"}", "n=", true);
	query(FAULT("query", "must name each member once"), "n=1&n=2", false);
	query(FAULT("query", "must be UTF-8 without NUL"), "name=%ff", false);
	query("{\"name\":\"a%00b\"}", "name=a%00b", true);
}

/* Schemas of routes are objects, and nothing that would be passed over. */
static void
schemas(void)
{
	struct shape *s;
	struct err e;

	OK(!shape_make(&s, NULL, &e) && !s);
	OK(shape_make(&s, "{\"type\":\"object\"}", &e) &&
	    e.code == E_bad_schema);
	OK(shape_make(&s, "{\"type\":\"object\",\"properties\":{},"
	    "\"oneOf\":[]}", &e));
	OK(shape_make(&s, "{\"type\":\"object\",\"properties\":{},"
	    "\"required\":[\"a\"]}", &e));
	OK(shape_make(&s, "{\"type\":\"object\",\"properties\":{"
	    "\"a\":{\"pattern\":\"(\"}}}", &e));
}

int
main(void)
{
	struct err e = { 0 };

	OK(!shape_make(&shape, schema, &e));
	OK(shape_requires(shape));
	bodies();
	moneys();
	queries();
	shape_free(shape);
	schemas();
	return DONE();
}
