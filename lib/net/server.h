/*
 * server - HTTP/1.1 and 1.0 over libuv and llhttp: spec/http.md 1 to 4, 9, 11.
 *
 * A server has loops, a thread each; every loop has its own listening socket
 * (SO_REUSEPORT), connections, deadlines, and a state of whoever uses it, made
 * by loop_open().  Every callback with a state runs on the thread of its loop,
 * and so must every call with an exchange.
 *
 * An exchange is one request and its reply.  A connection has one at a time;
 * requests behind it wait.  head() is called when the head is whole and sound:
 * it returns how many bytes of body it takes, or answers.  request() is called
 * when the body is there, too.  The reply is given there or later, exactly
 * once, by net_reply() or net_stream_begin(); an exchange lives until its
 * reply is done with, whether or not the client is still there, and done() is
 * the last that is heard of it.
 *
 * What fails before or beside that (a malformed head, a deadline, a limit) is
 * answered with the fields and the body of refuse(), and told by done() too.
 * Fields that the server makes itself: Date, Content-Length, Connection,
 * Transfer-Encoding.  Units: _ms and _us of the monotonic clock, bytes.
 */
#ifndef SERVER_H
#define SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/head.h"

struct net_exchange;
struct net_loop;
struct net_server;

/* What became of an exchange. */
struct net_facts {
	int status;
	const char *reason;	/* of a refusal by the server, else NULL */
	uint64_t in, out;	/* bytes of body */
	int64_t us;		/* from the end of the head to the last byte */
	bool gone;		/* the client left, or was cut, before that */
};

struct net_calls {
	/* NULL: not opened, and the server is not. */
	void *(*loop_open)(void *arg, struct net_loop *, unsigned index,
	    struct err *);
	void (*loop_close)(void *state);

	/*
	 * The most bytes of body that are taken, >= 0: request() will follow,
	 * or a refusal.  -1: it is answered, now or later, without the body;
	 * the connection then ends after the reply if there is a body.
	 */
	int64_t (*head)(void *state, struct net_exchange *);
	void (*request)(void *state, struct net_exchange *);

	/*
	 * Append fields ("Name: value\r\n") and a body for a refusal.  h is
	 * NULL if there is no request; what was read of one that is malformed
	 * may lack all but its first fields.
	 */
	void (*refuse)(void *state, const struct net_head *h, int status,
	    const char *reason, struct buf *headers, struct buf *body);

	void (*wake)(void *state);	/* after net_wake() */
	void (*tick)(void *state);	/* once a second */
	/* The client of a stream left or was dropped; done() follows. */
	void (*gone)(void *state, struct net_exchange *);
	/* A stream that had bytes pending has none any more; or NULL. */
	void (*drained)(void *state, struct net_exchange *);
	/* x is NULL for connections that were refused; it is freed next. */
	void (*done)(void *state, struct net_exchange *,
	    const struct net_facts *);

	/*
	 * Stopping.  drain(): end the streams.  cut(): answer what waits, for
	 * connections are closed next.
	 */
	void (*drain)(void *state);
	void (*cut)(void *state);

	/* In the first loop's thread: a stop has begun; SIGHUP. */
	void (*stopping)(void *arg);
	void (*reload)(void *arg);
};

struct net_limits {
	int64_t head_ms, body_ms, idle_ms, write_ms, linger_ms;
	int64_t drain_delay_ms, drain_ms;
	unsigned connections, streams, per_address;
	size_t stream_pending, linger_bytes;
};

/* A socket that listens already: systemd's, or a test's. */
struct net_inherited {
	int fd;			/* taken */
	const char *name;	/* "http", "admin" */
};

#define NET_DOORS 8		/* listening sockets at most */

struct net_config {
	/* "127.0.0.1:8080", "[::1]:0", "unix:PATH"; ended by NULL. */
	const char *const *listen;
	const struct net_inherited *inherited;
	size_t inherited_n;
	unsigned loops;			/* 0: by the cores, at most 4 */
	struct net_limits limits;
	const char *trusted;		/* CIDRs, parted by commas; or NULL */
	const char *const *strict;	/* fields: once, ASCII.  NULL ends */
	const struct net_calls *calls;
	void *arg;			/* of loop_open() */
	bool signals;			/* TERM, INT, HUP are the server's */
	/* Where the time of deadlines comes from, in ms; NULL: the loop. */
	int64_t (*clock)(void *clock_arg);
	void *clock_arg;
};

void net_limits_defaults(struct net_limits *);

/*
 * Bind, listen, make the loops and their states.  net_close().  E_usage for
 * an address that is none, E_bad_conf for CIDRs that are none;
 * E_address_taken; E_denied; as loop_open().
 */
int net_open(struct net_server **, const struct net_config *, struct err *)
    CHECKED;
/* Serve until stopped, in this thread and loops - 1 others. */
int net_run(struct net_server *, struct err *) CHECKED;
void net_close(struct net_server *);	/* takes NULL */

unsigned net_loops(const struct net_server *);
/* "http://127.0.0.1:41873", "unix:PATH"; NULL after the last socket. */
const char *net_url(const struct net_server *, size_t i);
/* May it only be reached from this machine? */
bool net_local_only(const struct net_server *);

/* From any thread, until net_close(). */
void net_wake(struct net_server *, unsigned loop);
void net_stop(struct net_server *);	/* drain, then end net_run() */
void net_cut(struct net_server *);	/* end it with no more waiting */

/* Work on a thread of the pool, then after() on this loop's. */
int net_work(struct net_loop *, void (*work)(void *), void (*after)(void *),
    void *, struct err *) CHECKED;

struct net_server *net_loop_server(struct net_loop *);
int64_t net_now_us(void);

/* Of an exchange. */
const struct net_head *net_request(const struct net_exchange *);
struct buf *net_body(struct net_exchange *);	/* may be taken */
struct net_loop *net_exchange_loop(const struct net_exchange *);
void *net_user(const struct net_exchange *);
void net_set_user(struct net_exchange *, void *);

/*
 * Answer.  headers are whole lines, or NULL; body is taken and left empty, or
 * NULL.  A HEAD gets the length of the body only.  Headers that are full, see
 * net_header(), make it a 500.  done() may be called before this returns:
 * leave x alone afterwards.
 */
void net_reply(struct net_exchange *, int status, const struct buf *headers,
    struct buf *body, bool close);

const char *net_status_text(int status);	/* "Not Found"; RFC 9110 */

/* Append a field; a value with CR, LF or NUL sets full instead. */
void net_header(struct buf *headers, const char *name, const char *value,
    size_t n);

/*
 * Streams.  Bytes, at least one, are made once and may be sent to many of the
 * same loop; each holder has a reference.  net_stream_begin() is -1 if there
 * are too many streams, or the client has left: net_reply() a refusal.  A
 * stream that would have more than the limit pending is dropped: gone() is
 * called, from the loop.  What is sent while nothing is pending may have any
 * size.  net_stream_pending() says how much is.  After
 * net_stream_end() only done() is heard of it, maybe at once.
 */
struct net_bytes;
struct net_bytes *net_bytes_new(const void *, size_t);
void net_bytes_free(struct net_bytes *);

int net_stream_begin(struct net_exchange *, int status,
    const struct buf *headers);
void net_stream_send(struct net_exchange *, struct net_bytes *);
size_t net_stream_pending(const struct net_exchange *);
void net_stream_end(struct net_exchange *);

/* Counts since the start, over all loops. */
struct net_stats {
	uint64_t accepted, requests, in, out;
	uint64_t refused_connections, refused_address, refused_descriptors;
	uint64_t malformed, timeout_head, timeout_body, timeout_idle,
	    timeout_write;
	uint64_t streams_dropped;
	uint64_t open, busy, streams;	/* now */
};
void net_stats(const struct net_server *, struct net_stats *);
/* How late the loop's tick was, or is by now: large if the loop hangs. */
int64_t net_lag_us(const struct net_server *, unsigned loop);

#endif
