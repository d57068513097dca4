#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "validate/impl.h"
#include "validate/text.h"

#define DETAILS_MAX (4 * JSON_MAX)

const char *
validate_result_word(enum validate_result result)
{
	switch (result) {
	case VALIDATE_PASS:
		return "PASS";
	case VALIDATE_FAIL:
		return "FAIL";
	case VALIDATE_INCONCLUSIVE:
		return "INCONCLUSIVE";
	case VALIDATE_ERROR:
		break;
	}
	return "ERROR";
}

const char *
validate_rule_word(enum validate_rule rule)
{
	switch (rule) {
	case VALIDATE_NOTHING_WRONG:
		break;
	case VALIDATE_PROOF_MISSING:
		return "PROOF_MISSING";
	case VALIDATE_SCHEMA_MISMATCH:
		return "SCHEMA_MISMATCH";
	case VALIDATE_VALIDATOR_FAILED:
		return "VALIDATOR_FAILED";
	}
	return NULL;
}

/* Begin the details of the rule that fails; NULL: one before has failed. */
static bool
convict(struct verdict *v, enum validate_rule rule, struct buf *details)
{
	if (v->rule)
		return false;
	v->rule = rule;
	buf_reset(details);
	json_open(details, NULL, '{');
	return true;
}

static void
keep(char **out, struct buf *details)
{
	json_close(details, '}');
	assert(!details->full);
	*out = mem_text(details->data);
}

/* Rule 1: null, {} or "". */
static void
judge_proof(struct verdict *v, const struct validate_case *c,
    const struct json *output, struct buf *b)
{
	const char *s = json_string(output);

	if (json_kind(output) != JSON_NULL && (!s || *s) &&
	    (json_kind(output) != JSON_OBJECT || json_count(output)))
		return;
	convict(v, VALIDATE_PROOF_MISSING, b);
	if (c->task_status)
		json_str(b, "task_status", c->task_status);
	json_null(b, "output_data");
	keep(&v->details, b);
}

static void
tell_mismatch(struct buf *b, const struct schema_fault *fault)
{
	json_str(b, "schema_error", fault->error);
	json_path(b, "path", &fault->at);
	json_str(b, "expected", fault->expected);
	json_str(b, "got", fault->got);
}

static void
tell_not_json(struct buf *b, const char *text)
{
	json_str(b, "error", "output_not_valid_json");
	json_strn(b, "output_preview", text,
	    utf8_first(text, strlen(text), CUT));
}

/* Rule 2; a string is the text of what is meant. */
static void
judge_schema(struct verdict *v, const struct schema *schema,
    struct subject *s, struct buf *b)
{
	const char *text = json_string(s->output);
	const struct json *value = s->output;
	struct schema_fault fault = { 0 };
	struct json parsed = { 0 };
	enum schema_answer answer = SCHEMA_LIMIT;
	struct err e;

	if (text) {
		if (json_parse(&parsed, text, strlen(text), &e)) {
			convict(v, VALIDATE_SCHEMA_MISMATCH, b);
			tell_not_json(b, text);
			keep(&v->details, b);
			return;
		}
		value = &parsed;
	}
	if (!text || rule_pay(s, strlen(text)))
		answer = rule_check(s, schema, value, &fault);
	if (answer != SCHEMA_VALID) {
		convict(v, VALIDATE_SCHEMA_MISMATCH, b);
		if (answer == SCHEMA_LIMIT)
			json_str(b, "error", "limit");
		else
			tell_mismatch(b, &fault);
		keep(&v->details, b);
	}
	json_release(&parsed);
}

static struct validate_row *
add_row(struct verdict *v, bool custom, size_t index, const char *type)
{
	struct validate_row *r;

	v->rows = mem_grow(v->rows, v->count + 1, sizeof *v->rows);
	r = &v->rows[v->count++];
	*r = (struct validate_row){
		.custom = custom, .index = index, .type = type,
	};
	return r;
}

static void
reset(struct finding *f)
{
	f->result = VALIDATE_PASS;
	f->limit = false;
	buf_reset(&f->error);
	buf_reset(&f->more);
}

static const char *
error_text(const struct finding *f)
{
	return f->limit ? "limit" : f->error.data;
}

/* What a row keeps: why it did not pass, and what else there is to say. */
static void
keep_row(struct validate_row *r, const struct finding *f, struct buf *b)
{
	if (!f->error.len && !f->limit && !f->more.len)
		return;
	buf_reset(b);
	json_open(b, NULL, '{');
	if (f->error.len || f->limit)
		json_str(b, "error", error_text(f));
	if (f->more.len)
		json_raw(b, NULL, f->more.data, f->more.len);
	keep(&r->details, b);
}

static int
judge_rules(struct verdict *v, const struct contract *c, struct subject *s,
    struct finding *f, struct buf *b, struct err *e)
{
	const struct rule *rule;
	struct validate_row *row;
	char id[64];
	size_t i;

	for (i = 0; i < c->count && !v->rule; i++) {
		rule = &c->rules[i];
		reset(f);
		if (rule_run(rule, s, f, e))
			return -1;
		row = add_row(v, false, i, rule->type->word);
		snprintf(id, sizeof id, "protocol:%zu:%s", i,
		    rule->type->word);
		row->id = mem_text(id);
		row->result = f->result;
		keep_row(row, f, b);
		if (f->result != VALIDATE_FAIL)
			continue;
		convict(v, VALIDATE_VALIDATOR_FAILED, b);
		json_str(b, "validator_type", rule->type->word);
		json_copy(b, "config", &rule->config);
		json_str(b, "error", error_text(f));
		json_int(b, "index", (int64_t)i);
		if (f->more.len)
			json_raw(b, NULL, f->more.data, f->more.len);
		keep(&v->details, b);
	}
	return 0;
}

/* All of the buyer's run, and those that cannot be evaluated block nothing. */
static int
judge_custom(struct verdict *v, const struct custom *c, size_t i,
    struct subject *s, struct finding *f, struct buf *b, struct err *e)
{
	struct validate_row *row;

	reset(f);
	if (c->url)
		f->result = VALIDATE_INCONCLUSIVE;	/* nobody has called */
	else if (rule_run(&c->rule, s, f, e))
		return -1;
	if (f->limit)
		f->result = VALIDATE_ERROR;
	row = add_row(v, true, i, c->type);
	row->id = mem_text(c->id);
	row->result = f->result;
	keep_row(row, f, b);
	if (f->result != VALIDATE_FAIL ||
	    !convict(v, VALIDATE_VALIDATOR_FAILED, b))
		return 0;
	json_str(b, "validator_id", c->id);
	json_str(b, "name", c->name);
	assert(row->details);			/* a failure has some */
	json_raw(b, "details", row->details, strlen(row->details));
	keep(&v->details, b);
	return 0;
}

static int64_t
spent(int64_t had, const struct subject *s)
{
	return s->budget.left < 0 ? had : had - s->budget.left;
}

static int
judge(struct verdict *v, const struct validate_case *c, struct subject *s,
    struct err *e)
{
	struct finding f = {
		.error = BUF_INIT(JSON_MAX), .more = BUF_INIT(JSON_MAX),
	};
	struct buf b = BUF_INIT(DETAILS_MAX);
	int64_t all = s->budget.left;
	size_t i;
	int rc = -1;

	s->budget.left = all / 2;
	judge_proof(v, c, s->output, &b);
	if (!v->rule && c->contract && c->contract->output)
		judge_schema(v, c->contract->output, s, &b);
	if (!v->rule && c->contract &&
	    judge_rules(v, c->contract, s, &f, &b, e))
		goto out;
	v->steps = spent(all / 2, s);
	s->budget.left = all - all / 2;
	for (i = 0; i < c->custom_count; i++)
		if (judge_custom(v, c->customs[i], i, s, &f, &b, e))
			goto out;
	v->steps += spent(all - all / 2, s);
	rc = 0;
out:
	buf_release(&f.error);
	buf_release(&f.more);
	buf_release(&b);
	return rc;
}

int
validate_judge(struct verdict *out, const struct validate_case *c,
    struct err *e)
{
	const int64_t *value = c->params->value;
	struct subject s = {
		.output = c->output, .language = c->language,
		.whole = BUF_INIT(TEXT_MAX), .folded = BUF_INIT(TEXT_MAX),
		.budget = {
			.left = value[PARAM_task_rule_steps],
			.search = value[PARAM_regex_steps],
			.matches = (uint32_t)value[PARAM_regex_match_limit],
			.heap_kib = (uint32_t)value[PARAM_regex_heap_kib],
		},
		.schema_steps = value[PARAM_schema_steps],
		.subject = value[PARAM_regex_subject],
		.least_letters = value[PARAM_language_min_letters],
	};
	struct json nothing = { 0 };
	struct verdict made = { 0 };
	int rc = -1;

	if (!c->output) {
		if (json_parse(&nothing, "null", 4, e))
			return -1;
		s.output = &nothing;
	}
	if (!judge(&made, c, &s, e)) {
		*out = made;
		made = (struct verdict){ 0 };
		rc = 0;
	}
	validate_release(&made);
	json_release(&nothing);
	buf_release(&s.whole);
	buf_release(&s.folded);
	return rc;
}

void
validate_release(struct verdict *v)
{
	size_t i;

	for (i = 0; i < v->count; i++) {
		free(v->rows[i].id);
		free(v->rows[i].details);
	}
	free(v->rows);
	free(v->details);
	*v = (struct verdict){ 0 };
}

static void
write_row(struct buf *b, const struct validate_row *r)
{
	json_open(b, NULL, '{');
	json_str(b, "validator_id", r->id);
	json_str(b, "source", r->custom ? "custom" : "protocol");
	json_int(b, "index", (int64_t)r->index);
	json_str(b, "type", r->type);
	json_str(b, "result", validate_result_word(r->result));
	if (r->details)
		json_raw(b, "details", r->details, strlen(r->details));
	json_close(b, '}');
}

void
validate_write(struct buf *b, const struct verdict *v)
{
	size_t i;

	json_open(b, NULL, '{');
	if (v->rule) {
		json_str(b, "rule", validate_rule_word(v->rule));
		json_raw(b, "details", v->details, strlen(v->details));
	}
	json_open(b, "results", '[');
	for (i = 0; i < v->count; i++)
		write_row(b, &v->rows[i]);
	json_close(b, ']');
	json_close(b, '}');
}
