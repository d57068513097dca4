/*
 * A pattern, a line feed, a text.  What is found within a small budget is
 * found within a large one; what was spent is what was counted.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "regex/regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static enum regex_answer
search(const struct regex *r, const char *text, size_t n, int64_t steps)
{
	struct regex_budget budget = REGEX_BUDGET;
	enum regex_answer a;

	budget.search = steps;
	a = regex_search(r, text, n, &budget);
	assert(budget.left <= 2000000 && budget.left >= 2000000 - steps);
	return a;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data, *end = memchr(text, '\n', n);
	enum regex_answer few, many;
	struct regex *r = NULL;
	struct err e = { 0 };
	char *pattern;

	if (!end)
		return 0;
	pattern = strndup(text, (size_t)(end++ - text));
	assert(pattern);
	if (regex_compile(&r, pattern, &e)) {
		assert(!r && (e.code == E_bad_pattern || e.code == E_too_long));
	} else {
		assert(regex_size(r) > 0);
		n -= (size_t)(end - text);
		few = search(r, end, n, 1000);
		many = search(r, end, n, 20000);
		assert(few == REGEX_LIMIT || few == many);
		assert(many == search(r, end, n, 20000));
	}
	regex_free(r);
	free(pattern);
	return 0;
}
