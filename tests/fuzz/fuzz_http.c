/*
 * A structured field that is read prints to what reads and prints the same;
 * a request gives a claim or a word, and no claim is signed.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "sig/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
as_field(const char *text, size_t n)
{
	struct buf one = BUF_INIT(4 * SF_MAX), two = BUF_INIT(4 * SF_MAX);
	struct err e = { 0 };
	struct sf_dict d;

	if (!sf_read(&d, text, n, &e)) {
		sf_write_dict(&one, &d);
		sf_release(&d);
		if (one.len <= SF_MAX) {
			assert(!sf_read(&d, one.data, one.len, &e));
			sf_write_dict(&two, &d);
			assert(two.len == one.len &&
			    !memcmp(one.data, two.data, one.len));
		}
	}
	sf_release(&d);
	buf_release(&one);
	buf_release(&two);
}

static void
as_request(const char *text, size_t n)
{
	const struct http_base base = { "https", "node.example" };
	static const struct sign_public nobody = { .b = { 5 } };
	struct buf wire = BUF_INIT(n + 1);
	struct err e = { 0 };
	struct http_request r;
	struct http_claim c;

	buf_add(&wire, text, n);
	if (!http_read(&r, &wire, &e)) {
		http_at(&r, &base, 1);
		if (!http_claim(&c, &r, INT64_C(1772000000000), &e))
			assert(!sign_check(&c.sig, &nobody, c.text.data,
			    c.text.len));
		http_claim_release(&c);
	}
	buf_release(&wire);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data;
	struct http_base b;
	struct err e = { 0 };
	const char *target;
	struct buf url = BUF_INIT(n + 1);

	as_field(text, n);
	as_request(text, n);
	buf_add(&url, text, n);
	if (!http_url(&b, &target, url.data, &e))
		assert(*target == '/' && *b.authority);
	buf_release(&url);
	return 0;
}
