/*
 * toy - a server of lib/net with a few paths, for tests and as the control of
 * benchmarks.
 *
 *	toy [NAME=VALUE]... ADDRESS...
 *
 * NAME is a limit (head_ms, connections, ...), loops, trusted, clock (1: time
 * stands still until it is moved), inherit (a descriptor that listens), or
 * ready (a descriptor that gets the first address).  Commands come as lines
 * from standard input; its end stops all at once.  Answers are on standard
 * output: "ok", or the counts as NAME=VALUE.
 *
 *	move MS		the clock, once all is quiet
 *	go		answer what waits
 *	send TEXT	to all streams
 *	stop, cut, stats
 *
 * Paths: /deny is answered before the body is read, /tiny takes 8 bytes,
 * /large 1 MiB, others 64 KiB; /bytes/N is N bytes, /wait waits for "go",
 * /sse is a stream, /constant a constant; /close closes; others say what they
 * got: "POST /path?query host=h ip=a body=5:hello".
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/server.h"

#define TOGETHER 4096

struct state {
	struct net_loop *loop;
	unsigned index;
	struct net_exchange *wait[TOGETHER], *stream[TOGETHER];
	size_t waits, streams;
	unsigned long go, sent;		/* orders that were obeyed */
	atomic_ulong seen;
	bool draining;
};

static struct net_server *server;
static atomic_llong now_ms = 1000000;
static atomic_ulong go, sent, asked, done_n, gone_n;
static struct state *states[64];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char event[1 << 17];

static void *
loop_open(void *arg, struct net_loop *l, unsigned index, struct err *e)
{
	struct state *s = mem_zero(1, sizeof(*s));

	(void)arg;
	(void)e;
	s->loop = l;
	s->index = index;
	states[index] = s;
	return s;
}

static void
loop_close(void *state)
{
	free(state);
}

static bool
first(const struct net_head *h, const char *word)
{
	return h->segments && !strcmp(h->segment[0], word);
}

static int64_t
head(void *state, struct net_exchange *x)
{
	const struct net_head *h = net_request(x);

	(void)state;
	if (first(h, "deny")) {
		net_reply(x, 404, NULL, NULL, false);
		return -1;
	}
	return first(h, "tiny") ? 8 : first(h, "large") ? 1 << 20 : 65536;
}

static void
tell(struct net_exchange *x)
{
	const struct net_head *h = net_request(x);
	struct buf out = BUF_INIT(1 << 21), *body = net_body(x);

	buf_addf(&out, "%s %s%s%s host=%s ip=%s body=%zu:",
	    net_method_name(h->method), h->path, h->query ? "?" : "",
	    h->query ? h->query : "", h->host ? h->host : "", h->ip,
	    body->len);
	buf_add(&out, body->data, body->len);
	buf_addc(&out, '\n');
	net_reply(x, 200, NULL, &out, first(h, "close"));
}

static void
give_bytes(struct net_exchange *x, const char *count)
{
	static const char some[] = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
	struct buf out = BUF_INIT(1 << 26);
	unsigned long n = strtoul(count, NULL, 10), part;

	for (; n; n -= part) {
		part = n < sizeof(some) - 1 ? n : sizeof(some) - 1;
		buf_add(&out, some, part);
	}
	net_reply(x, 200, NULL, &out, false);
}

static void
begin_stream(struct state *s, struct net_exchange *x)
{
	static const char type[] = "Content-Type: text/event-stream\r\n";
	struct buf headers = BUF_INIT(sizeof(type));

	buf_adds(&headers, type);
	if (s->streams == TOGETHER || net_stream_begin(x, 200, &headers))
		net_reply(x, 503, NULL, NULL, false);
	else
		s->stream[s->streams++] = x;
	buf_release(&headers);
}

static void
request(void *state, struct net_exchange *x)
{
	static const char constant[] = "{\"status\":\"ok\"}";
	const struct net_head *h = net_request(x);
	struct state *s = state;
	struct buf out = BUF_INIT(sizeof(constant));

	if (first(h, "constant")) {
		buf_adds(&out, constant);
		net_reply(x, 200, NULL, &out, false);
	} else if (first(h, "wait") && s->waits < TOGETHER)
		s->wait[s->waits++] = x;
	else if (first(h, "sse"))
		begin_stream(s, x);
	else if (first(h, "bytes") && h->segments == 2)
		give_bytes(x, h->segment[1]);
	else
		tell(x);
}

static void
refuse(void *state, const struct net_head *h, int status, const char *reason,
    struct buf *headers, struct buf *body)
{
	(void)state;
	(void)h;
	if (status == 503)
		buf_adds(headers, "Retry-After: 1\r\n");
	if (status == 415)
		buf_adds(headers, "Accept-Encoding: identity\r\n");
	buf_adds(body, reason);
}

static void
answer_all(struct state *s)
{
	struct net_exchange *x;

	while (s->waits) {
		x = s->wait[--s->waits];
		tell(x);
	}
}

static void
send_all(struct state *s)
{
	struct net_bytes *b;
	size_t i;

	pthread_mutex_lock(&lock);
	b = net_bytes_new(event, strlen(event));
	pthread_mutex_unlock(&lock);
	for (i = 0; i < s->streams; i++)
		net_stream_send(s->stream[i], b);
	net_bytes_free(b);
}

static void
wake(void *state)
{
	struct state *s = state;
	unsigned long n = atomic_load(&go);

	if (s->go != n)
		answer_all(s);
	s->go = n;
	n = atomic_load(&sent);
	if (s->sent != n)
		send_all(s);
	s->sent = n;
	atomic_store(&s->seen, atomic_load(&asked));
}

static void
forget(struct state *s, struct net_exchange *x)
{
	size_t i;

	for (i = 0; i < s->streams; i++)
		if (s->stream[i] == x)
			s->stream[i--] = s->stream[--s->streams];
}

static void
gone(void *state, struct net_exchange *x)
{
	forget(state, x);
	atomic_fetch_add(&gone_n, 1);
}

static void
drain(void *state)
{
	static const char bye[] = "event: bye\n\n";
	struct state *s = state;
	struct net_bytes *b = net_bytes_new(bye, sizeof(bye) - 1);
	struct net_exchange *x;

	while (s->streams) {
		x = s->stream[--s->streams];
		net_stream_send(x, b);
		net_stream_end(x);
	}
	net_bytes_free(b);
}

static void
cut(void *state)
{
	struct state *s = state;

	while (s->waits)
		net_reply(s->wait[--s->waits], 503, NULL, NULL, true);
}

static void
done(void *state, struct net_exchange *x, const struct net_facts *f)
{
	(void)state;
	(void)x;
	(void)f;
	atomic_fetch_add(&done_n, 1);
}

static int64_t
clock_now(void *arg)
{
	(void)arg;
	return atomic_load(&now_ms);
}

static void
wake_loops(void)
{
	unsigned i;

	for (i = 0; i < net_loops(server); i++)
		net_wake(server, i);
}

/* Until each loop has been through all that there was to do. */
static void
settle(void)
{
	unsigned i, turn;

	for (turn = 0; turn < 2; turn++) {
		atomic_fetch_add(&asked, 1);
		wake_loops();
		for (i = 0; i < net_loops(server); i++)
			while (atomic_load(&states[i]->seen) !=
			    atomic_load(&asked))
				sched_yield();
	}
}

static void
print_stats(void)
{
	struct net_stats s;

	net_stats(server, &s);
	printf("accepted=%lu requests=%lu connections=%lu address=%lu "
	    "descriptors=%lu malformed=%lu head=%lu body=%lu idle=%lu "
	    "write=%lu dropped=%lu open=%lu busy=%lu streams=%lu done=%lu "
	    "gone=%lu\n", s.accepted, s.requests, s.refused_connections,
	    s.refused_address, s.refused_descriptors, s.malformed,
	    s.timeout_head, s.timeout_body, s.timeout_idle, s.timeout_write,
	    s.streams_dropped, s.open, s.busy, s.streams,
	    atomic_load(&done_n), atomic_load(&gone_n));
}

static void
obey(char *line)
{
	line[strcspn(line, "\n")] = '\0';
	if (!strncmp(line, "move ", 5)) {
		settle();
		atomic_fetch_add(&now_ms, strtoll(line + 5, NULL, 10));
		settle();
	} else if (!strcmp(line, "go"))
		atomic_fetch_add(&go, 1);
	else if (!strncmp(line, "send ", 5)) {
		pthread_mutex_lock(&lock);
		snprintf(event, sizeof(event), "%s", line + 5);
		pthread_mutex_unlock(&lock);
		atomic_fetch_add(&sent, 1);
		settle();
	} else if (!strcmp(line, "stop"))
		net_stop(server);
	else if (!strcmp(line, "cut"))
		net_cut(server);
	else if (!strcmp(line, "stats")) {
		print_stats();
		return;
	}
	wake_loops();
	puts("ok");
}

static void *
commands(void *arg)
{
	static char line[1 << 17];

	(void)arg;
	while (fgets(line, sizeof(line), stdin)) {
		obey(line);
		fflush(stdout);
	}
	net_cut(server);
	return NULL;
}

struct named { const char *name; int64_t *ms; unsigned *count; size_t *size; };

static bool
set(struct net_config *c, const char *arg, int *ready, int *inherit)
{
	struct net_limits *l = &c->limits;
	bool clock = false;
	unsigned moved = 0;
	const struct named names[] = {
		{ "head_ms", &l->head_ms, NULL, NULL },
		{ "body_ms", &l->body_ms, NULL, NULL },
		{ "idle_ms", &l->idle_ms, NULL, NULL },
		{ "write_ms", &l->write_ms, NULL, NULL },
		{ "linger_ms", &l->linger_ms, NULL, NULL },
		{ "drain_ms", &l->drain_ms, NULL, NULL },
		{ "drain_delay_ms", &l->drain_delay_ms, NULL, NULL },
		{ "connections", NULL, &l->connections, NULL },
		{ "streams", NULL, &l->streams, NULL },
		{ "per_address", NULL, &l->per_address, NULL },
		{ "loops", NULL, &c->loops, NULL },
		{ "ready", NULL, (unsigned *)ready, NULL },
		{ "inherit", NULL, (unsigned *)inherit, NULL },
		{ "clock", NULL, &moved, NULL },
		{ "stream_pending", NULL, NULL, &l->stream_pending },
		{ "linger_bytes", NULL, NULL, &l->linger_bytes },
	};
	const char *value = strchr(arg, '=');
	size_t i, n = value ? (size_t)(value++ - arg) : 0;

	if (!value)
		return false;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strlen(names[i].name) != n ||
		    memcmp(names[i].name, arg, n))
			continue;
		if (names[i].ms)
			*names[i].ms = strtoll(value, NULL, 10);
		if (names[i].count)
			*names[i].count = (unsigned)strtoul(value, NULL, 10);
		if (names[i].size)
			*names[i].size = strtoul(value, NULL, 10);
		clock = moved;
		if (clock)
			c->clock = clock_now;
		return true;
	}
	if (n == 7 && !memcmp(arg, "trusted", n)) {
		c->trusted = value;
		return true;
	}
	return false;
}

int
main(int argc, char *argv[])
{
	static const char *const strict[] = { "authorization", NULL };
	static const struct net_calls calls = {
		.loop_open = loop_open, .loop_close = loop_close,
		.head = head, .request = request, .refuse = refuse,
		.wake = wake, .gone = gone, .done = done, .drain = drain,
		.cut = cut,
	};
	struct net_config c = {
		.loops = 2, .strict = strict, .calls = &calls,
		.signals = true,
	};
	struct net_inherited in = { .fd = -1, .name = "http" };
	const char *listens[NET_DOORS + 1] = { NULL };
	struct err e = { 0 };
	pthread_t thread;
	sigset_t all, old;
	int ready = 1, i, n = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	net_limits_defaults(&c.limits);
	c.listen = listens;
	for (i = 1; i < argc; i++)
		if (!set(&c, argv[i], &ready, &in.fd) && n < NET_DOORS)
			listens[n++] = argv[i];
	if (in.fd >= 0) {
		c.inherited = &in;
		c.inherited_n = 1;
	}
	if (net_open(&server, &c, &e)) {
		fprintf(stderr, "toy: %s (%s)\n", e.msg, err_word(e.code));
		return (int)e.kind;
	}
	dprintf(ready, "%s\n", net_url(server, 0));
	/* Signals are for the loop. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if (pthread_create(&thread, NULL, commands, NULL))
		return 7;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (net_run(server, &e))
		return (int)e.kind;
	pthread_cancel(thread);
	pthread_join(thread, NULL);
	print_stats();
	net_close(server);
	return 0;
}
