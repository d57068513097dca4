/*
 * judge.h - verdicts of a test, from text to text.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/json.h"
#include "validate/contract.h"
#include "validate/custom.h"
#include "validate/language.h"
#include "validate/validate.h"

static struct language judge_language = LANGUAGE_INIT(LANGUAGE_DIR);
static struct params judge_params;
static _Thread_local struct err judge_err;
static _Thread_local struct buf judge_out = BUF_INIT(64 << 20);

static struct json
judge_json(const char *text)
{
	struct json v = { 0 };

	if (json_parse(&v, text, strlen(text), &judge_err)) {
		printf("# %s: %.200s\n", judge_err.msg, text);
		abort();
	}
	return v;
}

/* Single quotes are double ones, to be readable in C. */
static inline const char *
quotes(const char *s)
{
	static _Thread_local char texts[4][1 << 15];
	static _Thread_local int turn;
	char *out = texts[turn++ & 3], *p = out;

	/* A quote inside a string is \' here. */
	for (; *s; s++)
		*p++ = *s == '\'' ? '"' : *s;
	*p = '\0';
	return out;
}

/* Is it in the text?  If not, that is shown. */
static inline bool
has(const char *text, const char *part)
{
	bool found = strstr(text, part) != NULL;

	if (!found)
		printf("# %.300s\n", text);
	return found;
}

/* A contract from metadata; NULL: judge_err says why, and path where. */
static struct contract *
judge_contract(const char *metadata, struct buf *path)
{
	struct json v = judge_json(metadata);
	struct contract *c = NULL;
	int rc = contract_read(&c, &v, &judge_language, path, &judge_err);

	assert((rc == 0) == (c != NULL));
	json_release(&v);
	return c;
}

/* The verdict on an output (NULL: none), written; memory of the thread. */
static const char *
judge_with(const struct contract *c, const char *output,
    const struct custom *const *customs, size_t n, struct verdict *keep)
{
	struct validate_case is = {
		.contract = c, .customs = customs, .custom_count = n,
		.task_status = "COMPLETED", .params = &judge_params,
		.language = &judge_language,
	};
	struct verdict v = { 0 };
	struct json root = { 0 };

	if (output) {
		root = judge_json(output);
		is.output = &root;
	}
	buf_reset(&judge_out);
	if (validate_judge(&v, &is, &judge_err))
		buf_adds(&judge_out, judge_err.msg);
	else
		validate_write(&judge_out, &v);
	json_release(&root);
	if (keep)
		*keep = v;
	else
		validate_release(&v);
	return judge_out.data;
}

/* The same of metadata. */
static inline const char *
judge(const char *metadata, const char *output)
{
	struct contract *c = judge_contract(metadata, NULL);
	const char *text;

	if (!c)
		return judge_err.msg;
	text = judge_with(c, output, NULL, 0, NULL);
	contract_free(c);
	return text;
}

/* A buyer's validator, whose id is its type. */
static inline struct custom *
judge_custom(const char *type, const char *config)
{
	struct json v = judge_json(quotes(config));
	struct custom *c = NULL;

	if (custom_read(&c, type, "my own", type, &v, NULL, &judge_err))
		printf("# %s\n", judge_err.msg);
	json_release(&v);
	return c;
}

/* An output {"f":"..."} of n times c, and an end. */
static inline void
long_output(struct buf *b, char c, size_t n, const char *end)
{
	buf_reset(b);
	buf_adds(b, "{\"f\":\"");
	for (; n; n--)
		buf_addc(b, c);
	buf_adds(b, end);
	buf_adds(b, "\"}");
}

#endif
