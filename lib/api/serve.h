/*
 * serve - the server: lib/net below, the routes above (spec/http.md).
 */
#ifndef SERVE_H
#define SERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/chance.h"
#include "base/err.h"
#include "base/param.h"

struct api;
struct buf;
struct net_inherited;
struct secret;

/* Lines of the log: for programs, for people, for the journal's priorities. */
enum serve_log { SERVE_LOG_NDJSON, SERVE_LOG_TEXT, SERVE_LOG_JOURNAL };

/* How it is started; all is borrowed, and outlives it. */
struct serve {
	const char *home, *version;
	const char *const *listen;	/* up to a NULL: net/server.h */
	const struct net_inherited *inherited;
	size_t inherited_n;
	unsigned loops;			/* 0: by the cores */
	int64_t sweep_ms;		/* 0: others sweep */
	int log_fd, access_fd;		/* access_fd -1: no lines */
	bool accept_clock;
	bool allow_private;		/* webhooks may be on this machine */
	enum serve_log form;		/* of lines on log_fd */
	struct chance chance;		/* zeroed, but in tests */

	int64_t (*now_ms)(void *arg);	/* the clock, for any thread */
	bool fixed;			/* it is a test's: rates go by it */
	int (*configure)(void *arg, struct params *, struct err *);
	/*
	 * The passphrase of the node's key, asked for if that is locked or is
	 * to be made; for any thread, one at a time.  E_no_passphrase: then
	 * the server does without.
	 */
	int (*passphrase)(void *arg, struct secret *out, struct err *);
	void *arg;
	/* What whoever supervises wants to hear: sd_notify(3). */
	void (*tell)(void *arg, const char *text);
	int64_t watchdog_us;		/* 0: nobody watches */
	/* Called once all is open, before the first request. */
	int (*ready)(void *arg, struct api *, struct err *);
};

/*
 * Serve until a signal ends it.  E_usage, E_bad_conf, E_unsafe_mode,
 * E_no_ledger, E_address_taken, E_lock_timeout if this home is served already,
 * and what opening the store says.
 */
int serve_run(const struct serve *, struct err *) CHECKED;

/* "http://127.0.0.1:41873", the i-th; NULL after the last. */
const char *serve_url(const struct api *, size_t i);

/* Of the table of routes alone, without a home. */
int serve_openapi(struct buf *out, const char *version, struct err *) CHECKED;
int serve_routes(struct buf *out, struct err *) CHECKED;	/* NDJSON */

#endif
