#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "net/inner.h"

#define BACKLOG 4096
#define AT_ONCE 64		/* connections taken before others' turn */

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
	struct sockaddr_storage room;
};

/* "HOST:PORT": the address, in the form that bind() wants. */
static int
read_tcp(union address *a, const char *text, socklen_t *len, struct err *e)
{
	const char *colon = strrchr(text, ':'), *c;
	char host[64];
	size_t n = colon ? (size_t)(colon - text) : 0;
	unsigned long port = 0;

	if (!n || n >= sizeof(host) || !colon[1] || strlen(colon) > 6)
		return err_set(e, E_usage, "'%s' is not host:port", text);
	for (c = colon + 1; *c >= '0' && *c <= '9'; c++)
		port = port * 10 + (unsigned long)(*c - '0');
	memcpy(host, text, n);
	host[n] = '\0';
	memset(a, 0, sizeof(*a));
	if (!*c && port <= 65535 &&
	    inet_pton(AF_INET, host, &a->in.sin_addr) == 1) {
		a->in.sin_family = AF_INET;
		a->in.sin_port = htons((uint16_t)port);
		*len = sizeof(a->in);
		return 0;
	}
	if (!*c && port <= 65535 && *host == '[' && host[n - 1] == ']') {
		host[n - 1] = '\0';
		if (inet_pton(AF_INET6, host + 1, &a->in6.sin6_addr) == 1) {
			a->in6.sin6_family = AF_INET6;
			a->in6.sin6_port = htons((uint16_t)port);
			*len = sizeof(a->in6);
			return 0;
		}
	}
	return err_set(e, E_usage,
	    "'%s' is not an address and a port, such as 127.0.0.1:8080 or "
	    "[::1]:8080", text);
}

static int
fail(int fd, const char *what, struct err *e)
{
	if (errno == EADDRINUSE)
		err_set_(e, E_address_taken,
		    "cannot listen at '%s': another does", what);
	else
		err_sys_(e, "cannot listen at '%s'", what);
	if (fd >= 0)
		close(fd);
	return -1;
}

static int
make(union address *a, socklen_t len, const char *what, int *out,
    struct err *e)
{
	int one = 1, fd;

	fd = socket(a->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail(fd, what, e);
	if (a->any.sa_family != AF_UNIX && (
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)) ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one))))
		return fail(fd, what, e);
	if (a->any.sa_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6,
	    IPV6_V6ONLY, &one, sizeof(one)))
		return fail(fd, what, e);
	if (bind(fd, &a->any, len) || listen(fd, BACKLOG))
		return fail(fd, what, e);
	*out = fd;
	return 0;
}

static void
describe(struct door *d, int fd)
{
	char host[INET6_ADDRSTRLEN];
	union address a;
	socklen_t len = sizeof(a);

	memset(&a, 0, sizeof(a));
	if (getsockname(fd, &a.any, &len))
		a.any.sa_family = AF_UNSPEC;
	d->family = a.any.sa_family;
	switch (d->family) {
	case AF_INET:
		inet_ntop(AF_INET, &a.in.sin_addr, host, sizeof(host));
		snprintf(d->url, sizeof(d->url), "http://%s:%u", host,
		    ntohs(a.in.sin_port));
		d->local = ntohl(a.in.sin_addr.s_addr) >> 24 == 127;
		break;
	case AF_INET6:
		inet_ntop(AF_INET6, &a.in6.sin6_addr, host, sizeof(host));
		snprintf(d->url, sizeof(d->url), "http://[%s]:%u", host,
		    ntohs(a.in6.sin6_port));
		d->local = IN6_IS_ADDR_LOOPBACK(&a.in6.sin6_addr);
		break;
	default:
		snprintf(d->url, sizeof(d->url), "unix:%s",
		    d->family == AF_UNIX ? a.un.sun_path : "?");
		d->local = d->family == AF_UNIX;
	}
}

/* One socket for all: a descriptor of each loop's own. */
static int
share(struct net_server *s, size_t i, int fd, struct err *e)
{
	unsigned l;

	s->door[i].shared = true;
	s->loop[0].ear[i].fd = fd;
	for (l = 1; l < s->config.loops; l++) {
		s->loop[l].ear[i].fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
		if (s->loop[l].ear[i].fd < 0)
			return err_sys(e, "cannot share a socket");
	}
	return 0;
}

static int
open_tcp(struct net_server *s, size_t i, const char *text, struct err *e)
{
	union address a;
	socklen_t len;
	unsigned l;

	if (read_tcp(&a, text, &len, e))
		return -1;
	for (l = 0; l < s->config.loops; l++) {
		if (make(&a, len, text, &s->loop[l].ear[i].fd, e))
			return -1;
		/* A free port that was taken is that of the others, too. */
		if (getsockname(s->loop[l].ear[i].fd, &a.any, &len))
			return err_sys(e, "cannot listen at '%s'", text);
	}
	return 0;
}

/* A socket that nobody listens to any more is in the way. */
static int
clear(const union address *a, socklen_t len, struct err *e)
{
	struct stat st;
	int fd, rc;

	if (lstat(a->un.sun_path, &st))
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return err_set(e, E_address_taken,
		    "'%s' is there, and is no socket", a->un.sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(e, "cannot make a socket");
	rc = connect(fd, &a->any, len);
	if (!rc || errno != ECONNREFUSED)
		rc = err_set(e, E_address_taken,
		    "cannot listen at '%s': another does", a->un.sun_path);
	else
		rc = unlink(a->un.sun_path) ?
		    err_sys(e, "cannot remove '%s'", a->un.sun_path) : 0;
	close(fd);
	return rc;
}

static int
open_unix(struct net_server *s, size_t i, const char *path, struct err *e)
{
	union address a;
	size_t n = strlen(path);
	int fd;

	memset(&a, 0, sizeof(a));
	if (!n || n >= sizeof(a.un.sun_path) || n >= sizeof(s->door[i].path))
		return err_set(e, E_usage,
		    "'%s' is too long for a socket, or empty", path);
	a.un.sun_family = AF_UNIX;
	memcpy(a.un.sun_path, path, n + 1);
	if (clear(&a, sizeof(a.un), e) ||
	    make(&a, sizeof(a.un), path, &fd, e))
		return -1;
	memcpy(s->door[i].path, path, n + 1);
	if (chmod(path, 0660)) {
		close(fd);
		return err_sys(e, "cannot set the mode of '%s'", path);
	}
	return share(s, i, fd, e);
}

static int
inherit(struct net_server *s, size_t i, const struct net_inherited *in,
    struct err *e)
{
	int on = 0, one = 1;
	socklen_t len = sizeof(on);

	if (getsockopt(in->fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &len) || !on)
		return err_set(e, E_usage,
		    "descriptor %d is no socket that listens", in->fd);
	if (fcntl(in->fd, F_SETFD, FD_CLOEXEC) ||
	    fcntl(in->fd, F_SETFL, O_NONBLOCK))
		return err_sys(e, "cannot use descriptor %d", in->fd);
	/* Of no use to a unix socket. */
	(void)setsockopt(in->fd, IPPROTO_TCP, TCP_NODELAY, &one,
	    sizeof(one));
	snprintf(s->door[i].called, sizeof(s->door[i].called), "%s",
	    in->name);
	return share(s, i, in->fd, e);
}

int
listen_open(struct net_server *s, struct err *e)
{
	const struct net_config *c = &s->config;
	const char *const *text;
	size_t i;

	for (i = 0; i < c->inherited_n; i++) {
		if (s->doors == NET_DOORS)
			return err_set(e, E_usage, "too many sockets");
		s->doors++;
		if (inherit(s, i, &c->inherited[i], e))
			return -1;
	}
	for (text = c->listen; text && *text; text++, i++) {
		if (s->doors == NET_DOORS)
			return err_set(e, E_usage, "too many sockets");
		s->doors++;
		if (!strncmp(*text, "unix:", 5) ?
		    open_unix(s, i, *text + 5, e) : open_tcp(s, i, *text, e))
			return -1;
		memcpy(s->door[i].called, "http", 5);
	}
	s->local_only = true;
	for (i = 0; i < s->doors; i++) {
		s->door[i].name = s->door[i].called;
		describe(&s->door[i], s->loop[0].ear[i].fd);
		s->local_only = s->local_only && s->door[i].local;
	}
	return 0;
}

static int
take(int fd, struct sockaddr_storage *from)
{
	socklen_t len = sizeof(*from);

	from->ss_family = AF_UNIX;
	/* accept4() is not in POSIX, and _GNU_SOURCE is for the sandbox. */
	return (int)syscall(SYS_accept4, fd, from, &len,
	    SOCK_NONBLOCK | SOCK_CLOEXEC);
}

/* No descriptor is left: the spare one lets us say so. */
static bool
apologize(struct net_loop *l, int fd)
{
	struct sockaddr_storage from;
	int got;

	if (l->spare_fd < 0)
		return false;	/* another thread was quicker */
	close(l->spare_fd);
	got = take(fd, &from);
	if (got >= 0) {
		atomic_fetch_add(&l->tally.refused_descriptors, 1);
		reply_refusal(l, got, "descriptors");
		close(got);
	}
	l->spare_fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return got >= 0;
}

static void
admit(struct net_loop *l, const struct door *d, int fd,
    const struct sockaddr_storage *from)
{
	struct net_server *s = l->server;
	const struct net_limits *limit = &s->config.limits;
	struct peer p;
	bool counted;

	peer_fill(&p, &s->trusted, from);
	counted = !p.trusted;
	atomic_fetch_add(&l->tally.accepted, 1);
	if (atomic_fetch_add(&s->conns, 1) >= limit->connections) {
		atomic_fetch_add(&l->tally.refused_connections, 1);
		reply_refusal(l, fd, "connections");
	} else if (counted && !crowd_add(s->crowd, &p)) {
		atomic_fetch_add(&l->tally.refused_address, 1);
		reply_refusal(l, fd, "address");
	} else {
		conn_open(l, d, fd, &p, counted);
		return;
	}
	atomic_fetch_sub(&s->conns, 1);
	close(fd);
}

/* One that cannot be had would be told of again at once: wait for a tick. */
static bool
rest(struct ear *ear)
{
	if (ear->open)
		uv_poll_stop(&ear->poll);
	ear->rests = true;
	return false;
}

/* Take one connection.  False: there is none, or it cannot be had now. */
static bool
accept_one(struct ear *ear)
{
	struct sockaddr_storage from;
	int fd = take(ear->fd, &from);

	if (fd >= 0) {
		admit(ear->loop, ear->door, fd, &from);
		return true;
	}
	if (errno == EAGAIN)
		return false;
	if (errno == EMFILE || errno == ENFILE)
		return apologize(ear->loop, ear->fd) || rest(ear);
	return errno == EINTR || errno == ECONNABORTED || rest(ear);
}

static void
on_ear(uv_poll_t *p, int status, int events)
{
	struct ear *ear = p->data;
	int i;

	(void)status;
	(void)events;
	for (i = 0; i < AT_ONCE && accept_one(ear); i++)
		;
}

void
listen_tick(struct net_loop *l)
{
	struct ear *ear;
	size_t i;

	for (i = 0; i < l->server->doors; i++) {
		ear = &l->ear[i];
		if (!ear->open || !ear->rests)
			continue;
		if (l->spare_fd < 0)
			l->spare_fd = fcntl(ear->fd, F_DUPFD_CLOEXEC, 3);
		ear->rests = false;
		uv_poll_start(&ear->poll, UV_READABLE, on_ear);
	}
}

int
listen_attach(struct net_loop *l, struct err *e)
{
	struct net_server *s = l->server;
	struct ear *ear;
	size_t i;

	for (i = 0; i < s->doors; i++) {
		ear = &l->ear[i];
		ear->loop = l;
		ear->door = &s->door[i];
		ear->poll.data = ear;
		if (uv_poll_init(&l->uv, &ear->poll, ear->fd))
			return err_set(e, E_io_error, "cannot poll a socket");
		ear->open = true;
		uv_poll_start(&ear->poll, UV_READABLE, on_ear);
	}
	if (s->doors)
		l->spare_fd = fcntl(l->ear[0].fd, F_DUPFD_CLOEXEC, 3);
	return 0;
}

/* What the kernel has accepted for us is ours to answer. */
void
listen_drain(struct net_loop *l)
{
	struct ear *ear;
	size_t i, n;

	for (i = 0; i < l->server->doors; i++) {
		ear = &l->ear[i];
		if (!ear->open)
			continue;
		/* An inherited socket is for the next server, too. */
		for (n = 0; n < BACKLOG && (!ear->door->shared ||
		    *ear->door->path) && accept_one(ear); n++)
			;
		ear->open = false;
		uv_close((uv_handle_t *)&ear->poll, NULL);
		close(ear->fd);
		ear->fd = -1;
	}
}

void
listen_close(struct net_server *s)
{
	unsigned l;
	size_t i;

	for (l = 0; l < s->config.loops; l++) {
		for (i = 0; i < s->doors; i++)
			if (s->loop[l].ear[i].fd >= 0)
				close(s->loop[l].ear[i].fd);
		if (s->loop[l].spare_fd >= 0)
			close(s->loop[l].spare_fd);
	}
	for (i = 0; i < s->doors; i++)
		if (*s->door[i].path)
			unlink(s->door[i].path);
}
