#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/line.h"

#define READ_BYTES 65536

void
line_init(struct line *in, int fd, const char *name)
{
	*in = (struct line){
		.name = name, .fd = fd, .end = '\n',
		.text = BUF_INIT(LINE_MAX_BYTES),
		.ahead = BUF_INIT(2 * READ_BYTES),
	};
}

void
line_init_text(struct line *in, const char *text, size_t n, const char *name)
{
	line_init(in, -1, name);
	in->ahead.max = n + 1;
	buf_add(&in->ahead, text, n);
	in->eof = true;
}

void
line_release(struct line *in)
{
	buf_release(&in->text);
	buf_release(&in->ahead);
}

static int
fill(struct line *in, struct err *e)
{
	char some[READ_BYTES];
	ssize_t n;

	buf_reset(&in->ahead);
	in->used = 0;
	do
		n = read(in->fd, some, sizeof(some));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_sys(e, "cannot read %s", in->name);
	in->eof = n == 0;
	buf_add(&in->ahead, some, (size_t)n);
	return 0;
}

/* One line into text: 1, 0 at the end, -1. */
static int
take(struct line *in, struct err *e)
{
	const char *from, *feed;
	size_t have, n;

	buf_reset(&in->text);
	in->number++;
	in->cut = true;
	for (;;) {
		have = in->ahead.len - in->used;
		if (!have && !in->eof && fill(in, e))
			return -1;
		have = in->ahead.len - in->used;
		if (!have)
			break;
		from = in->ahead.data + in->used;
		feed = memchr(from, in->end, have);
		n = feed ? (size_t)(feed - from) : have;
		buf_add(&in->text, from, n);
		in->used += n + (feed != NULL);
		in->cut = !feed;
		if (feed)
			break;
	}
	if (in->text.full)
		return err_set(e, E_too_long, "a line of over %d bytes",
		    LINE_MAX_BYTES);
	return in->text.len || !in->eof || in->used < in->ahead.len;
}

int
line_next(struct line *in, struct err *e)
{
	const char *blank = in->end ? " \t\r" : "";
	int got;

	do
		got = take(in, e);
	while (got > 0 && !in->every &&
	    strspn(in->text.data, blank) == in->text.len);
	return got;
}

bool
line_would_block(struct line *in)
{
	struct pollfd p = { .fd = in->fd, .events = POLLIN };
	size_t have = in->ahead.len - in->used;

	if (in->eof ||
	    (have && memchr(in->ahead.data + in->used, in->end, have)))
		return false;
	return poll(&p, 1, 0) == 0;
}
