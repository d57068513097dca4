/*
 * The official test suite of JSON Schema, of both dialects; and its schemas,
 * as values for the metaschemas.
 */
#include <dirent.h>

#include "tap.h"
#include "vectors.h"

#include "base/json.h"
#include "base/mem.h"
#include "schema/schema.h"

#define KNOWN_MOST 200

static struct schema_known known[KNOWN_MOST];
static char *uris[KNOWN_MOST];
static size_t known_n;

struct score {
	int right, all, groups, refused, meta_wrong, changed;
};

static void
bail(const char *name, const char *why)
{
	printf("Bail out! %s: %s\n", name, why);
	exit(1);
}

/* \u0000, which json refuses, is read as \u0001. */
static int
change_nul(struct buf *text)
{
	char *p = text->data;
	int n = 0;

	while ((p = strstr(p, "\\u0000"))) {
		p[5] = '1';
		n++;
	}
	return n;
}

/* Parse a file of the suite; 0 without one. */
static int
open_file(struct json *root, const char *name, int *changed)
{
	struct buf text = BUF_INIT(JSON_MAX);
	struct err e;

	if (vector_read(&text, name))
		return 0;
	*changed += change_nul(&text);
	if (json_parse(root, text.data, text.len, &e))
		bail(name, e.msg);
	buf_release(&text);
	return 1;
}

/* Call for the files below a folder, in no order. */
static void
walk(const char *folder, void (*act)(const char *name, void *), void *arg)
{
	struct buf name = BUF_INIT(1000);
	char path[1024];
	struct dirent *d;
	DIR *dir;

	vector_path(path, folder);
	dir = opendir(path);
	while (dir && (d = readdir(dir))) {
		if (*d->d_name == '.')
			continue;
		buf_reset(&name);
		buf_addf(&name, "%s/%s", folder, d->d_name);
		if (strstr(d->d_name, ".json"))
			act(name.data, arg);
		else
			walk(name.data, act, arg);
	}
	if (dir)
		closedir(dir);
	buf_release(&name);
}

static void
add_known(const char *uri, const char *name)
{
	struct json root = { 0 };
	int changed = 0;
	size_t n = strcspn(uri, "#");

	if (known_n == KNOWN_MOST || !open_file(&root, name, &changed))
		return;
	uris[known_n] = mem_text(uri);
	uris[known_n][n] = '\0';
	known[known_n] = (struct schema_known){ uris[known_n], root };
	known_n++;
}

static void
add_remote(const char *name, void *arg)
{
	char uri[1024];

	snprintf(uri, sizeof uri, "http://localhost:1234/%s",
	    name + strlen((const char *)arg) + 1);
	add_known(uri, name);
}

static void
add_meta(const char *name, void *arg)
{
	struct json root = { 0 };
	const char *id;
	int changed = 0;
	struct err e;

	(void)arg;
	if (!open_file(&root, name, &changed) ||
	    json_get_str(&root, "$id", &id, &e))
		bail(name, "no $id");
	add_known(id, name);
	json_release(&root);
}

static const struct json *
find_meta(const char *uri)
{
	size_t i;

	for (i = 0; i < known_n; i++)
		if (!strcmp(known[i].uri, uri))
			return &known[i].root;
	bail(uri, "no such metaschema");
	return NULL;
}

static enum schema_answer
check(const struct schema *s, const struct json *v, struct schema_fault *f)
{
	struct regex_budget budget = REGEX_BUDGET;

	return schema_check(s, v, SCHEMA_STEPS, &budget, f);
}

struct run {
	const struct schema *meta;
	struct score score;
};

static void
run_group(const char *name, const struct json *group, struct run *run)
{
	const char *about = "", *what = "";
	struct json schema, tests, test = { 0 }, data;
	struct schema *s = NULL;
	struct schema_fault f;
	enum schema_answer a;
	bool valid = false;
	struct err e;

	if (json_get_str(group, "description", &about, &e) ||
	    !json_find(&schema, group, "schema") ||
	    json_get(&tests, group, "tests", JSON_ARRAY, &e))
		bail(name, "not a group");
	run->score.groups++;
	if (check(run->meta, &schema, &f) != SCHEMA_VALID) {
		printf("# %s: %s: the metaschema says: %s\n", name, about,
		    f.error);
		run->score.meta_wrong++;
	}
	if (schema_compile(&s, &schema, known, known_n, &e)) {
		printf("# %s: %s: refused: %s\n", name, about, e.msg);
		run->score.refused++;
	}
	while (json_next(&test, &tests)) {
		if (json_get_str(&test, "description", &what, &e) ||
		    json_get_bool(&test, "valid", &valid, &e) ||
		    !json_find(&data, &test, "data"))
			bail(name, "not a test");
		run->score.all++;
		a = s ? check(s, &data, &f) : SCHEMA_LIMIT;
		if (a == (valid ? SCHEMA_VALID : SCHEMA_INVALID)) {
			run->score.right++;
			continue;
		}
		printf("# %s: %s: %s: %s\n", name, about, what,
		    a == SCHEMA_VALID ? "valid" : s ? f.error : "refused");
	}
	schema_free(s);
}

static void
run_file(const char *name, void *arg)
{
	struct json root = { 0 }, group = { 0 };
	struct run *run = arg;

	if (!open_file(&root, name, &run->score.changed))
		bail(name, "cannot be read");
	while (json_next(&group, &root))
		run_group(name, &group, run);
	json_release(&root);
}

/* A dialect's tests; and its metaschema is as it says itself. */
static struct score
run_dialect(const char *folder, const char *meta_uri)
{
	const struct json *meta = find_meta(meta_uri);
	struct run run = { 0 };
	struct schema *s = NULL;
	struct schema_fault f;
	struct err e;

	OK(!schema_compile(&s, meta, known, known_n, &e));
	if (!s)
		bail(meta_uri, e.msg);
	OK(check(s, meta, &f) == SCHEMA_VALID);
	run.meta = s;
	walk(folder, run_file, &run);
	schema_free(s);
	printf("# json-schema %s: %d of %d right, %d groups, %d of them "
	    "refused, %d against the metaschema, %d strings with \\u0000 "
	    "changed\n", strrchr(folder, '/') + 1, run.score.right,
	    run.score.all, run.score.groups, run.score.refused,
	    run.score.meta_wrong, run.score.changed);
	return run.score;
}

static const char *const keywords[] = {
	"$anchor", "$comment", "$defs", "$dynamicAnchor", "$dynamicRef",
	"$id", "$recursiveAnchor", "$recursiveRef", "$ref", "$vocabulary",
	"additionalItems", "additionalProperties", "allOf", "anyOf", "const",
	"contains", "contentEncoding", "contentMediaType", "contentSchema",
	"default", "definitions", "dependencies", "dependentRequired",
	"dependentSchemas", "deprecated", "description", "else", "enum",
	"examples", "exclusiveMaximum", "exclusiveMinimum", "format", "if",
	"items", "maxContains", "maxItems", "maxLength", "maxProperties",
	"maximum", "minContains", "minItems", "minLength", "minProperties",
	"minimum", "multipleOf", "not", "oneOf", "pattern",
	"patternProperties", "prefixItems", "properties", "propertyNames",
	"readOnly", "required", "then", "title", "type", "unevaluatedItems",
	"unevaluatedProperties", "uniqueItems", "writeOnly", "x-unknown",
};
static const char *const values[] = {
	"null", "true", "false", "0", "-0.0", "-1", "1.5", "1.0", "-1e-400",
	"1e-400", "1e400", "\"\"", "\"a\"", "\"_a-.0\"", "\"1a\"", "\"#\"",
	"\"x#\"", "\"x#a\"", "\"\u00e9\"", "\"null\"", "\"nil\"", "[]", "[1]",
	"[1,1.0]", "[[1],[1]]", "[\"a\"]", "[\"a\",\"b\"]", "[\"a\",\"a\"]",
	"[\"null\"]", "[\"null\",\"integer\"]", "[\"null\",\"null\"]",
	"[\"null\",5]", "[{}]", "[true,{}]", "[{},5]", "[{\"type\":5}]", "{}",
	"{\"a\":1}", "{\"a\":true}", "{\"a\":{}}", "{\"a\":[]}",
	"{\"a\":[\"x\"]}", "{\"a\":[\"x\",\"x\"]}", "{\"a\":[5]}",
	"{\"a\":{\"type\":5}}", "{\"type\":5}", "{\"items\":{\"type\":5}}",
};

/*
 * A keyword with a value is refused where the metaschema refuses it, and for
 * no other reason than a reference that leads nowhere, or a circle.
 */
static void
test_shapes(const char *meta_uri)
{
	struct buf text = BUF_INIT(1000);
	struct schema *meta = NULL, *s;
	int asked = 0, refused = 0, wrong = 0;
	struct schema_fault f;
	struct json root;
	struct err e;
	size_t i, k;
	bool good;

	if (schema_compile(&meta, find_meta(meta_uri), known, known_n, &e))
		bail(meta_uri, e.msg);
	for (i = 0; i < sizeof keywords / sizeof *keywords; i++) {
		for (k = 0; k < sizeof values / sizeof *values; k++) {
			buf_reset(&text);
			buf_addf(&text, "{\"$schema\":\"%s\",\"%s\":%s}",
			    meta_uri, keywords[i], values[k]);
			root = (struct json){ 0 };
			if (json_parse(&root, text.data, text.len, &e))
				bail(text.data, e.msg);
			good = check(meta, &root, &f) == SCHEMA_VALID;
			s = NULL;
			asked++;
			refused += !good;
			if (!schema_compile(&s, &root, NULL, 0, &e) != good &&
			    !(good && strstr(keywords[i], "Ref")) &&
			    !(good && !strcmp(keywords[i], "$ref"))) {
				printf("# %s: metaschema %s, here: %s\n",
				    text.data, good ? "valid" : f.error,
				    good ? e.msg : "compiles");
				wrong++;
			}
			schema_free(s);
			json_release(&root);
		}
	}
	OK(asked == 62 * 47 && refused > 1000 && wrong == 0);
	printf("# %s: %d schemas of one keyword, %d refused\n", meta_uri,
	    asked, refused);
	schema_free(meta);
	buf_release(&text);
}

int
main(void)
{
	static const char remotes[] = "json-schema/remotes";
	struct score seven, twenty;
	size_t i;

	walk(remotes, add_remote, (void *)(uintptr_t)remotes);
	if (!known_n) {
		SKIP(2226, "JSON-Schema-Test-Suite");
		return DONE();
	}
	walk("json-schema/metaschema", add_meta, NULL);
	OK(known_n == 58 + 10);
	seven = run_dialect("json-schema/tests/draft7",
	    "http://json-schema.org/draft-07/schema");
	OK(seven.right == 927 && seven.all == 927);
	OK(!seven.refused && !seven.meta_wrong);
	twenty = run_dialect("json-schema/tests/draft2020-12",
	    "https://json-schema.org/draft/2020-12/schema");
	OK(twenty.right == 1299 && twenty.all == 1299);
	OK(!twenty.refused && !twenty.meta_wrong);
	test_shapes("http://json-schema.org/draft-07/schema");
	test_shapes("https://json-schema.org/draft/2020-12/schema");
	for (i = 0; i < known_n; i++) {
		json_release(&known[i].root);
		free(uris[i]);
	}
	return DONE();
}
