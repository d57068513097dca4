#include <string.h>

#include "net/inner.h"

/* What the head does not say, but the connection. */
static void
describe(struct net_exchange *x)
{
	struct conn *c = x->conn;
	struct net_head *h = &x->head;

	/* The exchange may outlive its connection. */
	memcpy(x->ip, c->peer.text, sizeof(x->ip));
	memcpy(x->peer, c->peer.text, sizeof(x->peer));
	h->ip = x->ip;
	h->peer = x->peer;
	h->local = c->peer.local && !peer_relayed(h);
	h->door = c->door->name;
	h->nth = c->nth;
	h->at_us = net_now_us();
}

void
request_error(struct net_exchange *x, int status, const char *reason)
{
	struct net_loop *l = x->loop;
	struct buf headers = BUF_INIT(1 << 16), body = BUF_INIT(1 << 16);

	if (!x->head.ip)
		describe(x);
	x->refused = true;
	x->reason = reason;
	l->server->calls.refuse(l->state, &x->head, status, reason, &headers,
	    &body);
	net_reply(x, status, &headers, &body, status != 415);
	buf_release(&headers);
	buf_release(&body);
}

void
request_refuse(struct conn *c, int status, const char *reason)
{
	struct net_exchange *x = c->x;
	int as_status;
	const char *as_reason;
	size_t n = x->scan.at;

	atomic_fetch_add(&c->loop->tally.malformed, 1);
	if (!x->head.field)	/* for the fields that could be read */
		(void)net_head_make(&x->head, &x->scan,
		    exchange_text(x, c->block + c->from, n), x->field, NULL,
		    &as_status, &as_reason);
	x->head.path = NULL;
	request_error(x, status, reason);
}

/* The head is sound; ask what is to become of it. */
static void
offer(struct conn *c)
{
	struct net_exchange *x = c->x;
	struct net_loop *l = c->loop;

	x->known = true;
	c->phase = PHASE_WAIT;
	due_set(c, DUE_NONE);
	atomic_fetch_add_explicit(&l->tally.requests, 1,
	    memory_order_relaxed);
	x->limit = l->server->calls.head(l->state, x);
	if (c->x != x || x->answered || x->limit < 0)
		return;
	if (x->head.length > x->limit) {
		request_error(x, 413, "body");
		return;
	}
	if (!x->head.length) {
		l->server->calls.request(l->state, x);
		return;
	}
	c->phase = PHASE_BODY;
	due_set(c, DUE_BODY);
	x->body.limit = (uint64_t)x->limit;
	x->taken.max = x->limit ? (size_t)x->limit : 1;
	if (x->head.expects && c->from == c->to)
		reply_interim(c);
}

/* Not every llhttp takes a tab for a blank around a length. */
static void
untab(char *head, size_t n)
{
	char *tab = head;

	while ((tab = memchr(tab, '\t', n - (size_t)(tab - head))))
		*tab = ' ';
}

static void
take_head(struct conn *c)
{
	struct net_exchange *x = c->x;
	struct net_server *s = c->loop->server;
	const char *head = c->block + c->from, *reason;
	size_t used, had = x->scan.at;
	int status, rc;

	rc = net_scan(&x->scan, head + had, c->to - c->from - had, &used);
	if (rc < 0)
		request_refuse(c, x->scan.status, x->scan.reason);
	if (rc <= 0)
		return;
	rc = net_head_make(&x->head, &x->scan,
	    exchange_text(x, head, x->scan.at), x->field, s->config.strict,
	    &status, &reason);
	describe(x);
	untab(c->block + c->from, x->scan.at);
	if (!rc && body_begin(&x->body, &x->head, head, x->scan.at,
	    &x->taken)) {
		status = x->body.status;
		reason = x->body.reason;
		rc = -1;
	}
	if (!rc && c->peer.trusted && peer_client(&x->head, &s->trusted,
	    x->ip)) {
		status = 400;
		reason = "forwarded";
		rc = -1;
	}
	x->unread = x->head.length != 0;
	c->from += x->scan.at;
	if (rc) {
		atomic_fetch_add(&c->loop->tally.malformed, 1);
		request_error(x, status, reason);
		return;
	}
	offer(c);
}

static void
take_body(struct conn *c)
{
	struct net_exchange *x = c->x;
	size_t used;
	int rc = body_take(&x->body, c->block + c->from, c->to - c->from,
	    &used);

	if (rc < 0) {
		atomic_fetch_add(&c->loop->tally.malformed, 1);
		request_error(x, x->body.status, x->body.reason);
		return;
	}
	c->from += used;
	if (!rc)
		return;
	x->unread = false;
	c->phase = PHASE_WAIT;
	due_set(c, DUE_NONE);
	c->loop->server->calls.request(c->loop->state, x);
}

/*
 * Go on with what was read.  Replies that are given at once come back here
 * through conn_next(), which leaves the next request to the loop that runs
 * already.
 */
void
request_advance(struct conn *c)
{
	size_t before;
	enum phase was;

	if (c->busy)
		return;
	c->busy = true;
	do {
		before = c->to - c->from;
		was = c->phase;
		if (c->phase == PHASE_IDLE && before) {
			c->x = exchange_open(c);
			c->nth++;
			c->phase = PHASE_HEAD;
			due_set(c, DUE_HEAD);
		}
		if (c->phase == PHASE_HEAD)
			take_head(c);
		else if (c->phase == PHASE_BODY && before)
			take_body(c);
	} while (c->phase < PHASE_WAIT && c->from < c->to &&
	    (c->to - c->from < before || c->phase != was));
	c->busy = false;
	if (c->phase == PHASE_CLOSED)
		return;
	conn_detach(c);
	if (c->phase < PHASE_WAIT && c->eof)
		conn_close(c);
	else if (c->phase == PHASE_IDLE && c->loop->draining)
		conn_linger(c);
}
