/*
 * client - asks many HTTP servers at once, each for one thing.
 *
 * An ask is a GET, or a POST, on a connection of its own, to one address,
 * tried once: no redirect is followed, nothing decompressed, no proxy, cookie,
 * cache or connection used that was there before.  http:// and https:// only,
 * HTTP/1.1, certificates verified.  Which address it goes to is looked at when
 * the socket is made, whatever the name or its spelling: only global ones
 * (addr.h) are called, unless private ones are allowed.
 *
 * What is called back may take its time, but not more than half a second in
 * all between two answers: what was in flight then is asked anew, as nobody
 * could say how long it took; but no POST is sent twice.
 *
 * They are asked in random order, so many at once and so few of one host.
 * One thread: all is called back on the one that runs, and nothing is asked
 * when client_run() has returned.
 * Units: _ms and _us; moments in _us count from the call of client_run().
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct buf;
struct chance;

#define CLIENT_IP 46
#define CLIENT_URL 2048		/* bytes of a URL, at most */

enum client_family { CLIENT_ANY, CLIENT_V4, CLIENT_V6 };

struct client_ask {
	const char *host;	/* borrowed: whose asks at once are counted */
	enum client_family family;
	const char *const *fields;	/* of this one alone; as below */
};

struct client_how {
	unsigned in_flight, per_host;	/* at most; at least 1: fewer if there
					   are no files or threads for them */
	int64_t connect_ms;	/* for name, connection and handshake */
	int64_t total_ms;
	int64_t spread_ms;	/* over which the asks begin */
	int64_t deadline_ms;	/* for all; 0: none */
	size_t body_max;
	bool allow_private;
	const char *ca_file;	/* NULL: the system's */
	const char *agent, *accept;	/* fields of the request, or NULL */
	const char *const *fields;	/* more, whole, ended by NULL; NULL */
	const void *post;		/* NULL, or what a POST sends to all */
	size_t post_n;
	struct chance *chance;
	const volatile sig_atomic_t *stop;	/* NULL, or: true ends it */
};

/* How it ended; in the order in which such things happen. */
enum client_end {
	CLIENT_ANSWERED,
	CLIENT_FORBIDDEN,	/* not such a URL, or not such an address */
	CLIENT_DNS,		/* the name has no address */
	CLIENT_CONNECT,		/* refused, unreachable */
	CLIENT_TLS,		/* no handshake, or a wrong certificate */
	CLIENT_TIMEOUT,		/* once there was an address */
	CLIENT_BROKEN,		/* not HTTP, or not all of it */
	CLIENT_LARGE,		/* more than body_max */
};

struct client_answer {
	enum client_end end;
	int status;		/* 0: none came */
	char ip[CLIENT_IP];	/* or "" */
	int64_t began_us;
	/* What each took; -1: not reached, or there is none. */
	int64_t dns_us, connect_us, tls_us, first_us;
	int64_t total_us;	/* from the beginning to the end; -1 if
				   forbidden */
	int64_t cert_ends_ms;	/* since 1970; 0: none was shown */
	const char *body;	/* until return; all of it if ANSWERED */
	size_t n;
};

struct client_calls {
	/* Say what ask i is for, as it begins, whether again or anew. */
	void (*begin)(void *arg, size_t i, struct buf *url);
	/* It has ended: after how many ms to ask again; -1: no more. */
	int64_t (*end)(void *arg, size_t i, const struct client_answer *);
};

/*
 * Ask all.  What the deadline or stop cuts off, or leaves over, is not told
 * of.  E_no_file, E_denied or E_io_error if it is this machine that fails: no
 * file descriptors, memory or authorities; then some may have been told of.
 */
int client_run(const struct client_how *, const struct client_ask *, size_t n,
    const struct client_calls *, void *arg, struct err *) CHECKED;

#endif
