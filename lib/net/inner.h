/*
 * inner - what the files of the server share.  Nobody else includes it.
 *
 *	server.c	opening, running, stopping
 *	listen.c	sockets that listen, and accepting from them
 *	conn.c		a connection: reading, waiting, its end
 *	request.c	what was read: heads and bodies
 *	exchange.c	one request and its reply
 *	reply.c		replies, and writing
 *	stream.c	replies without an end
 *	body.c		bodies: llhttp, and what it forgives
 *	due.c		deadlines
 *	peer.c		addresses: who is trusted, and for whom
 *	crowd.c		how many connect from where
 *	stats.c		counts; the pool of threads
 *
 * A connection is in one phase.  Its deadline, if it has one, is in the list
 * of its kind; all in a list have the same span, so that each list is in the
 * order of expiry.
 */
#ifndef INNER_H
#define INNER_H

#include <llhttp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <uv.h>

#include "net/body.h"
#include "net/crowd.h"
#include "net/peer.h"
#include "net/server.h"

enum due { DUE_HEAD, DUE_BODY, DUE_IDLE, DUE_WRITE, DUE_LINGER, DUE__COUNT,
    DUE_NONE = DUE__COUNT };

enum phase {
	PHASE_IDLE,		/* no byte of a request yet */
	PHASE_HEAD, PHASE_BODY,
	PHASE_WAIT,		/* for the reply */
	PHASE_REPLY,		/* which is being written */
	PHASE_STREAM,
	PHASE_LINGER,		/* our side is shut, theirs is drained */
	PHASE_CLOSED
};

#define BLOCK NET_HEAD_MAX	/* read ahead at most */
#define TICK_US 1000000
#define SPARES 64		/* blocks and exchanges kept by a loop */

struct conn {
	uv_poll_t poll;		/* data: the connection */
	struct net_loop *loop;
	struct conn *next, *prev;	/* of the loop */
	struct conn *later, *sooner;	/* of the list of deadlines */
	int64_t due_ms;
	enum due due;
	enum phase phase;
	int fd, events;
	const struct door *door;
	struct peer peer;
	bool counted;		/* against its address */
	bool eof, fresh;	/* fresh: not one byte was read, ever */
	bool busy;		/* we are in its work already */
	unsigned long nth;
	size_t dropped;		/* bytes read while lingering */
	char *block;		/* BLOCK bytes, or NULL */
	size_t from, to;	/* what is in there */
	struct net_exchange *x;
};

struct net_bytes {
	unsigned refs;
	size_t n, skip;		/* skip: the line before a chunk's data */
	char data[];
};

struct piece {
	struct net_bytes *bytes;
	size_t at, end;
};

struct net_exchange {
	struct net_loop *loop;
	struct conn *conn;	/* NULL: the client is gone */
	struct net_exchange *next;	/* spare */
	void *user;
	struct net_head head;
	struct net_field field[NET_FIELDS];
	struct net_scan scan;
	char *text;
	size_t text_cap;
	char ip[PEER_TEXT], peer[PEER_TEXT];
	struct body body;
	struct buf taken;	/* the body */
	int64_t limit;
	bool known;		/* to the user: head() was called */
	bool unread;		/* there is a body, and it is not taken */
	bool answered, close, stream, chunked, dropped, refused, ended;
	int status;
	const char *reason;
	struct buf top, rest;	/* of the reply: head and body */
	size_t sent;
	struct piece *piece;	/* of a stream: what waits */
	size_t first, pieces, piece_cap, pending;
	uint64_t out;
};

struct door {
	char url[128];		/* or "unix:PATH" */
	char path[108];		/* of a unix socket that we made, else "" */
	const char *name;
	char called[32];
	bool local, shared;	/* shared: one socket for all loops */
	int family;
};

struct ear {			/* a loop's share of a door */
	uv_poll_t poll;
	struct net_loop *loop;
	const struct door *door;
	int fd;
	bool open, rests;	/* rests: until the next tick */
};

struct tally {
	atomic_ulong accepted, requests, in, out;
	atomic_ulong refused_connections, refused_address, refused_descriptors;
	atomic_ulong malformed, timeout[DUE__COUNT], streams_dropped;
};

struct net_loop {
	uv_loop_t uv;
	uv_async_t async;
	uv_timer_t timer, tick;
	struct net_server *server;
	unsigned index;
	pthread_t thread;
	void *state;		/* of the user */
	struct ear ear[NET_DOORS];
	struct conn *conns;
	size_t conn_count, closing;
	atomic_size_t exchanges;
	struct conn *first[DUE__COUNT], *last[DUE__COUNT];
	int64_t armed_ms;	/* when the timer fires; INT64_MAX: not */
	char *spare_block[SPARES];
	size_t spare_blocks;
	struct net_exchange *spare_x;
	size_t spare_xs;
	int spare_fd;
	char date[40];
	bool draining, cutting, ended, doomed;
	atomic_llong tick_us, lag_us;
	struct tally tally;
};

struct net_server {
	struct net_config config;
	struct net_calls calls;
	struct door door[NET_DOORS];
	size_t doors;
	struct net_loop *loop;	/* config.loops of them */
	unsigned opened;
	atomic_uint running;	/* loops that have not ended */
	struct crowd *crowd;
	struct cidrs trusted;
	uv_signal_t signal[3];
	uv_timer_t drain_timer, cut_timer;
	bool local_only, stopping;
	atomic_uint stop;	/* what is asked for: see server.c */
	atomic_uint phase;	/* what the loops are to do */
	atomic_uint conns, streams;
};

/* due.c */
int64_t due_now(const struct net_loop *);
void due_set(struct conn *, enum due);	/* DUE_NONE: none any more */
void due_run(struct net_loop *);
void due_open(struct net_loop *);

/* conn.c */
void conn_open(struct net_loop *, const struct door *, int fd,
    const struct peer *, bool counted);
void conn_watch(struct conn *);
void conn_next(struct conn *);		/* the reply is written */
void conn_expire(struct conn *, enum due);
void conn_close(struct conn *);
void conn_linger(struct conn *);
void conn_drain(struct net_loop *);
void conn_cut(struct net_loop *);
void conn_detach(struct conn *);

/* request.c */
void request_advance(struct conn *);	/* with what was read */
void request_error(struct net_exchange *, int status, const char *reason);
/* The same before the head is whole, with the fields that are. */
void request_refuse(struct conn *, int status, const char *reason);

/* exchange.c */
struct net_exchange *exchange_open(struct conn *);
void exchange_close(struct net_exchange *);
void exchange_done(struct net_exchange *, bool gone);
char *exchange_text(struct net_exchange *, const char *, size_t);
void exchange_release_spares(struct net_loop *);

/* reply.c */
void reply_write(struct conn *);
void reply_refusal(struct net_loop *, int fd, const char *reason);
void reply_interim(struct conn *);
void reply_begin(struct net_exchange *, int status, const struct buf *);

/* stream.c */
void stream_write(struct conn *);
void stream_gone(struct net_exchange *);
void stream_release(struct net_exchange *);
void stream_bury(struct net_loop *);

/* listen.c */
int listen_open(struct net_server *, struct err *) CHECKED;
int listen_attach(struct net_loop *, struct err *) CHECKED;
void listen_tick(struct net_loop *);
void listen_drain(struct net_loop *);	/* take what waits, then close */
void listen_close(struct net_server *);

/* server.c */
void server_settle(struct net_loop *);	/* is a loop that stops done? */

#endif
