#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/inner.h"

#define KEEP 65536	/* bytes of buffers that a spare exchange keeps */

struct net_exchange *
exchange_open(struct conn *c)
{
	struct net_loop *l = c->loop;
	struct net_exchange *x = l->spare_x;

	if (x) {
		l->spare_x = x->next;
		l->spare_xs--;
	} else {
		x = mem_zero(1, sizeof(*x));
		x->taken = (struct buf)BUF_INIT(1);
		x->top = (struct buf)BUF_INIT(1 << 20);
		x->rest = (struct buf)BUF_INIT(1);
	}
	x->loop = l;
	x->conn = c;
	x->next = NULL;
	x->user = NULL;
	x->head = (struct net_head){ .path = NULL };
	x->limit = 0;
	x->known = x->unread = x->answered = x->close = x->stream = false;
	x->chunked = x->dropped = x->refused = x->ended = false;
	x->status = 0;
	x->reason = NULL;
	x->sent = x->first = x->pieces = x->pending = 0;
	x->out = 0;
	x->body.got = 0;
	net_scan_init(&x->scan);
	l->exchanges++;
	return x;
}

static void
empty(struct buf *b, size_t max)
{
	if (b->cap > KEEP)
		buf_release(b);
	else
		buf_reset(b);
	b->max = max;
}

static void
release(struct net_exchange *x)
{
	stream_release(x);
	buf_release(&x->taken);
	buf_release(&x->top);
	buf_release(&x->rest);
	free(x->piece);
	free(x->text);
	free(x);
}

void
exchange_close(struct net_exchange *x)
{
	struct net_loop *l = x->loop;

	l->exchanges--;
	stream_release(x);
	if (l->spare_xs == SPARES) {
		release(x);
		return;
	}
	empty(&x->taken, x->taken.max);
	empty(&x->top, x->top.max);
	buf_release(&x->rest);
	x->next = l->spare_x;
	l->spare_x = x;
	l->spare_xs++;
}

/* Tell what became of it, and be rid of it. */
void
exchange_done(struct net_exchange *x, bool gone)
{
	struct net_loop *l = x->loop;
	struct net_facts f = {
		.status = x->status, .reason = x->reason,
		.in = x->body.got, .out = x->out, .gone = gone,
	};

	if (x->conn)
		x->conn->x = NULL;
	if (x->known || x->refused) {
		f.us = x->head.at_us ? net_now_us() - x->head.at_us : 0;
		l->server->calls.done(l->state, x, &f);
	}
	exchange_close(x);
	server_settle(l);
}

/* A copy of the head, in the room that net_head_make() wants. */
char *
exchange_text(struct net_exchange *x, const char *head, size_t n)
{
	size_t want = 2 * n + 2;

	if (x->text_cap < want) {
		x->text = mem_grow(x->text, want, 1);
		x->text_cap = want;
	}
	memcpy(x->text, head, n);
	return x->text;
}

void
exchange_release_spares(struct net_loop *l)
{
	struct net_exchange *x;

	while (l->spare_x) {
		x = l->spare_x;
		l->spare_x = x->next;
		release(x);
	}
	while (l->spare_blocks)
		free(l->spare_block[--l->spare_blocks]);
}

const struct net_head *
net_request(const struct net_exchange *x)
{
	return &x->head;
}

struct buf *
net_body(struct net_exchange *x)
{
	return &x->taken;
}

struct net_loop *
net_exchange_loop(const struct net_exchange *x)
{
	return x->loop;
}

void *
net_user(const struct net_exchange *x)
{
	return x->user;
}

void
net_set_user(struct net_exchange *x, void *user)
{
	x->user = user;
}
