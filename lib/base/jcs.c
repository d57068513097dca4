#include <math.h>
#include <string.h>

#include "base/jcs.h"
#include "base/num.h"

static int write_value(struct buf *, const struct json *, struct err *);

static int
write_number(struct buf *out, const struct json *v, struct err *e)
{
	char text[NUM_TEXT];
	const char *lexeme;
	double number;
	size_t n;

	lexeme = json_lexeme(v, &n);
	number = num_read(lexeme, n);
	if (!isfinite(number))
		return json_fail(v, NULL, E_bad_json,
		    "is too large for a double", e);
	num_text(number, text);
	buf_adds(out, text);
	return 0;
}

static int
write_array(struct buf *out, const struct json *v, struct err *e)
{
	struct json item = { 0 };
	const char *comma = "";

	buf_addc(out, '[');
	while (json_next(&item, v)) {
		buf_adds(out, comma);
		comma = ",";
		if (write_value(out, &item, e))
			return -1;
	}
	buf_addc(out, ']');
	return 0;
}

static int
write_object(struct buf *out, const struct json *v, struct err *e)
{
	struct json member;
	const char *key;
	size_t i;

	buf_addc(out, '{');
	for (i = 0; !json_sorted(&member, v, i); i++) {
		if (i)
			buf_addc(out, ',');
		key = json_key(&member);
		json_quote(out, key, strlen(key));
		buf_addc(out, ':');
		if (write_value(out, &member, e))
			return -1;
	}
	buf_addc(out, '}');
	return 0;
}

/* The parser bounds the depth, so recursion is bounded too. */
static int
write_value(struct buf *out, const struct json *v, struct err *e)
{
	const char *s;

	switch (json_kind(v)) {
	case JSON_NULL:
		buf_adds(out, "null");
		return 0;
	case JSON_BOOL:
		buf_adds(out, json_true(v) ? "true" : "false");
		return 0;
	case JSON_NUMBER:
		return write_number(out, v, e);
	case JSON_STRING:
		s = json_string(v);
		json_quote(out, s, strlen(s));
		return 0;
	case JSON_ARRAY:
		return write_array(out, v, e);
	case JSON_OBJECT:
		return write_object(out, v, e);
	}
	return -1;
}

int
jcs_write(struct buf *out, const struct json *value, struct err *e)
{
	size_t start = out->len;

	if (!out->full) {
		if (write_value(out, value, e)) {
			buf_cut(out, start);
			return -1;
		}
		if (!out->full)
			return 0;
		/* Half a canonical form must never be signed. */
		buf_cut(out, start);
	}
	return err_set(e, E_too_long, "the canonical form is longer than "
	    "%zu bytes", out->max - start);
}

int
jcs_text(struct buf *out, const char *text, size_t n, struct err *e)
{
	struct json root = { 0 };
	int rc = -1;

	if (json_parse(&root, text, n, e))
		goto out;
	rc = jcs_write(out, &root, e);
out:
	json_release(&root);
	return rc;
}
