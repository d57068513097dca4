#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/inner.h"

static void
attach(struct conn *c)
{
	struct net_loop *l = c->loop;

	if (c->block)
		return;
	c->block = l->spare_blocks ? l->spare_block[--l->spare_blocks] :
	    mem_grow(NULL, BLOCK, 1);
	c->from = c->to = 0;
}

/* Give the block back once there is nothing in it. */
void
conn_detach(struct conn *c)
{
	struct net_loop *l = c->loop;

	if (!c->block || c->from < c->to)
		return;
	if (l->spare_blocks < SPARES)
		l->spare_block[l->spare_blocks++] = c->block;
	else
		free(c->block);
	c->block = NULL;
	c->from = c->to = 0;
}

static void
on_closed(uv_handle_t *h)
{
	struct conn *c = h->data;
	struct net_loop *l = c->loop;

	free(c);
	l->closing--;
	server_settle(l);
}

void
conn_close(struct conn *c)
{
	struct net_loop *l = c->loop;
	struct net_server *s = l->server;
	struct net_exchange *x = c->x;
	enum phase was = c->phase;

	if (was == PHASE_CLOSED)
		return;
	c->phase = PHASE_CLOSED;
	due_set(c, DUE_NONE);
	if (x && was == PHASE_WAIT) {
		x->conn = NULL;
		c->x = NULL;
	} else if (x && was == PHASE_STREAM)
		stream_gone(x);
	else if (x)
		exchange_done(x, true);
	c->from = c->to;
	conn_detach(c);
	*(c->prev ? &c->prev->next : &l->conns) = c->next;
	if (c->next)
		c->next->prev = c->prev;
	l->conn_count--;
	l->closing++;
	if (c->counted)
		crowd_remove(s->crowd, &c->peer);
	atomic_fetch_sub(&s->conns, 1);
	uv_close((uv_handle_t *)&c->poll, on_closed);
	close(c->fd);
}

/* Is there something to write that the socket does not take yet? */
static bool
writes(const struct conn *c)
{
	return c->x && (c->phase == PHASE_REPLY ||
	    (c->phase == PHASE_STREAM && c->x->pending));
}

static bool
reads(const struct conn *c)
{
	return !c->eof && (c->phase == PHASE_LINGER || !c->block ||
	    c->to - c->from < BLOCK);
}

static void
write_more(struct conn *c)
{
	if (c->phase == PHASE_STREAM)
		stream_write(c);
	else if (c->phase == PHASE_REPLY)
		reply_write(c);
}

/* Read and forget, so that no reset overtakes the reply. */
static void
drop(struct conn *c)
{
	ssize_t n;

	do {
		attach(c);
		n = recv(c->fd, c->block, BLOCK, 0);
		c->dropped += n > 0 ? (size_t)n : 0;
	} while (n > 0 &&
	    c->dropped <= c->loop->server->config.limits.linger_bytes);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		conn_detach(c);
	else
		conn_close(c);
}

static void
at_eof(struct conn *c)
{
	c->eof = true;
	switch (c->phase) {
	case PHASE_IDLE:
	case PHASE_HEAD:
	case PHASE_BODY:
	case PHASE_STREAM:
		conn_close(c);
		break;
	case PHASE_WAIT:	/* it may have shut its side only */
	case PHASE_REPLY:
	case PHASE_LINGER:
	case PHASE_CLOSED:
		conn_watch(c);
	}
}

static void
read_more(struct conn *c)
{
	ssize_t n;

	if (c->phase == PHASE_LINGER) {
		drop(c);
		return;
	}
	attach(c);
	if (c->to == BLOCK && c->from) {
		memmove(c->block, c->block + c->from, c->to - c->from);
		c->to -= c->from;
		c->from = 0;
	}
	if (c->to == BLOCK)
		return;
	n = recv(c->fd, c->block + c->to, BLOCK - c->to, 0);
	if (n > 0) {
		c->to += (size_t)n;
		c->fresh = false;
		atomic_fetch_add_explicit(&c->loop->tally.in,
		    (unsigned long)n, memory_order_relaxed);
		request_advance(c);
		return;
	}
	conn_detach(c);
	if (!n)
		at_eof(c);
	else if (errno != EAGAIN && errno != EINTR)
		conn_close(c);
}

static void
on_poll(uv_poll_t *p, int status, int events)
{
	struct conn *c = p->data;

	if (status < 0) {
		conn_close(c);
		return;
	}
	if (events & UV_WRITABLE)
		write_more(c);
	if (c->phase != PHASE_CLOSED && (events & UV_READABLE))
		read_more(c);
	if (c->phase != PHASE_CLOSED)
		conn_watch(c);
}

void
conn_watch(struct conn *c)
{
	int events = (reads(c) ? UV_READABLE : 0) |
	    (writes(c) ? UV_WRITABLE : 0);

	if (c->phase == PHASE_CLOSED || events == c->events)
		return;
	c->events = events;
	if (events)
		uv_poll_start(&c->poll, events, on_poll);
	else
		uv_poll_stop(&c->poll);
}

void
conn_open(struct net_loop *l, const struct door *door, int fd,
    const struct peer *peer, bool counted)
{
	struct conn *c = mem_zero(1, sizeof(*c));

	c->loop = l;
	c->fd = fd;
	c->door = door;
	c->peer = *peer;
	c->counted = counted;
	c->fresh = true;
	c->due = DUE_NONE;
	c->poll.data = c;
	c->next = l->conns;
	if (c->next)
		c->next->prev = c;
	l->conns = c;
	l->conn_count++;
	if (uv_poll_init(&l->uv, &c->poll, fd)) {
		/* No memory for it, which mem.h cannot know of. */
		l->conns = c->next;
		if (c->next)
			c->next->prev = NULL;
		l->conn_count--;
		if (counted)
			crowd_remove(l->server->crowd, peer);
		atomic_fetch_sub(&l->server->conns, 1);
		close(fd);
		free(c);
		return;
	}
	due_set(c, DUE_HEAD);
	conn_watch(c);
}

/* Shut our side, and wait for theirs. */
void
conn_linger(struct conn *c)
{
	if (c->eof || shutdown(c->fd, SHUT_WR)) {
		conn_close(c);
		return;
	}
	c->phase = PHASE_LINGER;
	c->from = c->to;
	conn_detach(c);
	due_set(c, DUE_LINGER);
	drop(c);
	conn_watch(c);
}

void
conn_next(struct conn *c)
{
	c->phase = PHASE_IDLE;
	due_set(c, DUE_IDLE);
	request_advance(c);
	conn_watch(c);
}

void
conn_expire(struct conn *c, enum due kind)
{
	switch (kind) {
	case DUE_HEAD:
		if (c->phase != PHASE_HEAD)
			break;
		request_refuse(c, 408, "timeout");
		return;
	case DUE_BODY:
		request_error(c->x, 408, "timeout");
		return;
	case DUE_IDLE:
		conn_linger(c);
		return;
	case DUE_WRITE:
	case DUE_LINGER:
	case DUE_NONE:
		break;
	}
	conn_close(c);
}

/*
 * Connections without a request end.  One that is new may have sent its first
 * already, and gets a moment more.
 */
void
conn_drain(struct net_loop *l)
{
	struct conn *c, *next;

	for (c = l->conns; c; c = next) {
		next = c->next;
		if (c->phase != PHASE_IDLE)
			continue;
		read_more(c);
		if (c->phase == PHASE_IDLE && c->fresh)
			due_set(c, DUE_LINGER);
		else if (c->phase == PHASE_IDLE)
			conn_linger(c);
	}
}

void
conn_cut(struct net_loop *l)
{
	while (l->conns)
		conn_close(l->conns);
}
