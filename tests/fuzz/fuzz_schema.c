/*
 * A schema, a line feed, a value.  Whatever they are, the answer comes within
 * the budget, is the same again, and is the opposite under "not"; a fault is
 * well formed; and what compiles also compiles as it was copied.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "schema/schema.h"

#define STEPS 20000		/* fewer than usual: more inputs a second */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
whole(const char *s, size_t most)
{
	size_t n = strlen(s), len;

	assert(n <= most);
	for (; n; n -= len, s += len) {
		len = utf8_len(s, n);
		assert(len);
	}
}

static enum schema_answer
check(const struct schema *s, const struct json *v, int64_t steps)
{
	struct regex_budget budget = REGEX_BUDGET;
	struct schema_fault fault = { 0 };
	enum schema_answer a;

	budget.left = 100000;
	a = schema_check(s, v, steps, &budget, &fault);
	assert((a == SCHEMA_VALID) == !*fault.error);
	assert((a == SCHEMA_INVALID) == (fault.at.node != NULL));
	assert(budget.left >= 0 && budget.left <= 100000);
	whole(fault.error, sizeof fault.error - 1);
	whole(fault.rule, sizeof fault.rule - 1);
	whole(fault.expected, SCHEMA_SHOWN);
	whole(fault.got, SCHEMA_SHOWN);
	return a;
}

/*
 * {"not":S} says the opposite, if S has no references, whose root moves, and
 * is not the root of a dialect.
 */
static void
compare_not(const struct json *of, const struct json *v, enum schema_answer a,
    const char *text, size_t n)
{
	struct buf b = BUF_INIT(SCHEMA_MAX);
	struct json root = { 0 };
	struct schema *s = NULL;
	struct err e;

	if (memchr(text, '$', n) || memchr(text, '\\', n))
		return;
	json_open(&b, NULL, '{');
	json_copy(&b, "not", of);
	json_close(&b, '}');
	if (!b.full && !json_parse(&root, b.data, b.len, &e) &&
	    !schema_compile(&s, &root, NULL, 0, &e)) {
		enum schema_answer not = check(s, v, STEPS + 1);

		assert(a == SCHEMA_LIMIT ? not == SCHEMA_LIMIT :
		    not == SCHEMA_LIMIT || (not == SCHEMA_VALID) ==
		    (a == SCHEMA_INVALID));
	}
	schema_free(s);
	json_release(&root);
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data;
	const char *end = memchr(text, '\n', n), *value;
	struct json of = { 0 }, v = { 0 };
	struct schema *s = NULL, *again = NULL;
	struct err e = { 0 };
	enum schema_answer a;

	if (!end || json_parse(&of, text, (size_t)(end - text), &e))
		return 0;
	value = end + 1;
	if (schema_compile(&s, &of, NULL, 0, &e)) {
		assert(e.code == E_bad_schema || e.code == E_bad_pattern ||
		    e.code == E_too_long);
		whole(e.msg, sizeof e.msg - 1);
	} else if (!json_parse(&v, value, n - (size_t)(value - text), &e)) {
		a = check(s, &v, STEPS);
		assert(a == check(s, &v, STEPS));
		assert(!schema_compile(&again, &of, NULL, 0, &e));
		assert(a == check(again, &v, STEPS));
		compare_not(&of, &v, a, text, (size_t)(end - text));
	}
	schema_free(s);
	schema_free(again);
	json_release(&of);
	json_release(&v);
	return 0;
}
