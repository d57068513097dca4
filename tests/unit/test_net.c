/*
 * The bytes under HTTP: heads in any pieces, targets, queries, addresses.
 */
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tap.h"

#include "base/buf.h"
#include "base/mem.h"
#include "net/crowd.h"
#include "net/head.h"
#include "net/peer.h"
#include "net/sd.h"
#include "net/server.h"
#include "net/target.h"

static const char *const strict[] = { "authorization", NULL };

struct result {
	int status;
	const char *reason;
	size_t at;
};

/* Scan and judge, with a break after so many bytes. */
static struct result
judge(const char *text, size_t n, size_t cut, struct net_head *h, char *room)
{
	static struct net_field field[NET_FIELDS];
	struct result r = { 0 };
	struct net_scan s;
	size_t used = 0;
	int rc;

	net_scan_init(&s);
	rc = net_scan(&s, text, cut, &used);
	if (!rc)
		rc = net_scan(&s, text + cut, n - cut, &used);
	r.at = s.at;
	if (!rc) {
		r.status = -1;
		return r;
	}
	if (rc < 0) {
		r.status = s.status;
		r.reason = s.reason;
		return r;
	}
	memcpy(room, text, s.at);
	if (!net_head_make(h, &s, room, field, strict, &r.status, &r.reason))
		r.status = 200;
	return r;
}

/* 200: it is a head.  -1: more is wanted.  The same for every cut. */
static int
head(const char *text, struct net_head *h, char *room)
{
	size_t n = strlen(text), i;
	struct result all = judge(text, n, n, h, room), part;
	int same = 1;

	for (i = 0; i < n; i++) {
		part = judge(text, n, i, h, room);
		same = same && part.status == all.status &&
		    part.at == all.at && (!all.reason ||
		    !strcmp(part.reason, all.reason));
	}
	OK(same);
	return all.status;
}

#define GET "GET / HTTP/1.1\r\n"
#define HOST "Host: a\r\n"

static void
heads(void)
{
	static const struct { const char *text; int status; } list[] = {
		{ GET HOST "\r\n", 200 }, { GET HOST, -1 }, { "", -1 },
		{ "\r\n\r\n" GET HOST "\r\n", 200 }, { "\n" GET, 400 },
		{ "GET / HTTP/1.0\r\n\r\n", 200 }, { GET "\r\n", 400 },
		{ GET HOST HOST "\r\n", 400 }, { GET "Host:\r\n\r\n", 400 },
		{ GET "Host: a:80\r\n\r\n", 200 },
		{ GET "Host: a:\r\n\r\n", 400 },
		{ GET "Host: a:65536\r\n\r\n", 400 },
		{ GET "Host: u@a\r\n\r\n", 400 },
		{ GET "Host: [::1]:8\r\n\r\n", 200 },
		{ GET "Host: [::1\r\n\r\n", 400 },
		{ GET "Host: [::g]\r\n\r\n", 400 },
		{ GET "Host: a b\r\n\r\n", 400 },
		{ GET "Host: a\xc3\xa9\r\n\r\n", 400 },
		{ "GET /\r\n", 400 }, { "GET  / HTTP/1.1\r\n", 400 },
		{ "GET / HTTP/1.1 \r\n", 400 }, { " GET / H", 400 },
		{ "GET\t/ HTTP/1.1\r\n", 400 }, { "G(T / H", 400 },
		{ "GET / HTTP/2.0\r\n", 505 }, { "GET / HTTP/1.2\r\n", 505 },
		{ "PRI * HTTP/2.0\r\n", 505 }, { "GET / HTTP/9.9\r\n", 505 },
		{ "GET / HTTP/1\r\n", 400 }, { "GET / HTTP/01.1\r\n", 400 },
		{ "GET / http/1.1\r\n", 400 }, { "GET / RTSP/1.0\r\n", 400 },
		{ "GET / ICE/1.0\r\n", 400 }, { "get / HTTP/1.1\r\n", 501 },
		{ "TRACE / HTTP/1.1\r\n", 501 },
		{ "CONNECT a:1 HTTP/1.1\r\n", 501 },
		{ "PROPFINDPROPFIND / HTTP/1.1\r\n", 501 },
		{ "GET * HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 200 },
		{ "GET x HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET http://b/ HTTP/1.1\r\n" HOST "\r\n", 200 },
		{ "GET HTTPS://b HTTP/1.1\r\n" HOST "\r\n", 200 },
		{ "GET ftp://b/ HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET http:///x HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET http://b/ HTTP/1.1\r\n\r\n", 400 },
		{ "GET /# HTTP/1.1\r\n", 400 },
		{ "GET /\x80 HTTP/1.1\r\n", 400 },
		{ "GET /\x01 HTTP/1.1\r\n", 400 },
		{ "GET /%4 HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /?%zz HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /%00 HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /a/../b HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /a/%2e%2E/b HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /. HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /..a/.b/c. HTTP/1.1\r\n" HOST "\r\n", 200 },
		{ GET HOST ": x\r\n\r\n", 400 }, { GET HOST "a : x\r\n", 400 },
		{ GET HOST "a\t: x\r\n", 400 }, { GET HOST "a\r\n", 400 },
		{ GET HOST "a(b: x\r\n", 400 }, { GET " Host: a\r\n", 400 },
		{ GET HOST "a: x\r\n y\r\n", 400 }, { GET HOST "a: x\n", 400 },
		{ GET HOST "a: x\ry", 400 }, { GET HOST "a: x\x01", 400 },
		{ GET HOST "a: x\x7f", 400 },
		{ GET HOST "a: \x80\r\n\r\n", 200 },
		{ GET HOST "Authorization: \x80\r\n\r\n", 400 },
		{ GET HOST "Authorization: a\r\nauthorization: a\r\n\r\n",
		    400 },
		{ GET HOST "Content-Length: 4\r\n\r\n", 200 },
		{ GET HOST "Content-Length: 004\r\n\r\n", 200 },
		{ GET HOST "Content-Length: \r\n\r\n", 400 },
		{ GET HOST "Content-Length: 4, 4\r\n\r\n", 400 },
		{ GET HOST "Content-Length: 4 4\r\n\r\n", 400 },
		{ GET HOST "Content-Length: +4\r\n\r\n", 400 },
		{ GET HOST "Content-Length: -1\r\n\r\n", 400 },
		{ GET HOST "Content-Length: 0x4\r\n\r\n", 400 },
		{ GET HOST "Content-Length: 9223372036854775807\r\n\r\n", 200 },
		{ GET HOST "Content-Length: 9223372036854775808\r\n\r\n", 400 },
		{ GET HOST "Content-Length: 4\r\nContent-Length: 4\r\n\r\n",
		    400 },
		{ GET HOST "Content-Length: 4\r\nTransfer-Encoding: chunked"
		    "\r\n\r\n", 400 },
		{ GET HOST "Transfer-Encoding: CHUNKED\r\n\r\n", 200 },
		{ GET HOST "Transfer-Encoding: xchunked\r\n\r\n", 501 },
		{ GET HOST "Transfer-Encoding: gzip, chunked\r\n\r\n", 501 },
		{ GET HOST "Transfer-Encoding: \r\n\r\n", 501 },
		{ GET HOST "Transfer-Encoding: chunked\r\n"
		    "Transfer-Encoding: chunked\r\n\r\n", 400 },
		{ "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
		    400 },
		{ GET HOST "Expect: 100-Continue\r\n\r\n", 200 },
		{ GET HOST "Expect: x\r\n\r\n", 417 },
		{ GET HOST "Content-Encoding: gzip\r\n\r\n", 415 },
		{ GET HOST "Content-Encoding: identity\r\n\r\n", 200 },
	};
	struct net_head h;
	char room[2000];
	size_t i;
	int got;

	for (i = 0; i < sizeof(list) / sizeof(*list); i++) {
		got = head(list[i].text, &h, room);
		if (got != list[i].status)
			printf("# %zu: %d for %s\n", i, got, list[i].text);
		OK(got == list[i].status);
	}
}

static void
limits(void)
{
	struct buf b = BUF_INIT(1 << 16);
	struct net_head h;
	char *room = mem_zero(1, 1 << 17);
	int i, n;

	for (i = 0; i < 2; i++) {
		buf_reset(&b);
		buf_adds(&b, GET HOST "a: ");
		while (b.len < NET_HEAD_MAX - 4 + (size_t)i)
			buf_addc(&b, 'x');
		buf_adds(&b, "\r\n\r\n");
		OK(judge(b.data, b.len, 9000, &h, room).status ==
		    (i ? 431 : 200));
		buf_reset(&b);
		buf_adds(&b, "GET /");
		while (b.len < 4 + NET_TARGET_MAX + (size_t)i)
			buf_addc(&b, 'x');
		buf_adds(&b, " HTTP/1.1\r\n" HOST "\r\n");
		OK(judge(b.data, b.len, 6, &h, room).status ==
		    (i ? 414 : 200));
	}
	for (i = 0; i < 2; i++) {
		buf_reset(&b);
		buf_adds(&b, GET HOST);
		for (n = 1; n < NET_FIELDS + i; n++)
			buf_adds(&b, "a:\r\n");
		buf_adds(&b, "\r\n");
		OK(judge(b.data, b.len, 30, &h, room).status ==
		    (i ? 431 : 200));
	}
	free(room);
	buf_release(&b);
}

static void
parts(void)
{
	struct net_head h;
	char room[2000];

	OK(head("POST http://B.example:80/v1/%41%2f/x//?q=%20&r HTTP/1.1\r\n"
	    "host: other\r\nX-One:\t a b \t\r\nX-ONE:\r\nContent-Length: 3"
	    "\r\nConnection: x, Close\r\nexpect: 100-continue\r\n\r\n", &h,
	    room) == 200);
	/* The last cut is the one that is in h. */
	OK(h.method == NET_POST && h.minor == 1 && h.length == 3);
	OK(!h.keep && h.expects && h.fields == 6);
	IS(h.host, "b.example:80");
	IS(h.path, "/v1/%41%2f/x//");
	IS(h.query, "q=%20&r");
	OK(h.segments == 4);
	IS(h.segment[0], "v1");
	IS(h.segment[1], "A/");
	IS(h.segment[2], "x");
	IS(h.segment[3], "");
	IS(net_field(&h, "x-one"), "a b");
	OK(net_field_count(&h, "x-one") == 2 && !net_field(&h, "x"));
	OK(net_field_lists(&h, "connection", "x"));
	OK(!net_field_lists(&h, "connection", "clos"));
	OK(head("GET http://b?x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
	    &h, room) == 200);
	IS(h.host, "b");
	IS(h.path, "/");
	IS(h.query, "x");
	OK(!h.segments && h.keep && !h.minor);
	OK(head("GET /1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7/8/ HTTP/1.0\r\n\r\n",
	    &h, room) == 200);
	OK(h.segments == NET_SEGMENTS + 1 && !h.keep);
}

static void
queries(void)
{
	struct buf name = BUF_INIT(100), value = BUF_INIT(100);
	const char *rest = "&a=1+2&&b&=c&%41=%3d=&";

	OK(net_query(&rest, &name, &value));
	IS(name.data, "a");
	IS(value.data, "1 2");
	OK(net_query(&rest, &name, &value));
	IS(name.data, "b");
	IS(value.data, "");
	OK(net_query(&rest, &name, &value));
	IS(name.data, "");
	IS(value.data, "c");
	OK(net_query(&rest, &name, &value));
	IS(name.data, "A");
	IS(value.data, "==");
	OK(!net_query(&rest, &name, &value));
	rest = NULL;
	OK(!net_query(&rest, &name, &value));
	buf_release(&name);
	buf_release(&value);
}

static void *
opened(void *arg, struct net_loop *l, unsigned index, struct err *e)
{
	(void)l;
	(void)index;
	(void)e;
	return arg;
}

static void
closed(void *arg)
{
	(void)arg;
}

/* A socket that is left behind is replaced, one that is in use is not. */
static void
doors(void)
{
	static const struct net_calls calls = {
		.loop_open = opened, .loop_close = closed,
	};
	char dir[] = "/tmp/bzn-net.XXXXXX", unix_at[64], path[48];
	const char *at[] = { unix_at, "[::1]:0", NULL };
	struct net_config c = { .listen = at, .loops = 2, .calls = &calls };
	struct net_server *one, *two;
	struct err e = { 0 };

	c.arg = &c;
	net_limits_defaults(&c.limits);
	OK(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/s", dir);
	snprintf(unix_at, sizeof(unix_at), "unix:%s", path);
	OK(!net_open(&one, &c, &e));
	OK(net_loops(one) == 2 && net_local_only(one));
	IS(net_url(one, 0), unix_at);
	OK(!strncmp(net_url(one, 1), "http://[::1]:", 13));
	OK(!net_url(one, 2));
	OK(net_open(&two, &c, &e) && e.code == E_address_taken);
	net_close(one);
	OK(access(path, F_OK));
	c.trusted = "10.0.0.0/33";
	OK(net_open(&two, &c, &e) && e.code == E_bad_conf);
	c.trusted = NULL;
	at[0] = "0.0.0.0:0";
	OK(!net_open(&one, &c, &e) && !net_local_only(one));
	net_close(one);
	at[0] = "localhost:80";
	OK(net_open(&two, &c, &e) && e.code == E_usage);
	rmdir(dir);
}

static void
networks(void)
{
	static const char *const bad[] = {
		"1.2.3", "1.2.3.4/", "1.2.3.4/33", "::/129", ",", "::1,",
		"a", "::1/-1", "::1 ::2",
	};
	struct cidrs c;
	size_t i;

	OK(peer_cidrs(&c, NULL) && !c.n);
	OK(peer_cidrs(&c, " 10.0.0.0/8 , ::1,2001:db8::/32") && c.n == 3);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		OK(!peer_cidrs(&c, bad[i]));
}

/* Who it is for: from a peer that is trusted. */
static void
clients(void)
{
	static const struct { const char *fields, *ip; } list[] = {
		{ "", "peer" },
		{ "X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1" },
		{ "X-Forwarded-For: 9.9.9.9, 192.0.2.1,10.1.1.1\r\n",
		    "192.0.2.1" },
		{ "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: "
		    "10.0.0.1\r\n", "192.0.2.1" },
		{ "X-Forwarded-For: 10.0.0.2, 10.0.0.1\r\n", "10.0.0.2" },
		{ "X-Forwarded-For: rubbish, 192.0.2.1:80\r\n",
		    "192.0.2.1" },
		{ "X-Forwarded-For: 192.0.2.1, rubbish\r\n", NULL },
		{ "X-Forwarded-For: rubbish, 10.0.0.1\r\n", NULL },
		{ "X-Forwarded-For:\r\n", NULL },
		{ "X-Forwarded-For: [2001:DB8::1]:80\r\n",
		    "2001:db8::1" },
		{ "X-Forwarded-For: ::ffff:192.0.2.1\r\n", "192.0.2.1" },
		{ "X-Forwarded-For: 1.2.3.4:\r\n", NULL },
		{ "X-Forwarded-For: [1.2.3.4]\r\n", NULL },
		{ "X-Forwarded-For: 1.1.1.1\r\n"
		    "Forwarded: for=192.0.2.1\r\n", "192.0.2.1" },
		{ "Forwarded: by=x;For=\"[2001:db8::1]:80\";host=\"a,b\", "
		    "for=10.0.0.1\r\n", "2001:db8::1" },
		{ "Forwarded: for=_hidden\r\n", NULL },
		{ "Forwarded: for=unknown\r\n", NULL },
		{ "Forwarded: host=a\r\n", NULL },
		{ "Forwarded: for=127.0.0.1\r\n", "127.0.0.1" },
	};
	char room[2000], ip[PEER_TEXT], text[500];
	struct net_head h;
	struct cidrs c;
	size_t i;

	OK(peer_cidrs(&c, "10.0.0.0/8"));
	for (i = 0; i < sizeof(list) / sizeof(*list); i++) {
		snprintf(text, sizeof(text), GET HOST "%s\r\n",
		    list[i].fields);
		OK(judge(text, strlen(text), 0, &h, room).status == 200);
		h.ip = "peer";
		h.local = false;
		OK((peer_client(&h, &c, ip) == 0) == (list[i].ip != NULL));
		if (list[i].ip)
			IS(h.ip, list[i].ip);
		OK(h.local == (list[i].ip &&
		    !strcmp(list[i].ip, "127.0.0.1")));
		OK(peer_relayed(&h) == (*list[i].fields != '\0'));
	}
	/* Which of two fields is the proxy's own, nobody knows. */
	snprintf(text, sizeof(text), GET HOST "Forwarded: for=127.0.0.1\r\n"
	    "X-Forwarded-For: 192.0.2.1\r\n\r\n");
	OK(judge(text, strlen(text), 0, &h, room).status == 200);
	h.local = true;
	OK(!peer_client(&h, &c, ip) && !h.local);
	snprintf(text, sizeof(text), GET HOST "Via: 1.1 x\r\n\r\n");
	OK(judge(text, strlen(text), 0, &h, room).status == 200);
	OK(peer_relayed(&h));
	snprintf(text, sizeof(text), GET HOST "\r\n");
	OK(judge(text, strlen(text), 0, &h, room).status == 200);
	OK(!peer_relayed(&h));
}

static void
crowds(void)
{
	struct crowd *ps = crowd_new(2);
	struct peer a = { .addr = { 32, 1, [7] = 9, [15] = 1 } }, b = a;
	struct peer v4 = { .addr = { [10] = 255, [11] = 255, 1, 2, 3, 4 } };
	struct peer near = v4;

	b.addr[15] = 2;
	near.addr[15] = 5;
	OK(crowd_add(ps, &a) && crowd_add(ps, &b) && !crowd_add(ps, &a));
	OK(crowd_add(ps, &v4) && crowd_add(ps, &v4) && !crowd_add(ps, &v4));
	OK(crowd_add(ps, &near));
	crowd_remove(ps, &b);
	OK(crowd_add(ps, &a) && !crowd_add(ps, &b));
	crowd_remove(ps, &a);
	crowd_remove(ps, &a);
	crowd_remove(ps, &v4);
	OK(crowd_add(ps, &v4) && crowd_add(ps, &b));
	crowd_free(ps);
}

/* To a path, and to an abstract name. */
static void
notices(void)
{
	char dir[] = "/tmp/bzn-net.XXXXXX", path[64], got[16];
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct err e = { 0 };
	int fd, to, i;
	ssize_t n;

	OK(mkdtemp(dir) != NULL);
	for (i = 0; i < 2; i++) {
		n = snprintf(path, sizeof(path), "%s%s/n", i ? "@" : "", dir);
		memcpy(a.sun_path, path, (size_t)n + 1);
		if (i)
			*a.sun_path = '\0';
		fd = socket(AF_UNIX, SOCK_DGRAM, 0);
		OK(!bind(fd, (struct sockaddr *)&a, (socklen_t)(
		    offsetof(struct sockaddr_un, sun_path) + (size_t)n +
		    !i)));
		OK(!sd_open(&to, path, &e));
		sd_say(to, "READY=1");
		n = recv(fd, got, sizeof(got), 0);
		OK(n == 7 && !memcmp(got, "READY=1", 7));
		close(fd);
		sd_say(to, "WATCHDOG=1");	/* nobody is there */
		close(to);
	}
	snprintf(path, sizeof(path), "%s/n", dir);
	OK(sd_open(&to, path, &e) && to == -1);
	unlink(path);
	OK(sd_open(&to, path, &e) && e.code == E_no_file);
	OK(sd_open(&to, "n", &e) && e.code == E_usage);
	OK(!sd_open(&to, NULL, &e) && to == -1);
	sd_say(to, "READY=1");
	rmdir(dir);
}

static void
names(void)
{
	struct net_inherited in[4];
	char room[4 * SD_NAME];

	sd_inherit(in, 4, "admin:unknown::x", room);
	OK(in[0].fd == 3 && in[3].fd == 6);
	IS(in[0].name, "admin");
	IS(in[1].name, "http");
	IS(in[2].name, "http");
	IS(in[3].name, "x");
	sd_inherit(in, 2, "a", room);
	IS(in[0].name, "a");
	IS(in[1].name, "http");
	sd_inherit(in, 1, NULL, room);
	IS(in[0].name, "http");
}

int
main(void)
{
	notices();
	names();
	networks();
	clients();
	crowds();
	doors();
	heads();
	limits();
	parts();
	queries();
	return DONE();
}
