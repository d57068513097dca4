#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/inner.h"

#define LOOPS 4			/* unless more are asked for */
#define LOOPS_MAX 64

enum { RUNS, STOPS, CUTS };

int64_t
net_now_us(void)
{
	return (int64_t)(uv_hrtime() / 1000);
}

void
net_limits_defaults(struct net_limits *l)
{
	*l = (struct net_limits){
		.head_ms = 10000, .body_ms = 30000, .idle_ms = 75000,
		.write_ms = 30000, .linger_ms = 2000,
		.drain_delay_ms = 0, .drain_ms = 10000,
		.connections = 4096, .streams = 1024, .per_address = 256,
		.stream_pending = 65536, .linger_bytes = 65536,
	};
}

/* Fixed names, whatever the locale: RFC 9110, 5.6.7. */
static void
render_date(struct net_loop *l)
{
	static const char day[] = "SunMonTueWedThuFriSat";
	static const char month[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t now = time(NULL);
	struct tm tm;

	if (!gmtime_r(&now, &tm))
		memset(&tm, 0, sizeof(tm));
	snprintf(l->date, sizeof(l->date),
	    "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
	    day + (ptrdiff_t)3 * tm.tm_wday, tm.tm_mday,
	    month + (ptrdiff_t)3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour,
	    tm.tm_min, tm.tm_sec);
}

static void
on_tick(uv_timer_t *t)
{
	struct net_loop *l = t->data;
	int64_t now = net_now_us();
	int64_t late = now - atomic_load(&l->tick_us) - TICK_US;

	atomic_store(&l->tick_us, now);
	atomic_store(&l->lag_us, late > 0 ? late : 0);
	render_date(l);
	due_run(l);
	listen_tick(l);
	if (l->server->calls.tick)
		l->server->calls.tick(l->state);
}

static void
wake_all(struct net_server *s)
{
	unsigned i;

	for (i = 0; i < s->opened; i++)
		uv_async_send(&s->loop[i].async);
}

/* A loop that stops ends with its last connection and exchange. */
void
server_settle(struct net_loop *l)
{
	struct net_server *s = l->server;

	if (!l->draining || l->ended || l->conn_count || l->exchanges ||
	    l->closing)
		return;
	/* The first has the timers, and outlives the others. */
	if (!l->index && atomic_load(&s->running) > 1)
		return;
	l->ended = true;
	uv_stop(&l->uv);
}

static void
begin_drain(struct net_loop *l)
{
	l->draining = true;
	listen_drain(l);
	if (l->server->calls.drain)
		l->server->calls.drain(l->state);
	conn_drain(l);
}

static void
begin_cut(struct net_loop *l)
{
	l->cutting = true;
	if (l->server->calls.cut)
		l->server->calls.cut(l->state);
	conn_cut(l);
}

static void
on_drain_delay(uv_timer_t *t)
{
	struct net_server *s = t->data;

	atomic_store(&s->phase, STOPS);
	wake_all(s);
}

static void
on_drain_end(uv_timer_t *t)
{
	net_cut(t->data);
}

/* In the first loop: somebody has asked for an end. */
static void
begin_stop(struct net_server *s)
{
	const struct net_limits *l = &s->config.limits;

	s->stopping = true;
	if (s->calls.stopping)
		s->calls.stopping(s->config.arg);
	uv_timer_start(&s->drain_timer, on_drain_delay,
	    (uint64_t)l->drain_delay_ms, 0);
	uv_timer_start(&s->cut_timer, on_drain_end,
	    (uint64_t)(l->drain_delay_ms + l->drain_ms), 0);
}

static void
on_async(uv_async_t *a)
{
	struct net_loop *l = a->data;
	struct net_server *s = l->server;
	unsigned phase;

	if (!l->index && !s->stopping && atomic_load(&s->stop))
		begin_stop(s);
	phase = atomic_load(&s->phase);
	if (phase >= STOPS && !l->draining)
		begin_drain(l);
	due_run(l);
	if (s->calls.wake && !l->ended)
		s->calls.wake(l->state);
	stream_bury(l);
	if (phase >= CUTS && !l->cutting)
		begin_cut(l);
	server_settle(l);
}

static void
on_signal(uv_signal_t *h, int number)
{
	struct net_server *s = h->data;

	if (number == SIGHUP) {
		if (s->calls.reload)
			s->calls.reload(s->config.arg);
		return;
	}
	/* Another one finds the default: it kills. */
	uv_signal_stop(&s->signal[0]);
	uv_signal_stop(&s->signal[1]);
	net_stop(s);
}

static int
open_loop(struct net_loop *l, struct err *e)
{
	struct net_server *s = l->server;

	if (uv_loop_init(&l->uv))
		return err_set(e, E_io_error, "cannot make a loop");
	s->opened++;
	if (uv_async_init(&l->uv, &l->async, on_async))
		return err_set(e, E_io_error, "cannot make a loop");
	l->async.data = l;
	due_open(l);
	uv_timer_init(&l->uv, &l->tick);
	l->tick.data = l;
	atomic_store(&l->tick_us, net_now_us());
	render_date(l);
	uv_timer_start(&l->tick, on_tick, 1000, 1000);
	if (listen_attach(l, e))
		return -1;
	l->state = s->calls.loop_open(s->config.arg, l, l->index, e);
	return l->state ? 0 : -1;
}

static int
open_signals(struct net_server *s, struct err *e)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	uv_loop_t *uv = &s->loop[0].uv;
	size_t i;

	uv_timer_init(uv, &s->drain_timer);
	uv_timer_init(uv, &s->cut_timer);
	s->drain_timer.data = s->cut_timer.data = s;
	if (!s->config.signals)
		return 0;
	for (i = 0; i < 3; i++) {
		s->signal[i].data = s;
		if (uv_signal_init(uv, &s->signal[i]) ||
		    uv_signal_start(&s->signal[i], on_signal, numbers[i]))
			return err_set(e, E_io_error, "cannot take signals");
	}
	return 0;
}

static unsigned
count_cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > LOOPS ? LOOPS : (unsigned)n;
}

int
net_open(struct net_server **out, const struct net_config *config,
    struct err *e)
{
	struct net_server *s = mem_zero(1, sizeof(*s));
	unsigned i;
	size_t d;

	s->config = *config;
	s->calls = *config->calls;
	if (!s->config.loops)
		s->config.loops = count_cores();
	if (s->config.loops > LOOPS_MAX)
		s->config.loops = LOOPS_MAX;
	s->loop = mem_zero(s->config.loops, sizeof(*s->loop));
	s->crowd = crowd_new(s->config.limits.per_address);
	for (i = 0; i < s->config.loops; i++) {
		s->loop[i].server = s;
		s->loop[i].index = i;
		s->loop[i].spare_fd = -1;
		for (d = 0; d < NET_DOORS; d++)
			s->loop[i].ear[d].fd = -1;
	}
	if (!peer_cidrs(&s->trusted, config->trusted)) {
		err_set_(e, E_bad_conf, "trusted proxies: '%.200s' is not a "
		    "list of networks, such as 10.0.0.0/8, ::1",
		    config->trusted);
		goto fail;
	}
	if (listen_open(s, e))
		goto fail;
	for (i = 0; i < s->config.loops; i++)
		if (open_loop(&s->loop[i], e))
			goto fail;
	if (open_signals(s, e))
		goto fail;
	*out = s;
	return 0;
fail:
	net_close(s);
	return -1;
}

static void *
serve(void *arg)
{
	struct net_loop *l = arg;
	struct net_server *s = l->server;

	while (!l->ended)
		uv_run(&l->uv, UV_RUN_DEFAULT);
	s->calls.loop_close(l->state);
	l->state = NULL;
	atomic_fetch_sub(&s->running, 1);
	uv_async_send(&s->loop[0].async);
	return NULL;
}

int
net_run(struct net_server *s, struct err *e)
{
	sigset_t all, old;
	unsigned i, started = 1;
	int rc = 0;

	atomic_store(&s->running, s->config.loops);
	/* Signals are for the thread that was asked to run. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	for (i = 1; i < s->config.loops; i++, started++)
		if (pthread_create(&s->loop[i].thread, NULL, serve,
		    &s->loop[i]))
			break;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (started < s->config.loops) {
		rc = err_set(e, E_io_error, "cannot start a thread");
		atomic_store(&s->running, started);
		net_cut(s);
	}
	serve(&s->loop[0]);
	for (i = 1; i < started; i++)
		pthread_join(s->loop[i].thread, NULL);
	return rc;
}

static void
close_handle(uv_handle_t *h, void *arg)
{
	(void)arg;
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

void
net_close(struct net_server *s)
{
	struct net_loop *l;
	unsigned i;

	if (!s)
		return;
	for (i = 0; i < s->opened; i++) {
		l = &s->loop[i];
		conn_cut(l);
		if (l->state)
			s->calls.loop_close(l->state);
		uv_walk(&l->uv, close_handle, NULL);
		while (uv_run(&l->uv, UV_RUN_DEFAULT))
			;
		uv_loop_close(&l->uv);
		exchange_release_spares(l);
	}
	listen_close(s);
	crowd_free(s->crowd);
	free(s->loop);
	free(s);
}

unsigned
net_loops(const struct net_server *s)
{
	return s->config.loops;
}

const char *
net_url(const struct net_server *s, size_t i)
{
	return i < s->doors ? s->door[i].url : NULL;
}

bool
net_local_only(const struct net_server *s)
{
	return s->local_only;
}

struct net_server *
net_loop_server(struct net_loop *l)
{
	return l->server;
}

void
net_wake(struct net_server *s, unsigned loop)
{
	uv_async_send(&s->loop[loop].async);
}

void
net_stop(struct net_server *s)
{
	unsigned was = RUNS;

	atomic_compare_exchange_strong(&s->stop, &was, STOPS);
	uv_async_send(&s->loop[0].async);
}

void
net_cut(struct net_server *s)
{
	atomic_store(&s->stop, CUTS);
	atomic_store(&s->phase, CUTS);
	wake_all(s);
}
