/*
 * alert - the outbox of what people are to be told of the nodes.
 *
 * A row is written in the transaction that makes it true, and delivered later
 * by whoever runs the delivery: killed between sending and marking, it is
 * sent once more under the same Message-ID and X-Delivery-Id; killed anywhere
 * else, nothing is lost (spec/ops.md 3.6).  A row is named by what it is
 * about, its kind and its number, and is written once however often it is
 * queued.
 * Units: _ms since 1970 UTC.
 */
#ifndef ALERT_H
#define ALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct buf;
struct store;

enum alert_kind {
	ALERT_DOWN,
	ALERT_STILL_DOWN,
	ALERT_DEGRADED,
	ALERT_FLAPPING,
	ALERT_RECOVERED,
	ALERT_CERTIFICATE,
	ALERT_OBSERVER_OFFLINE,
	ALERT_DIGEST,
	ALERT_TEST,
	ALERT__KINDS
};

const char *alert_kind_word(enum alert_kind);	/* "still-down" */
bool alert_kind_named(const char *, enum alert_kind *);

/* What there is to tell; all borrowed. */
struct alert_news {
	enum alert_kind kind;
	const char *ref;	/* an incident, or what else it is about: one
				   thread of mail */
	int64_t n;		/* which of its kind and ref, from 0 */
	const char *node_id;	/* NULL: of no node, but of who watches */
	const char *owner;	/* an address; NULL: the operator's */
	const char *sweep_id;	/* those of one sweep and owner go together */
	int64_t due_ms;		/* not before: the end of maintenance, or 0 */
	void (*write)(struct buf *, const void *about);
	const void *about;	/* write adds the members of data */
};

/* Queue it: 1, or 0 if it was queued before, or -1. */
int alert_queue_in(struct store *, const struct alert_news *, int64_t now_ms,
    struct err *) CHECKED;

/* Was one of this kind queued of ref?  1, 0, -1. */
int alert_queued(struct store *, const char *ref, enum alert_kind,
    struct err *) CHECKED;

/*
 * What has not been sent of ref is not true any longer: it is dropped, and
 * kept as such.
 */
int alert_drop_in(struct store *, const char *ref, enum alert_kind,
    int64_t now_ms, struct err *) CHECKED;

/* All that were ever queued, as they were: 1, 0 after the last, -1. */
struct alert_told {
	enum alert_kind kind;
	char ref[160];
	int64_t n;
	char node_id[65];		/* or "" */
	int64_t made_ms, due_ms;
};
struct query;
void alert_told_open(struct query *, struct store *);
int alert_told_next(struct query *, struct alert_told *out, struct err *)
    CHECKED;

/* How many wait for their moment or an answer, and how many were given up. */
struct alert_stats { int64_t pending, failed, oldest_ms; };
int alert_stats(struct store *, struct alert_stats *out, struct err *)
    CHECKED;

#endif
