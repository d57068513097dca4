#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/enc.h"
#include "base/jcs.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/nfc.h"
#include "base/num.h"
#include "base/utf8.h"
#include "crypto/hash.h"
#include "validate/proof.h"

/* Escaped, two bytes become six; a double is 25 bytes at most. */
#define FORM_MAX (16 * JSON_MAX)

/* How json.dumps() was called. */
struct style {
	const char *comma, *colon;
	bool ascii;
};

const char *
proof_word(enum proof_form form)
{
	static const char *const words[] = {
		"python", "js", "jcs", "legacy",
	};

	return words[form];
}

static void
add_unit(struct buf *out, unsigned unit)
{
	buf_addf(out, "\\u%04x", unit);
}

/* What is not ASCII as the one or two code units of UTF-16. */
static void
add_escaped(struct buf *out, const char *s)
{
	struct buf raw = BUF_INIT(FORM_MAX);
	const char *p;
	unsigned c;
	size_t n;

	json_quote(&raw, s, strlen(s));
	for (p = raw.data; *p; p += n) {
		n = 1;
		c = (unsigned char)*p;
		if (c > 0x7f) {
			n = utf8_len(p, 4);
			c = utf8_number(p, n);
		}
		if (c < 0x7f)
			buf_addc(out, *p);
		else if (c < 0x10000)
			add_unit(out, c);
		else {
			add_unit(out, 0xd800 + ((c - 0x10000) >> 10));
			add_unit(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
		}
	}
	buf_release(&raw);
}

static void
add_string(struct buf *out, const char *s, const struct style *style)
{
	if (style->ascii)
		add_escaped(out, s);
	else
		json_quote(out, s, strlen(s));
}

/* Python keeps integers as they are, but knows no minus before zero. */
static int
add_number(struct buf *out, const struct json *v, struct err *e)
{
	char text[NUM_TEXT];
	const char *s;
	double number;
	size_t n;

	s = json_lexeme(v, &n);
	if (!memchr(s, '.', n) && !memchr(s, 'e', n) && !memchr(s, 'E', n)) {
		if (n == 2 && !memcmp(s, "-0", 2))
			buf_addc(out, '0');
		else
			buf_add(out, s, n);
		return 0;
	}
	number = num_read(s, n);
	if (!isfinite(number))
		return json_fail(v, NULL, E_bad_json,
		    "is too large for a double", e);
	num_python(number, text);
	buf_adds(out, text);
	return 0;
}

/* Bytes of UTF-8 are in the order of the code points. */
static int
by_key(const void *a, const void *b)
{
	const struct json *left = a, *right = b;

	return strcmp(json_key(left), json_key(right));
}

static struct json *
sorted(const struct json *object)
{
	struct json *members = mem_zero(json_count(object) + 1,
	    sizeof(*members)), it = { 0 };
	size_t n = 0;

	while (json_next(&it, object))
		members[n++] = it;
	qsort(members, n, sizeof(*members), by_key);
	return members;
}

static int
add_value(struct buf *out, const struct json *v, const struct style *style,
    struct err *e)
{
	struct json *members, it = { 0 };
	const char *comma = "";
	size_t i;
	int rc = 0;

	switch (json_kind(v)) {
	case JSON_NULL:
		buf_adds(out, "null");
		return 0;
	case JSON_BOOL:
		buf_adds(out, json_true(v) ? "true" : "false");
		return 0;
	case JSON_NUMBER:
		return add_number(out, v, e);
	case JSON_STRING:
		add_string(out, json_string(v), style);
		return 0;
	case JSON_ARRAY:
		buf_addc(out, '[');
		while (!rc && json_next(&it, v)) {
			buf_adds(out, comma);
			comma = style->comma;
			rc = add_value(out, &it, style, e);
		}
		buf_addc(out, ']');
		return rc;
	case JSON_OBJECT:
		break;
	}
	members = sorted(v);
	buf_addc(out, '{');
	for (i = 0; i < json_count(v) && !rc; i++) {
		buf_adds(out, i ? style->comma : "");
		add_string(out, json_key(&members[i]), style);
		buf_adds(out, style->colon);
		rc = add_value(out, &members[i], style, e);
	}
	buf_addc(out, '}');
	free(members);
	return rc;
}

static int
write_form(struct buf *out, const struct json *v, enum proof_form form,
    struct err *e)
{
	static const struct style tight = { ",", ":", false };
	static const struct style loose = { ", ", ": ", true };

	switch (form) {
	case PROOF_PYTHON:
		return add_value(out, v, &tight, e);
	case PROOF_LEGACY:
		return add_value(out, v, &loose, e);
	case PROOF_JS:
	case PROOF_JCS:
	case PROOF__FORMS:
		break;
	}
	return jcs_write(out, v, e);
}

int
proof_write(struct buf *out, const struct json *v, enum proof_form form,
    struct err *e)
{
	struct buf raw = BUF_INIT(FORM_MAX);
	size_t start = out->len;
	int rc = -1;

	if (write_form(&raw, v, form, e))
		goto out;
	if (form == PROOF_PYTHON || form == PROOF_JS)
		(void)nfc_add(out, raw.data, raw.len);
	else
		buf_add(out, raw.data, raw.len);
	rc = !raw.full && !out->full ? 0 : err_set(e, E_too_long,
	    "the form of the output is too long");
out:
	if (rc)
		buf_cut(out, start);
	buf_release(&raw);
	return rc;
}

static bool
has_hash(const struct json *output, enum proof_form form,
    const struct hash *want)
{
	struct buf text = BUF_INIT(FORM_MAX);
	struct err ignored;
	struct hash h;
	bool same = false;

	if (!proof_write(&text, output, form, &ignored)) {
		hash_of(&h, text.data, text.len);
		same = !memcmp(&h, want, sizeof(h));
	}
	buf_release(&text);
	return same;
}

const char *
proof_match(const struct json *output, const char *proof_hash)
{
	enum proof_form form;
	struct hash want;

	if (!strncasecmp(proof_hash, "sha256:", 7))
		proof_hash += 7;
	if (enc_unhex(&want, proof_hash, sizeof(want)))
		for (form = 0; form < PROOF__FORMS; form++)
			if (has_hash(output, form, &want))
				return proof_word(form);
	return "none";
}
