/*
 * Public keys of other tools, statements and bindings.  What is read as a key
 * must be one in every form; nothing that was not signed may be believed, and
 * no fuzzer can sign.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "key/bind.h"
#include "key/form.h"
#include "key/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
key(const char *text, size_t n)
{
	struct buf out = BUF_INIT(1024);
	struct sign_public got, again;
	struct err e;
	enum form f;

	if (form_read(&got, text, n, &e))
		return;
	for (f = 0; f < FORM__COUNT; f++) {
		buf_reset(&out);
		form_write(&out, f, &got);
		assert(!form_read(&again, out.data, out.len, &e));
		assert(!memcmp(&got, &again, sizeof(got)));
	}
	buf_release(&out);
}

static void
chain(const char *text, size_t n)
{
	static const struct sign_public start = { { 1, 2, 3 } };
	struct sign_public at = start;
	struct err e;
	int links;

	if (!statement_follow(&at, &links, text, n, &e))
		assert(!links && !memcmp(&at, &start, sizeof(at)));
}

static void
binding(const char *text, size_t n)
{
	struct buf out = BUF_INIT(4096);
	struct key_bind got, again;
	struct json in = { 0 };
	struct err e;

	if (!json_parse(&in, text, n, &e) && !key_bind_read(&got, &in, &e)) {
		json_release(&in);
		key_bind_write(&out, &got);
		assert(!json_parse(&in, out.data, out.len, &e));
		assert(!key_bind_read(&again, &in, &e));
		assert(!strcmp(got.wallet, again.wallet));
	}
	json_release(&in);
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	key(text, size);
	chain(text, size);
	binding(text, size);
	free(text);
	return 0;
}
