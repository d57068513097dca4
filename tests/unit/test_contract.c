/*
 * What a skill may promise (spec/vmp.md 6.2), and a buyer attach (6.5): each
 * mistake is an error that says where.  13, row 18: nothing broken is
 * published.
 */
#include <stdint.h>

#include "tap.h"
#include "judge.h"

static struct buf path = BUF_INIT(1 << 16);

/* The code that metadata is refused with, E_ok if it is not. */
static enum err_code
refused(const char *metadata)
{
	struct contract *c;

	buf_reset(&path);
	c = judge_contract(quotes(metadata), &path);
	if (!c)
		return judge_err.code;
	contract_free(c);
	return E_ok;
}

static const struct mistake {
	const char *validators;
	enum err_code code;
	const char *path;
} mistakes[] = {
	{ "7", E_bad_contract, "" },
	{ "{}", E_bad_contract, "" },
	{ "[7]", E_bad_contract, ",0" },
	{ "[{}]", E_bad_contract, ",0,'type'" },
	{ "[{'type':7}]", E_bad_contract, ",0,'type'" },
	{ "[{'type':'Length'}]", E_bad_contract, ",0,'type'" },
	{ "[{'type':'schema'},{'type':'webhook'}]", E_bad_contract,
	    ",1,'type'" },
	{ "[{'type':'length','field':7}]", E_bad_contract, ",0,'field'" },
	{ "[{'type':'length','field':'f','min_words':'3'}]", E_bad_contract,
	    ",0,'min_words'" },
	{ "[{'type':'length','field':'f','max_words':1.5}]", E_bad_contract,
	    ",0,'max_words'" },
	{ "[{'type':'length','field':'f','min_chars':-1}]", E_bad_contract,
	    ",0,'min_chars'" },
	{ "[{'type':'length','field':'f','max_chars':true}]", E_bad_contract,
	    ",0,'max_chars'" },
	{ "[{'type':'length','max_chars':99999999999999999999}]",
	    E_bad_contract, ",0,'max_chars'" },
	{ "[{'type':'length','min_words':3,'max_words':2}]", E_bad_contract,
	    ",0,'min_words'" },
	{ "[{'type':'length','min_chars':3,'max_chars':2}]", E_bad_contract,
	    ",0,'min_chars'" },
	{ "[{'type':'language','field':'f'}]", E_bad_contract,
	    ",0,'expected'" },
	{ "[{'type':'language','field':'f','expected':7}]", E_bad_contract,
	    ",0,'expected'" },
	{ "[{'type':'language','field':'f','expected':'te'}]", E_bad_contract,
	    ",0,'expected'" },
	{ "[{'type':'language','field':'f','expected':'english'}]",
	    E_bad_contract, ",0,'expected'" },
	{ "[{'type':'contains'}]", E_bad_contract, ",0,'patterns'" },
	{ "[{'type':'contains','patterns':'a'}]", E_bad_contract,
	    ",0,'patterns'" },
	{ "[{'type':'contains','patterns':['a',null]}]", E_bad_contract,
	    ",0,'patterns',1" },
	{ "[{'type':'not_contains','patterns':[[]]}]", E_bad_contract,
	    ",0,'patterns',0" },
	{ "[{'type':'not_contains','field':[],'patterns':[]}]",
	    E_bad_contract, ",0,'field'" },
	{ "[{'type':'non_empty'}]", E_bad_contract, ",0,'fields'" },
	{ "[{'type':'non_empty','fields':'a'}]", E_bad_contract,
	    ",0,'fields'" },
	{ "[{'type':'non_empty','fields':['a',1]}]", E_bad_contract,
	    ",0,'fields',1" },
	{ "[{'type':'regex','field':'f'}]", E_bad_contract, ",0,'pattern'" },
	{ "[{'type':'regex','field':'f','pattern':7}]", E_bad_contract,
	    ",0,'pattern'" },
	{ "[{'type':'schema'},{'type':'schema'},"
	    "{'type':'regex','pattern':'(a'}]", E_bad_pattern,
	    ",2,'pattern'" },
	{ "[{'type':'regex','pattern':'\\\\C'}]", E_bad_pattern,
	    ",0,'pattern'" },
	{ "[{'type':'json_path'}]", E_bad_contract, ",0,'path'" },
	{ "[{'type':'json_path','path':['a']}]", E_bad_contract, ",0,'path'" },
	{ "[{'type':'json_path','path':'a','enum':'x'}]", E_bad_contract,
	    ",0,'enum'" },
	{ "[{'type':'json_path','path':'a','min':'1'}]", E_bad_contract,
	    ",0,'min'" },
	{ "[{'type':'json_path','path':'a','max':[]}]", E_bad_contract,
	    ",0,'max'" },
	{ "[{'type':'json_path','path':'a','min':1.01,'max':1.0}]",
	    E_bad_contract, ",0,'min'" },
	{ "[{'type':'json_path','path':'a','min':9007199254740993,"
	    "'max':9007199254740992}]", E_bad_contract, ",0,'min'" },
	{ "[{'type':'schema','schema':{'type':5}}]", E_bad_schema,
	    ",0,'schema'" },
	{ "[{'type':'schema','schema':[]}]", E_bad_schema, ",0,'schema'" },
	{ "[{'type':'schema','schema':{'pattern':'('}}]", E_bad_pattern,
	    ",0,'schema'" },
};

static void
test_mistakes(void)
{
	const struct mistake *m;
	char text[1024], want[128];
	enum err_code code;

	for (m = mistakes; m < mistakes + sizeof mistakes / sizeof *mistakes;
	    m++) {
		snprintf(text, sizeof text, "{'validators':%s}",
		    m->validators);
		snprintf(want, sizeof want, "['metadata','validators'%s]",
		    m->path);
		code = refused(text);
		if (code != m->code || strcmp(path.data, quotes(want)))
			printf("# %s: %s %s\n", m->validators,
			    err_word(code), path.data);
		OK(code == m->code && err_http(code) == 422);
		IS(path.data, quotes(want));
		OK(!strncmp(judge_err.msg, "metadata.validators", 19));
	}
	OK(refused("{'validators':[{'type':'regex','pattern':'a)'}]}") ==
	    E_bad_pattern);
	OK(!strncmp(judge_err.msg, "metadata.validators.0.pattern: ", 31));
}

static void
test_schemas(void)
{
	/* row 18 itself */
	OK(refused("{'output_schema':{'type':5}}") == E_bad_schema);
	IS(path.data, "[\"metadata\",\"output_schema\"]");
	OK(refused("{'input_schema':{'type':5}}") == E_bad_schema);
	IS(path.data, "[\"metadata\",\"input_schema\"]");
	OK(refused("{'output_schema':7}") == E_bad_schema);
	OK(refused("{'output_schema':{'pattern':'('}}") == E_bad_pattern);
	OK(refused("{'output_schema':{'$schema':'http://json-schema.org/"
	    "draft-04/schema#'}}") == E_bad_schema);
	OK(refused("{'output_schema':{'$ref':'http://example.org/s'}}") ==
	    E_bad_schema);
	OK(refused("{'output_schema':true,'input_schema':false}") == E_ok);
}

static void
test_sizes(void)
{
	struct buf b = BUF_INIT(1 << 16);
	int i, n;

	for (n = 20; n <= 21; n++) {
		buf_reset(&b);
		buf_adds(&b, "{'validators':[");
		for (i = 0; i < n; i++)
			buf_addf(&b, "%s{'type':'schema'}", i ? "," : "");
		buf_adds(&b, "]}");
		OK(refused(b.data) == (n == 20 ? E_ok : E_bad_contract));
	}
	IS(path.data, "[\"metadata\",\"validators\"]");
	for (n = 1000; n <= 1001; n++) {
		buf_reset(&b);
		buf_adds(&b, "{'validators':[{'type':'regex','pattern':'");
		for (i = 0; i < n; i++)
			buf_addc(&b, 'a');
		buf_adds(&b, "'}]}");
		OK((refused(b.data) == E_ok) == (n == 1000));
	}
	OK(judge_err.code == E_too_long && err_http(E_too_long) == 422);
	IS(path.data, "[\"metadata\",\"validators\",0,\"pattern\"]");
	buf_release(&b);
}

/* What is not known is passed over, and what is null is not there. */
static void
test_rest(void)
{
	struct contract *c = NULL;
	struct json v = judge_json("[]");

	OK(refused("{}") == E_ok && refused("{'validators':[]}") == E_ok);
	OK(refused("{'validators':null,'output_schema':null}") == E_ok);
	OK(refused("{'category':7,'validators':[{'type':'length',"
	    "'min_word':'x','name':[]}]}") == E_ok);
	OK(!contract_read(&c, NULL, NULL, NULL, &judge_err));
	OK(contract_rules(c) == 0 && !contract_speaks(c));
	contract_free(c);
	OK(!contract_read(&c, &v, NULL, NULL, &judge_err));
	contract_free(c);
	json_release(&v);

	c = judge_contract(quotes("{'validators':[{'type':'language',"
	    "'expected':'zh'},{'type':'schema'}]}"), NULL);
	OK(c && contract_rules(c) == 2 && contract_speaks(c));
	contract_free(c);
	/* one that was checked before is read without the list of codes */
	v = judge_json(quotes("{'validators':[{'type':'language',"
	    "'expected':'tlh'}]}"));
	OK(!contract_read(&c, &v, NULL, NULL, &judge_err));
	contract_free(c);
	json_release(&v);
	/* the path is not wanted */
	OK(!judge_contract(quotes("{'validators':7}"), NULL));
}

/* A buyer's: its type and config, and what it is refused with. */
static enum err_code
custom(const char *name, const char *type, const char *config)
{
	struct json v = judge_json(quotes(config));
	struct custom *c = NULL;
	enum err_code code = E_ok;

	buf_reset(&path);
	if (custom_read(&c, "id", name, type, &v, &path, &judge_err))
		code = judge_err.code;
	else if (strcmp(custom_type(c), type) || strcmp(custom_id(c), "id") ||
	    strcmp(custom_name(c), name))
		code = E_usage;
	else if (custom_url(c) && custom_timeout_ms(c) != 10000 &&
	    custom_timeout_ms(c) != 1)
		code = E_usage;
	custom_free(c);
	json_release(&v);
	return code;
}

static void
test_custom(void)
{
	char name[102];

	memset(name, 'n', 101);
	name[101] = '\0';
	OK(custom("a", "schema", "{'schema':{'type':'object'}}") == E_ok);
	OK(custom("a", "schema", "{'schema':false,'x':1}") == E_ok);
	OK(custom("a", "regex", "{'pattern':'a','field':null}") == E_ok);
	OK(custom("a", "webhook", "{'url':'https://a.example/'}") == E_ok);
	OK(custom("a", "webhook",
	    "{'url':'https://a.example/','timeout_ms':1}") == E_ok);

	OK(custom("a", "schema", "{}") == E_validator_schema);
	OK(err_http(E_validator_schema) == 400);
	OK(custom("a", "schema", "{'schema':null}") == E_validator_schema);
	OK(custom("a", "schema", "{'schema':{'type':5}}") == E_bad_schema);
	IS(path.data, "[\"config\",\"schema\"]");
	OK(custom("a", "regex", "{'field':'a'}") == E_validator_pattern);
	OK(custom("a", "regex", "{'pattern':'('}") == E_bad_pattern);
	IS(path.data, "[\"config\",\"pattern\"]");
	OK(custom("a", "regex", "{'pattern':7}") == E_bad_contract);
	OK(custom("a", "regex", "{'pattern':'a','field':7}") ==
	    E_bad_contract);
	IS(path.data, "[\"config\",\"field\"]");
	OK(custom("a", "webhook", "{}") == E_validator_https);
	OK(custom("a", "webhook", "{'url':7}") == E_validator_https);
	OK(custom("a", "webhook", "{'url':'http://a/'}") == E_validator_https);
	OK(custom("a", "webhook", "{'url':'https://'}") == E_validator_https);
	OK(custom("a", "webhook", "{'url':'https://a/','timeout_ms':10001}") ==
	    E_bad_contract);
	IS(path.data, "[\"config\",\"timeout_ms\"]");
	OK(custom("a", "webhook", "{'url':'https://a/','timeout_ms':0}") ==
	    E_bad_contract);
	OK(custom("a", "length", "{}") == E_bad_contract);
	IS(path.data, "[\"type\"]");
	OK(custom("a", "schema", "[]") == E_bad_contract);
	IS(path.data, "[\"config\"]");
	OK(custom("", "schema", "{}") == E_bad_contract);
	IS(path.data, "[\"name\"]");
	OK(custom(name, "schema", "{'schema':true}") == E_bad_contract);
	OK(custom(name + 1, "schema", "{'schema':true}") == E_ok);
	OK(custom("a\nb", "schema", "{'schema':true}") == E_bad_contract);
}

int
main(void)
{
	param_defaults(&judge_params);
	test_mistakes();
	test_schemas();
	test_sizes();
	test_rest();
	test_custom();
	buf_release(&path);
	buf_release(&judge_out);
	language_release(&judge_language);
	return DONE();
}
