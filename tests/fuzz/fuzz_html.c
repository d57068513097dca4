/*
 * A page that is signed comes apart into what was signed and a signature that
 * holds; one that comes apart is, put together, what it was; and nothing that
 * a fuzzer makes is signed.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "sig/check.h"
#include "sig/html.h"
#include "sig/space.h"

#define TAIL "</body>\n</html>\n"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
sign_it(struct buf *page)
{
	struct sig s = { .space = SPACE_STATUS, .seq = -1 }, got;
	struct buf text = BUF_INIT(SIG_MAX), was = BUF_INIT(page->len + 1);
	struct buf content = BUF_INIT(page->len + 1);
	struct secret seed = { 0 };
	struct sign_key key;
	struct err e = { 0 };

	secret_init(&seed, 32);
	memset(seed.data, 7, 32);
	seed.len = 32;
	sign_key_of(&key, &seed);
	secret_release(&seed);
	buf_add(&was, page->data, page->len);
	page->max += SIG_MAX + 256;
	if (html_sign(page, &s, &key, &e)) {
		assert(e.code == E_bad_sig && page->len == was.len);
	} else {
		assert(!html_split(page, &text, &content, &e));
		assert(content.len == was.len &&
		    !memcmp(content.data, was.data, was.len));
		assert(!sig_read(&got, text.data, text.len, &e));
		assert(sig_holds(&got) && got.size == (int64_t)was.len);
	}
	sign_key_release(&key);
	buf_release(&text);
	buf_release(&was);
	buf_release(&content);
}

static void
take_apart(const struct buf *page)
{
	struct buf text = BUF_INIT(SIG_MAX);
	struct buf content = BUF_INIT(page->len + 1);
	struct err e = { 0 };
	size_t before;

	if (html_split(page, &text, &content, &e)) {
		assert(e.code == E_bad_sig || e.code == E_no_signature);
	} else {
		before = content.len - strlen(TAIL);
		assert(!memcmp(content.data, page->data, before));
		assert(strstr(page->data + before, text.data));
		assert(!strcmp(content.data + before, TAIL));
	}
	buf_release(&text);
	buf_release(&content);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct check_ask ask = { .space = SPACE_STATUS };
	struct trust none = { 0 };
	struct buf page = BUF_INIT(n + sizeof(TAIL));
	struct check c;

	buf_add(&page, data, n);
	take_apart(&page);
	trust_sort(&none);
	ask.trust = &none;
	check_init(&c);
	check_html(&c, &ask, &page);
	assert(c.why.kind);
	check_release(&c);
	sign_it(&page);
	/* And as a page ends. */
	buf_reset(&page);
	buf_add(&page, data, n);
	buf_adds(&page, TAIL);
	sign_it(&page);
	buf_release(&page);
	return 0;
}
