/*
 * The eight protocol validators of spec/vmp.md 6.3, row by row; and that no
 * verdict depends on another.
 */
#include <pthread.h>
#include <stdint.h>

#include "tap.h"
#include "judge.h"

static const struct row {
	const char *rule, *output;
	const char *error;	/* "": passes; "?": inconclusive */
} rows[] = {
	/* length: words and characters of a text */
	{ "'length','field':'f','min_words':3", "{'f':'one two three'}", "" },
	{ "'length','field':'f','min_words':3", "{'f':'one two'}",
	    "Field 'f' has 2 words, minimum is 3" },
	{ "'length','field':'f','max_words':2", "{'f':' a  b\\n'}", "" },
	{ "'length','field':'f','max_words':2", "{'f':'a b\\u3000c'}",
	    "Field 'f' has 3 words, maximum is 2" },
	{ "'length','field':'f','max_words':1", "{'f':'a\\u200bb'}", "" },
	{ "'length','field':'f','min_words':3", "{'f':'a\\u001cb\\u0085c'}",
	    "" },
	{ "'length','field':'f','min_chars':3", "{'f':'\\u00e9\\ud83d\\ude00'}",
	    "Field 'f' has 2 chars, minimum is 3" },
	{ "'length','field':'f','max_chars':2", "{'f':'\\u00e9\\ud83d\\ude00'}",
	    "" },
	{ "'length','field':'f','max_chars':2", "{'f':'abc'}",
	    "Field 'f' has 3 chars, maximum is 2" },
	{ "'length','field':'f','min_words':0,'max_words':0,'max_chars':0",
	    "{'f':'a b'}", "" },
	{ "'length','field':'f','min_words':null,'max_chars':null",
	    "{'f':'a b'}", "" },
	{ "'length','field':'f'", "{'f':''}", "" },
	{ "'length','field':'f'", "{'f':null}", "Field 'f' is missing" },
	{ "'length','field':'f'", "{'g':1}", "Field 'f' is missing" },
	{ "'length','field':'f'", "['f']", "Field 'f' is missing" },
	{ "'length','field':'f','max_chars':5", "{'f':1.5e3}", "" },
	{ "'length','field':'f','max_chars':4", "{'f':1.5e3}",
	    "Field 'f' has 5 chars, maximum is 4" },
	{ "'length','field':'f','max_chars':3", "{'f':false}",
	    "Field 'f' has 5 chars, maximum is 3" },
	/* ["a", "b"] and {"a": 1} have separators with blanks */
	{ "'length','field':'f','min_chars':10", "{'f':['a','b']}", "" },
	{ "'length','field':'f','max_chars':9", "{'f':['a','b']}",
	    "Field 'f' has 10 chars, maximum is 9" },
	{ "'length','min_chars':8,'max_chars':8", "{'a':1}", "" },
	{ "'length','field':'','min_chars':9", "{'a':1}",
	    "Output has 8 chars, minimum is 9" },
	{ "'length','field':null,'max_chars':3", "7", "" },

	/* contains: with case, every pattern */
	{ "'contains','field':'f','patterns':['a','B']", "{'f':'aB'}", "" },
	{ "'contains','field':'f','patterns':['a','b']", "{'f':'aB'}",
	    "Required pattern 'b' not found in field f" },
	{ "'contains','patterns':['x']", "{'f':'aB'}",
	    "Required pattern 'x' not found in output" },
	{ "'contains','patterns':['\\u00e9']", "{'f':'caf\\u00e9'}", "" },
	{ "'contains','patterns':['u00e9']", "{'f':'caf\\u00e9'}",
	    "Required pattern 'u00e9' not found in output" },
	{ "'contains','patterns':['\\'f\\': [1, 2.50]']", "{'f':[1,2.50]}",
	    "" },
	{ "'contains','patterns':['12345678901234567890.10']",
	    "{'f':12345678901234567890.10}", "" },
	{ "'contains','patterns':['\\'abc\\'']", "'abc'", "" },
	{ "'contains','field':'f','patterns':['a']", "{}",
	    "P" },	/* nothing delivered: rule 1 */
	{ "'contains','field':'f','patterns':['a']", "{'g':'a'}",
	    "Required pattern 'a' not found in field f" },
	{ "'contains','field':'f','patterns':['a']", "{'f':null}",
	    "Required pattern 'a' not found in field f" },
	{ "'contains','field':'f','patterns':[]", "{'g':'a'}",
	    "Field 'f' is missing" },
	{ "'contains','field':'f','patterns':['','a']", "{'f':'a'}", "" },

	/* not_contains: caseless, in any script */
	{ "'not_contains','field':'f','patterns':['x']", "{'f':'abc'}", "" },
	{ "'not_contains','field':'f','patterns':['x','B']", "{'f':'abc'}",
	    "Forbidden pattern 'B' found in field f" },
	{ "'not_contains','patterns':['access denied']",
	    "{'f':['ACCESS Denied']}",
	    "Forbidden pattern 'access denied' found in output" },
	{ "'not_contains','field':'f','patterns':['STRASSE']",
	    "{'f':'stra\\u00dfe'}",
	    "Forbidden pattern 'STRASSE' found in field f" },
	{ "'not_contains','field':'f','patterns':['\\u0394']",
	    "{'f':'\\u03b4'}",
	    "Forbidden pattern '\xce\x94' found in field f" },
	{ "'not_contains','field':'f','patterns':['x']", "{'g':'x'}", "" },
	{ "'not_contains','field':'f','patterns':['null']", "{'f':null}", "" },
	{ "'not_contains','field':'f','patterns':[]", "{'f':'x'}", "" },

	/* non_empty */
	{ "'non_empty','fields':['a','b']", "{'a':'x','b':[0]}", "" },
	{ "'non_empty','fields':['a']", "{'a':0}", "" },
	{ "'non_empty','fields':['a']", "{'a':false}", "" },
	{ "'non_empty','fields':['a']", "{'a':null}",
	    "Field 'a' is empty or missing" },
	{ "'non_empty','fields':['a','b']", "{'a':1}",
	    "Field 'b' is empty or missing" },
	{ "'non_empty','fields':['a']", "{'a':' \\t\\u2003\\u00a0'}",
	    "Field 'a' is empty or missing" },
	{ "'non_empty','fields':['a']", "{'a':[]}",
	    "Field 'a' is empty collection" },
	{ "'non_empty','fields':['a']", "{'a':{}}",
	    "Field 'a' is empty collection" },
	{ "'non_empty','fields':['a']", "'a'",
	    "Field 'a' is empty or missing" },
	{ "'non_empty','fields':[]", "{'a':[]}", "" },

	/* regex: anywhere in the first 10,000 characters */
	{ "'regex','field':'f','pattern':'^a+$'", "{'f':'aaa'}", "" },
	{ "'regex','field':'f','pattern':'b'", "{'f':'abc'}", "" },
	{ "'regex','field':'f','pattern':'^b'", "{'f':'abc'}",
	    "Field 'f' does not match pattern '^b'" },
	{ "'regex','field':'f','pattern':''", "{'g':'abc'}",
	    "Field 'f' does not match pattern ''" },
	{ "'regex','field':'f','pattern':'^1\\\\.50$'", "{'f':1.50}", "" },
	{ "'regex','pattern':'\\'f\\': true'", "{'f':true}", "" },
	{ "'regex','pattern':'^x'", "{'f':true}",
	    "Output does not match pattern '^x'" },

	/* json_path */
	{ "'json_path','path':'a.b'", "{'a':{'b':0}}", "" },
	{ "'json_path','path':'items.0.score','min':1",
	    "{'items':[{'score':1}]}", "" },
	{ "'json_path','path':'items.1'", "{'items':[1]}",
	    "Path 'items.1' not found in output" },
	{ "'json_path','path':'items.00'", "{'items':[1]}",
	    "Path 'items.00' not found in output" },
	{ "'json_path','path':'items.-1'", "{'items':[1]}",
	    "Path 'items.-1' not found in output" },
	{ "'json_path','path':'items.18446744073709551616'", "{'items':[1]}",
	    "Path 'items.18446744073709551616' not found in output" },
	{ "'json_path','path':'a.0'", "{'a':{'0':1}}", "" },
	{ "'json_path','path':'a..b'", "{'a':{'':{'b':1}}}", "" },
	{ "'json_path','path':'a.b'", "{'a':{'b':null}}",
	    "Path 'a.b' not found in output" },
	{ "'json_path','path':'a.b.c'", "{'a':{'b':'c'}}",
	    "Path 'a.b.c' not found in output" },
	{ "'json_path','path':'0'", "[5]", "" },
	{ "'json_path','path':''", "{'':5}",
	    "Path '' not found in output" },
	{ "'json_path','path':'a','enum':['x',1,{'b':[1.0],'c':2}]",
	    "{'a':{'c':2.0,'b':[1]}}", "" },
	{ "'json_path','path':'a','enum':['x',1]", "{'a':1e0}", "" },
	{ "'json_path','path':'a','enum':['x',1]", "{'a':'X'}",
	    "Path 'a' is \"X\", expected one of [\"x\", 1]" },
	{ "'json_path','path':'a','enum':[1]", "{'a':true}",
	    "Path 'a' is true, expected one of [1]" },
	{ "'json_path','path':'a','enum':[]", "{'a':1}",
	    "Path 'a' is 1, expected one of []" },
	{ "'json_path','path':'a','min':0,'max':1", "{'a':0}", "" },
	{ "'json_path','path':'a','min':0,'max':1", "{'a':1.0}", "" },
	{ "'json_path','path':'a','min':0,'max':1", "{'a':1.01}",
	    "Path 'a' is 1.01, maximum is 1" },
	{ "'json_path','path':'a','min':0.1", "{'a':0.09}",
	    "Path 'a' is 0.09, minimum is 0.1" },
	{ "'json_path','path':'a','min':0", "{'a':'5'}",
	    "Path 'a' is not a number" },
	{ "'json_path','path':'a','max':5", "{'a':true}",
	    "Path 'a' is not a number" },
	/* beyond 2^53, and beyond any double */
	{ "'json_path','path':'a','max':9007199254740992",
	    "{'a':9007199254740993}",
	    "Path 'a' is 9007199254740993, maximum is 9007199254740992" },
	{ "'json_path','path':'a','max':1e400", "{'a':1e399}", "" },
	{ "'json_path','path':'a','max':1e400", "{'a':1e401}",
	    "Path 'a' is 1e401, maximum is 1e400" },

	/* schema without a schema is a marker */
	{ "'schema'", "{'a':1}", "" },
	{ "'schema','schema':null", "{'a':1}", "" },
	{ "'schema','schema':true", "{'a':1}", "" },

	/* language: too little text, or none, says nothing */
	{ "'language','field':'f','expected':'en'",
	    "{'f':'The quick brown fox jumps over the lazy dog, and so on.'}",
	    "" },
	{ "'language','field':'f','expected':'EN'",
	    "{'f':'nineteen letters ab 12345 !!!! ??? ...'}", "?" },
	{ "'language','field':'f','expected':'hu'",
	    "{'f':'The quick brown fox jumps over the lazy dog, and so on.'}",
	    "Field 'f' detected as 'en', expected 'hu'" },
	{ "'language','field':'f','expected':'en'", "{'g':1}", "?" },
	{ "'language','field':'f','expected':'en'", "{'f':''}", "?" },
	{ "'language','field':'f','expected':'zh'",
	    "{'f':'\\u4eba\\u4eba\\u751f\\u800c\\u81ea\\u7531\\uff0c\\u5728"
	    "\\u5c0a\\u4e25\\u548c\\u6743\\u5229\\u4e0a\\u4e00\\u5f8b\\u5e73"
	    "\\u7b49\\u3002\\u4ed6\\u4eec'}", "" },
};

/* What the one row of a verdict says. */
static const char *
said(const struct verdict *v)
{
	static struct buf b = BUF_INIT(1 << 20);
	struct json root;
	const char *text = "";

	buf_reset(&b);
	if (v->rule == VALIDATE_PROOF_MISSING)
		return "P";
	if (v->count != 1)
		return "not one row";
	if (v->rows[0].result == VALIDATE_INCONCLUSIVE)
		return "?";
	if (v->rows[0].result == VALIDATE_PASS)
		return v->rule ? "passes, and is a rule broken" : "";
	if (v->rule != VALIDATE_VALIDATOR_FAILED)
		return "fails, and no rule is broken";
	root = judge_json(v->rows[0].details);
	if (!json_get_str(&root, "error", &text, &judge_err))
		buf_adds(&b, text);
	json_release(&root);
	return b.data;
}

static void
test_rows(void)
{
	struct contract *c;
	struct verdict v;
	char text[4096];
	const struct row *r;
	const char *got;

	for (r = rows; r < rows + sizeof rows / sizeof *rows; r++) {
		snprintf(text, sizeof text, "{\"validators\":[{\"type\":%s}]}",
		    quotes(r->rule));
		c = judge_contract(text, NULL);
		if (!c) {
			printf("# %s: %s\n", r->rule, judge_err.msg);
			OK(c != NULL);
			continue;
		}
		judge_with(c, quotes(r->output), NULL, 0, &v);
		got = said(&v);
		if (strcmp(got, r->error))
			printf("# %s of %s: %s\n", r->rule, r->output, got);
		IS(got, r->error);
		validate_release(&v);
		contract_free(c);
	}
}

/*
 * No verdict depends on others, before it or at the same time: every contract
 * of the table on every output, forwards, backwards, by contracts of their
 * own, and in threads.
 */
#define ROWS (sizeof rows / sizeof *rows)

static uint64_t
hash_text(const char *s)
{
	uint64_t h = 14695981039346656037u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return h;
}

static struct contract *all[ROWS];	/* shared by threads */
static uint64_t seen[ROWS * ROWS];

static uint64_t
hash_of(size_t n)
{
	return hash_text(judge_with(all[n / ROWS],
	    quotes(rows[n % ROWS].output), NULL, 0, NULL));
}

static void *
again(void *wrong)
{
	size_t n;

	for (n = 0; n < ROWS * ROWS; n++)
		*(size_t *)wrong += seen[n] != hash_of(n);
	buf_release(&judge_out);
	return NULL;
}

static void
test_alone(void)
{
	char text[ROWS][1024];
	struct contract *kept;
	size_t i, n, wrong[3] = { 0 };
	pthread_t t[2];

	for (i = 0; i < ROWS; i++) {
		snprintf(text[i], sizeof text[i],
		    "{\"validators\":[{\"type\":%s}]}", quotes(rows[i].rule));
		all[i] = judge_contract(text[i], NULL);
	}
	for (n = 0; n < ROWS * ROWS; n++)
		seen[n] = hash_of(n);
	for (n = ROWS * ROWS; n-- > 0;)
		wrong[0] += seen[n] != hash_of(n);
	OK(wrong[0] == 0);
	for (n = 0; n < ROWS * ROWS; n += 7) {
		kept = all[n / ROWS];
		all[n / ROWS] = judge_contract(text[n / ROWS], NULL);
		wrong[0] += seen[n] != hash_of(n);
		contract_free(all[n / ROWS]);
		all[n / ROWS] = kept;
	}
	OK(wrong[0] == 0);
	for (i = 0; i < 2; i++)
		OK(!pthread_create(&t[i], NULL, again, &wrong[i + 1]));
	for (i = 0; i < 2; i++)
		OK(!pthread_join(t[i], NULL) && !wrong[i + 1]);
	for (i = 0; i < ROWS; i++)
		contract_free(all[i]);
}

int
main(void)
{
	param_defaults(&judge_params);
	test_rows();
	test_alone();
	buf_release(&judge_out);
	language_release(&judge_language);
	return DONE();
}
