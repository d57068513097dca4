/*
 * ping - probes of many nodes on this machine, beside the least that they
 * could cost: see README.md, and ping.sh, which runs it.
 *
 *	ping PREFIX [PORT PID]	metrics that begin so; with the port and the
 *				process of a prometheus-blackbox-exporter,
 *				that one's too
 *
 * One process is all nodes: it listens on all addresses of the loopback, and
 * answers those in 127.D.0.0/16 after D milliseconds, 127.255.0.0/16 never.
 * Each measurement is a process of its own.  The control does no more than it
 * must: it connects, asks and reads to the end, as many at once.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include "bench.h"

#include "base/buf.h"
#include "base/chance.h"
#include "key/domain.h"
#include "probe/probe.h"

#define MOST 10000
#define FDS 8192
#define SOME 64			/* events at a time */
#define NEVER 255		/* ms */

/* What a measurement is of, and what it found. */
struct task {
	size_t n;
	unsigned in_flight;
	uint16_t port, exporter;
	long pid;			/* of the exporter */
	bool is_signed, is_late, is_wide;
};

struct result {
	double seconds, p50_us, p99_us, cpu_us;
	long rss_kib;
	size_t good;
};

static const unsigned delays[] = { 5, 20, 50, 100 };
static struct sign_key key;

/* Target i: whoever is late is so by one of the delays. */
static unsigned
delay_ms(const struct task *t, size_t i)
{
	if (t->is_wide)
		return i % 100 ? 50 : NEVER;
	return t->is_late ? delays[i % 4] : 0;
}

static uint32_t
address(const struct task *t, size_t i)
{
	return 127u << 24 | delay_ms(t, i) << 16 | (uint32_t)(i + 1);
}

/* --- the nodes ------------------------------------------------------------ */

struct due { double at_us; int fd; };
static struct due heap[FDS];
static size_t waiting;
static char asked[FDS][64];		/* the nonce, by descriptor */

static void
heap_put(double at_us, int fd)
{
	size_t i = waiting++;

	for (; i && heap[(i - 1) / 2].at_us > at_us; i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = (struct due){ at_us, fd };
}

static int
heap_take(void)
{
	struct due last = heap[--waiting];
	int fd = heap[0].fd;
	size_t i = 0, down;

	for (; (down = 2 * i + 1) < waiting; i = down) {
		if (down + 1 < waiting &&
		    heap[down + 1].at_us < heap[down].at_us)
			down++;
		if (heap[down].at_us >= last.at_us)
			break;
		heap[i] = heap[down];
	}
	heap[i] = last;
	return fd;
}

static void
answer(int fd, bool is_signed)
{
	struct buf body = BUF_INIT(1024), out = BUF_INIT(2048);
	struct err e;

	buf_adds(&body, "{\"status\":\"ok\",\"version\":\"1.0\"");
	if (is_signed) {
		json_str(&body, "nonce", asked[fd]);
		if (domain_seal(&body, DOMAIN_health, &key, "signature", &e))
			bench_die("%s", e.msg);
	}
	buf_addc(&body, '}');
	buf_addf(&out, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n"
	    "Connection: close\r\n\r\n%s", body.len, body.data);
	(void)!write(fd, out.data, out.len);
	close(fd);
	buf_release(&body);
	buf_release(&out);
}

static void
arm(int timer)
{
	int64_t us = waiting ? (int64_t)(heap[0].at_us - bench_now_us()) : 0;
	struct itimerspec t = { 0 };

	if (waiting && us < 1)
		us = 1;
	t.it_value.tv_sec = us / 1000000;
	t.it_value.tv_nsec = us % 1000000 * 1000;
	timerfd_settime(timer, 0, &t, NULL);
}

static void
hear(int ep, int fd, const struct task *t)
{
	struct epoll_event ev = { EPOLLIN | EPOLLONESHOT, { .fd = fd } };
	struct sockaddr_in own;
	socklen_t size = sizeof(own);
	char text[2048], *nonce;
	ssize_t n = read(fd, text, sizeof(text) - 1);
	unsigned late = 0;

	if (n <= 0 || (t->is_late &&
	    getsockname(fd, (struct sockaddr *)&own, &size))) {
		close(fd);
		return;
	}
	text[n] = '\0';
	if (t->is_signed) {
		nonce = strstr(text, "nonce=");
		snprintf(asked[fd], 33, "%s", nonce ? nonce + 6 : "");
	}
	if (t->is_late)
		late = ntohl(own.sin_addr.s_addr) >> 16 & 0xff;
	if (late == NEVER)
		epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);	/* until it goes */
	else if (late)
		heap_put(bench_now_us() + late * 1000, fd);
	else
		answer(fd, t->is_signed);
}

/* A connection is taken when there is something to read. */
static void __attribute__((noreturn))
serve(int listener, const struct task *t)
{
	struct epoll_event ev[SOME];
	int ep = epoll_create1(0), i, n, fd;
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	uint64_t ticks;

	ev[0] = (struct epoll_event){ EPOLLIN, { .fd = listener } };
	epoll_ctl(ep, EPOLL_CTL_ADD, listener, ev);
	ev[0].data.fd = timer;
	epoll_ctl(ep, EPOLL_CTL_ADD, timer, ev);
	for (;;) {
		n = epoll_wait(ep, ev, SOME, -1);
		for (i = 0; i < n; i++) {
			if (ev[i].data.fd == timer)
				(void)!read(timer, &ticks, sizeof(ticks));
			else if (ev[i].data.fd != listener)
				close(ev[i].data.fd);
			else
				while ((fd = accept(listener, NULL, NULL)) >= 0)
					hear(ep, fd, t);
		}
		while (waiting && heap[0].at_us <= bench_now_us())
			answer(heap_take(), t->is_signed);
		if (t->is_late)
			arm(timer);
	}
}

static pid_t
start(const struct task *t, uint16_t *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	socklen_t size = sizeof(at);
	int seconds = 5;
	pid_t pid;

	if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds,
	    sizeof(seconds)) || bind(fd, (struct sockaddr *)&at, size) ||
	    listen(fd, 4096) || getsockname(fd, (struct sockaddr *)&at, &size))
		bench_die("cannot listen");
	*port = ntohs(at.sin_port);
	pid = fork();
	if (!pid)
		serve(fd, t);
	close(fd);
	return pid;
}

/* --- what is measured ----------------------------------------------------- */

static double errors[MOST];

static void
sum_up(struct result *r, const struct task *t)
{
	qsort(errors, t->n, sizeof(*errors), bench_by_value);
	r->p50_us = errors[t->n / 2];
	r->p99_us = errors[t->n * 99 / 100];
}

struct told { const struct task *task; struct result *r; };

static void
told(void *arg, size_t i, const struct sample *s, bool *again)
{
	const struct told *t = arg;
	double error = (double)s->us[PHASE_TOTAL] -
	    delay_ms(t->task, i) * 1000.0;

	(void)again;
	t->r->good += s->ok && s->is_signed == t->task->is_signed;
	errors[i] = error < 0 ? -error : error;
}

static void
probe(const struct task *t, struct result *r)
{
	static struct probe_target target[MOST];
	static char url[MOST][48];
	struct told to = { t, r };
	struct chance chance = { 0 };
	struct probe_how how;
	struct in_addr ip;
	struct err e;
	size_t i, left;
	double began;

	probe_how_defaults(&how);
	how.in_flight = t->in_flight;
	how.allow_private = true;
	how.chance = &chance;
	how.agent = "bench/1";
	for (i = 0; i < t->n; i++) {
		ip.s_addr = htonl(address(t, i));
		snprintf(url[i], sizeof(url[i]), "http://%s:%u",
		    inet_ntoa(ip), t->port);
		target[i].endpoint = url[i];
		target[i].key = t->is_signed ? &key.pub : NULL;
	}
	began = bench_now_us();
	if (probe_run(&how, target, t->n, told, &to, &left, &e) || left)
		bench_die("%zu left: %s", left, e.msg);
	r->seconds = (bench_now_us() - began) / 1e6;
}

struct call { size_t i; double began_us; size_t n; char text[8192]; };

/* The exporter is asked to ask; it needs longer, and says if it was good. */
static int
call_begin(const struct task *t, struct call *c, size_t i)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(t->exporter ? t->exporter : t->port),
		.sin_addr = { htonl(t->exporter ? INADDR_LOOPBACK :
		    address(t, i)) },
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	*c = (struct call){ .i = i, .began_us = bench_now_us() };
	if (fd < 0 || (connect(fd, (struct sockaddr *)&to, sizeof(to)) &&
	    errno != EINPROGRESS))
		bench_die("cannot connect");
	return fd;
}

static void
call_send(const struct task *t, const struct call *c, int fd)
{
	struct in_addr ip = { htonl(address(t, c->i)) };
	char text[512];
	int n;

	if (t->exporter)
		n = snprintf(text, sizeof(text), "GET /probe?module=http_2xx&"
		    "target=http%%3A%%2F%%2F%s%%3A%u%%2Fapi%%2Fhealth "
		    "HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		    inet_ntoa(ip), t->port);
	else
		n = snprintf(text, sizeof(text), "GET /api/health?nonce="
		    "0123456789abcdef0123456789abcdef HTTP/1.1\r\nHost: x\r\n"
		    "Connection: close\r\n\r\n");
	if (write(fd, text, (size_t)n) != n)
		bench_die("cannot send");
}

static void
call_end(const struct task *t, struct call *c, struct result *r)
{
	double error = bench_now_us() - c->began_us -
	    delay_ms(t, c->i) * 1000.0;

	c->text[c->n] = '\0';
	errors[c->i] = error < 0 ? -error : error;
	r->good += strstr(c->text, t->exporter ? "probe_success 1" :
	    "\"ok\"") != NULL;
}

static void
bare(const struct task *t, struct result *r)
{
	struct call *calls = calloc(FDS, sizeof(*calls)), *c;
	struct epoll_event ev[SOME];
	int ep = epoll_create1(0), i, k, fd;
	size_t next = 0, busy = 0;
	double began = bench_now_us();
	ssize_t n;

	if (!calls)
		bench_die("no memory");
	while (next < t->n || busy) {
		for (k = 0; k < 4 && next < t->n && busy < t->in_flight;
		    k++, busy++) {
			struct call new;

			fd = call_begin(t, &new, next++);
			calls[fd] = new;
			ev[0] = (struct epoll_event){ EPOLLOUT,
			    { .fd = fd } };
			epoll_ctl(ep, EPOLL_CTL_ADD, fd, ev);
		}
		n = epoll_wait(ep, ev, SOME,
		    next < t->n && busy < t->in_flight ? 0 : -1);
		for (i = 0; i < n; i++) {
			ssize_t got;

			fd = ev[i].data.fd;
			c = &calls[fd];
			if (ev[i].events & EPOLLOUT) {
				call_send(t, c, fd);
				ev[i] = (struct epoll_event){ EPOLLIN,
				    { .fd = fd } };
				epoll_ctl(ep, EPOLL_CTL_MOD, fd, &ev[i]);
				continue;
			}
			got = read(fd, c->text + c->n,
			    sizeof(c->text) - 1 - c->n);
			if (got > 0 && c->n + (size_t)got <
			    sizeof(c->text) - 1) {
				c->n += (size_t)got;
				continue;
			}
			call_end(t, c, r);
			close(fd);
			busy--;
		}
	}
	r->seconds = (bench_now_us() - began) / 1e6;
	free(calls);
}

/* --- rounds --------------------------------------------------------------- */

typedef void measure(const struct task *, struct result *);

/* What another process has used. */
static double
used_us(long pid)
{
	unsigned long user, kernel;
	char path[64];
	FILE *f;
	int got;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	f = fopen(path, "r");
	if (!f)
		bench_die("no process %ld", pid);
	got = fscanf(f, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u "
	    "%*u %*u %lu %lu", &user, &kernel);
	fclose(f);
	return got != 2 ? 0 : (double)(user + kernel) * 1e6 /
	    (double)sysconf(_SC_CLK_TCK);
}

/* In a process of its own, so memory and CPU are its. */
static struct result
run(measure *m, const struct task *t)
{
	struct result r = { 0 };
	struct rusage u;
	double before = t->pid ? used_us(t->pid) : 0;
	int fd[2], status;
	pid_t pid;

	if (pipe(fd))
		bench_die("no pipe");
	pid = fork();
	if (!pid) {
		m(t, &r);
		sum_up(&r, t);
		(void)!write(fd[1], &r, sizeof(r));
		_exit(0);
	}
	close(fd[1]);
	if (read(fd[0], &r, sizeof(r)) != sizeof(r) ||
	    wait4(pid, &status, 0, &u) != pid)
		bench_die("a measurement died");
	close(fd[0]);
	r.cpu_us = ((double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec)) /
	    (double)t->n;
	if (t->pid)
		r.cpu_us = (used_us(t->pid) - before) / (double)t->n;
	r.rss_kib = u.ru_maxrss;
	return r;
}

static void
keep_best(struct result *best, struct result r, int round)
{
	if (!round || r.seconds < best->seconds) {
		best->seconds = r.seconds;
		best->good = r.good;
	}
	if (!round || r.p99_us < best->p99_us) {
		best->p50_us = r.p50_us;
		best->p99_us = r.p99_us;
	}
	if (!round || r.cpu_us < best->cpu_us)
		best->cpu_us = r.cpu_us;
	if (!round || r.rss_kib > best->rss_kib)
		best->rss_kib = r.rss_kib;
}

static void
compare(const char *prefix, const char *name, const struct task *subject,
    measure *of, const struct task *control)
{
	struct result s = { 0 }, c = { 0 };
	double value, other;
	int i;

	if (strncmp(name, prefix, strlen(prefix)))
		return;
	for (i = 0; i < BENCH_ROUNDS; i++) {
		keep_best(&s, run(probe, subject), i);
		keep_best(&c, run(of, control), i);
	}
	value = subject->is_late ? s.p99_us / 1e3 : s.seconds * 1e3;
	other = subject->is_late ? c.p99_us / 1e3 :
	    c.seconds * 1e3 / (double)control->n * (double)subject->n;
	printf("{\"metric\":\"%s\",\"value\":%.5g,\"unit\":\"ms\","
	    "\"control\":%.5g,\"ratio\":%.3g,\"per_s\":%.0f,"
	    "\"cpu_us\":%.1f,\"control_cpu_us\":%.1f,\"p50_error_us\":%.0f,"
	    "\"rss_kib\":%ld,\"good\":%zu,\"control_good\":%zu}\n", name,
	    value, other, other / value, (double)subject->n / s.seconds,
	    s.cpu_us, c.cpu_us, subject->is_late ? s.p50_us : 0, s.rss_kib,
	    s.good, c.good);
	fflush(stdout);
}

/* Once, without a control: most of it is waiting for those that are silent. */
static void
wide(const char *prefix, const struct task *t)
{
	static const char name[] = "ping_wide_10000";
	struct result r;

	if (strncmp(name, prefix, strlen(prefix)))
		return;
	r = run(probe, t);
	printf("{\"metric\":\"%s\",\"value\":%.4g,\"unit\":\"s\","
	    "\"cpu_us\":%.1f,\"rss_kib\":%ld,\"good\":%zu}\n", name,
	    r.seconds, r.cpu_us, r.rss_kib, r.good);
	fflush(stdout);
}

int
main(int argc, char *argv[])
{
	const char *prefix = argc > 1 ? argv[1] : "ping_";
	struct rlimit limit = { FDS, FDS };
	static const struct task kinds[] = { { 0 }, { .is_signed = true },
	    { .is_late = true } };
	uint16_t port[3];
	char name[64];
	pid_t nodes[3];
	size_t i;

	static const unsigned flights[] = { 8, 64, 512 };

	sign_key_new(&key);
	if (setrlimit(RLIMIT_NOFILE, &limit))
		bench_die("fewer than %d file descriptors", FDS);
	for (i = 0; i < 3; i++)
		nodes[i] = start(&kinds[i], &port[i]);
	for (i = 1000; i <= MOST; i *= 10) {
		struct task t = { .n = i, .in_flight = 64,
		    .port = port[0] };

		snprintf(name, sizeof(name), "ping_sweep_%zu", i);
		compare(prefix, name, &t, bare, &t);
		t.port = port[1];
		t.is_signed = true;
		snprintf(name, sizeof(name), "ping_signed_%zu", i);
		compare(prefix, name, &t, bare, &t);
	}
	for (i = 0; i < 3; i++) {
		struct task t = { .n = 2000, .in_flight = flights[i],
		    .port = port[2], .is_late = true };

		snprintf(name, sizeof(name), "ping_error_%u", flights[i]);
		compare(prefix, name, &t, bare, &t);
	}
	wide(prefix, &(struct task){ .n = MOST, .in_flight = 512,
	    .port = port[2], .is_late = true, .is_wide = true });
	if (argc > 3) {
		struct task t = { .n = 1000, .in_flight = 64,
		    .port = port[0] };
		struct task of = t;

		of.exporter = (uint16_t)strtoul(argv[2], NULL, 10);
		of.pid = strtol(argv[3], NULL, 10);
		compare(prefix, "ping_exporter", &t, bare, &of);
	}
	for (i = 0; i < 3; i++)
		kill(nodes[i], SIGTERM);
	sign_key_release(&key);
	return 0;
}
