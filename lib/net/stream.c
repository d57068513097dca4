#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/mem.h"
#include "net/inner.h"

#define AT_ONCE 16		/* pieces in one call */

/* The chunk around the data is made with it; HTTP/1.0 is sent the data. */
struct net_bytes *
net_bytes_new(const void *data, size_t n)
{
	char line[24];
	int skip = snprintf(line, sizeof(line), "%zx\r\n", n);
	struct net_bytes *b;

	assert(n);
	b = mem_grow(NULL, 1, sizeof(*b) + (size_t)skip + n + 2);
	b->refs = 1;
	b->skip = (size_t)skip;
	b->n = b->skip + n + 2;
	memcpy(b->data, line, b->skip);
	memcpy(b->data + b->skip, data, n);
	memcpy(b->data + b->skip + n, "\r\n", 2);
	return b;
}

void
net_bytes_free(struct net_bytes *b)
{
	if (b && !--b->refs)
		free(b);
}

void
stream_release(struct net_exchange *x)
{
	for (; x->pieces; x->pieces--)
		net_bytes_free(x->piece[x->first++].bytes);
	x->first = x->pending = 0;
	if (x->stream)
		atomic_fetch_sub(&x->loop->server->streams, 1);
	x->stream = false;
}

/* The client left: say so, unless the stream had been ended already. */
void
stream_gone(struct net_exchange *x)
{
	struct net_loop *l = x->loop;

	if (!x->ended && l->server->calls.gone)
		l->server->calls.gone(l->state, x);
	exchange_done(x, true);
}

static void
put(struct net_exchange *x, struct net_bytes *b, size_t at, size_t end)
{
	if (x->first && x->first + x->pieces == x->piece_cap) {
		memmove(x->piece, x->piece + x->first,
		    x->pieces * sizeof(*x->piece));
		x->first = 0;
	}
	if (x->pieces == x->piece_cap) {
		x->piece_cap = x->piece_cap ? 2 * x->piece_cap : 8;
		x->piece = mem_grow(x->piece, x->piece_cap,
		    sizeof(*x->piece));
	}
	b->refs++;
	x->piece[x->first + x->pieces++] = (struct piece){ b, at, end };
	x->pending += end - at;
}

/* n bytes have gone. */
static void
take(struct net_exchange *x, size_t n)
{
	struct piece *p;
	size_t some;

	x->pending -= n;
	while (n) {
		p = &x->piece[x->first];
		some = p->end - p->at < n ? p->end - p->at : n;
		p->at += some;
		n -= some;
		if (p->at < p->end)
			break;
		net_bytes_free(p->bytes);
		x->first++;
		x->pieces--;
	}
	if (!x->pieces)
		x->first = 0;
}

/* Closed by the loop when it is next there, not under the caller's hands. */
static void
doom(struct net_exchange *x)
{
	x->dropped = true;
	x->loop->doomed = true;
	uv_async_send(&x->loop->async);
}

static ssize_t
send_some(struct conn *c)
{
	struct net_exchange *x = c->x;
	struct iovec part[AT_ONCE];
	struct msghdr m = { .msg_iov = part };
	struct piece *p;
	size_t i;

	for (i = 0; i < x->pieces && i < AT_ONCE; i++) {
		p = &x->piece[x->first + i];
		part[i] = (struct iovec){ p->bytes->data + p->at,
		    p->end - p->at };
	}
	m.msg_iovlen = i;
	return sendmsg(c->fd, &m, MSG_NOSIGNAL);
}

/* What the socket takes.  -1: it is broken. */
static int
flush(struct conn *c)
{
	struct net_exchange *x = c->x;
	ssize_t n;

	while (x->pending) {
		n = send_some(c);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		take(x, (size_t)n);
		due_set(c, x->pending ? DUE_WRITE : DUE_NONE);
		atomic_fetch_add_explicit(&c->loop->tally.out,
		    (unsigned long)n, memory_order_relaxed);
	}
	if (x->pending && errno != EAGAIN)
		return -1;
	if (x->pending && c->due == DUE_NONE)
		due_set(c, DUE_WRITE);
	return 0;
}

void
stream_write(struct conn *c)
{
	struct net_exchange *x = c->x;
	struct net_loop *l = c->loop;
	bool close;

	if (flush(c)) {
		conn_close(c);
		return;
	}
	if (!x->ended || x->pending) {
		conn_watch(c);
		if (!x->pending && l->server->calls.drained)
			l->server->calls.drained(l->state, x);
		return;
	}
	close = x->close;
	exchange_done(x, false);
	if (close)
		conn_linger(c);
	else
		conn_next(c);
}

int
net_stream_begin(struct net_exchange *x, int status,
    const struct buf *headers)
{
	struct net_server *s = x->loop->server;
	struct net_bytes *b;

	assert(!x->answered);
	if (!x->conn)
		return -1;
	if (atomic_fetch_add(&s->streams, 1) >= s->config.limits.streams) {
		atomic_fetch_sub(&s->streams, 1);
		return -1;
	}
	x->stream = true;
	x->chunked = x->head.minor > 0;
	x->close = !x->chunked;
	reply_begin(x, status, headers);
	if (x->chunked)
		buf_adds(&x->top, "Transfer-Encoding: chunked\r\n");
	buf_add(&x->top, "\r\n", 2);
	x->conn->phase = PHASE_STREAM;
	b = net_bytes_new(x->top.data, x->top.len);
	put(x, b, b->skip, b->n - 2);
	net_bytes_free(b);
	if (flush(x->conn))
		doom(x);
	conn_watch(x->conn);
	return 0;
}

void
net_stream_send(struct net_exchange *x, struct net_bytes *b)
{
	size_t at = x->chunked ? 0 : b->skip;
	size_t end = x->chunked ? b->n : b->n - 2;

	assert(x->stream && !x->ended);
	if (x->dropped || x->head.method == NET_HEAD)
		return;
	if (x->pending && x->pending + (end - at) > x->loop->server->config.
	    limits.stream_pending) {
		atomic_fetch_add(&x->loop->tally.streams_dropped, 1);
		doom(x);
		return;
	}
	put(x, b, at, end);
	x->out += b->n - b->skip - 2;
	if (flush(x->conn))
		doom(x);
	else
		conn_watch(x->conn);
}

size_t
net_stream_pending(const struct net_exchange *x)
{
	return x->pending;
}

void
net_stream_end(struct net_exchange *x)
{
	static const char last[] = "0\r\n\r\n";
	struct net_bytes *b;

	assert(x->stream && !x->ended);
	x->ended = true;
	if (x->dropped)
		return;
	if (x->chunked && x->head.method != NET_HEAD) {
		b = net_bytes_new(last, sizeof(last) - 1);
		put(x, b, b->skip, b->n - 2);
		net_bytes_free(b);
	}
	stream_write(x->conn);
}

/* Those that were dropped while others had their hands on them. */
void
stream_bury(struct net_loop *l)
{
	struct conn *c, *next;

	if (!l->doomed)
		return;
	l->doomed = false;
	for (c = l->conns; c; c = next) {
		next = c->next;
		if (c->phase == PHASE_STREAM && c->x->dropped)
			conn_close(c);
	}
}
