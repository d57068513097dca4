/*
 * A signature of a file, a trust file, and a structured field that are read
 * print and read the same; nothing that a fuzzer makes is signed.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "sig/check.h"
#include "sig/file.h"
#include "sig/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
as_signature(const char *text, size_t n)
{
	struct buf out = BUF_INIT(SIG_MAX);
	struct err e = { 0 };
	struct sig s;

	assert(sig_length(text, n) <= n);
	if (sig_read(&s, text, n, &e)) {
		assert(e.code == E_bad_sig);
		return;
	}
	sig_write(&out, &s);
	assert(out.len == n && !memcmp(out.data, text, n));
	buf_release(&out);
}

static void
as_trust(const char *text)
{
	const struct trust_ask ask = {
		.key_id = "0000000000000000000000000000000000000000000000"
		    "000000000000000000", .space = "http", .principal = "a",
	};
	struct trust t = { 0 };
	const char *who = "";
	struct err e = { 0 };

	if (trust_add(&t, "f", 1, text, &e))
		assert(e.code == E_bad_trust_line && !t.n);
	trust_sort(&t);
	assert(trust_check(&t, &ask, &who, NULL, &e) || t.n);
	trust_release(&t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf text = BUF_INIT(n + 1);
	struct check_ask ask = { .space = "bzn-file-v1", .explain = true };
	struct trust none = { 0 };
	struct check c;

	buf_add(&text, data, n);
	as_signature(text.data, n);
	if (!memchr(text.data, '\0', n))
		as_trust(text.data);
	trust_sort(&none);
	ask.trust = &none;
	check_init(&c);
	check_attached(&c, &ask, &text);
	assert(c.why.kind);
	check_release(&c);
	buf_release(&text);
	return 0;
}
