/*
 * validate.c - what a verdict costs: microseconds for each message, beside
 * those of parsing the message, which whoever judges it has to do as well.
 *
 *	validate HOUSE.NDJSON
 */
#include <string.h>

#include "bench.h"

#include "base/file.h"
#include "base/json.h"
#include "validate/contract.h"
#include "validate/language.h"
#include "validate/validate.h"

#define LOOP 200

struct subject {
	struct params params;
	struct language language;
	struct contract *contract;
	struct buf metadata, output;
	struct json root;		/* the output, parsed */
};

static struct err e;

static double
each_us(double start)
{
	return (bench_now_us() - start) / LOOP;
}

static double
parse(void *arg)
{
	struct subject *s = arg;
	double start = bench_now_us();
	struct json v = { 0 };
	int i;

	for (i = 0; i < LOOP; i++) {
		if (json_parse(&v, s->output.data, s->output.len, &e))
			bench_die("%s", e.msg);
		json_release(&v);
	}
	return each_us(start);
}

static double
judge(void *arg)
{
	struct subject *s = arg;
	const struct validate_case is = {
		.output = &s->root, .contract = s->contract,
		.params = &s->params, .language = &s->language,
	};
	double start = bench_now_us();
	struct verdict v;
	int i;

	for (i = 0; i < LOOP; i++) {
		if (validate_judge(&v, &is, &e))
			bench_die("%s", e.msg);
		if (v.rule)
			bench_die("%s", v.details);
		validate_release(&v);
	}
	return each_us(start);
}

static double
read_contract(void *arg)
{
	struct subject *s = arg;
	double start = bench_now_us();
	struct contract *c;
	struct json v;
	int i;

	for (i = 0; i < LOOP; i++) {
		if (json_parse(&v, s->metadata.data, s->metadata.len, &e) ||
		    contract_read(&c, &v, &s->language, NULL, &e))
			bench_die("%s", e.msg);
		contract_free(c);
		json_release(&v);
	}
	return each_us(start);
}

static void
figure(const char *metric, bench_run *run, struct subject *s)
{
	struct bench_figure f = {
		.metric = metric, .unit = "us", .less = true,
	};

	bench_compare(&f, run, parse, s);
}

static void
set(struct subject *s, const char *metadata)
{
	struct json v;

	contract_free(s->contract);
	buf_reset(&s->metadata);
	buf_adds(&s->metadata, metadata);
	if (json_parse(&v, metadata, strlen(metadata), &e) ||
	    contract_read(&s->contract, &v, &s->language, NULL, &e))
		bench_die("%s", e.msg);
	json_release(&v);
}

/* An output of about so many bytes, in words, that all rules here pass. */
static void
deliver(struct subject *s, size_t n)
{
	buf_reset(&s->output);
	buf_adds(&s->output, "{\"summary\":\"");
	while (s->output.len < n)
		buf_adds(&s->output, "All human beings are born free and "
		    "equal in dignity and rights. ");
	buf_adds(&s->output, "\",\"key_facts\":[{\"id\":1,\"of\":\"it\"}]}");
	json_release(&s->root);
	if (json_parse(&s->root, s->output.data, s->output.len, &e))
		bench_die("%s", e.msg);
}

int
main(int argc, char *argv[])
{
	struct subject s = {
		.language = LANGUAGE_INIT(LANGUAGE_DIR),
		.metadata = BUF_INIT(1 << 20), .output = BUF_INIT(1 << 20),
	};
	struct buf house = BUF_INIT(1 << 20);
	char *line, *end;

	if (argc != 2)
		bench_die("usage: validate HOUSE.NDJSON");
	param_defaults(&s.params);
	if (file_read(&house, argv[1], &e))
		bench_die("%s", e.msg);
	line = strstr(house.data, "{\"label\":\"web_research");
	end = line ? strchr(line, '\n') : NULL;
	if (!end)
		bench_die("no web_research in %s", argv[1]);
	*end = '\0';
	set(&s, line);
	deliver(&s, 2048);
	figure("validate_house_2k", judge, &s);
	figure("validate_read", read_contract, &s);
	deliver(&s, 65536);
	figure("validate_house_64k", judge, &s);
	set(&s, "{\"output_schema\":{\"type\":\"object\",\"required\":"
	    "[\"summary\"],\"properties\":{\"summary\":{\"type\":\"string\","
	    "\"minLength\":10},\"key_facts\":{\"type\":\"array\",\"items\":"
	    "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":"
	    "\"integer\",\"minimum\":0}}}}}}}");
	deliver(&s, 2048);
	figure("validate_schema_2k", judge, &s);
	set(&s, "{\"validators\":[{\"type\":\"regex\",\"field\":\"summary\","
	    "\"pattern\":\"free and [a-z]+ in (dignity|rights)\"}]}");
	figure("validate_regex_2k", judge, &s);
	set(&s, "{\"validators\":[{\"type\":\"language\",\"field\":"
	    "\"summary\",\"expected\":\"en\"}]}");
	figure("validate_language_2k", judge, &s);
	return 0;
}
