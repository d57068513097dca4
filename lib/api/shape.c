#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/shape.h"
#include "base/amount.h"
#include "base/decimal.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "net/target.h"
#include "schema/schema.h"

#define QUERY_MAX (64 << 10)	/* bytes of a query as JSON */

enum kind { TEXT, NUMBER, SWITCH };	/* of a member of a query */

struct member {
	char *name;			/* owned */
	struct schema *schema;		/* owned */
	bool required, money, never_null;
	enum kind kind;
	int64_t least, most;		/* of money */
	char range[2][AMOUNT_TEXT];	/* the same, as it was given */
};

struct shape {
	struct member *member;		/* owned */
	size_t n;
};

/*
 * Members whose complaint is a sentence of its own, whatever is wrong: agents
 * read it, and many have met them for the first time.
 */
static const struct { const char *name, *hint; } hints[] = {
	{ "node_id", "node_id is the name of a node: 3 to 100 letters, "
	    "digits, '_' and '-', for example \"my-node_01\"" },
	{ "solution", "solution is half the sum of the primes in the "
	    "challenge's payload, a number, for example 40.5" },
	{ "label", "label is what a skill is called, 1 to 200 characters, "
	    "for example \"csv_parser_v1\"" },
	{ "price_tck", "price_tck is a price in TCK from 0.01 to 10000 with "
	    "at most two decimals, for example 0.50" },
	{ "task_description", "task_description is what is to be done, in "
	    "words, for example \"Parse this file into rows\"" },
};

static int
range_of(struct member *m, int i, const struct json *p, const char *key,
    int64_t otherwise, int64_t *out, struct err *e)
{
	const char *text = NULL;

	*out = otherwise;
	if (json_opt_str(p, key, &text, e))
		return -1;
	if (!text)
		return 0;
	snprintf(m->range[i], sizeof(m->range[i]), "%s", text);
	return amount_digits(text, 2, out, e);
}

static bool
says(const struct json *v, const char *word)
{
	return json_kind(v) == JSON_STRING && !strcmp(json_string(v), word);
}

/* "type" is a word, or a list of words. */
static bool
has_type(const struct json *p, const char *word)
{
	struct json type, it = { 0 };

	if (!json_find(&type, p, "type"))
		return false;
	if (says(&type, word))
		return true;
	while (json_kind(&type) == JSON_ARRAY && json_next(&it, &type))
		if (says(&it, word))
			return true;
	return false;
}

static int
make_member(struct member *m, const struct json *p, struct err *e)
{
	const char *format = NULL;
	struct json v;
	bool null = true;

	m->name = mem_text(json_key(p));
	if (json_want(p, JSON_OBJECT, e) ||
	    json_opt_str(p, "format", &format, e) ||
	    json_opt_bool(p, "x-null", &null, e))
		return -1;
	m->never_null = !null;
	m->money = format && !strcmp(format, "money");
	m->kind = has_type(p, "string") || !json_find(&v, p, "type") ? TEXT :
	    has_type(p, "boolean") ? SWITCH : NUMBER;
	if (m->money) {
		m->kind = TEXT;
		return range_of(m, 0, p, "x-least", 0, &m->least, e) ||
		    range_of(m, 1, p, "x-most", INT64_MAX, &m->most, e) ?
		    -1 : 0;
	}
	return schema_compile(&m->schema, p, NULL, 0, e);
}

static struct member *
find(const struct shape *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!strcmp(s->member[i].name, name))
			return s->member + i;
	return NULL;
}

static int
make(struct shape *s, const struct json *root, struct err *e)
{
	static const char *const keys[] = {
		"type", "properties", "required", "example", NULL,
	};
	struct json properties, required, it = { 0 };
	struct member *m;
	const char *type;

	if (json_only(root, keys, e) || json_get_str(root, "type", &type, e) ||
	    json_get(&properties, root, "properties", JSON_OBJECT, e))
		return -1;
	s->member = mem_zero(json_count(&properties) + 1,
	    sizeof(*s->member));
	while (json_next(&it, &properties))
		if (make_member(s->member + s->n++, &it, e))
			return -1;
	if (!json_find(&required, root, "required"))
		return 0;
	it = (struct json){ 0 };
	while (json_next(&it, &required)) {
		m = json_string(&it) ? find(s, json_string(&it)) : NULL;
		if (!m)
			return err_set(e, E_bad_schema, "'required' names "
			    "what is no property");
		m->required = true;
	}
	return 0;
}

int
shape_make(struct shape **out, const char *text, struct err *e)
{
	struct json root = { 0 };
	struct shape *s;
	int rc = -1;

	*out = NULL;
	if (!text)
		return 0;
	s = mem_zero(1, sizeof(*s));
	if (json_parse(&root, text, strlen(text), e) || make(s, &root, e)) {
		e->code = E_bad_schema;
		shape_free(s);
		goto out;
	}
	*out = s;
	rc = 0;
out:
	json_release(&root);
	return rc;
}

void
shape_free(struct shape *s)
{
	size_t i;

	if (!s)
		return;
	for (i = 0; i < s->n; i++) {
		free(s->member[i].name);
		schema_free(s->member[i].schema);
	}
	free(s->member);
	free(s);
}

bool
shape_requires(const struct shape *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->member[i].required)
			return true;
	return false;
}

void
shape_fault(struct buf *out, const char *member, const char *message)
{
	json_open(out, NULL, '{');
	json_str(out, "field", member);
	json_str(out, "message", message);
	json_open(out, "path", '[');
	json_str(out, NULL, member);
	json_close(out, ']');
	json_close(out, '}');
}

void
shape_fault_at(struct buf *out, const char *path, const char *message)
{
	struct json last, items = { 0 };
	size_t n;

	if (json_parse(&items, path, strlen(path), &(struct err){ 0 }))
		items = (struct json){ 0 };
	n = items.node ? json_count(&items) : 0;
	json_open(out, NULL, '{');
	if (n && !json_at(&last, &items, n - 1))
		json_copy(out, "field", &last);
	else
		json_str(out, "field", "body");
	json_str(out, "message", message);
	json_raw(out, "path", path, strlen(path));
	json_close(out, '}');
	json_release(&items);
}

static const char *
hint_for(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (!strcmp(hints[i].name, name))
			return hints[i].hint;
	return NULL;
}

static void
complain(struct buf *out, const char *name, const char *message)
{
	const char *hint = hint_for(name);

	shape_fault(out, name, hint ? hint : message);
}

/* The keyword that a fault is about: the last word of the rule's place. */
static const char *
keyword(const struct schema_fault *f)
{
	const char *p = strrchr(f->rule, '/');

	return p ? p + 1 : f->rule;
}

static void
message(struct buf *out, const struct schema_fault *f)
{
	static const struct { const char *word, *before, *after; } say[] = {
		{ "maxLength", "must have at most ", " characters" },
		{ "minLength", "must have at least ", " characters" },
		{ "maximum", "must be at most ", "" },
		{ "minimum", "must be at least ", "" },
		{ "exclusiveMinimum", "must be more than ", "" },
		{ "exclusiveMaximum", "must be less than ", "" },
		{ "maxItems", "must have at most ", " items" },
		{ "minItems", "must have at least ", " items" },
		{ "enum", "must be one of ", "" },
		{ "const", "must be ", "" },
		{ "type", "must be of type ", "" },
		{ "pattern", "must match ", "" },
		{ "required", "must have the members ", "" },
	};
	const char *word = keyword(f);
	size_t i;

	for (i = 0; i < sizeof(say) / sizeof(*say); i++)
		if (!strcmp(say[i].word, word)) {
			buf_addf(out, "%s%s%s", say[i].before, f->expected,
			    say[i].after);
			return;
		}
	buf_adds(out, f->error);
}

/* The entry of a value inside a member, or of the member itself. */
static void
tell(struct buf *out, const struct member *m, const struct json *v,
    const struct schema_fault *f)
{
	struct buf text = BUF_INIT(1024), path = BUF_INIT(JSON_MAX);
	const char *hint = hint_for(m->name);

	message(&text, f);
	json_path(&path, NULL, f->at.node ? &f->at : v);
	shape_fault_at(out, path.data, hint ? hint : text.data);
	buf_release(&text);
	buf_release(&path);
}

static bool
money_digits(const struct decimal *d, int64_t *minor)
{
	int64_t sum = 0, power = d->power + 2;
	unsigned i;

	if (d->far || (d->n && power < 0) || power > 18)
		return false;
	for (i = 0; i < d->n; i++)
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, d->digits[i] - '0', &sum))
			return false;
	for (; d->n && power; power--)
		if (__builtin_mul_overflow(sum, 10, &sum))
			return false;
	*minor = d->negative ? -sum : sum;
	return true;
}

bool
shape_money(const struct json *v, int64_t *minor)
{
	struct decimal d;
	struct err ignored;
	const char *text;
	size_t n;

	if (json_kind(v) == JSON_STRING)
		return !amount_digits(json_string(v), 2, minor, &ignored);
	text = json_lexeme(v, &n);
	if (!text)
		return false;
	decimal_read(&d, text, n);
	return money_digits(&d, minor);
}

static void
check_money(const struct member *m, const struct json *v, struct buf *out)
{
	char text[3 * AMOUNT_TEXT];
	int64_t minor;

	if (!shape_money(v, &minor))
		complain(out, m->name, "must be an amount with at most two "
		    "decimals, as a number or a string");
	else if (minor < m->least || minor > m->most) {
		snprintf(text, sizeof(text), "must be at %s %s",
		    minor < m->least ? "least" : "most",
		    minor >= m->least ? m->range[1] :
		    *m->range[0] ? m->range[0] : "0");
		complain(out, m->name, text);
	}
}

static void
check_member(const struct member *m, const struct json *object,
    struct buf *out)
{
	struct regex_budget budget = REGEX_BUDGET;
	struct schema_fault fault;
	struct json v;
	bool there = object->node && json_find(&v, object, m->name);

	if (there && json_kind(&v) == JSON_NULL && !m->never_null)
		there = false;
	if (!there) {
		if (m->required)
			complain(out, m->name, "Field required");
		return;
	}
	if (m->money) {
		check_money(m, &v, out);
		return;
	}
	if (schema_check(m->schema, &v, SCHEMA_STEPS, &budget, &fault) !=
	    SCHEMA_VALID)
		tell(out, m, &v, &fault);
}

bool
shape_fits(const struct shape *s, const struct json *object, struct buf *out)
{
	size_t i, had = out->len;

	for (i = 0; i < s->n; i++)
		check_member(s->member + i, object, out);
	return out->len == had;
}

/* Is the text a number, or true or false, as JSON writes it? */
static bool
reads_as(const char *text, enum kind kind)
{
	struct json v = { 0 };
	struct err ignored;
	bool good;

	if (kind == TEXT || json_parse(&v, text, strlen(text), &ignored))
		return false;
	good = json_kind(&v) == (kind == NUMBER ? JSON_NUMBER : JSON_BOOL);
	json_release(&v);
	return good;
}

static bool
is_text(const struct buf *b)
{
	size_t i, n;

	for (i = 0; i < b->len; i += n) {
		n = utf8_len(b->data + i, b->len - i);
		if (!n || !b->data[i])
			return false;
	}
	return true;
}

static void
add_pair(const struct shape *s, struct buf *text, const struct buf *name,
    const struct buf *value)
{
	const struct member *m = s ? find(s, name->data) : NULL;

	if (m && reads_as(value->data, m->kind))
		json_raw(text, name->data, value->data, value->len);
	else
		json_str(text, name->data, value->data);
}

bool
shape_query(const struct shape *s, const char *query, struct json *out,
    struct buf *faults)
{
	struct buf text = BUF_INIT(QUERY_MAX), name = BUF_INIT(QUERY_MAX);
	struct buf value = BUF_INIT(QUERY_MAX);
	struct err why = { 0 };
	bool good = true;

	*out = (struct json){ 0 };
	json_open(&text, NULL, '{');
	while (good && net_query(&query, &name, &value)) {
		good = is_text(&name) && is_text(&value);
		if (!good)
			shape_fault(faults, "query", "must be UTF-8 without "
			    "NUL");
		else
			add_pair(s, &text, &name, &value);
	}
	json_close(&text, '}');
	if (good && (text.full ||
	    json_parse(out, text.data, text.len, &why))) {
		shape_fault(faults, "query", "must name each member once");
		good = false;
	}
	buf_release(&text);
	buf_release(&name);
	buf_release(&value);
	return good;
}
