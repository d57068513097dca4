/*
 * Verdicts: the rules of spec/vmp.md 6.4, the buyer's validators of 6.5, bad
 * input, and the house skills of 11.5.
 */
#include <stdint.h>

#include "tap.h"
#include "judge.h"

#include "base/file.h"

#define CONTRACT "{'output_schema':{'type':'object','required':['n'],"	\
    "'properties':{'n':{'type':'integer'}}},'validators':["		\
    "{'type':'schema'},{'type':'non_empty','fields':['n']},"		\
    "{'type':'json_path','path':'n','max':9}]}"

static void
test_proof(void)
{
	static const char missing[] = "{\"rule\":\"PROOF_MISSING\","
	    "\"details\":{\"task_status\":\"COMPLETED\","
	    "\"output_data\":null},\"results\":[]}";

	IS(judge(quotes(CONTRACT), NULL), missing);
	IS(judge(quotes(CONTRACT), "null"), missing);
	IS(judge(quotes(CONTRACT), "{}"), missing);
	IS(judge(quotes(CONTRACT), "\"\""), missing);
	IS(judge("{}", "{}"), missing);
	IS(judge("{}", "[]"), "{\"results\":[]}");
	IS(judge("{}", "0"), "{\"results\":[]}");
	IS(judge("{}", "false"), "{\"results\":[]}");
	IS(judge("{}", "\" \""), "{\"results\":[]}");
}

/* The first failure decides; what comes after it is not evaluated. */
static void
test_order(void)
{
	static const char three[] = "{\"validators\":["
	    "{\"type\":\"non_empty\",\"fields\":[\"a\"]},"
	    "{\"max_chars\":2,\"type\":\"length\",\"field\":\"a\",\"x\":1.0},"
	    "{\"type\":\"contains\",\"patterns\":[\"zz\"]}]}";

	IS(judge(three, "{\"a\":\"abc\"}"), "{\"rule\":\"VALIDATOR_FAILED\","
	    "\"details\":{\"validator_type\":\"length\",\"config\":"
	    "{\"max_chars\":2,\"type\":\"length\",\"field\":\"a\",\"x\":1.0},"
	    "\"error\":\"Field 'a' has 3 chars, maximum is 2\",\"index\":1},"
	    "\"results\":[{\"validator_id\":\"protocol:0:non_empty\","
	    "\"source\":\"protocol\",\"index\":0,\"type\":\"non_empty\","
	    "\"result\":\"PASS\"},{\"validator_id\":\"protocol:1:length\","
	    "\"source\":\"protocol\",\"index\":1,\"type\":\"length\","
	    "\"result\":\"FAIL\",\"details\":{\"error\":"
	    "\"Field 'a' has 3 chars, maximum is 2\"}}]}");
	OK(has(judge(three, "{\"a\":\"a\"}"), "\"index\":2}"));
	OK(has(judge(three, "{\"a\":\"zz\"}"), "{\"results\":["));
}

/* Rule 2. */
static void
test_schema(void)
{
	struct buf text = BUF_INIT(4096), want = BUF_INIT(4096);
	int i;

	OK(!strncmp(judge(quotes(CONTRACT), "{\"n\":5}"), "{\"results\"", 10));
	IS(judge(quotes(CONTRACT), "{\"n\":\"x\"}"),
	    "{\"rule\":\"SCHEMA_MISMATCH\",\"details\":{\"schema_error\":"
	    "\"'/n' is of another type\",\"path\":[\"n\"],"
	    "\"expected\":\"\\\"integer\\\"\",\"got\":\"\\\"x\\\"\"},"
	    "\"results\":[]}");
	OK(has(judge(quotes(CONTRACT), "{\"m\":1}"), "\"path\":[]"));
	OK(has(judge(quotes("{'output_schema':{'properties':{'a':{'items':"
	    "{'properties':{'b/c':{'maximum':3}}}}}}}"),
	    quotes("{'a':[{},{'b/c':4}]}")), "\"path\":[\"a\",1,\"b/c\"]"));
	/* a string is parsed first */
	OK(has(judge(quotes(CONTRACT), "\"{\\\"n\\\":5}\""),
	    "{\"rule\":\"VALIDATOR_FAILED\""));
	IS(judge("{\"output_schema\":true}", "\"{} {\\u00e9\""),
	    "{\"rule\":\"SCHEMA_MISMATCH\",\"details\":{\"error\":"
	    "\"output_not_valid_json\",\"output_preview\":\"{} {\xc3\xa9\"},"
	    "\"results\":[]}");
	OK(has(judge("{\"output_schema\":false}", "\"[1]\""),
	    "SCHEMA_MISMATCH"));
	IS(judge("{\"output_schema\":true}", "\"[1]\""), "{\"results\":[]}");
	/* as validator, a schema of its own */
	OK(has(judge(quotes("{'validators':[{'type':'schema','schema':"
	    "{'type':'array'}}]}"), "{\"a\":1}"), "\"error\":\"the value "));

	/* cut at 200 characters, not bytes */
	buf_addc(&text, '"');
	for (i = 0; i < 300; i++)
		buf_adds(&text, "\xc3\xa9");
	buf_add(&want, text.data, 1 + 400);
	buf_adds(&want, "\"}");
	buf_addc(&text, '"');
	OK(has(judge("{\"output_schema\":true}", text.data), want.data));
	buf_release(&text);
	buf_release(&want);
}

static const char *
one_custom(const char *metadata, const char *type, const char *config,
    const char *output)
{
	struct custom *one = judge_custom(type, config);
	const struct custom *const all[] = { one };
	struct contract *c = judge_contract(quotes(metadata), NULL);
	const char *text = judge_with(c, quotes(output), all, 1, NULL);

	contract_free(c);
	custom_free(one);
	return text;
}

static void
test_custom(void)
{
	const struct custom *all[4];
	struct custom *made[4] = {
		judge_custom("regex", "{'pattern':'^x','field':'a'}"),
		judge_custom("webhook", "{'url':'https://example.org/v'}"),
		judge_custom("schema", "{'schema':{'required':['b']}}"),
		judge_custom("regex", "{'pattern':'y'}"),
	};
	struct contract *c = judge_contract(quotes("{'validators':["
	    "{'type':'length','field':'a','max_chars':3}]}"), NULL);
	struct verdict v;

	memcpy(all, made, sizeof all);
	/* all run; the first that fails decides */
	judge_with(c, "{\"a\":\"y\"}", all, 4, &v);
	OK(v.rule == VALIDATE_VALIDATOR_FAILED && v.count == 5);
	OK(!v.rows[0].custom && v.rows[0].result == VALIDATE_PASS);
	OK(v.rows[1].custom && v.rows[1].result == VALIDATE_FAIL);
	OK(v.rows[2].custom && v.rows[2].result == VALIDATE_INCONCLUSIVE);
	OK(v.rows[3].custom && v.rows[3].result == VALIDATE_FAIL);
	OK(v.rows[4].custom && v.rows[4].result == VALIDATE_PASS);
	OK(v.rows[4].index == 3 && !strcmp(v.rows[4].id, "regex"));
	IS(v.details, "{\"validator_id\":\"regex\",\"name\":\"my own\","
	    "\"details\":{\"error\":\"Field 'a' does not match pattern "
	    "'^x'\"}}");
	validate_release(&v);
	/* a webhook alone blocks nothing */
	judge_with(c, "{\"a\":\"xy\",\"b\":1}", all, 4, &v);
	OK(v.rule == VALIDATE_NOTHING_WRONG && !v.details && v.count == 5);
	OK(v.rows[2].result == VALIDATE_INCONCLUSIVE);
	validate_release(&v);
	/* protocol validators come first, and the buyer's run as well */
	judge_with(c, "{\"a\":\"yyyy\"}", all, 4, &v);
	OK(v.rule == VALIDATE_VALIDATOR_FAILED && v.count == 5);
	OK(has(v.details, "\"validator_type\":\"length\""));
	validate_release(&v);
	/* as they do on nothing at all */
	judge_with(c, NULL, all, 4, &v);
	OK(v.rule == VALIDATE_PROOF_MISSING && v.count == 4);
	validate_release(&v);
	contract_free(c);
	custom_free(made[0]);
	custom_free(made[1]);
	custom_free(made[2]);
	custom_free(made[3]);

	/* a missing field is as "" for a buyer's regex */
	OK(has(one_custom("{}", "regex", "{'pattern':'^$','field':'b'}",
	    "{'a':1}"), "PASS"));
	OK(has(one_custom("{}", "regex", "{'pattern':'.','field':'b'}",
	    "{'a':1}"), "FAIL"));
	OK(has(one_custom("{}", "regex", "{'pattern':'^.\\'a\\': 1}$'}",
	    "{'a':1}"), "PASS"));
}

/* A code each, and rule 2 for what is inside a string. */
static void
test_bad_input(void)
{
	struct buf b = BUF_INIT(2 << 20);
	struct json v = { 0 };
	struct err e = { 0 };
	size_t i;

	for (i = 0; i < 10000; i++)
		buf_addc(&b, '[');
	OK(json_parse(&v, b.data, b.len, &e) == -1 && e.code == E_bad_json);
	buf_reset(&b);
	buf_addc(&b, '"');
	for (i = 0; i < 10000; i++)
		buf_addc(&b, '[');
	buf_addc(&b, '"');
	OK(has(judge("{\"output_schema\":true}", b.data),
	    "output_not_valid_json"));
	OK(json_parse(&v, "\"\\ud800\"", 8, &e) == -1 && e.code == E_bad_json);
	OK(json_parse(&v, "{\"a\":1,\"a\":2}", 13, &e) == -1 &&
	    e.code == E_bad_json);
	OK(has(judge("{\"output_schema\":true}",
	    "\"{\\\"a\\\":1,\\\"a\\\":2}\""), "output_not_valid_json"));
	OK(has(judge("{\"output_schema\":true}", "\"\\\"\\\\ud800\\\"\""),
	    "output_not_valid_json"));

	/* of 1 MiB, and 64 deep */
	long_output(&b, 'a', 1024 * 1024 - 8, "");
	OK(b.len == 1024 * 1024);
	IS(judge("{\"validators\":[{\"type\":\"length\",\"field\":\"f\","
	    "\"min_chars\":1048568,\"max_words\":1},{\"type\":"
	    "\"not_contains\",\"patterns\":[\"B\"]}]}", b.data),
	    "{\"results\":[{\"validator_id\":\"protocol:0:length\","
	    "\"source\":\"protocol\",\"index\":0,\"type\":\"length\","
	    "\"result\":\"PASS\"},{\"validator_id\":\"protocol:1:"
	    "not_contains\",\"source\":\"protocol\",\"index\":1,\"type\":"
	    "\"not_contains\",\"result\":\"PASS\"}]}");
	long_output(&b, 'a', 1024 * 1024 - 7, "");
	OK(json_parse(&v, b.data, b.len, &e) == -1 && e.code == E_too_long);
	buf_reset(&b);
	for (i = 0; i < 64; i++)
		buf_addc(&b, '[');
	for (i = 0; i < 64; i++)
		buf_addc(&b, ']');
	OK(has(judge("{\"validators\":[{\"type\":\"length\",\"min_chars\":"
	    "129}]}", b.data), "Output has 128 chars, minimum is 129"));
	buf_release(&b);
}

/* A contract keeps nothing of the metadata: spec/vmp.md 13, row 58. */
static void
test_snapshot(void)
{
	char text[] = "{\"validators\":[{\"type\":\"regex\",\"pattern\":"
	    "\"^a$\",\"field\":\"f\"}]}";
	struct json v = judge_json(text);
	struct contract *c = NULL;

	OK(!contract_read(&c, &v, NULL, NULL, &judge_err));
	json_release(&v);
	memset(text, 'x', sizeof text - 1);
	OK(has(judge_with(c, "{\"f\":\"a\"}", NULL, 0, NULL), "PASS"));
	OK(has(judge_with(c, "{\"f\":\"x\"}", NULL, 0, NULL), "FAIL"));
	OK(contract_rules(c) == 1 && !contract_speaks(c));
	contract_free(c);
	contract_free(NULL);
	custom_free(NULL);
}

/* 11.5: each skill with an output that passes, and one that does not. */
static void
test_house(void)
{
	const char *src = getenv("BZN_SRC"), *label, *error;
	struct buf file = BUF_INIT(1 << 20), text = BUF_INIT(1 << 16);
	struct json row, v;
	char path[1024], *line, *end;
	int skills = 0;

	snprintf(path, sizeof path, "%s/tests/golden/house.ndjson",
	    src ? src : ".");
	OK(!file_read(&file, path, &judge_err));
	for (line = file.data; *line; line = end + 1, skills++) {
		end = strchr(line, '\n');
		*end = '\0';
		row = judge_json(line);
		error = NULL;
		if (json_get_str(&row, "label", &label, &judge_err) ||
		    !json_find(&v, &row, "passes") ||
		    json_opt_str(&row, "error", &error, &judge_err))
			abort();
		buf_reset(&text);
		json_copy(&text, NULL, &v);
		printf("# %s\n", label);
		OK(has(judge(line, text.data), "{\"results\":["));
		OK((error != NULL) == json_find(&v, &row, "fails"));
		if (error) {
			buf_reset(&text);
			json_copy(&text, NULL, &v);
			buf_addc(&text, '\0');
			judge(line, text.data);
			json_quote(&text, error, strlen(error));
			OK(has(judge(line, text.data),
			    text.data + strlen(text.data) + 1));
		}
		json_release(&row);
	}
	OK(skills == 29);
	buf_release(&file);
	buf_release(&text);
}

int
main(void)
{
	param_defaults(&judge_params);
	test_proof();
	test_order();
	test_schema();
	test_custom();
	test_bad_input();
	test_snapshot();
	test_house();
	buf_release(&judge_out);
	language_release(&judge_language);
	return DONE();
}
