/* The suites there are: those of the table, and those of files. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "suite/suite.h"

#define TEXT_MAX 200		/* characters of a name, 1000 of a text */
#define INPUT_MAX 49152		/* bytes of a case's input */

static const struct {
	const char *id, *name, *description, *pattern;
} heads[] = {
#define SUITE(id, name, description, pattern) \
	{ #id, name, description, pattern },
#define CASE(suite, id, check, input, field, expected)
#include "suite/builtin.def"
};

static const struct {
	const char *suite, *id, *input, *field, *expected;
	enum suite_check check;
} bodies[] = {
#define SUITE(id, name, description, pattern)
#define CASE(suite, id, check, input, field, expected) \
	{ #suite, id, input, field, expected, SUITE_##check },
#include "suite/builtin.def"
};

const char *
suite_check_word(enum suite_check c)
{
	static const char *const words[] = {
		"field_match", "schema_valid", "consistent_keys",
	};

	return words[c];
}

static char *
copy(const char *text)
{
	return text ? mem_text(text) : NULL;
}

static struct suite *
add_suite(struct suites *all, const char *id, const char *name,
    const char *description, const char *pattern)
{
	struct suite *s;

	all->suite = mem_grow(all->suite, all->n + 1, sizeof(*s));
	s = &all->suite[all->n++];
	*s = (struct suite){
		.name = copy(name), .description = copy(description),
		.pattern = copy(pattern),
	};
	snprintf(s->id, sizeof(s->id), "%s", id);
	return s;
}

static struct suite_case *
add_case(struct suite *s, const char *id, enum suite_check check)
{
	struct suite_case *c;

	s->cases = mem_grow(s->cases, s->n + 1, sizeof(*c));
	c = &s->cases[s->n++];
	*c = (struct suite_case){ .id = mem_text(id), .check = check };
	return c;
}

static void
add_builtin(struct suites *all)
{
	struct suite_case *c;
	struct suite *s;
	size_t i, k;

	for (i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		s = add_suite(all, heads[i].id, heads[i].name,
		    heads[i].description, heads[i].pattern);
		for (k = 0; k < sizeof(bodies) / sizeof(*bodies); k++) {
			if (strcmp(bodies[k].suite, s->id))
				continue;
			c = add_case(s, bodies[k].id, bodies[k].check);
			c->input = mem_text(bodies[k].input);
			c->field = copy(bodies[k].field);
			c->expected = copy(bodies[k].expected);
		}
	}
}

/* A text of one line, or with NULL none. */
static int
check_text(const struct json *in, const char *key, const char *text,
    size_t most, struct err *e)
{
	size_t n = text ? utf8_count(text, strlen(text)) : 1;

	return n && n <= most && (!text || utf8_plain(text)) ? 0 :
	    json_fail(in, key, E_bad_suite, "is too long, or no line", e);
}

static bool
is_id(const char *id)
{
	size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n && n < SUITE_ID && !id[n];
}

static int
read_check(const struct json *in, enum suite_check *out, struct err *e)
{
	const char *word;

	if (json_get_str(in, "check_type", &word, e))
		return -1;
	for (*out = 0; *out < SUITE__CHECKS; (*out)++)
		if (!strcmp(suite_check_word(*out), word))
			return 0;
	return json_fail(in, "check_type", E_bad_suite, "is no check", e);
}

static bool
has_case(const struct suite *s, const char *id)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!strcmp(s->cases[i].id, id))
			return true;
	return false;
}

/* A value as text, of at most so many bytes. */
static int
take_value(char **out, const struct json *in, const char *key,
    const struct json *value, struct err *e)
{
	struct buf text = BUF_INIT(INPUT_MAX);
	int rc = 0;

	json_copy(&text, NULL, value);
	if (text.full)
		rc = json_fail(in, key, E_bad_suite, "is too long", e);
	else
		*out = mem_text(text.data);
	buf_release(&text);
	return rc;
}

static int
read_field(const struct json *in, struct suite_case *c, struct err *e)
{
	bool match = c->check == SUITE_FIELD_MATCH;
	const char *field = NULL;
	struct json value;

	if (json_opt_str(in, "expected_field", &field, e) ||
	    check_text(in, "expected_field", field, TEXT_MAX, e))
		return -1;
	if (match != (field != NULL))
		return json_fail(in, "expected_field", E_bad_suite,
		    match ? "is missing" : "is for field_match", e);
	if (match != json_find(&value, in, "expected_value"))
		return json_fail(in, "expected_value", E_bad_suite,
		    match ? "is missing" : "is for field_match", e);
	c->field = copy(field);
	return match ? take_value(&c->expected, in, "expected_value", &value,
	    e) : 0;
}

static int
read_case(struct suite *s, const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"case_id", "input", "check_type", "expected_field",
		"expected_value", NULL,
	};
	enum suite_check check;
	struct suite_case *c;
	struct json input;
	const char *id;

	if (json_want(in, JSON_OBJECT, e) || json_only(in, keys, e) ||
	    json_get_str(in, "case_id", &id, e) ||
	    check_text(in, "case_id", id, TEXT_MAX, e) ||
	    json_get(&input, in, "input", JSON_OBJECT, e) ||
	    read_check(in, &check, e))
		return -1;
	if (has_case(s, id))
		return json_fail(in, "case_id", E_bad_suite, "is there twice",
		    e);
	c = add_case(s, id, check);
	return take_value(&c->input, in, "input", &input, e) ||
	    read_field(in, c, e) ? -1 : 0;
}

static int
read_suite(struct suites *all, const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "name", "description", "skill_pattern", "cases", NULL,
	};
	const char *id, *name, *description, *pattern = NULL;
	struct json cases, it = { 0 };
	const struct suite *known;
	struct err none;
	struct suite *s;

	if (json_only(in, keys, e) || json_get_str(in, "id", &id, e) ||
	    json_get_str(in, "name", &name, e) ||
	    json_get_str(in, "description", &description, e) ||
	    json_opt_str(in, "skill_pattern", &pattern, e) ||
	    json_get(&cases, in, "cases", JSON_ARRAY, e) ||
	    check_text(in, "name", name, TEXT_MAX, e) ||
	    check_text(in, "description", description, 5 * TEXT_MAX, e) ||
	    check_text(in, "skill_pattern", pattern, TEXT_MAX, e))
		return -1;
	if (!is_id(id))
		return json_fail(in, "id", E_bad_suite,
		    "is not 1 to 50 of a-z, 0-9 and _", e);
	if (!suite_find(all, id, &known, &none))
		return json_fail(in, "id", E_bad_suite, "is that of another",
		    e);
	if (!json_count(&cases) || json_count(&cases) > SUITE_CASES)
		return json_fail(in, "cases", E_bad_suite,
		    "are none, or too many", e);
	s = add_suite(all, id, name, description, pattern);
	while (json_next(&it, &cases))
		if (read_case(s, &it, e))
			return -1;
	return 0;
}

/* What is wrong in a file is wrong with the suite, and says in which. */
static int
read_file(struct suites *all, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(JSON_MAX);
	struct json doc = { 0 };
	struct err why;
	int rc = -1;

	if (file_read(&text, path, e)) {
		if (e->kind == ERR_INPUT)	/* too long: it says which */
			e->code = E_bad_suite;
	} else {
		rc = json_parse(&doc, text.data, text.len, e) ||
		    json_want(&doc, JSON_OBJECT, e) ||
		    read_suite(all, &doc, e) ? -1 : 0;
		if (rc && e->kind == ERR_INPUT) {
			why = *e;
			err_set(e, E_bad_suite, "%.100s: %.140s", path,
			    why.msg);
		}
	}
	json_release(&doc);
	buf_release(&text);
	return rc;
}

static int
is_json(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return *d->d_name != '.' && n > 5 &&
	    !strcmp(d->d_name + n - 5, ".json");
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
add_files(struct suites *all, const char *dir, struct err *e)
{
	struct dirent **names;
	char path[PATH_MAX];
	int i, n, rc = 0;

	n = scandir(dir, &names, is_json, by_name);
	if (n < 0)
		return err_sys(e, "cannot read '%s'", dir);
	for (i = 0; i < n; i++) {
		if (!rc && snprintf(path, sizeof(path), "%s/%s", dir,
		    names[i]->d_name) >= (int)sizeof(path))
			rc = err_set(e, E_no_file, "the name of '%.80s' is "
			    "too long", names[i]->d_name);
		if (!rc)
			rc = read_file(all, path, e);
		free(names[i]);
	}
	free(names);
	return rc;
}

int
suite_load(struct suites *all, const char *dir, struct err *e)
{
	*all = (struct suites){ 0 };
	add_builtin(all);
	if (!dir || !add_files(all, dir, e))
		return 0;
	suite_free(all);
	return -1;
}

int
suite_load_home(struct suites *all, const char *home, const struct params *p,
    struct err *e)
{
	const char *dir = param_string(p, PARAM_benchmark_dir);
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s%s%s", *dir == '/' ? "" : home,
	    *dir == '/' ? "" : "/", dir) >= (int)sizeof(path))
		return err_set(e, E_no_file, "benchmark_dir is too long");
	return suite_load(all, *dir ? path : NULL, e);
}

static void
free_suite(struct suite *s)
{
	struct suite_case *c;

	while (s->n) {
		c = &s->cases[--s->n];
		free(c->id);
		free(c->input);
		free(c->field);
		free(c->expected);
	}
	free(s->cases);
	free(s->name);
	free(s->description);
	free(s->pattern);
}

void
suite_free(struct suites *all)
{
	while (all->n)
		free_suite(&all->suite[--all->n]);
	free(all->suite);
	*all = (struct suites){ 0 };
}

int
suite_find(const struct suites *all, const char *id,
    const struct suite **out, struct err *e)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (!strcmp(all->suite[i].id, id)) {
			*out = &all->suite[i];
			return 0;
		}
	return err_set(e, E_suite_missing, "no benchmark suite '%.60s'", id);
}
