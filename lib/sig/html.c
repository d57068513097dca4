#include <stdbool.h>
#include <string.h>

#include "sig/content.h"
#include "sig/html.h"

#define BEGIN "<script type=\"text/plain\" id=\"signature\">\n"
#define END "</script>\n"
#define TAIL "</body>\n</html>\n"
#define LONG(text) (sizeof(text) - 1)

static bool
ends_as_pages_do(const struct buf *page)
{
	return page->len >= LONG(TAIL) && !memcmp(page->data + page->len -
	    LONG(TAIL), TAIL, LONG(TAIL));
}


int
html_sign(struct buf *page, struct sig *s, const struct sign_key *key,
    struct err *e)
{
	struct content content;

	if (!ends_as_pages_do(page) || strstr(page->data, BEGIN) ||
	    strlen(page->data) < page->len)
		return err_set(e, E_bad_sig, "this is no page that can be "
		    "signed");
	content_of(&content, CONTENT_256, page->data, page->len);
	s->size = content.size;
	s->content = content.sha256;
	if (sig_make(s, key, e))
		return -1;
	buf_cut(page, page->len - LONG(TAIL));
	buf_adds(page, BEGIN);
	sig_write(page, s);
	buf_adds(page, END TAIL);
	return 0;
}

int
html_split(const struct buf *page, struct buf *sig, struct buf *content,
    struct err *e)
{
	const char *begin = strstr(page->data, BEGIN), *text, *end;

	if (!begin)
		return err_set(e, E_no_signature, "the page has no "
		    "signature");
	text = begin + LONG(BEGIN);
	end = page->data + page->len - LONG(END TAIL);
	if (end < text || memcmp(end, END TAIL, LONG(END TAIL)))
		return err_set(e, E_bad_sig, "the signature is not at the end "
		    "of the page");
	buf_add(sig, text, (size_t)(end - text));
	buf_add(content, page->data, (size_t)(begin - page->data));
	buf_adds(content, TAIL);
	return sig->full ? err_set(e, E_bad_sig, "no signature is so long") :
	    0;
}
