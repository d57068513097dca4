/*
 * head - the head of a request, scanned byte by byte before llhttp sees it.
 *
 * Parsers differ in what they forgive; what may pass is decided here (table
 * of spec/http.md 2), so that it holds whichever llhttp is linked.  A scan
 * takes bytes in pieces of any size, and says the same as for the whole; it
 * notes where the parts are, as offsets from the first byte it was given.
 * net_head_make() then judges the fields together and makes a struct net_head
 * of a copy of those bytes.
 *
 * A refusal is an HTTP status and a reason of a few words, which is a
 * constant: a label of metrics.
 */
#ifndef HEAD_H
#define HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_HEAD_MAX 16384	/* bytes, empty lines before it included */
#define NET_FIELDS 64		/* trailers count as well */
#define NET_TARGET_MAX 8192
#define NET_SEGMENTS 16		/* of a path; no route is longer */

enum net_method {
	NET_GET, NET_HEAD, NET_POST, NET_PUT, NET_PATCH, NET_DELETE,
	NET_OPTIONS, NET_METHODS
};

struct net_field {
	const char *name;	/* in lower case */
	const char *value;	/* without the white space around it */
};

/* A request without its body.  All text is borrowed from its exchange. */
struct net_head {
	enum net_method method;	/* NET_METHODS in a refusal: no such one */
	int minor;		/* of HTTP/1.x: 0 or 1 */
	const char *path;	/* as sent: "/v1/a%20b", or "*" */
	const char *query;	/* as sent, without the '?'; NULL: none */
	const char *host;	/* in lower case; NULL: none, HTTP/1.0 */
	const char *segment[NET_SEGMENTS];	/* of the path, decoded */
	size_t segments;	/* NET_SEGMENTS + 1: more than there is room */
	const struct net_field *field;	/* in their order */
	size_t fields;
	int64_t length;		/* of the body; 0: none, -1: chunked */
	bool expects;		/* 100-continue */
	bool keep;		/* the client lets the connection live on */

	/* What the connection knows. */
	const char *ip;		/* of the client; "unix" for a local socket */
	const char *peer;	/* of who connected: it may be a proxy */
	bool local;		/* the client is on this machine, and nobody
				   is between, but proxies that are trusted */
	const char *door;	/* the name of the socket: "http", "admin" */
	unsigned long nth;	/* request of its connection, from 1 */
	int64_t at_us;		/* when the head was whole: net_now_us() */
};

struct net_span {
	uint16_t name, name_len, value, value_len;
};

struct net_scan {
	int state;
	size_t at;		/* bytes taken */
	bool trailer;		/* only fields, which are not noted */
	unsigned fields;
	struct net_span field[NET_FIELDS];
	char word[8];		/* the method's first bytes */
	uint16_t method, method_len, target, target_len;
	unsigned version_len;
	int major, minor;
	int status;		/* after a refusal */
	const char *reason;
};

void net_scan_init(struct net_scan *);
/* Fields behind a chunked body; so many were in the head. */
void net_scan_trailer(struct net_scan *, unsigned fields);

/*
 * Take the next n bytes, up to the end of the head: *used of them.  1: that
 * was the end.  0: more.  -1: refused.
 */
int net_scan(struct net_scan *, const char *next, size_t n, size_t *used);

/*
 * Make a head of a scan.  text is a copy of its bytes in 2 * at + 2 bytes, and
 * is changed; field has NET_FIELDS.  strict is a list, ended by NULL, of
 * fields that may occur once and are ASCII.  -1: refused, by this or by the
 * scan, with *status and *reason; the path is NULL if it was not read.
 */
int net_head_make(struct net_head *, const struct net_scan *, char *text,
    struct net_field *field, const char *const *strict, int *status,
    const char **reason);

/* The first field of that name, in lower case; NULL: there is none. */
const char *net_field(const struct net_head *, const char *name);
size_t net_field_count(const struct net_head *, const char *name);

/* Is word, in lower case, in the lists of tokens that these fields are? */
bool net_field_lists(const struct net_head *, const char *name,
    const char *word);

const char *net_method_name(enum net_method);	/* NULL of NET_METHODS */

#endif
