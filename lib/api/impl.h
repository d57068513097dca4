/*
 * impl - what the files of the server's core share; families include api.h.
 *
 *	serve.c		starting, the callbacks of lib/net, replies
 *	call.c		a call, step by step: spec/vmp.md 1.3
 *	call_given.c	what handlers ask of one
 *	auth.c, signer.c	who calls
 *	limit.c, rate.c	how often
 *	filter.c	what browsers and some texts are told
 *	shape.c		is the body as it must be
 *	say.c		refusals, in their dialects
 *	key.c		idempotency keys
 *	writer.c	the thread that writes, writer_job.c, writer_sweep.c
 *	feed.c		replies that have no end
 *	aside.c		reads that take long, and what comes before writes
 *	conf.c		what a HUP reads again
 *	node_key.c	the key of the server's own node
 *	head.c		fields of replies, and of requests that are ours
 *	cache.c		what was answered lately
 *	log.c, metric.c, openapi.c, sample.c
 *
 * A job is a call and all its memory.  It belongs to whoever holds it: the
 * loop, then the writer or a thread that is aside, then the loop again.
 */
#ifndef API_IMPL_H
#define API_IMPL_H

#include <pthread.h>
#include <stdatomic.h>

#include "api/api.h"
#include "api/metric.h"
#include "api/rate.h"
#include "api/route.h"
#include "api/serve.h"
#include "api/shape.h"
#include "crypto/rsa.h"
#include "market/runtime.h"
#include "net/server.h"
#include "sig/http.h"
#include "sig/jwt.h"
#include "validate/language.h"

#define API_VERSION "2026-03-18"
#define API_BASES 8		/* base_url and its aliases */
#define API_URL 512

/* Of access tokens, as older clients know them (spec/vmp.md 1.4). */
#define API_ISSUER "botnode-orchestrator"
#define API_AUDIENCE "botnode-grid"

/* What is configured; never changed once made, so that all may read it. */
struct conf {
	struct conf *older;
	struct params params;
	struct secret pepper, admin, sync, internal;	/* empty: off */
	struct token_key token;
	char kid[JWT_KID];
	struct jwks jwks;
	struct sign_key node;		/* pair is empty: it is locked */
	struct runtime runtime;
	bool has_node;			/* node.pub is that of the home */
	char base_url[API_URL];
	struct http_base base[API_BASES];
	size_t bases;
};

struct feed;
struct loop;
struct writer;
struct aside;

struct api {
	struct serve how;
	struct routes routes;
	_Atomic(struct conf *) conf;
	pthread_mutex_t conf_lock;	/* of who makes another */
	int64_t started_ms;
	struct rates *rates;
	struct writer *writer;
	struct aside *aside;
	struct resolve *resolve;
	struct metric_set *metrics;
	struct metric_process *process;
	struct net_server *net;
	struct loop *loop[64];
	struct language language;
	char *openapi;			/* owned */
	size_t openapi_n;
	struct params early;		/* of the start, before there is conf */
	bool local_only;
	atomic_bool ready, draining;
	atomic_llong clock_ms;		/* the last that a test's file said */
	atomic_ulong log_dropped;
};

enum job_state { JOB_QUEUED, JOB_TAKEN, JOB_WITHDRAWN };

struct job {
	struct call call;		/* first: a call is its job */
	struct job *next;
	struct api *api;
	struct loop *loop;
	struct net_exchange *x;		/* until it is answered */
	const struct conf *conf;
	const struct row *row;		/* NULL: there is none */
	struct buf text;		/* the body; raw points to it */
	struct buf rest;		/* see routes_find() */
	char request_id[129];
	char ip[64];

	/* Of RFC 9421, to be used up by the writer. */
	char nonce_key[HTTP_KEY_ID], nonce[HTTP_NONCE];
	int64_t nonce_until_ms;

	/* The hash of the API key that it came with, or "". */
	char came_with[HASH_HEX];
	/* Of one that an older grid had kept: its hash from now on. */
	char rehash[HASH_HEX];

	/* Of an idempotency key. */
	char key[129];
	struct buf scope;
	struct hash hash;
	bool replayed;

	struct rate_told told[4];	/* what was counted, and is told */
	size_t told_n;
	char *more_name;		/* owned; of one of them, or NULL */
	bool demo;			/* a browser of the sandbox demo */
	bool chromium;			/* any browser, and so refused */

	atomic_int state;
	int64_t start_us, queued_us, taken_us, commit_us, end_us;
	struct ledger **alone;		/* of ROUTE_ALONE, while it acts */
	struct err before;		/* what before() says, unless there is
					   an answer already */
	struct err err;			/* kind OK: it was done */
	bool faulty;			/* 422 of shape: more is the list */
	bool address;			/* 429 of an address */

	int64_t from;			/* of a stream: its first leaf */
	struct feed *feed;		/* while it goes; or NULL */
};

/* Replies, by a key, and as of a version of the store. */
#define CACHE_MOST 8
struct cached {
	char key[256];			/* "": empty */
	int64_t version;
	const struct conf *conf;	/* that it was made by */
	struct buf text;		/* owned */
};
struct cache {
	struct cached kept[CACHE_MOST];
	size_t next;			/* to be replaced */
};
void cache_release(struct cache *);

/* The streams of a loop: feed.c. */
struct feeds {
	struct feed *first;
	int64_t at;			/* the first leaf not told yet */
	int64_t beat_us;
	unsigned round;
	atomic_uint n;			/* others look whether there are any */
	atomic_ulong denied;		/* were ended: who may not any more */
};

/* One a loop; its thread's. */
struct loop {
	struct api *api;
	struct net_loop *net;
	unsigned index;
	struct store *store;
	struct cache cache;
	struct chance chance;
	struct metric *metric;
	struct buf log;
	pthread_mutex_t lock;		/* of done */
	struct job *done, **last;	/* from the writer */
	unsigned long ticks;
	struct feeds feeds;
};

/* call.c */
void call_step_head(struct job *);	/* P2 to P4; err says no */
bool call_step_body(struct job *);	/* P5 to P9: true if it goes on */
void call_act(struct job *);		/* P11, with store and ledger set */
void job_free(struct job *);

/* serve.c */
void serve_answer(struct job *);	/* on its loop */
void serve_return(struct job *);	/* from another thread, to its loop */
int64_t serve_now_ms(struct api *);
int64_t serve_rate_us(struct api *);

/* limit.c: E_rate_limited */
int limit_address(struct job *, enum rate, struct err *) CHECKED;
int limit_node(struct job *, struct err *) CHECKED;	/* of its route */
/*
 * Nonces of all keys share a table: no key may fill it, and keep the others
 * from being taken.
 */
int limit_signer(struct job *, const char *key_id, struct err *) CHECKED;
/* Of failed authentications: may another be judged?  Count one. */
bool limit_may_fail(const struct job *);
void limit_failed(struct job *);

/* auth.c */
int auth_call(struct job *, struct err *) CHECKED;
bool auth_is_admin(const struct job *);
/* A node that may act now. */
int auth_node(struct job *, const char *id, struct node *out, struct err *)
    CHECKED;
bool auth_tried(const struct job *);	/* did it show any credentials? */
/* Of a call that goes on: may he who began it still call? */
int auth_again(struct job *, struct err *) CHECKED;

/* signer.c: the node of a signature, or the peer, if the route takes those */
int signer_check(struct job *, enum caller *who, struct node *out,
    struct err *) CHECKED;

/* filter.c */
int filter_human(struct job *, struct err *) CHECKED;
int filter_body(const struct json *, struct err *) CHECKED;

/* say.c */
void say_refusal(struct job *, struct buf *body, const char **type);
const char *say_word(enum err_code);
int say_status(const struct job *);
void say_early(int status, const char *reason, const char *request_id,
    struct buf *body);

/* key.c */
int key_hash(struct hash *out, const struct json *body, const char *path,
    const char *query, struct err *) CHECKED;
int key_read(struct job *, struct err *) CHECKED;
/* Inside the job's savepoint: 1 if it was answered before, 0, -1. */
int key_find_in(struct job *, struct err *) CHECKED;
int key_keep_in(struct job *, struct err *) CHECKED;

/* supervise.c: once a second; at SIGHUP; what net/server.h is opened with. */
void supervise_feed(const struct api *);
void supervise_reload(void *api);
void supervise_limits(struct net_limits *, const struct params *,
    unsigned loops);

/* writer.c */
int writer_open(struct api *, struct err *) CHECKED;
int writer_start(struct api *, struct err *) CHECKED;
int writer_put(struct api *, struct job *, struct err *) CHECKED;
void writer_withdraw_old(struct api *);
void writer_tick(struct api *);
bool writer_well(const struct api *);
int64_t writer_turn_us(const struct api *);	/* that it is at it */
size_t writer_waiting(const struct api *);
void writer_stop(struct api *, bool cut);
void writer_close(struct api *);

/* feed.c: on the loop of the job, and feed_news() from any thread */
void feed_start(struct job *);	/* err says so if there is no stream */
void feed_tick(struct loop *);
void feed_pump(struct loop *);
/* As net/server.h calls them; the state is the loop. */
void feed_gone(void *state, struct net_exchange *);
void feed_drained(void *state, struct net_exchange *);
void feed_drain(void *state);
void feed_news(struct api *);	/* something was committed */
bool feed_is(const struct job *);

/* aside.c */
struct aside *aside_new(void);
void aside_free(struct aside *);
int aside_put(struct job *, struct err *) CHECKED;

/* confine.c: before there are threads */
int confine_enter(const struct api *, struct err *) CHECKED;

/* conf.c */
int conf_make(struct conf **, const struct serve *, const char *url,
    struct err *) CHECKED;
/* In place of that which is; from any thread.  A bad one keeps the old. */
int conf_reload(struct api *, struct err *) CHECKED;
void conf_free_all(struct conf *);

/* head.c */
void head_request_id(char out[129], struct chance *,
    const struct net_head *);
void head_always(struct buf *, const char *request_id,
    const struct net_head *);
bool head_is_here(const struct net_head *);	/* by its Host, if it has one */
int head_host(const struct api *, const struct conf *,
    const struct net_head *, struct err *) CHECKED;
void head_reply(const struct job *, int status, struct buf *headers);
void head_cors(const struct job *, const struct net_head *,
    struct buf *headers);

/* log.c: lines on stderr; id is a request's, or of what it is about */
void log_access(struct loop *, const struct job *, const struct net_head *,
    const struct net_facts *);
void log_event(struct api *, const char *what, const char *id,
    const struct err *);
void log_started(struct api *);		/* where, and on what engine */

/* openapi.c */
void openapi_make(struct buf *out, const struct routes *,
    const char *version);
void openapi_headers(struct buf *out, const struct route *, bool done);
bool openapi_takes_key(const struct route *);

/* openapi_refusals.c: append the members of "responses" */
void openapi_refusals(struct buf *out, const struct route *);

/* route_list.c */
void routes_lines(struct buf *out, const struct routes *);

/* sample.c: append a body that a schema takes */
void sample_body(struct buf *out, const char *key, const char *schema);

#endif
