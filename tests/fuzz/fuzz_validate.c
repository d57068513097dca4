/*
 * Contracts and outputs of strangers: the first line is a skill's metadata,
 * the rest what was delivered.  What can be read can be judged, within its
 * steps; judging again, also by a contract that was read again, says the
 * same; and what it says is JSON.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "validate/contract.h"
#include "validate/custom.h"
#include "validate/language.h"
#include "validate/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct language languages = LANGUAGE_INIT(LANGUAGE_DIR);
static struct params params;

static void
judge(struct buf *out, const struct contract *c, const struct custom *buyers,
    const struct json *output)
{
	struct validate_case is = {
		.output = output, .contract = c, .customs = &buyers,
		.custom_count = buyers != NULL, .params = &params,
		.language = &languages,
	};
	struct verdict v;
	struct err e;
	int rc = validate_judge(&v, &is, &e);

	assert(!rc);
	assert(v.steps >= 0 && v.steps <= params.value[PARAM_task_rule_steps]);
	assert(!v.rule == !v.details);
	validate_write(out, &v);
	assert(!out->full);
	validate_release(&v);
}

/* The metadata may be a buyer's config as well. */
static struct custom *
read_custom(const struct json *config)
{
	struct custom *c = NULL;
	struct err e;

	if (custom_read(&c, "id", "name", "regex", config, NULL, &e) &&
	    custom_read(&c, "id", "name", "schema", config, NULL, &e))
		return NULL;
	return c;
}

static void
check(const struct json *metadata, const struct json *output)
{
	struct buf path = BUF_INIT(1 << 20);
	struct buf first = BUF_INIT(64 << 20), again = BUF_INIT(64 << 20);
	struct custom *buyers = read_custom(metadata);
	struct contract *c = NULL, *same = NULL;
	struct json parsed = { 0 };
	struct err e = { 0 };

	if (contract_read(&c, metadata, &languages, &path, &e)) {
		assert(e.kind == ERR_INPUT);
		if (path.len) {
			assert(!json_parse(&parsed, path.data, path.len, &e));
			json_release(&parsed);
		}
	} else {
		assert(!contract_read(&same, metadata, NULL, NULL, &e));
		judge(&first, c, buyers, output);
		judge(&again, same, buyers, output);
		assert(!strcmp(first.data, again.data));
		buf_reset(&again);
		judge(&again, c, buyers, output);
		assert(!strcmp(first.data, again.data));
		if (first.len <= JSON_MAX) {
			assert(!json_parse(&parsed, first.data, first.len, &e));
			json_release(&parsed);
		}
	}
	contract_free(c);
	contract_free(same);
	custom_free(buyers);
	buf_release(&path);
	buf_release(&first);
	buf_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data, *end;
	struct json metadata = { 0 }, output = { 0 };
	struct err e;

	if (!params.value[PARAM_task_rule_steps]) {
		param_defaults(&params);
		params.value[PARAM_task_rule_steps] = 100000;
	}
	end = n ? memchr(text, '\n', n) : NULL;
	if (!end)
		return 0;
	if (!json_parse(&metadata, text, (size_t)(end - text), &e) &&
	    !json_parse(&output, end + 1, n - (size_t)(end + 1 - text), &e))
		check(&metadata, &output);
	json_release(&metadata);
	json_release(&output);
	return 0;
}
