/*
 * cases.h - vectors in JSON: strings of hex as bytes, the groups and tests of
 * a Wycheproof file one after another.
 */
#ifndef CASES_H
#define CASES_H

#include <stdint.h>

#include "vectors.h"

#include "base/enc.h"
#include "base/json.h"

#define CASE_MAX (128 * 1024)	/* bytes of one string */

struct bytes {
	uint8_t b[CASE_MAX];
	size_t n;
};

/* A member that is text; "" without it. */
static const char *
case_text(const struct json *object, const char *key)
{
	const char *value = "";
	struct err e;

	(void)!json_opt_str(object, key, &value, &e);
	return value;
}

/* One that is hex, with or without 0x. */
static inline void
case_hex(struct bytes *out, const struct json *object, const char *key)
{
	const char *hex = case_text(object, key);

	hex += !strncmp(hex, "0x", 2) ? 2 : 0;
	out->n = strlen(hex) / 2;
	if (out->n > CASE_MAX || !enc_unhex(out->b, hex, out->n)) {
		printf("Bail out! %s is not hex\n", key);
		exit(1);
	}
}

static int
case_open(struct json *root, struct buf *text, const char *name)
{
	struct err e;

	if (vector_read(text, name))
		return -1;
	if (!json_parse(root, text->data, text->len, &e))
		return 0;
	printf("Bail out! %s: %s\n", name, e.msg);
	exit(1);
}

/*
 * Call for each test of a Wycheproof file; right says whether the answer is.
 * Returns how many were asked, or -1 without the file.
 */
static inline int
wycheproof(const char *name, bool (*right)(const struct json *group,
    const struct json *test, bool valid), int *wrong)
{
	struct json root, groups, tests, group = { 0 }, test = { 0 };
	struct buf text = BUF_INIT(JSON_MAX);
	struct err e;
	int count = 0;

	*wrong = 0;
	if (case_open(&root, &text, name))
		return -1;
	if (json_get(&groups, &root, "testGroups", JSON_ARRAY, &e))
		exit(1);
	while (json_next(&group, &groups)) {
		if (json_get(&tests, &group, "tests", JSON_ARRAY, &e))
			exit(1);
		for (; json_next(&test, &tests); count++) {
			if (right(&group, &test, !strcmp(case_text(&test,
			    "result"), "valid")))
				continue;
			printf("# wrong after %d tests: %s\n", count,
			    case_text(&test, "comment"));
			++*wrong;
		}
	}
	json_release(&root);
	buf_release(&text);
	return count;
}

#endif
