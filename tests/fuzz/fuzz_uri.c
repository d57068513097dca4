/*
 * bzn: URIs.  What is read has one spelling: it is written as it was, and
 * with one byte changed is refused, or is not signed by its key.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "card/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf out = BUF_INIT(URI_MAX);
	char text[URI_MAX + 1];
	struct err e = { 0 };
	struct uri u;
	size_t i;

	if (uri_read(&u, (const char *)data, n, &e)) {
		assert(e.code == E_bad_uri || e.code == E_too_long);
		return 0;
	}
	uri_write(&out, &u);
	assert(!out.full && out.len == n && !memcmp(out.data, data, n));
	if (!uri_check(&u, &e))
		for (i = 0; i < n; i++) {
			memcpy(text, data, n);
			text[i] ^= 1;
			assert(uri_read(&u, text, n, &e) ||
			    uri_check(&u, &e));
		}
	buf_release(&out);
	return 0;
}
