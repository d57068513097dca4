#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "validate/impl.h"

/* The members of metadata that are read, as a document of their own. */
static int
copy(struct json *out, const struct json *metadata, struct err *e)
{
	static const char *const keys[] = {
		"output_schema", "input_schema", "validators",
	};
	struct buf b = BUF_INIT(JSON_MAX);
	struct json v;
	size_t i;
	int rc;

	json_open(&b, NULL, '{');
	for (i = 0; metadata && i < sizeof keys / sizeof *keys; i++)
		if (json_has(metadata, keys[i]) &&
		    json_find(&v, metadata, keys[i]))
			json_copy(&b, keys[i], &v);
	json_close(&b, '}');
	if (b.full)
		rc = err_set(e, E_too_long, "metadata is too long");
	else
		rc = json_parse(out, b.data, b.len, e);
	buf_release(&b);
	return rc;
}

static int
read_schema(struct schema **out, const struct contract *c, const char *key,
    struct buf *path, struct err *e)
{
	const struct place p = {
		.root = "metadata", .index = -1, .path = path,
	};
	struct json v;

	if (!json_find(&v, &c->doc, key))
		return 0;
	if (schema_compile(out, &v, NULL, 0, e))
		return place_fault(&p, key, -1, e);
	return 0;
}

static int
read_rule(struct contract *c, const struct json *v, struct language *language,
    struct buf *path, struct err *e)
{
	const struct place p = {
		.root = "metadata", .section = "validators",
		.index = (int)c->count, .path = path,
	};
	const struct rule_type *type;
	const char *word;

	if (json_kind(v) != JSON_OBJECT) {
		(void)err_set(e, E_bad_contract, "is not an object");
		return place_fault(&p, NULL, -1, e);
	}
	if (json_get_str(v, "type", &word, e)) {
		(void)err_set(e, E_bad_contract, "is not a string");
		return place_fault(&p, "type", -1, e);
	}
	type = rule_named(word);
	if (!type) {
		(void)err_set(e, E_bad_contract, "no validator is a '%.32s'",
		    word);
		return place_fault(&p, "type", -1, e);
	}
	if (rule_read(&c->rules[c->count], v, type, &p, language, e))
		return -1;
	c->count++;
	return 0;
}

static int
read_rules(struct contract *c, struct language *language, struct buf *path,
    struct err *e)
{
	const struct place p = {
		.root = "metadata", .section = "validators", .index = -1,
		.path = path,
	};
	struct json list, it = { 0 };

	if (!json_find(&list, &c->doc, "validators"))
		return 0;
	if (json_kind(&list) != JSON_ARRAY) {
		(void)err_set(e, E_bad_contract, "is not a list");
		return place_fault(&p, NULL, -1, e);
	}
	if (json_count(&list) > CONTRACT_RULES) {
		(void)err_set(e, E_bad_contract, "has more than %d items",
		    CONTRACT_RULES);
		return place_fault(&p, NULL, -1, e);
	}
	while (json_next(&it, &list))
		if (read_rule(c, &it, language, path, e))
			return -1;
	return 0;
}

int
contract_read(struct contract **out, const struct json *metadata,
    struct language *language, struct buf *path, struct err *e)
{
	struct contract *c = mem_zero(1, sizeof *c);
	struct schema *input = NULL;	/* shown, and not enforced */

	if (!copy(&c->doc, metadata, e) &&
	    !read_schema(&c->output, c, "output_schema", path, e) &&
	    !read_schema(&input, c, "input_schema", path, e) &&
	    !read_rules(c, language, path, e)) {
		schema_free(input);
		*out = c;
		return 0;
	}
	schema_free(input);
	contract_free(c);
	return -1;
}

void
contract_free(struct contract *c)
{
	size_t i;

	if (!c)
		return;
	for (i = 0; i < c->count; i++)
		rule_release(&c->rules[i]);
	schema_free(c->output);
	json_release(&c->doc);
	free(c);
}

size_t
contract_rules(const struct contract *c)
{
	return c->count;
}

bool
contract_speaks(const struct contract *c)
{
	size_t i;

	for (i = 0; i < c->count; i++)
		if (c->rules[i].type == &rule_language)
			return true;
	return false;
}
