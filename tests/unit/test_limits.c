/*
 * What cannot be evaluated in the steps that there are (spec/vmp.md 6.4, 6.7),
 * which counts against the party that wrote it; 13, row 19.
 */
#include <stdint.h>
#include <time.h>

#include "tap.h"
#include "judge.h"

/*
 * Without a limit it would be minutes; with one, the spec's 100 ms, on a
 * machine that may be busy and in a build that may be slow.
 */
#define BOUND_MS 10000

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* spec/vmp.md 13, row 19: bounded time, and counted against the author. */
static void
test_regex_limits(void)
{
	static const struct {
		const char *pattern;
		size_t n;
		const char *end;
		enum { NO, YES, LIMIT } is;
	} dear[] = {
		{ "^(a+)+$", 28, "b", LIMIT },
		{ "((.|\\\\n){0,3000})z$", 10000, "b", LIMIT },
		{ "((.|\\\\n)*)z$", 10000, "b", NO },	/* has no z */
		{ "((.|\\\\n)*)z$", 9998, "zb", LIMIT },
		{ "((.|\\\\n)*)z$", 9998, "bz", YES },
		{ "(a*)*$", 9999, "b", LIMIT },
		{ "a.*a.*a.*a.*c$", 9998, "cb", LIMIT },
	};
	struct buf output = BUF_INIT(1 << 20);
	char config[256], metadata[512];
	struct custom *buyers;
	struct contract *c;
	struct verdict v;
	double ms, most = 0;
	size_t i;

	for (i = 0; i < sizeof dear / sizeof *dear; i++) {
		long_output(&output, 'a', dear[i].n, dear[i].end);
		snprintf(config, sizeof config,
		    "{'pattern':'%s','field':'f'}", dear[i].pattern);
		snprintf(metadata, sizeof metadata, "{'validators':[{'type':"
		    "'regex','pattern':'%s','field':'f'}]}", dear[i].pattern);
		buyers = judge_custom("regex", config);
		c = judge_contract(quotes(metadata), NULL);
		OK((c != NULL) == (buyers != NULL));
		if (!c) {			/* it does not compile: 422 */
			OK(i == 1 && judge_err.code == E_bad_pattern);
			continue;
		}
		ms = now_ms();
		judge_with(c, output.data,
		    &(const struct custom *){ buyers }, 1, &v);
		ms = now_ms() - ms;
		most = ms > most ? ms : most;
		/* what cannot be evaluated fails if it is the seller's */
		OK(v.rule == (dear[i].is == YES ? VALIDATE_NOTHING_WRONG :
		    VALIDATE_VALIDATOR_FAILED));
		OK((v.rule && strstr(v.details, "\"error\":\"limit\"")) ==
		    (dear[i].is == LIMIT));
		/* the buyer's is an error that blocks nothing */
		OK(v.count == 2 && v.rows[1].result == (dear[i].is == LIMIT ?
		    VALIDATE_ERROR : dear[i].is == NO ? VALIDATE_FAIL :
		    VALIDATE_PASS));
		validate_release(&v);
		contract_free(c);
		custom_free(buyers);
	}
	printf("# the dearest pattern: %.1f ms for two\n", most);
	/* only the first 10,000 characters are searched */
	for (i = 9999; i <= 10000; i++) {
		long_output(&output, 'a', i, "b");
		OK(has(judge("{\"validators\":[{\"type\":\"regex\","
		    "\"field\":\"f\",\"pattern\":\"b\"}]}", output.data),
		    i == 9999 ? "PASS" : "does not match"));
	}
	OK(most < BOUND_MS);
	buf_release(&output);
}

/* The same of schemas. */
static void
test_schema_limits(void)
{
	struct buf m = BUF_INIT(1 << 16), output = BUF_INIT(1 << 20);
	struct buf text = BUF_INIT(1 << 17);
	struct json config;
	struct custom *buyers = NULL;
	struct contract *c;
	struct verdict v;
	int i;

	buf_adds(&m, "{\"items\":{\"anyOf\":[{\"const\":1}");
	for (i = 2; i < 50; i++)
		buf_addf(&m, ",{\"const\":%d}", i);
	buf_adds(&m, "]}}");
	for (i = 0; i < 20000; i++)
		buf_adds(&output, i ? ",49" : "[49");
	buf_adds(&output, "]");
	buf_addf(&text, "{\"schema\":%s,\"output_schema\":%s}", m.data,
	    m.data);
	config = judge_json(text.data);
	OK(!custom_read(&buyers, "id", "name", "schema", &config, NULL,
	    &judge_err));
	OK(!contract_read(&c, &config, NULL, NULL, &judge_err));
	json_release(&config);
	judge_with(c, output.data, &(const struct custom *){ buyers }, 1, &v);
	OK(v.rule == VALIDATE_SCHEMA_MISMATCH);
	IS(v.details, "{\"error\":\"limit\"}");
	OK(v.count == 1 && v.rows[0].result == VALIDATE_ERROR);
	IS(v.rows[0].details, "{\"error\":\"limit\"}");
	validate_release(&v);
	contract_free(c);
	custom_free(buyers);
	buf_release(&text);
	buf_release(&m);
	buf_release(&output);
}

/* The steps of a schema are of the same purse: twenty that each take many. */
static void
test_schemas_together(void)
{
	struct buf m = BUF_INIT(1 << 16), output = BUF_INIT(1 << 20);
	struct contract *c;
	struct verdict v;
	int i, k;

	buf_adds(&m, "{\"validators\":[");
	for (k = 0; k < 20; k++) {
		buf_addf(&m, "%s{\"type\":\"schema\",\"schema\":"
		    "{\"items\":{\"anyOf\":[", k ? "," : "");
		for (i = 1; i < 50; i++)
			buf_addf(&m, "{\"const\":%d}%s", i,
			    i < 49 ? "," : "]}}}");
	}
	buf_adds(&m, "]}");
	for (i = 0; i < 1500; i++)
		buf_adds(&output, i ? ",49" : "[49");
	buf_adds(&output, "]");
	c = judge_contract(m.data, NULL);
	judge_with(c, output.data, NULL, 0, &v);
	OK(v.rule == VALIDATE_VALIDATOR_FAILED && v.count > 4 && v.count < 20);
	OK(has(v.details, "\"error\":\"limit\""));
	OK(v.steps == 1000000);
	validate_release(&v);
	contract_free(c);
	buf_release(&m);
	buf_release(&output);
}

/*
 * Whoever wrote the rules, they have steps of their own: a seller cannot use
 * up what the buyer's need, nor the other way round.
 */
static void
test_shares(void)
{
	struct buf m = BUF_INIT(1 << 20), output = BUF_INIT(1 << 20);
	struct custom *fine = judge_custom("regex",
	    "{'pattern':'b$','field':'f'}");
	struct custom *dear = judge_custom("regex",
	    "{'pattern':'^(a+)+$','field':'f'}");
	const struct custom *all[10] = {
		dear, dear, dear, dear, dear, dear, dear, dear, dear, fine,
	};
	struct contract *c;
	struct verdict v;
	int i;

	buf_adds(&m, "{\"validators\":[");
	for (i = 0; i < 20; i++)
		buf_addf(&m, "%s{\"type\":\"regex\",\"field\":\"f\","
		    "\"pattern\":\"^(a|a){14}c|b\"}", i ? "," : "");
	buf_adds(&m, "]}");
	c = judge_contract(m.data, NULL);
	long_output(&output, 'a', 28, "b");
	judge_with(c, output.data, &all[9], 1, &v);
	OK(v.rule == VALIDATE_VALIDATOR_FAILED && has(v.details, "\"limit\""));
	OK(v.rows[v.count - 1].result == VALIDATE_PASS);
	OK(v.steps > 1000000 && v.steps <= 2000000);
	validate_release(&v);
	contract_free(c);
	c = judge_contract("{\"validators\":[{\"type\":\"regex\",\"field\":"
	    "\"f\",\"pattern\":\"^(a|a){14}c|b\"}]}", NULL);
	judge_with(c, output.data, all, 10, &v);
	OK(v.rule == VALIDATE_NOTHING_WRONG && v.count == 11);
	OK(v.rows[0].result == VALIDATE_PASS);
	OK(v.rows[1].result == VALIDATE_ERROR);
	OK(v.rows[10].result == VALIDATE_ERROR);
	OK(v.steps <= 2000000);
	validate_release(&v);
	contract_free(c);
	custom_free(fine);
	custom_free(dear);
	buf_release(&m);
	buf_release(&output);
}

/* What is not a pattern is counted as well. */
static void
test_text_limits(void)
{
	static const char *const lists[][2] = {
		{ "contains", "patterns" }, { "not_contains", "patterns" },
		{ "non_empty", "fields" },
	};
	struct buf m = BUF_INIT(1 << 20), output = BUF_INIT(2 << 20);
	double ms;
	size_t i, k;

	for (i = 0; i < 3; i++) {
		buf_reset(&m);
		buf_addf(&m, "{\"validators\":[{\"type\":\"%s\",\"field\":"
		    "\"f\",\"%s\":[", lists[i][0], lists[i][1]);
		for (k = 0; k < 5000; k++)
			buf_addf(&m, "%s\"%s\"", k ? "," : "", i == 2 ? "f" :
			    i == 1 ? "aaaaaB" : "aaaaaa");
		buf_adds(&m, "]}]}");
		long_output(&output, i == 2 ? ' ' : 'a', 1000000,
		    i == 2 ? "x" : "");
		ms = now_ms();
		OK(has(judge(m.data, output.data), "\"error\":\"limit\""));
		printf("# %s: %.1f ms until the limit\n", lists[i][0],
		    now_ms() - ms);
		OK(now_ms() - ms < BOUND_MS);
	}
	/* twenty languages of a long text are not too much */
	buf_reset(&m);
	buf_adds(&m, "{\"validators\":[");
	for (i = 0; i < 20; i++)
		buf_addf(&m, "%s{\"type\":\"language\",\"field\":\"f\","
		    "\"expected\":\"en\"}", i ? "," : "");
	buf_adds(&m, "]}");
	buf_reset(&output);
	buf_adds(&output, "{\"f\":\"");
	for (i = 0; i < 100; i++)
		buf_adds(&output, "The quick brown fox jumps over the dog. ");
	buf_adds(&output, "\"}");
	OK(has(judge(m.data, output.data), "{\"results\":["));
	buf_release(&m);
	buf_release(&output);
}

int
main(void)
{
	param_defaults(&judge_params);
	test_regex_limits();
	test_schema_limits();
	test_schemas_together();
	test_shares();
	test_text_limits();
	buf_release(&judge_out);
	language_release(&judge_language);
	return DONE();
}
