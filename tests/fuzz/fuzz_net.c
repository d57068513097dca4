/*
 * Requests on a connection, cut into pieces: each cut says what the whole
 * says, no byte is used twice, no body is longer than its limit, and llhttp
 * refuses nothing that the scan lets through.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "net/body.h"
#include "net/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define LIMIT 1000

struct run {
	const char *data;
	size_t n, at;		/* at: read so far */
	size_t from;		/* used so far */
	unsigned seed, step;	/* step: 0 whole, 1 bytes, else by the seed */
	struct buf *said;
};

/* Show more.  False: that was all. */
static bool
more(struct run *r)
{
	size_t n = r->n - r->at;

	if (r->step == 1 && n > 1)
		n = 1;
	else if (r->step > 1 && n > 1) {
		r->seed = r->seed * 1103515245u + 12345u;
		n = 1 + (r->seed >> 16) % (n < 40 ? n : 40);
	}
	r->at += n;
	return n > 0;
}

static int
refused(struct run *r, int status, const char *reason)
{
	assert(status >= 400 && status < 600 && *reason);
	assert(strcmp(reason, "llhttp"));
	buf_addf(r->said, "%d %s\n", status, reason);
	return -1;
}

static int
take_body(struct run *r, struct body *b, struct buf *body)
{
	size_t used;
	int rc = 0;

	b->limit = LIMIT;
	if (b->left > LIMIT)
		return refused(r, 413, "body");
	while (!rc) {
		if (r->from == r->at && !more(r))
			return -1;
		rc = body_take(b, r->data + r->from, r->at - r->from, &used);
		if (rc < 0)
			return refused(r, b->status, b->reason);
		assert(used <= r->at - r->from);
		r->from += used;
	}
	assert(body->len == b->got && body->len <= LIMIT && !body->full);
	return 0;
}

static void
tell(struct run *r, const struct net_head *h)
{
	size_t i;

	buf_addf(r->said, "%s %s ? %s host %s %lld keep %d\n",
	    net_method_name(h->method), h->path, h->query ? h->query : "-",
	    h->host ? h->host : "-", (long long)h->length, h->keep);
	for (i = 0; i < h->segments && i < NET_SEGMENTS; i++)
		buf_addf(r->said, "/ %s\n", h->segment[i]);
	for (i = 0; i < h->fields; i++)
		buf_addf(r->said, "%s: %s\n", h->field[i].name,
		    h->field[i].value);
}

static int
take_request(struct run *r)
{
	static const char *const strict[] = { "authorization", NULL };
	static struct net_scan s;
	static struct net_field field[NET_FIELDS];
	static struct body b;
	static char room[2 * NET_HEAD_MAX + 2], head[NET_HEAD_MAX];
	struct buf body = BUF_INIT(LIMIT);
	struct net_head h;
	const char *reason;
	size_t used, i;
	int status, rc;

	net_scan_init(&s);
	do {
		if (r->from + s.at == r->at && !more(r))
			return -1;
		rc = net_scan(&s, r->data + r->from + s.at,
		    r->at - r->from - s.at, &used);
	} while (!rc);
	memcpy(room, r->data + r->from, s.at);
	memcpy(head, room, s.at);
	if (net_head_make(&h, &s, room, field, strict, &status, &reason))
		return refused(r, status, reason);
	assert(rc > 0);
	r->from += s.at;
	for (i = 0; i < s.at; i++)	/* as the server does */
		if (head[i] == '\t')
			head[i] = ' ';
	tell(r, &h);
	if (body_begin(&b, &h, head, s.at, &body))
		return refused(r, b.status, b.reason);
	rc = h.length ? take_body(r, &b, &body) : 0;
	if (!rc)
		buf_add(r->said, body.data, body.len);
	buf_release(&body);
	return rc || !h.keep ? -1 : 0;
}

static void
take_all(struct buf *said, const char *data, size_t n, unsigned seed,
    unsigned step)
{
	struct run r = {
		.data = data, .n = n, .seed = seed, .step = step,
		.said = said,
	};

	while (!take_request(&r))
		assert(r.from <= r.at);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf whole = BUF_INIT(1 << 24), part = BUF_INIT(1 << 24);
	unsigned step;
	char *text;

	if (!n)
		return 0;
	/* A copy, so that reading past it is seen. */
	text = malloc(n);
	assert(text);
	memcpy(text, data + 1, n - 1);
	take_all(&whole, text, n - 1, 0, 0);
	for (step = 1; step < 4; step++) {
		buf_reset(&part);
		take_all(&part, text, n - 1, data[0] * 7 + step, step);
		assert(part.len == whole.len &&
		    !memcmp(part.data, whole.data, whole.len));
	}
	free(text);
	buf_release(&whole);
	buf_release(&part);
	return 0;
}
