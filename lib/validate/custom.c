#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "validate/impl.h"

static int
fault(const char *member, struct buf *path, struct err *e)
{
	const struct place p = { .root = member, .index = -1, .path = path };

	return place_fault(&p, NULL, -1, e);
}

/*
 * schema and regex are as those of a contract, but that a missing member of
 * the config has a code of its own (spec/vmp.md 1.5), and that a missing
 * field of the output is as empty.
 */
static int
read_rule(struct custom *c, const char *needs, enum err_code code,
    const char *what, const struct place *p, struct err *e)
{
	if (!json_has(&c->doc, needs)) {
		(void)err_set(e, code, "%s", what);
		return place_fault(p, needs, -1, e);
	}
	c->rule.void_is_empty = true;
	return rule_read(&c->rule, &c->doc, rule_named(c->type), p, NULL, e);
}

static int
read_webhook(struct custom *c, const struct place *p, struct err *e)
{
	static const char https[] = "https://";

	c->timeout_ms = CUSTOM_TIMEOUT_MS;
	if (json_get_str(&c->doc, "url", &c->url, e) ||
	    strncmp(c->url, https, strlen(https)) ||
	    !c->url[strlen(https)]) {
		(void)err_set(e, E_validator_https, "is not an https URL, "
		    "which a webhook validator needs");
		return place_fault(p, "url", -1, e);
	}
	if (json_opt_int(&c->doc, "timeout_ms", &c->timeout_ms, e) ||
	    c->timeout_ms < 1 || c->timeout_ms > CUSTOM_TIMEOUT_MS) {
		(void)err_set(e, E_bad_contract, "is not of 1 to %d",
		    CUSTOM_TIMEOUT_MS);
		return place_fault(p, "timeout_ms", -1, e);
	}
	return 0;
}

static int
read_type(struct custom *c, const char *type, struct buf *path,
    struct err *e)
{
	const struct place here = {
		.root = "config", .index = -1, .path = path,
	}, *p = &here;

	if (!strcmp(type, "schema")) {
		c->type = "schema";
		return read_rule(c, "schema", E_validator_schema,
		    "is what a schema validator needs", p, e);
	}
	if (!strcmp(type, "regex")) {
		c->type = "regex";
		return read_rule(c, "pattern", E_validator_pattern,
		    "is what a regex validator needs", p, e);
	}
	if (!strcmp(type, "webhook")) {
		c->type = "webhook";
		return read_webhook(c, p, e);
	}
	(void)err_set(e, E_bad_contract, "no validator of a buyer is a "
	    "'%.32s'", type);
	return fault("type", path, e);
}

static int
copy(struct json *out, const struct json *config, struct buf *path,
    struct err *e)
{
	struct buf b = BUF_INIT(JSON_MAX);
	int rc;

	if (json_kind(config) != JSON_OBJECT) {
		(void)err_set(e, E_bad_contract, "is not an object");
		return fault("config", path, e);
	}
	json_copy(&b, NULL, config);
	if (b.full)
		rc = err_set(e, E_too_long, "config is too long");
	else
		rc = json_parse(out, b.data, b.len, e);
	buf_release(&b);
	return rc;
}

int
custom_read(struct custom **out, const char *id, const char *name,
    const char *type, const struct json *config, struct buf *path,
    struct err *e)
{
	size_t n = utf8_count(name, strlen(name));
	struct custom *c;

	if (!n || n > CUSTOM_NAME || !utf8_plain(name)) {
		(void)err_set(e, E_bad_contract, "is not of 1 to %d "
		    "characters", CUSTOM_NAME);
		return fault("name", path, e);
	}
	c = mem_zero(1, sizeof *c);
	c->id = mem_text(id);
	c->name = mem_text(name);
	if (!copy(&c->doc, config, path, e) &&
	    !read_type(c, type, path, e)) {
		*out = c;
		return 0;
	}
	custom_free(c);
	return -1;
}

void
custom_free(struct custom *c)
{
	if (!c)
		return;
	rule_release(&c->rule);
	json_release(&c->doc);
	free(c->id);
	free(c->name);
	free(c);
}

const char *
custom_id(const struct custom *c)
{
	return c->id;
}

const char *
custom_name(const struct custom *c)
{
	return c->name;
}

const char *
custom_type(const struct custom *c)
{
	return c->type;
}

const char *
custom_url(const struct custom *c)
{
	return c->url;
}

int64_t
custom_timeout_ms(const struct custom *c)
{
	return c->timeout_ms;
}
