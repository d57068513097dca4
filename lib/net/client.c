/* What libcurl waits for, epoll does; client_plan.c says whose turn it is. */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/client_impl.h"
#include "net/client_plan.h"

#define LOOK_US 100000		/* how long a stop may go unseen */
/*
 * Whoever was away for longer than that, held up by what it called back or by
 * the machine, cannot tell how long others took: what was in flight is asked
 * anew.  But for a machine that is always late, not more often than that;
 * what is called back has an answer to tell of, so that comes to an end.
 */
#define AWAY_US 500000
#define AWAY_MOST 3
/*
 * So many begin between two looks at what has come: one takes some 20 us, by
 * which all that wait seem to have taken longer.
 */
#define BURST 4
#define EVENTS 16
#define SHORT_US 50000		/* until what was lacking may be there */

struct client {
	const struct client_how *how;
	const struct client_ask *ask;
	const struct client_calls *calls;
	void *arg;
	struct client_plan plan;
	CURLM *multi;
	struct curl_slist *fields;
	int epoll;
	int64_t zero_us, curl_us;	/* the call; when libcurl wants to be
					   called, or CLIENT_NEVER */
	int64_t seen_us;		/* when we last looked */
	int64_t floods_us;		/* when to look for floods again */
	int away;			/* times that this was too long ago */
	bool held;			/* because of what we called back */
	struct client_slot *slots, *free;
	size_t opened;
};

static int64_t
clock_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t
now_us(const struct client *c)
{
	return clock_us() - c->zero_us;
}

/* --- in flight ------------------------------------------------------------ */

static int
open_slot(struct client *c, struct client_slot **out, struct err *e)
{
	struct client_slot *s = c->free;

	if (s) {
		c->free = s->next;
	} else {
		s = &c->slots[c->opened++];
		if (client_slot_open(s, c->how, c->fields, e))
			return -1;
	}
	*out = s;
	return 0;
}

static int
begin(struct client *c, size_t ask, struct err *e)
{
	struct client_slot *s;
	CURLMcode bad;

	if (open_slot(c, &s, e))
		return -1;
	buf_reset(&s->url);
	c->calls->begin(c->arg, ask, &s->url);
	if (s->url.full)
		return err_set(e, E_too_long, "a URL is longer than %d bytes",
		    CLIENT_URL);
	if (client_slot_aim(s, &c->ask[ask], e))
		return -1;
	s->ask = ask;
	s->busy = true;
	s->began_us = now_us(c);
	bad = curl_multi_add_handle(c->multi, s->easy);
	if (bad)
		return err_set(e, E_io_error, "cannot ask: %s",
		    curl_multi_strerror(bad));
	return 0;
}

static int
begin_some(struct client *c, struct err *e)
{
	int64_t now = now_us(c);
	size_t ask;
	int i;

	for (i = 0; i < BURST; i++) {
		ask = client_plan_take(&c->plan, now);
		if (ask == CLIENT_NONE)
			break;
		if (begin(c, ask, e))
			return -1;
	}
	return 0;
}

/* The slot is free; to be asked again at that moment, or never. */
static void
let_go(struct client *c, struct client_slot *s, int64_t again_us)
{
	curl_multi_remove_handle(c->multi, s->easy);
	client_plan_end(&c->plan, s->ask, again_us);
	s->busy = false;
	s->next = c->free;
	c->free = s;
}

/* Have we been away?  Then nothing is in flight any more. */
static bool
look(struct client *c)
{
	int64_t now = now_us(c), gone = now - c->seen_us;
	size_t i;

	c->seen_us = now;
	if (gone <= AWAY_US || c->how->post ||
	    (c->away == AWAY_MOST && !c->held))
		return false;
	c->away += !c->held;
	c->held = false;
	for (i = 0; i < c->opened; i++)
		if (c->slots[i].busy)
			let_go(c, &c->slots[i], now);
	return true;
}

static int
end(struct client *c, CURL *easy, CURLcode code, struct err *e)
{
	struct client_slot *s = NULL;
	struct client_answer a;
	int64_t again, before;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &s);
	if (c->plan.in_flight > 1 && client_slot_short(s, code)) {
		let_go(c, s, now_us(c) + SHORT_US);
		return 0;
	}
	if (client_slot_answer(s, code, &a, e))
		return -1;
	before = now_us(c);
	again = c->calls->end(c->arg, s->ask, &a);
	c->held |= now_us(c) - before > AWAY_US;
	let_go(c, s, again < 0 ? -1 : now_us(c) + again * 1000);
	return 0;
}

static int
end_some(struct client *c, struct err *e)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(c->multi, &left)))
		if (m->msg == CURLMSG_DONE &&
		    end(c, m->easy_handle, m->data.result, e))
			return -1;
	return 0;
}

/* Who is asked for little, and sends without end, takes the time of others. */
static int
end_floods(struct client *c, struct err *e)
{
	int64_t now = now_us(c);
	struct client_slot *s;

	if (now < c->floods_us)
		return 0;
	c->floods_us = now + LOOK_US;
	for (s = c->slots; s < c->slots + c->opened; s++) {
		if (!s->busy || !client_floods(s->fd, c->how->body_max))
			continue;
		s->large = true;
		if (end(c, s->easy, CURLE_WRITE_ERROR, e))
			return -1;
	}
	return 0;
}

/* --- the loop ------------------------------------------------------------- */

/* The mark of a socket is that epoll knows of it. */
static int
watch_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *mark)
{
	struct client *c = arg;
	struct epoll_event ev = { .data = { .fd = fd } };

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(c->epoll, EPOLL_CTL_DEL, fd, &ev);
		return 0;
	}
	if (what & CURL_POLL_IN)
		ev.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		ev.events |= EPOLLOUT;
	if (epoll_ctl(c->epoll, mark ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &ev))
		return -1;
	if (!mark)
		curl_multi_assign(c->multi, fd, c);
	return 0;
}

static int
watch_time(CURLM *multi, long ms, void *arg)
{
	struct client *c = arg;

	(void)multi;
	c->curl_us = ms < 0 ? CLIENT_NEVER : now_us(c) + ms * 1000;
	return 0;
}

static int
act(struct client *c, int fd, int what, struct err *e)
{
	int running;
	CURLMcode bad = curl_multi_socket_action(c->multi, fd, what, &running);

	return bad ? err_set(e, E_io_error, "cannot go on asking: %s",
	    curl_multi_strerror(bad)) : 0;
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* How long epoll may wait, in ms, rounded up. */
static int
patience(const struct client *c)
{
	int64_t until = least(c->curl_us, client_plan_next(&c->plan));
	int64_t now = now_us(c);

	if (c->how->deadline_ms)
		until = least(until, c->how->deadline_ms * 1000);
	until = least(until, now + LOOK_US);
	return until <= now ? 0 : (int)((until - now + 999) / 1000);
}

static int
wait_some(struct client *c, struct err *e)
{
	struct epoll_event ev[EVENTS];
	int i, what, n = epoll_wait(c->epoll, ev, EVENTS, patience(c));

	if (n < 0 && errno != EINTR)
		return err_sys(e, "cannot wait for answers");
	if (look(c))
		return 0;
	for (i = 0; i < n; i++) {
		what = 0;
		if (ev[i].events & EPOLLIN)
			what |= CURL_CSELECT_IN;
		if (ev[i].events & EPOLLOUT)
			what |= CURL_CSELECT_OUT;
		if (ev[i].events & (EPOLLERR | EPOLLHUP))
			what |= CURL_CSELECT_ERR;
		if (act(c, ev[i].data.fd, what, e))
			return -1;
	}
	return end_some(c, e);
}

static bool
is_cut(const struct client *c)
{
	return (c->how->stop && *c->how->stop) || (c->how->deadline_ms &&
	    now_us(c) >= c->how->deadline_ms * 1000);
}

static int
run(struct client *c, struct err *e)
{
	while (!client_plan_done(&c->plan) && !is_cut(c)) {
		look(c);
		if (end_floods(c, e) || begin_some(c, e))
			return -1;
		if (c->curl_us <= now_us(c)) {
			c->curl_us = CLIENT_NEVER;
			if (act(c, CURL_SOCKET_TIMEOUT, 0, e) ||
			    end_some(c, e))
				return -1;
		}
		if (!client_plan_done(&c->plan) && wait_some(c, e))
			return -1;
	}
	return 0;
}

/* --- before and after ----------------------------------------------------- */

static int
add_line(struct client *c, const char *line, struct err *e)
{
	struct curl_slist *more = curl_slist_append(c->fields, line);

	if (!more)
		return err_set(e, E_io_error, "cannot set libcurl up");
	c->fields = more;
	return 0;
}

static int
add_accept(struct client *c, struct err *e)
{
	struct buf line = BUF_INIT(1024);
	int rc;

	if (!c->how->accept)
		return 0;
	buf_addf(&line, "Accept: %s", c->how->accept);
	rc = add_line(c, line.data, e);
	buf_release(&line);
	return rc;
}

/*
 * Connections are closed by the server, which then has what is left of them;
 * nobody is asked beforehand whether a POST is wanted.
 */
static int
add_fields(struct client *c, struct err *e)
{
	const char *const *f;

	for (f = c->how->fields; f && *f; f++)
		if (add_line(c, *f, e))
			return -1;
	return add_line(c, "Connection: close", e) || add_accept(c, e) ||
	    (c->how->post && add_line(c, "Expect:", e)) ? -1 : 0;
}

static int
set_up(struct client *c, struct err *e)
{
	CURLMcode bad;

	if (add_fields(c, e))
		return -1;
	c->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (c->epoll < 0)
		return err_sys(e, "cannot wait for answers");
	c->multi = curl_multi_init();
	if (!c->multi)
		return err_set(e, E_io_error, "cannot set libcurl up");
	bad = curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION,
	    watch_socket);
	if (!bad)
		bad = curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	if (!bad)
		bad = curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION,
		    watch_time);
	if (!bad)
		bad = curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
	return bad ? err_set(e, E_io_error, "cannot set libcurl up: %s",
	    curl_multi_strerror(bad)) : 0;
}

static void
take_down(struct client *c)
{
	size_t i;

	for (i = 0; i < c->opened; i++)
		if (c->slots[i].easy && c->multi)
			curl_multi_remove_handle(c->multi, c->slots[i].easy);
	for (i = 0; i < c->opened; i++)
		client_slot_close(&c->slots[i]);
	if (c->multi)
		curl_multi_cleanup(c->multi);
	curl_slist_free_all(c->fields);
	if (c->epoll >= 0)
		close(c->epoll);
	free(c->slots);
}

int
client_run(const struct client_how *wanted, const struct client_ask *ask,
    size_t n, const struct client_calls *calls, void *arg, struct err *e)
{
	struct client_how how = *wanted;
	struct client c = {
		.how = &how, .ask = ask, .calls = calls, .arg = arg,
		.epoll = -1, .curl_us = CLIENT_NEVER, .zero_us = clock_us(),
	};
	int rc;

	if (!n)
		return 0;
	if (n < how.in_flight)
		how.in_flight = (unsigned)n;
	if (client_room(&how.in_flight, e))
		return -1;
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return err_set(e, E_io_error, "cannot set libcurl up");
	c.slots = mem_zero(how.in_flight, sizeof(*c.slots));
	client_plan_open(&c.plan, &how, ask, n);
	rc = set_up(&c, e) || run(&c, e) ? -1 : 0;
	take_down(&c);
	client_plan_close(&c.plan);
	curl_global_cleanup();
	return rc;
}
