#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "net/body.h"

enum {
	SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILER, END
};

#define FRAMING_MAX 16384	/* bytes, and the limit of the body */

static int
refuse(struct body *b, int status, const char *reason)
{
	b->status = status;
	b->reason = reason;
	return -1;
}

static int
on_body(llhttp_t *p, const char *at, size_t n)
{
	struct body *b = p->data;

	if (n > b->limit - b->got) {
		b->over = true;
		return HPE_USER;
	}
	b->got += n;
	buf_add(b->out, at, n);
	return 0;
}

static int
on_end(llhttp_t *p)
{
	struct body *b = p->data;

	b->done = true;
	return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
	.on_body = on_body,
	.on_message_complete = on_end,
};

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int
in_size(struct body *b, char c)
{
	struct frame *f = &b->frame;
	int digit = hex(c);

	if (digit >= 0) {
		/* Zeroes in front are counted, so that they end. */
		if (++f->digits > 16 || f->size >> 59)
			return refuse(b, 400, "chunk");
		f->size = f->size * 16 + (unsigned)digit;
		return 0;
	}
	if (!f->digits || (c != '\r' && c != ';'))
		return refuse(b, 400, "chunk");
	f->state = c == ';' ? EXTENSION : SIZE_LF;
	f->extension = 0;
	return 0;
}

static int
in_extension(struct body *b, char c)
{
	struct frame *f = &b->frame;

	if (c == '\r') {
		f->state = SIZE_LF;
		return 0;
	}
	if (++f->extension > NET_EXTENSION_MAX ||
	    (c != '\t' && (unsigned char)c < 32) || c == 127)
		return refuse(b, 400, "chunk");
	return 0;
}

static int
after_size(struct body *b, char c)
{
	struct frame *f = &b->frame;

	if (c != '\n')
		return refuse(b, 400, "chunk");
	if (f->size > b->limit - f->data)
		return refuse(b, 413, "body");
	f->left = f->size;
	f->data += f->size;
	f->state = f->size ? DATA : TRAILER;
	if (!f->size)
		net_scan_trailer(&f->trailer, f->fields);
	return 0;
}

/* A byte that is no data. */
static int
step(struct body *b, char c)
{
	struct frame *f = &b->frame;
	size_t used;
	int rc;

	if (++f->framing > FRAMING_MAX + b->limit)
		return refuse(b, 413, "framing");
	switch (f->state) {
	case SIZE:
		return in_size(b, c);
	case EXTENSION:
		return in_extension(b, c);
	case SIZE_LF:
		return after_size(b, c);
	case DATA_CR:
		f->state = DATA_LF;
		return c == '\r' ? 0 : refuse(b, 400, "chunk");
	case DATA_LF:
		f->state = SIZE;
		f->size = f->digits = 0;
		return c == '\n' ? 0 : refuse(b, 400, "chunk");
	case TRAILER:
		rc = net_scan(&f->trailer, &c, 1, &used);
		if (rc > 0)
			f->state = END;
		return rc < 0 ? refuse(b, f->trailer.status,
		    f->trailer.reason) : 0;
	}
	assert(false);	/* a byte behind the end */
	return -1;
}

/* Bytes that we take for sound; llhttp may know better. */
static int
feed(struct body *b, const char *text, size_t n)
{
	llhttp_errno_t rc;

	if (!n)
		return 0;
	rc = llhttp_execute(&b->parser, text, n);
	if (b->over)
		return refuse(b, 413, "body");
	if (rc == HPE_OK)
		return 0;
	if (rc != HPE_PAUSED || !b->done ||
	    llhttp_get_error_pos(&b->parser) != text + n)
		return refuse(b, 400, "llhttp");
	return 0;
}

static bool
is_kept(int state)
{
	return state != EXTENSION && state != TRAILER && state != END;
}

/*
 * Take chunks.  Extensions and trailers mean nothing to us, and some llhttp
 * refuse what they may be: it is fed what is between them.
 */
static int
take_chunks(struct body *b, const char *text, size_t n, size_t *used)
{
	struct frame *f = &b->frame;
	size_t i = 0, kept = 0, skip;
	bool was;

	while (i < n && f->state != END) {
		was = is_kept(f->state);
		if (!was)
			kept = i;
		if (f->state == DATA) {
			skip = n - i < f->left ? n - i : (size_t)f->left;
			f->left -= skip;
			i += skip;
			if (!f->left)
				f->state = DATA_CR;
			continue;
		}
		if (step(b, text[i]))
			return -1;
		/* The CR that ends an extension is of the line again. */
		if (!was && f->state == SIZE_LF)
			kept = i;
		else if (was && f->state == EXTENSION &&
		    feed(b, text + kept, i - kept))
			return -1;
		i++;
		if (was && f->state == TRAILER &&
		    feed(b, text + kept, i - kept))
			return -1;
	}
	*used = i;
	if (f->state == END)
		return feed(b, "\r\n", 2);
	return is_kept(f->state) ? feed(b, text + kept, i - kept) : 0;
}

int
body_begin(struct body *b, const struct net_head *h, const char *head,
    size_t n, struct buf *out)
{
	b->out = out;
	b->got = 0;
	b->limit = 0;
	b->left = h->length > 0 ? (uint64_t)h->length : 0;
	b->chunked = h->length < 0;
	b->done = b->over = false;
	b->frame.state = SIZE;
	b->frame.size = b->frame.framing = b->frame.data = 0;
	b->frame.digits = 0;
	b->frame.fields = (unsigned)h->fields;
	llhttp_init(&b->parser, HTTP_REQUEST, &settings);
	b->parser.data = b;
	if (feed(b, head, n))
		return -1;
	if (b->done != !h->length)
		return refuse(b, 400, "llhttp");
	return 0;
}

int
body_take(struct body *b, const char *text, size_t n, size_t *used)
{
	bool end;

	*used = n;
	if (b->chunked) {
		if (take_chunks(b, text, n, used))
			return -1;
		end = b->frame.state == END;
	} else {
		if (n > b->left)
			*used = (size_t)b->left;
		b->left -= *used;
		end = !b->left;
		if (feed(b, text, *used))
			return -1;
	}
	if (end != b->done)
		return refuse(b, 400, "llhttp");
	return end;
}
