#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "validate/impl.h"
#include "validate/text.h"

#define STEP_BYTES 64	/* looked at in the time of one step of a search */

static const struct rule_type *const types[] = {
	&rule_schema, &rule_length, &rule_language, &rule_contains,
	&rule_not_contains, &rule_non_empty, &rule_regex, &rule_json_path,
};

const struct rule_type *
rule_named(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcmp(types[i]->word, word))
			return types[i];
	return NULL;
}

int
rule_read(struct rule *r, const struct json *config,
    const struct rule_type *type, const struct place *p,
    struct language *language, struct err *e)
{
	r->type = type;
	r->config = *config;
	if (type->field) {
		if (json_opt_str(config, "field", &r->field, e)) {
			(void)err_set(e, E_bad_contract, "is not a string");
			return place_fault(p, "field", -1, e);
		}
		if (r->field && !*r->field)
			r->field = NULL;
	}
	if (!type->read(r, p, language, e))
		return 0;
	rule_release(r);
	return -1;
}

int
rule_want_strings(struct rule *r, const char *key, const struct place *p,
    struct err *e)
{
	struct json it = { 0 };
	int i = 0;

	if (json_get(&r->list, &r->config, key, JSON_ARRAY, e)) {
		(void)err_set(e, E_bad_contract, "is not a list of strings");
		return place_fault(p, key, -1, e);
	}
	for (; json_next(&it, &r->list); i++)
		if (!json_string(&it)) {
			(void)err_set(e, E_bad_contract, "is not a string");
			return place_fault(p, key, i, e);
		}
	return 0;
}

void
rule_release(struct rule *r)
{
	regex_free(r->regex);
	schema_free(r->schema);
	*r = (struct rule){ 0 };
}

bool
rule_pay(struct subject *s, size_t bytes)
{
	s->budget.left -= 1 + (int64_t)(bytes / STEP_BYTES);
	return s->budget.left >= 0;
}

/* What a rule looks at: nothing, or a text, or more than can be paid for. */
enum taken { TAKEN, TAKEN_NONE, TAKEN_LIMIT };

static enum taken
take_whole(struct subject *s, struct taken_text *t)
{
	if (!s->have_whole) {
		text_json(&s->whole, s->output);
		s->have_whole = true;
	}
	t->s = s->whole.data;
	t->n = s->whole.len;
	return rule_pay(s, t->n) && !s->whole.full ? TAKEN : TAKEN_LIMIT;
}

static enum taken
take(const struct rule *r, struct subject *s, struct taken_text *t)
{
	struct json v;

	if (!r->field)
		return take_whole(s, t);
	if (!json_find(&v, s->output, r->field) ||
	    json_kind(&v) == JSON_NULL) {
		t->s = "";
		return r->void_is_empty ? TAKEN : TAKEN_NONE;
	}
	t->s = json_string(&v);
	if (t->s) {
		t->n = strlen(t->s);
	} else {
		buf_reset(&t->room);
		text_json(&t->room, &v);
		t->s = t->room.data;
		t->n = t->room.len;
	}
	return rule_pay(s, t->n) && !t->room.full ? TAKEN : TAKEN_LIMIT;
}

enum schema_answer
rule_check(struct subject *s, const struct schema *schema,
    const struct json *v, struct schema_fault *fault)
{
	int64_t steps = s->schema_steps;

	if (steps > s->budget.left)
		steps = s->budget.left;
	if (steps <= 0)
		return SCHEMA_LIMIT;
	return schema_check(schema, v, steps, &s->budget, fault);
}

int
rule_run(const struct rule *r, struct subject *s, struct finding *f,
    struct err *e)
{
	struct taken_text t = { .room = BUF_INIT(TEXT_MAX) };
	int rc = 0;

	if (!r->type->field)
		return r->type->judge(r, s, NULL, f, e);
	switch (take(r, s, &t)) {
	case TAKEN_NONE:
		rc = r->type->absent ? r->type->absent(r, f) : 0;
		break;
	case TAKEN_LIMIT:
		rc = rule_limit(f);
		break;
	case TAKEN:
		rc = r->type->judge(r, s, &t, f, e);
		break;
	}
	buf_release(&t.room);
	return rc;
}

int
rule_limit(struct finding *f)
{
	f->result = VALIDATE_FAIL;
	f->limit = true;
	return 0;
}

void
rule_quote(struct buf *out, const char *s)
{
	buf_addc(out, '\'');
	buf_add(out, s, utf8_first(s, strlen(s), CUT));
	buf_addc(out, '\'');
}

void
rule_subject(struct finding *f, const struct rule *r)
{
	f->result = VALIDATE_FAIL;
	if (!r->field) {
		buf_adds(&f->error, "Output");
		return;
	}
	buf_adds(&f->error, "Field ");
	rule_quote(&f->error, r->field);
}
