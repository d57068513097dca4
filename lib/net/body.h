/*
 * body - the body of a request, out of its framing.
 *
 * llhttp does the work; what it forgives in chunks is refused before it sees
 * the bytes: long extensions, odd line ends, trailers that are no fields.  It
 * is not shown what we drop, the extensions and trailers.
 */
#ifndef BODY_H
#define BODY_H

#include <llhttp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/head.h"

struct buf;

#define NET_EXTENSION_MAX 256	/* bytes of a chunk's */

/* The framing of chunks, looked at byte by byte. */
struct frame {
	int state;
	uint64_t left, size;	/* of this chunk: data, and what is declared */
	unsigned digits, extension;
	uint64_t data;		/* declared so far, this chunk included */
	uint64_t framing;	/* bytes so far that are none */
	unsigned fields;
	struct net_scan trailer;
};

struct body {
	llhttp_t parser;
	struct frame frame;
	struct buf *out;
	uint64_t got, limit, left;	/* left: of a declared length */
	bool chunked, done, over;
	int status;
	const char *reason;
};

/*
 * Begin, by showing llhttp the head as it came.  -1: it says no, with status
 * and reason in the body.  The caller then sets the limit.
 */
int body_begin(struct body *, const struct net_head *, const char *head,
    size_t n, struct buf *out);

/*
 * 1: that was the end; *used bytes of n were of it.  0: more.  -1: refused.
 * Not for a request without a body.
 */
int body_take(struct body *, const char *, size_t n, size_t *used);

#endif
