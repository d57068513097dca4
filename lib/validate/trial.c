/* Outputs, judged by rules that are at hand: spec/vmp.md 10.1, operation 7. */
#include "validate/trial.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "validate/contract.h"
#include "validate/language.h"
#include "validate/validate.h"

/* How the path of the only rule of a contract begins. */
#define ONLY "[\"metadata\",\"validators\",0"
#define PATH 4096

static int
take_contract(struct trial *t, const struct json *metadata,
    struct language *l, struct buf *path, struct err *e)
{
	t->contract = mem_grow(t->contract, t->n + 1, sizeof(*t->contract));
	if (contract_read(&t->contract[t->n], metadata, l, path, e))
		return -1;
	t->n++;
	return 0;
}

int
trial_contract(struct trial *t, const struct json *metadata,
    struct language *l, struct err *e)
{
	return take_contract(t, metadata, l, NULL, e);
}

/* {"type","config":{...}}, as requests have it, as a contract has it. */
static bool
flatten(struct buf *out, const struct json *item)
{
	struct json it = { 0 }, config;

	if (json_kind(item) != JSON_OBJECT ||
	    !json_find(&config, item, "config") ||
	    json_kind(&config) != JSON_OBJECT) {
		json_copy(out, NULL, item);
		return false;
	}
	json_open(out, NULL, '{');
	while (json_next(&it, item))
		if (strcmp(json_key(&it), "config") &&
		    !json_find(&(struct json){ 0 }, &config, json_key(&it)))
			json_copy(out, json_key(&it), &it);
	it = (struct json){ 0 };
	while (json_next(&it, &config))
		json_copy(out, json_key(&it), &it);
	json_close(out, '}');
	return true;
}

/* Where it stands in the list, out of where it stands in its contract. */
static void
put_path(struct buf *out, const struct buf *path, size_t i, bool config)
{
	static const char only[] = ONLY;
	const char *rest = path->data + sizeof(only) - 1;

	json_open(out, NULL, '[');
	json_str(out, NULL, "validators");
	json_int(out, NULL, (int64_t)i);
	if (path->len < sizeof(only) || strncmp(path->data, only,
	    sizeof(only) - 1)) {
		json_close(out, ']');
		return;
	}
	if (config && *rest == ',' && strcmp(rest, ",\"type\"]"))
		json_str(out, NULL, "config");
	buf_adds(out, rest);
}

/* One contract for each, so that none hides what the next has to say. */
static int
take_one(struct trial *t, const struct json *item, struct language *l,
    struct buf *path, struct err *e)
{
	struct buf text = BUF_INIT(JSON_MAX), at = BUF_INIT(PATH);
	struct json one = { 0 };
	bool config;
	int rc;

	json_open(&text, NULL, '{');
	json_open(&text, "validators", '[');
	config = flatten(&text, item);
	json_close(&text, ']');
	json_close(&text, '}');
	if (text.full)
		rc = err_set(e, E_too_long, "the validator is too long");
	else
		rc = json_parse(&one, text.data, text.len, e) ||
		    take_contract(t, &one, l, &at, e) ? -1 : 0;
	if (rc && path)
		put_path(path, &at, t->n, config);
	json_release(&one);
	buf_release(&text);
	buf_release(&at);
	return rc;
}

int
trial_validators(struct trial *t, const struct json *list,
    struct language *l, struct buf *path, struct err *e)
{
	struct json it = { 0 };

	if (!json_count(list) || json_count(list) > CONTRACT_RULES)
		return err_set(e, E_bad_contract, "1 to %d validators are "
		    "wanted", CONTRACT_RULES);
	while (json_next(&it, list))
		if (take_one(t, &it, l, path, e))
			return err_wrap(e, "validator %zu", t->n);
	return 0;
}

void
trial_release(struct trial *t)
{
	while (t->n)
		contract_free(t->contract[--t->n]);
	free(t->contract);
	*t = (struct trial){ 0 };
}

/* What went wrong, out of the details. */
static void
put_error(struct buf *out, const char *details)
{
	struct json root = { 0 };
	const char *error;
	struct err ignored;

	if (!details)
		return;
	if (!json_parse(&root, details, strlen(details), &ignored) &&
	    !json_get_str(&root, "error", &error, &ignored))
		json_str(out, "error", error);
	json_release(&root);
}

static void
put_rows(struct buf *out, const struct verdict *v)
{
	const struct validate_row *r;
	size_t i;

	for (i = 0; i < v->count; i++) {
		r = &v->rows[i];
		json_open(out, NULL, '{');
		json_str(out, "validator_type", r->type);
		json_bool(out, "passed", r->result != VALIDATE_FAIL);
		json_str(out, "result", validate_result_word(r->result));
		put_error(out, r->details);
		json_close(out, '}');
	}
}

int
trial_judge(const struct trial *t, const struct json *output,
    const struct params *params, struct language *l, struct buf *rows,
    struct verdict *out, struct err *e)
{
	struct validate_case c = {
		.output = output, .params = params, .language = l,
		.task_status = "COMPLETED",
	};
	struct verdict v;
	size_t i;

	*out = (struct verdict){ 0 };
	json_open(rows, NULL, '[');
	for (i = 0; i < t->n; i++) {
		c.contract = t->contract[i];
		if (validate_judge(&v, &c, e))
			return -1;
		put_rows(rows, &v);
		if (v.rule && !out->rule)
			*out = v;
		else
			validate_release(&v);
	}
	json_close(rows, ']');
	return 0;
}

void
trial_write(struct buf *out, const struct verdict *v)
{
	json_bool(out, "passed", !v->rule);
	if (!v->rule)
		return;
	json_str(out, "rule", validate_rule_word(v->rule));
	json_raw(out, "details", v->details, strlen(v->details));
}
