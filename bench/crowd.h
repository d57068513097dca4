/*
 * crowd - many nodes in one process: what a bench of probes asks.
 *
 * It listens on all addresses of the loopback.  Node i of a kind has the
 * address 127.D.x.y, x and y being those of i + 1, and answers D ms late,
 * or never if D is NODES_NEVER; and a key of its own, that of its number.
 */
#ifndef BENCH_CROWD_H
#define BENCH_CROWD_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include "bench.h"

#include "base/buf.h"
#include "key/domain.h"
#include "key/ident.h"

#define NODES_MOST 10000
#define NODES_FDS 8192
#define NODES_EVENTS 64		/* at a time */
#define NODES_NEVER 255

enum nodes_kind { NODES_PLAIN, NODES_SIGNED, NODES_LATE, NODES_WIDE };

static struct sign_key nodes_key[NODES_MOST];
static char nodes_id[NODES_MOST][HASH_HEX];

/* Of its number; nobody's, so it need not be in memory that is locked. */
static inline void
nodes_keys(void)
{
	static unsigned char pair[NODES_MOST][SIGN_SEED + SIGN_PUBLIC];
	struct secret seed;
	struct sign_key k;
	uint32_t i;

	secret_init(&seed, SIGN_SEED);
	seed.len = SIGN_SEED;
	memset(seed.data, 0, SIGN_SEED);
	for (i = 0; i < NODES_MOST; i++) {
		memcpy(seed.data, &i, sizeof(i));
		sign_key_of(&k, &seed);
		memcpy(pair[i], k.pair.data, k.pair.len);
		nodes_key[i] = (struct sign_key){ { pair[i], k.pair.len,
		    k.pair.cap }, k.pub };
		ident_id(nodes_id[i], &k.pub);
		sign_key_release(&k);
	}
	secret_release(&seed);
}

static inline unsigned
nodes_delay_ms(enum nodes_kind kind, size_t i)
{
	static const unsigned delays[] = { 5, 20, 50, 100 };

	if (kind == NODES_WIDE)
		return i % 100 ? 50 : NODES_NEVER;
	return kind == NODES_LATE ? delays[i % 4] : 0;
}

static inline uint32_t
nodes_address(enum nodes_kind kind, size_t i)
{
	return 127u << 24 | nodes_delay_ms(kind, i) << 16 | (uint32_t)(i + 1);
}

static inline size_t
nodes_number(uint32_t address)
{
	return (address & 0xffff) - 1;
}

/* --- who answers late ----------------------------------------------------- */

struct nodes_due { double at_us; int fd; };
static struct nodes_due nodes_heap[NODES_FDS];
static size_t nodes_waiting;

static inline void
nodes_put(double at_us, int fd)
{
	struct nodes_due *heap = nodes_heap;
	size_t i = nodes_waiting++;

	for (; i && heap[(i - 1) / 2].at_us > at_us; i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = (struct nodes_due){ at_us, fd };
}

static inline int
nodes_take(void)
{
	struct nodes_due *heap = nodes_heap, last = heap[--nodes_waiting];
	int fd = heap[0].fd;
	size_t i = 0, down;

	for (; (down = 2 * i + 1) < nodes_waiting; i = down) {
		if (down + 1 < nodes_waiting &&
		    heap[down + 1].at_us < heap[down].at_us)
			down++;
		if (heap[down].at_us >= last.at_us)
			break;
		heap[i] = heap[down];
	}
	heap[i] = last;
	return fd;
}

static inline void
nodes_arm(int timer)
{
	int64_t us = nodes_waiting ?
	    (int64_t)(nodes_heap[0].at_us - bench_now_us()) : 0;
	struct itimerspec t = { 0 };

	if (nodes_waiting && us < 1)
		us = 1;
	t.it_value.tv_sec = us / 1000000;
	t.it_value.tv_nsec = us % 1000000 * 1000;
	timerfd_settime(timer, 0, &t, NULL);
}

/* --- answers -------------------------------------------------------------- */

/* Signed, if there is a nonce. */
static inline void
nodes_answer(int fd, const char *nonce, size_t i)
{
	struct buf body = BUF_INIT(1024), out = BUF_INIT(2048);
	struct err e;

	buf_adds(&body, "{\"status\":\"ok\",\"version\":\"1.0\"");
	if (nonce) {
		json_str(&body, "node_id", nodes_id[i]);
		json_str(&body, "nonce", nonce);
		if (domain_seal(&body, DOMAIN_health, &nodes_key[i],
		    "signature", &e))
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

static inline void
nodes_hear(int ep, int fd, enum nodes_kind kind)
{
	struct epoll_event ev = { EPOLLIN | EPOLLONESHOT, { .fd = fd } };
	struct sockaddr_in own = { 0 };
	socklen_t size = sizeof(own);
	char text[2048], *nonce;
	ssize_t n = read(fd, text, sizeof(text) - 1);
	uint32_t to;
	unsigned late;

	if (n <= 0 || (kind && getsockname(fd, (struct sockaddr *)&own,
	    &size))) {
		close(fd);
		return;
	}
	text[n] = '\0';
	to = ntohl(own.sin_addr.s_addr);
	late = kind < NODES_LATE ? 0 : to >> 16 & 0xff;
	if (late == NODES_NEVER) {
		epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);	/* until it goes */
	} else if (late) {
		nodes_put(bench_now_us() + late * 1000, fd);
	} else if (kind == NODES_SIGNED) {
		nonce = strstr(text, "nonce=");
		if (!nonce || strlen(nonce) < 38)
			bench_die("there is no nonce in what is asked");
		nonce[38] = '\0';
		nodes_answer(fd, nonce + 6, nodes_number(to));
	} else {
		nodes_answer(fd, NULL, 0);
	}
}

/* A connection is taken when there is something to read. */
static inline void __attribute__((noreturn))
nodes_serve(int listener, enum nodes_kind kind)
{
	struct epoll_event ev[NODES_EVENTS];
	int ep = epoll_create1(0), i, n, fd;
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	uint64_t ticks;

	ev[0] = (struct epoll_event){ EPOLLIN, { .fd = listener } };
	epoll_ctl(ep, EPOLL_CTL_ADD, listener, ev);
	ev[0].data.fd = timer;
	epoll_ctl(ep, EPOLL_CTL_ADD, timer, ev);
	for (;;) {
		n = epoll_wait(ep, ev, NODES_EVENTS, -1);
		for (i = 0; i < n; i++) {
			if (ev[i].data.fd == timer)
				(void)!read(timer, &ticks, sizeof(ticks));
			else if (ev[i].data.fd != listener)
				close(ev[i].data.fd);
			else
				while ((fd = accept(listener, NULL, NULL)) >= 0)
					nodes_hear(ep, fd, kind);
		}
		while (nodes_waiting && nodes_heap[0].at_us <= bench_now_us())
			nodes_answer(nodes_take(), NULL, 0);
		if (kind >= NODES_LATE)
			nodes_arm(timer);
	}
}

/* A process that is all nodes of a kind. */
static inline pid_t
nodes_start(enum nodes_kind kind, uint16_t *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0);
	socklen_t size = sizeof(at);
	int seconds = 5;
	pid_t pid;

	if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds,
	    sizeof(seconds)) || bind(fd, (struct sockaddr *)&at, size) ||
	    listen(fd, 4096) || getsockname(fd, (struct sockaddr *)&at, &size))
		bench_die("cannot listen");
	*port = ntohs(at.sin_port);
	pid = fork();
	if (!pid) {
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		nodes_serve(fd, kind);
	}
	close(fd);
	return pid;
}

#endif
