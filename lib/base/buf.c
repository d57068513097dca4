#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

char buf_empty[1];

static bool
reserve(struct buf *b, size_t more)
{
	size_t want;

	assert(b->max > 0 && b->len <= b->max);
	if (b->full || more > b->max - b->len) {
		b->full = true;
		return false;
	}
	if (b->len + more < b->cap)
		return true;
	want = b->cap < 64 ? 64 : b->cap * 2;
	if (want < b->len + more + 1)
		want = b->len + more + 1;
	b->data = mem_grow(b->cap ? b->data : NULL, want, 1);
	b->cap = want;
	return true;
}

void
buf_addc(struct buf *b, char c)
{
	if (!reserve(b, 1))
		return;
	b->data[b->len++] = c;
	b->data[b->len] = '\0';
}

void
buf_add(struct buf *b, const void *data, size_t n)
{
	if (!n || !reserve(b, n))
		return;
	memcpy(b->data + b->len, data, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

/* Most fits into what there is; what does not is written once more. */
void
buf_addf(struct buf *b, const char *fmt, ...)
{
	size_t room = b->full ? 0 : b->cap - b->len;
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(room ? b->data + b->len : NULL, room, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	if (n && reserve(b, (size_t)n)) {
		if ((size_t)n >= room)
			vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	} else if (room) {
		b->data[b->len] = '\0';
	}
	va_end(again);
}

void
buf_cut(struct buf *b, size_t len)
{
	assert(len <= b->len);
	b->len = len;
	b->full = false;
	if (b->cap)
		b->data[len] = '\0';
}

void
buf_reset(struct buf *b)
{
	buf_cut(b, 0);
}

void
buf_release(struct buf *b)
{
	if (b->cap)
		free(b->data);
	*b = (struct buf)BUF_INIT(b->max);
}
