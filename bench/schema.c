/*
 * schema.c - what checking a message costs, against parsing the same message.
 *
 *	schema
 */
#include <string.h>

#include "bench.h"

#include "base/json.h"
#include "schema/schema.h"

#define COUNT 2000		/* messages a run */

/* What a seller of reviews might promise. */
static const char schema_text[] =
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
    "\"type\":\"object\",\"required\":[\"id\",\"language\",\"summary\","
    "\"score\",\"findings\"],\"properties\":{"
    "\"id\":{\"type\":\"string\",\"pattern\":\"^[0-9a-f]{8}-[0-9a-f]{4}$\"},"
    "\"language\":{\"enum\":[\"en\",\"de\",\"fr\",\"pt\",\"zh-cn\"]},"
    "\"summary\":{\"type\":\"string\",\"minLength\":20,\"maxLength\":2000},"
    "\"score\":{\"type\":\"number\",\"minimum\":0,\"maximum\":10,"
    "\"multipleOf\":0.25},\"tags\":{\"type\":\"array\",\"items\":{"
    "\"type\":\"string\",\"maxLength\":40},\"uniqueItems\":true},"
    "\"findings\":{\"type\":\"array\",\"minItems\":1,\"maxItems\":100,"
    "\"items\":{\"$ref\":\"#/$defs/finding\"}}},"
    "\"additionalProperties\":false,\"$defs\":{\"finding\":{"
    "\"type\":\"object\",\"required\":[\"file\",\"line\",\"kind\",\"text\"],"
    "\"properties\":{\"file\":{\"type\":\"string\",\"minLength\":1},"
    "\"line\":{\"type\":\"integer\",\"minimum\":1},\"kind\":{\"enum\":["
    "\"bug\",\"style\",\"question\"]},\"text\":{\"type\":\"string\"},"
    "\"fix\":{\"oneOf\":[{\"type\":\"null\"},{\"type\":\"object\","
    "\"required\":[\"old\",\"new\"],\"properties\":{\"old\":{"
    "\"type\":\"string\"},\"new\":{\"type\":\"string\"}}}]}},"
    "\"additionalProperties\":false}}}";

struct subject {
	struct schema *schema;
	struct json value;
	struct buf message;
};

static void
make_message(struct buf *b)
{
	int i;

	buf_adds(b, "{\"id\":\"0a1b2c3d-4e5f\",\"language\":\"en\","
	    "\"summary\":\"Reads well; three places may fail on empty input, "
	    "and one name misleads.\",\"score\":7.25,\"tags\":[\"c\","
	    "\"review\",\"parser\",\"limits\"],\"findings\":[");
	for (i = 0; i < 20; i++)
		buf_addf(b, "%s{\"file\":\"lib/base/part%d.c\",\"line\":%d,"
		    "\"kind\":\"%s\",\"text\":\"The length is not looked at "
		    "before the copy, as it is elsewhere.\",\"fix\":%s}",
		    i ? "," : "", i, 10 + 7 * i, i % 3 ? "bug" : "style",
		    i % 2 ? "null" : "{\"old\":\"n\",\"new\":\"n - 1\"}");
	buf_adds(b, "]}");
}

/* Microseconds a message. */
static double
checking(void *arg)
{
	struct subject *s = arg;
	struct regex_budget budget;
	struct schema_fault fault;
	double start = bench_now_us();
	int i;

	for (i = 0; i < COUNT; i++) {
		budget = (struct regex_budget)REGEX_BUDGET;
		if (schema_check(s->schema, &s->value, SCHEMA_STEPS, &budget,
		    &fault) != SCHEMA_VALID)
			bench_die("%s", fault.error);
	}
	return (bench_now_us() - start) / COUNT;
}

static double
parsing(void *arg)
{
	struct subject *s = arg;
	double start = bench_now_us();
	struct json v = { 0 };
	struct err e;
	int i;

	for (i = 0; i < COUNT; i++) {
		if (json_parse(&v, s->message.data, s->message.len, &e))
			bench_die("%s", e.msg);
		json_release(&v);
	}
	return (bench_now_us() - start) / COUNT;
}

static double
compiling(void *arg)
{
	double start = bench_now_us();
	struct schema *s = NULL;
	struct json v = { 0 };
	struct err e;
	int i;

	(void)arg;
	for (i = 0; i < COUNT; i++) {
		if (json_parse(&v, schema_text, sizeof schema_text - 1, &e) ||
		    schema_compile(&s, &v, NULL, 0, &e))
			bench_die("%s", e.msg);
		schema_free(s);
		json_release(&v);
	}
	return (bench_now_us() - start) / COUNT;
}

int
main(void)
{
	struct bench_figure check = {
		.metric = "schema_check", .unit = "us", .less = true,
	};
	struct bench_figure compile = {
		.metric = "schema_compile", .unit = "us", .less = true,
	};
	struct subject s = { .message = BUF_INIT(JSON_MAX) };
	struct json v = { 0 };
	struct err e;

	make_message(&s.message);
	if (json_parse(&v, schema_text, sizeof schema_text - 1, &e) ||
	    schema_compile(&s.schema, &v, NULL, 0, &e) ||
	    json_parse(&s.value, s.message.data, s.message.len, &e))
		bench_die("%s", e.msg);
	json_release(&v);
	bench_compare(&check, checking, parsing, &s);
	bench_compare(&compile, compiling, parsing, &s);
	schema_free(s.schema);
	json_release(&s.value);
	buf_release(&s.message);
	return 0;
}
