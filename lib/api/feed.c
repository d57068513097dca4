/*
 * Streams of events: spec/http.md 8.
 *
 * Those that have heard all there is are live: they are told together, as far
 * as feeds.at.  The others read on from where they are, each for itself, and
 * only as fast as they take it, so that whoever resumes is not dropped for
 * what he has missed.
 *
 * Streams of one route and caller stand side by side, and share the bytes.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "api/feed.h"
#include "api/impl.h"
#include "base/mem.h"
#include "store/store.h"

#define PAGE 200		/* leaves in one turn */
#define TURN_US 5000		/* of a loop, before others have theirs */
#define AHEAD 16384		/* bytes pending of one that catches up */
#define BEAT_US 15000000
#define CHECK_US 60000000
#define EVENT_MAX (2 * LEAF_MAX)

struct feed {
	struct feed *next, *prev;
	struct job *job;
	int64_t at;			/* the first leaf not told yet */
	int64_t checked_us;
	unsigned round;
	bool live;
};

bool
feed_is(const struct job *j)
{
	return j->row && j->row->route->class == ROUTE_STREAM;
}

static const char *
who(const struct feed *f)
{
	const struct call *c = &f->job->call;

	return c->who == CALLER_NODE ? c->node.id : "";
}

/* Do they hear the same? */
static bool
same(const struct feed *a, const struct feed *b)
{
	return a->job->row == b->job->row && !strcmp(who(a), who(b));
}

static struct feeds *
feeds_of(const struct feed *f)
{
	return &f->job->loop->feeds;
}

static void
add(struct feed *f)
{
	struct feeds *all = feeds_of(f);
	struct feed *p;

	for (p = all->first; p && !same(p, f); p = p->next)
		;
	f->prev = p;
	f->next = p ? p->next : all->first;
	if (f->next)
		f->next->prev = f;
	*(p ? &p->next : &all->first) = f;
	atomic_fetch_add(&all->n, 1);
}

static void
drop(struct feed *f)
{
	struct feeds *all = feeds_of(f);

	if (f->next)
		f->next->prev = f->prev;
	*(f->prev ? &f->prev->next : &all->first) = f->next;
	atomic_fetch_sub(&all->n, 1);
	f->job->feed = NULL;
	free(f);
}

void
feed_gone(void *state, struct net_exchange *x)
{
	struct job *j = net_user(x);

	(void)state;
	if (j->feed)
		drop(j->feed);
}

static void
send_text(struct feed *f, const char *text, size_t n)
{
	struct net_bytes *b = net_bytes_new(text, n);

	net_stream_send(f->job->x, b);
	net_bytes_free(b);
}

/* The job may be freed by this. */
static void
end(struct feed *f, const char *why)
{
	struct net_exchange *x = f->job->x;
	struct buf text = BUF_INIT(256);

	buf_addf(&text, "event: bye\ndata: {\"reason\":\"%s\"}\n\n", why);
	send_text(f, text.data, text.len);
	buf_release(&text);
	drop(f);
	net_stream_end(x);
}

static bool
any_live(const struct feeds *all)
{
	const struct feed *f;

	for (f = all->first; f && !f->live; f = f->next)
		;
	return f;
}

/* It has heard all there is: others go on from there, or are as far. */
static void
go_live(struct feed *f)
{
	struct feeds *all = feeds_of(f);

	if (!any_live(all))
		all->at = f->at;
	f->live = true;
}

/*
 * An id alone is remembered, and nothing is told of it: so that who comes
 * back before there was an event misses none.
 */
static void
greet(struct feed *f)
{
	struct buf text = BUF_INIT(128);

	buf_adds(&text, "retry: 3000\n");
	if (f->at)
		buf_addf(&text, "id: %lld\n", (long long)f->at - 1);
	buf_addc(&text, '\n');
	send_text(f, text.data, text.len);
	buf_release(&text);
}

static void
refuse(struct job *j)
{
	err_set_(&j->err, E_overloaded, "there are too many streams");
	serve_answer(j);
}

void
feed_start(struct job *j)
{
	struct buf headers = BUF_INIT(16384);
	struct loop *l = j->loop;
	struct feed *f;
	int rc;

	head_reply(j, 200, &headers);
	buf_add(&headers, j->call.headers.data, j->call.headers.len);
	buf_adds(&headers, "Content-Type: text/event-stream\r\n"
	    "X-Accel-Buffering: no\r\n");
	rc = net_stream_begin(j->x, 200, &headers);
	buf_release(&headers);
	if (rc) {
		refuse(j);
		return;
	}
	if (net_request(j->x)->method == NET_HEAD) {
		net_stream_end(j->x);
		return;
	}
	f = j->feed = mem_zero(1, sizeof(*f));
	f->job = j;
	f->at = j->from;
	f->checked_us = serve_rate_us(l->api);
	if (!l->feeds.first)
		l->feeds.beat_us = f->checked_us;
	f->round = l->feeds.round - 1;
	add(f);
	greet(f);
	if (atomic_load(&l->api->draining)) {
		end(f, "draining");
		return;
	}
	net_wake(l->api->net, l->index);
}

/* What this one hears of the leaf; NULL if nothing. */
static int
render(struct told *t, const struct feed *f, struct net_bytes **out,
    struct err *e)
{
	struct buf text = BUF_INIT(EVENT_MAX);
	size_t mark;
	int rc;

	*out = NULL;
	buf_addf(&text, "id: %lld\n", (long long)t->seq);
	mark = text.len;
	rc = f->job->row->route->tell(t, who(f), &text, e);
	if (!rc && text.len > mark) {
		buf_addc(&text, '\n');
		assert(!text.full);
		*out = net_bytes_new(text.data, text.len);
	}
	buf_release(&text);
	return rc;
}

static int
tell_live(struct feeds *all, struct told *t, struct err *e)
{
	struct net_bytes *bytes = NULL;
	struct feed *f, *before = NULL;
	int rc = 0;

	for (f = all->first; f && !rc; f = f->next) {
		if (!f->live || f->at > t->seq)
			continue;
		if (!before || !same(before, f)) {
			net_bytes_free(bytes);
			rc = render(t, f, &bytes, e);
			before = f;
		}
		if (bytes)
			net_stream_send(f->job->x, bytes);
	}
	net_bytes_free(bytes);
	return rc;
}

static int
tell_one(struct feed *f, struct told *t, struct err *e)
{
	struct net_bytes *bytes;

	if (render(t, f, &bytes, e))
		return -1;
	if (bytes)
		net_stream_send(f->job->x, bytes);
	net_bytes_free(bytes);
	f->at = t->seq + 1;
	return 0;
}

/* Tell a page of leaves to one, or if that is NULL, to all who are live. */
static int
tell_page(struct loop *l, struct feed *one, bool *more, struct err *e)
{
	int64_t from = one ? one->at : l->feeds.at;
	struct told t = { .store = l->store };
	struct stored leaf;
	struct query q;
	int got = 0, n = 0;

	ledger_leaves_open(&q, l->store, from, from + PAGE);
	while ((!one || net_stream_pending(one->job->x) < AHEAD) &&
	    (got = ledger_leaves_next(&q, &leaf, e)) > 0) {
		t.seq = leaf.seq;
		t.leaf = leaf.leaf;
		t.leaf_n = leaf.leaf_n;
		t.has_entry = false;
		t.has_traders = 0;
		if (one ? tell_one(one, &t, e) : tell_live(&l->feeds, &t, e)) {
			got = -1;
			break;
		}
		if (!one)
			l->feeds.at = leaf.seq + 1;
		n++;
	}
	query_close(&q);
	feed_release(&t);
	*more = got > 0 || n == PAGE;
	return got < 0 ? -1 : 0;
}

static bool
page(struct loop *l, struct feed *one)
{
	struct err e = { 0 };
	bool more = false;
	int rc = store_snapshot(l->store, &e);

	if (!rc) {
		rc = tell_page(l, one, &more, &e);
		store_rollback(l->store);
	}
	if (rc)
		log_event(l->api, "events not told", NULL, &e);
	else if (one && !more)
		go_live(one);
	return !rc && more;
}

static bool
may_go_on(const struct feed *f, unsigned round)
{
	return !f->live && f->round != round &&
	    !net_stream_pending(f->job->x);
}

/* All who can take something, each in its turn, and not for long. */
void
feed_pump(struct loop *l)
{
	struct feeds *all = &l->feeds;
	int64_t from_us = net_now_us();
	bool more = false;
	struct feed *f;

	if (!all->first)
		return;
	if (any_live(all))
		more = page(l, NULL);
	for (f = all->first; f; f = f->next) {
		if (!may_go_on(f, all->round))
			continue;
		f->round = all->round;
		more = page(l, f) || more;
		if (net_now_us() - from_us > TURN_US)
			break;
	}
	if (!f)
		all->round++;
	if (f || more)
		net_wake(l->api->net, l->index);
}

/* Behind which leaf would it go on? */
static int64_t
heard(const struct feeds *all, const struct feed *f)
{
	return (f->live && all->at > f->at ? all->at : f->at) - 1;
}

/* A comment, for proxies; and the id, of who has heard nothing for long. */
static void
beat(struct feeds *all)
{
	struct net_bytes *bytes = NULL;
	int64_t at = -1;
	struct feed *f;
	struct buf text = BUF_INIT(64);

	for (f = all->first; f; f = f->next) {
		if (!bytes || heard(all, f) != at) {
			at = heard(all, f);
			buf_reset(&text);
			buf_adds(&text, ":\n");
			if (at >= 0)
				buf_addf(&text, "id: %lld\n", (long long)at);
			buf_addc(&text, '\n');
			net_bytes_free(bytes);
			bytes = net_bytes_new(text.data, text.len);
		}
		net_stream_send(f->job->x, bytes);
	}
	net_bytes_free(bytes);
	buf_release(&text);
}

/* He may still call, as things are now. */
static int
check(struct feed *f, int64_t now_us, struct err *e)
{
	struct job *j = f->job;

	f->checked_us = now_us;
	j->conf = atomic_load(&j->api->conf);
	j->call.params = &j->conf->params;
	j->call.now_ms = serve_now_ms(j->api);
	return auth_again(j, e);
}

static void
check_all(struct loop *l, int64_t now_us)
{
	struct feed *f, *next;
	struct err e = { 0 };

	for (f = l->feeds.first; f; f = next) {
		next = f->next;
		if (now_us - f->checked_us < CHECK_US &&
		    now_us >= f->checked_us)
			continue;
		e = (struct err){ 0 };
		if (!check(f, now_us, &e))
			continue;
		atomic_fetch_add(&l->feeds.denied, 1);
		end(f, say_word(e.code));
	}
}

void
feed_tick(struct loop *l)
{
	int64_t now_us;

	if (!l->feeds.first)
		return;
	now_us = serve_rate_us(l->api);
	check_all(l, now_us);
	if (now_us - l->feeds.beat_us >= BEAT_US ||
	    now_us < l->feeds.beat_us) {
		l->feeds.beat_us = now_us;
		beat(&l->feeds);
	}
	feed_pump(l);		/* programs beside the server write, too */
}

void
feed_drained(void *state, struct net_exchange *x)
{
	(void)x;
	feed_pump(state);
}

void
feed_drain(void *state)
{
	struct loop *l = state;

	while (l->feeds.first)
		end(l->feeds.first, "draining");
}

void
feed_news(struct api *a)
{
	unsigned i;

	for (i = 0; i < net_loops(a->net); i++)
		if (atomic_load(&a->loop[i]->feeds.n))
			net_wake(a->net, i);
}
