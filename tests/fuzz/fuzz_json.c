/*
 * What is accepted has one canonical form, which is accepted and canonical;
 * and cJSON accepts it too: when it does not, json_parse() can only think
 * that memory is gone.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/jcs.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Every value is reached by its index, its key and its number. */
static void
walk(const struct json *v)
{
	struct json item = { 0 }, same;
	char where[JSON_WHERE];
	size_t i = 0, n = 0;

	json_where(v, NULL, where);
	assert(strlen(where) < sizeof where);
	assert((json_kind(v) == JSON_NUMBER) == (json_lexeme(v, &n) != NULL));
	assert((json_kind(v) == JSON_NUMBER) == (n > 0) && n <= JSON_DIGITS);
	for (; json_next(&item, v); i++) {
		if (json_key(&item))
			assert(json_find(&same, v, json_key(&item)));
		else
			assert(!json_at(&same, v, i));
		assert(same.node == item.node);
		walk(&item);
	}
	assert(i == json_count(v));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf once = BUF_INIT(16 * JSON_MAX);
	struct buf twice = BUF_INIT(16 * JSON_MAX);
	const char *text = (const char *)data;
	struct json root = { 0 };
	struct err e = { 0 };

	if (json_parse(&root, text, n, &e)) {
		assert(e.code == E_bad_json || e.code == E_too_long);
		return 0;
	}
	walk(&root);
	if (jcs_write(&once, &root, &e)) {
		assert(e.code == E_bad_json && once.len == 0);
		goto out;
	}
	if (once.len > JSON_MAX)
		goto out;
	/* Bytes from the parser are UTF-8: none is replaced in writing. */
	assert(!jcs_text(&twice, once.data, once.len, &e));
	assert(once.len == twice.len);
	assert(!memcmp(once.data, twice.data, once.len));
out:
	json_release(&root);
	buf_release(&once);
	buf_release(&twice);
	return 0;
}
