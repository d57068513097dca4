/*
 * SSH signatures, as text and as the blob in it.  What is read is written as
 * one blob and no other; nothing that a fuzzer makes is signed.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/enc.h"
#include "sig/check.h"
#include "sig/ssh.h"

#define HEAD "-----BEGIN SSH SIGNATURE-----\n"
#define FOOT "-----END SSH SIGNATURE-----\n"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* True if it was one; then out is how we write it. */
static int
read_one(struct buf *out, const char *text, size_t n)
{
	struct err e = { 0 };
	struct ssh s, again;

	if (ssh_read(&s, text, n, &e)) {
		assert(e.code == E_bad_sig);
		return 0;
	}
	assert(ssh_is(text, n));
	ssh_write(out, &s);
	assert(!out->full && !ssh_read(&again, out->data, out->len, &e));
	assert(!strcmp(s.space, again.space) && s.sha256 == again.sha256 &&
	    !memcmp(&s.key, &again.key, sizeof(s.key)) &&
	    !memcmp(&s.mark, &again.mark, sizeof(s.mark)));
	return 1;
}

static void
as_blob(const uint8_t *data, size_t n)
{
	struct buf base64 = BUF_INIT(2 * n + 8), text = BUF_INIT(3 * n + 128),
	    out = BUF_INIT(SSH_MAX);
	size_t i;

	enc_base64(&base64, data, n);
	buf_adds(&text, HEAD);
	for (i = 0; i < base64.len; i += 70)
		buf_addf(&text, "%.70s\n", base64.data + i);
	buf_adds(&text, FOOT);
	if (read_one(&out, text.data, text.len))
		assert(out.len == text.len &&
		    !memcmp(out.data, text.data, out.len));
	buf_release(&base64);
	buf_release(&text);
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf text = BUF_INIT(n + 1), out = BUF_INIT(SSH_MAX);
	struct check_ask ask = { .space = "git", .explain = true };
	struct trust none = { 0 };
	struct content content;
	struct check c;

	buf_add(&text, data, n);
	read_one(&out, text.data, n);
	as_blob(data, n);
	content_of(&content, CONTENT_BOTH, "", 0);
	trust_sort(&none);
	ask.trust = &none;
	check_init(&c);
	check_text(&c, &ask, text.data, n, &content);
	assert(c.why.kind);
	check_release(&c);
	buf_release(&text);
	buf_release(&out);
	return 0;
}
