#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/sandbox.h"
#include "net/resolve.h"

/* A late answer is told from the next by its turn. */
struct question {
	uint32_t turn;
	char host[RESOLVE_HOST];
};

struct answer {
	uint32_t turn, n;
	struct addr addr[RESOLVE_MOST];
};

struct slot {
	int fd;
	uint32_t turn;
	bool taken;
};

struct resolve {
	struct slot *slot;		/* owned */
	size_t slots, last;
	int wait_ms;
	int life;			/* its end is that of the process */
	pid_t pid;
	pthread_mutex_t lock;
};

/* --- The process that asks ----------------------------------------------- */

static bool
take(struct addr *out, const struct sockaddr *a)
{
	struct sockaddr_in6 six;
	struct sockaddr_in four;

	*out = (struct addr){ .six = a->sa_family == AF_INET6 };
	if (out->six) {
		memcpy(&six, a, sizeof(six));
		memcpy(out->b, &six.sin6_addr, 16);
	} else {
		memcpy(&four, a, sizeof(four));
		memcpy(out->b, &four.sin_addr, 4);
	}
	return out->six || a->sa_family == AF_INET;
}

size_t
resolve_system(const char *host, struct addr *out, size_t most)
{
	const struct addrinfo want = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL, *a;
	struct addr one;
	size_t n = 0;

	if (getaddrinfo(host, NULL, &want, &found))
		return 0;
	for (a = found; a; a = a->ai_next)
		if (take(&one, a->ai_addr) && n++ < most)
			out[n - 1] = one;
	freeaddrinfo(found);
	return n;
}

struct server {
	int fd;
	resolve_lookup *lookup;
};

/* Until nobody can ask any more. */
static void *
serve(void *arg)
{
	const struct server *s = arg;
	struct question q;
	struct answer a;
	ssize_t n;

	for (;;) {
		n = recv(s->fd, &q, sizeof(q), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n != sizeof(q))
			return NULL;
		q.host[RESOLVE_HOST - 1] = '\0';
		memset(&a, 0, sizeof(a));
		a.turn = q.turn;
		a.n = (uint32_t)s->lookup(q.host, a.addr, RESOLVE_MOST);
		if (send(s->fd, &a, sizeof(a), MSG_NOSIGNAL) < 0)
			return NULL;
	}
}

/* At once: what is buffered, or registered for the end, is its maker's. */
static _Noreturn void
die(void)
{
	for (;;)
		raise(SIGKILL);
}

static bool
is_needed(int fd, const struct server *s, size_t n, int life)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (s[i].fd == fd)
			return true;
	return fd == life || fd < 3;
}

/* What it has of its maker but the sockets, as locks that it would keep. */
static void
close_others(const struct server *s, size_t n, int life)
{
	int fd, null = open("/dev/null", O_RDWR | O_CLOEXEC);
	DIR *all = opendir("/proc/self/fd");
	struct dirent *one;

	for (fd = 0; fd < 3; fd++)
		if (null < 0 || dup2(null, fd) < 0)
			close(fd);
	while (all && (one = readdir(all)) != NULL) {
		fd = (int)strtol(one->d_name, NULL, 10);
		if (fd != dirfd(all) && !is_needed(fd, s, n, life))
			close(fd);
	}
	if (all)
		closedir(all);
}

/* It lives as long as its maker, who is the one that signals are for. */
static _Noreturn void
run(struct server *s, size_t n, int life, resolve_lookup *lookup)
{
	static const char *const read[] = {
		"/etc", "/run", "/lib", "/lib64", "/usr/lib", "/usr/share",
		"/var/lib", "/proc", "/sys", NULL
	};
	const struct sandbox box = { .read = read, .net = SANDBOX_CONNECT };
	enum sandbox_level reached;
	pthread_t thread;
	struct err e;
	size_t i;
	char c;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	close_others(s, n, life);
	if (sandbox_enter(&box, &reached, &e))
		die();
	for (i = 0; i < n; i++) {
		s[i].lookup = lookup ? lookup : resolve_system;
		if (pthread_create(&thread, NULL, serve, &s[i]))
			die();
	}
	while (recv(life, &c, 1, 0) < 0 && errno == EINTR)
		;
	die();
}

/* --- Who wants to know --------------------------------------------------- */

static int
pair_up(int *mine, int *theirs, struct err *e)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return err_sys(e, "cannot make a pair of sockets");
	*mine = pair[0];
	*theirs = pair[1];
	return 0;
}

int
resolve_start(struct resolve **out, size_t at_once, int wait_ms,
    resolve_lookup *lookup, struct err *e)
{
	struct resolve *r = mem_zero(1, sizeof(*r));
	struct server *s = mem_zero(at_once, sizeof(*s));
	int life = -1, rc = -1;
	size_t i;

	r->slot = mem_zero(at_once, sizeof(*r->slot));
	r->wait_ms = wait_ms;
	r->pid = r->life = -1;
	pthread_mutex_init(&r->lock, NULL);
	if (pair_up(&r->life, &life, e))
		goto out;
	for (; r->slots < at_once; r->slots++)
		if (pair_up(&r->slot[r->slots].fd, &s[r->slots].fd, e))
			goto out;
	r->pid = fork();
	if (!r->pid)
		run(s, at_once, life, lookup);
	rc = r->pid > 0 ? 0 : err_sys(e, "cannot start what resolves names");
out:
	for (i = 0; i < r->slots; i++)
		close(s[i].fd);
	if (life >= 0)
		close(life);
	free(s);
	if (rc)
		resolve_stop(r);
	else
		*out = r;
	return rc;
}

void
resolve_stop(struct resolve *r)
{
	if (!r)
		return;
	while (r->slots)
		close(r->slot[--r->slots].fd);
	if (r->life >= 0)
		close(r->life);
	while (r->pid > 0 && waitpid(r->pid, NULL, 0) < 0 && errno == EINTR)
		;
	pthread_mutex_destroy(&r->lock);
	free(r->slot);
	free(r);
}

/* In turn, because one that was given up may still be busy. */
static struct slot *
take_slot(struct resolve *r)
{
	struct slot *is = NULL;
	size_t i;

	pthread_mutex_lock(&r->lock);
	for (i = 0; i < r->slots && !is; i++) {
		r->last = (r->last + 1) % r->slots;
		if (!r->slot[r->last].taken) {
			is = &r->slot[r->last];
			is->taken = true;
		}
	}
	pthread_mutex_unlock(&r->lock);
	return is;
}

static void
give_back(struct resolve *r, struct slot *slot)
{
	pthread_mutex_lock(&r->lock);
	slot->taken = false;
	pthread_mutex_unlock(&r->lock);
}

static int64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

/* The answer to this turn, or none in time. */
static bool
wait_for(const struct slot *slot, int wait_ms, struct answer *out)
{
	int64_t end_ms = clock_ms() + wait_ms, left;
	struct pollfd p = { .fd = slot->fd, .events = POLLIN };
	ssize_t n;

	for (;;) {
		left = end_ms - clock_ms();
		if (left < 0)
			return false;
		n = poll(&p, 1, (int)left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		n = recv(slot->fd, out, sizeof(*out), MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n != sizeof(*out))
			return false;
		if (out->turn == slot->turn)
			return true;
	}
}

size_t
resolve_host(void *resolve, const char *host, struct addr *out, size_t most)
{
	struct resolve *r = resolve;
	struct question q = { 0 };
	struct slot *slot;
	struct answer a;
	size_t n = 0, i;

	if (strlen(host) >= sizeof(q.host))
		return 0;
	slot = take_slot(r);
	if (!slot)
		return 0;
	memcpy(q.host, host, strlen(host) + 1);
	q.turn = ++slot->turn;
	if (send(slot->fd, &q, sizeof(q), MSG_NOSIGNAL | MSG_DONTWAIT) ==
	    sizeof(q) && wait_for(slot, r->wait_ms, &a)) {
		n = a.n;
		for (i = 0; i < n && i < most && i < RESOLVE_MOST; i++)
			out[i] = a.addr[i];
	}
	give_back(r, slot);
	return n;
}
