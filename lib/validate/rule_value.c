/* The three types that look at values. */
#include <string.h>

#include "base/same.h"
#include "validate/impl.h"
#include "validate/text.h"

static int
read_fields(struct rule *r, const struct place *p, struct language *language,
    struct err *e)
{
	(void)language;
	return rule_want_strings(r, "fields", p, e);
}

/* What is wrong with a field that must not be empty; NULL: nothing. */
static const char *
emptiness(const struct json *output, const char *field, struct subject *s)
{
	const char *missing = "is empty or missing", *text;
	struct json v;

	if (!json_find(&v, output, field))
		return missing;
	switch (json_kind(&v)) {
	case JSON_NULL:
		return missing;
	case JSON_STRING:
		text = json_string(&v);
		rule_pay(s, 2 * strlen(text));
		return text_blank(text, strlen(text)) ? missing : NULL;
	case JSON_ARRAY:
	case JSON_OBJECT:
		return json_count(&v) ? NULL : "is empty collection";
	case JSON_BOOL:
	case JSON_NUMBER:
		break;
	}
	return NULL;
}

static int
judge_non_empty(const struct rule *r, struct subject *s,
    const struct taken_text *t, struct finding *f, struct err *e)
{
	struct json it = { 0 };
	const char *wrong;

	(void)t;
	(void)e;
	while (json_next(&it, &r->list)) {
		if (!rule_pay(s, 0))
			return rule_limit(f);
		wrong = emptiness(s->output, json_string(&it), s);
		if (!wrong)
			continue;
		f->result = VALIDATE_FAIL;
		buf_adds(&f->error, "Field ");
		rule_quote(&f->error, json_string(&it));
		buf_addf(&f->error, " %s", wrong);
		return 0;
	}
	return 0;
}

/* A number that may be left out; *out is zeroed then. */
static int
want_number(struct rule *r, const char *key, struct json *v,
    struct decimal *out, const struct place *p, struct err *e)
{
	const char *s;
	size_t n;

	if (!json_has(&r->config, key))
		return 0;
	if (!json_find(v, &r->config, key) || !json_lexeme(v, &n)) {
		(void)err_set(e, E_bad_contract, "is not a number");
		return place_fault(p, key, -1, e);
	}
	s = json_lexeme(v, &n);
	decimal_read(out, s, n);
	return 0;
}

static int
read_path(struct rule *r, const struct place *p, struct language *language,
    struct err *e)
{
	(void)language;
	if (json_get_str(&r->config, "path", &r->text, e)) {
		(void)err_set(e, E_bad_contract, "is not a string");
		return place_fault(p, "path", -1, e);
	}
	if (json_has(&r->config, "enum") &&
	    json_get(&r->list, &r->config, "enum", JSON_ARRAY, e)) {
		(void)err_set(e, E_bad_contract, "is not a list");
		return place_fault(p, "enum", -1, e);
	}
	if (want_number(r, "min", &r->min, &r->least, p, e) ||
	    want_number(r, "max", &r->max, &r->most, p, e))
		return -1;
	if (!r->min.node || !r->max.node ||
	    decimal_compare(&r->least, &r->most) <= 0)
		return 0;
	(void)err_set(e, E_bad_contract, "is above max");
	return place_fault(p, "min", -1, e);
}

/* The item that some digits count, from 0; no sign, no leading zero. */
static bool
find_item(struct json *v, const char *step)
{
	size_t i = 0, k;

	for (k = 0; step[k]; k++) {
		if (step[k] < '0' || step[k] > '9' || k == 9 ||
		    (k && *step == '0'))
			return false;
		i = 10 * i + (size_t)(step[k] - '0');
	}
	return k && !json_at(v, v, i);
}

/* Walk from v along a path, whose points become NULs. */
static bool
walk(struct json *v, char *path)
{
	char *end;

	for (;; path = end + 1) {
		end = strchr(path, '.');
		if (end)
			*end = '\0';
		if (json_kind(v) == JSON_ARRAY ? !find_item(v, path) :
		    !json_find(v, v, path))
			return false;
		if (!end)
			return json_kind(v) != JSON_NULL;
	}
}

static void
tell_path(struct finding *f, const struct rule *r, const struct json *v,
    const char *what, const struct json *than)
{
	f->result = VALIDATE_FAIL;
	buf_adds(&f->error, "Path ");
	rule_quote(&f->error, r->text);
	if (than) {
		buf_adds(&f->error, " is ");
		text_cut(&f->error, v, CUT);
		buf_addc(&f->error, ',');
	}
	buf_addf(&f->error, " %s", what);
	if (than) {
		buf_addc(&f->error, ' ');
		text_cut(&f->error, than, CUT);
	}
}

/* 1 if it is in the list, 0 if not, -1 if that is too much to find out. */
static int
listed(const struct json *v, const struct json *list, struct subject *s)
{
	struct json it = { 0 };

	while (json_next(&it, list)) {
		if (!rule_pay(s, 0))
			return -1;
		if (same(v, &it, &s->budget.left))
			return 1;
	}
	return s->budget.left < 0 ? -1 : 0;
}

static void
judge_number(const struct rule *r, const struct json *v, struct finding *f)
{
	struct decimal number;
	const char *s;
	size_t n;

	s = json_lexeme(v, &n);
	if (!s) {
		tell_path(f, r, v, "is not a number", NULL);
		return;
	}
	decimal_read(&number, s, n);
	if (r->min.node && decimal_compare(&number, &r->least) < 0)
		tell_path(f, r, v, "minimum is", &r->min);
	else if (r->max.node && decimal_compare(&number, &r->most) > 0)
		tell_path(f, r, v, "maximum is", &r->max);
}

static int
judge_path(const struct rule *r, struct subject *s,
    const struct taken_text *t, struct finding *f, struct err *e)
{
	struct buf path = BUF_INIT(TEXT_MAX);
	struct json v = *s->output;
	bool found;
	int in;

	(void)t;
	(void)e;
	if (!rule_pay(s, strlen(r->text)))
		return rule_limit(f);
	buf_adds(&path, r->text);
	found = !path.len ? false : walk(&v, path.data);
	buf_release(&path);
	if (!found) {
		tell_path(f, r, &v, "not found in output", NULL);
		return 0;
	}
	if (r->list.node) {
		in = listed(&v, &r->list, s);
		if (in < 0)
			return rule_limit(f);
		if (!in) {
			tell_path(f, r, &v, "expected one of", &r->list);
			return 0;
		}
	}
	if (r->min.node || r->max.node)
		judge_number(r, &v, f);
	return 0;
}

/* Without a schema of its own, it says that output_schema is meant. */
static int
read_schema(struct rule *r, const struct place *p, struct language *language,
    struct err *e)
{
	struct json v;

	(void)language;
	if (!json_has(&r->config, "schema") ||
	    !json_find(&v, &r->config, "schema"))
		return 0;
	if (schema_compile(&r->schema, &v, NULL, 0, e))
		return place_fault(p, "schema", -1, e);
	return 0;
}

static int
judge_schema(const struct rule *r, struct subject *s,
    const struct taken_text *t, struct finding *f, struct err *e)
{
	struct schema_fault fault;

	(void)t;
	(void)e;
	if (!r->schema)
		return 0;
	switch (rule_check(s, r->schema, s->output, &fault)) {
	case SCHEMA_VALID:
		return 0;
	case SCHEMA_LIMIT:
		return rule_limit(f);
	case SCHEMA_INVALID:
		break;
	}
	f->result = VALIDATE_FAIL;
	buf_adds(&f->error, fault.error);
	return 0;
}

const struct rule_type rule_non_empty = {
	.word = "non_empty", .read = read_fields, .judge = judge_non_empty,
}, rule_json_path = {
	.word = "json_path", .read = read_path, .judge = judge_path,
}, rule_schema = {
	.word = "schema", .read = read_schema, .judge = judge_schema,
};
