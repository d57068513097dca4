/*
 * client_plan - which ask begins when: knows neither sockets nor the clock.
 *
 * An ask is in one place at a time: in the order that was drawn, in the heap
 * of those to be repeated, in the queue of its host, which has as many in
 * flight as it may, in the queue of those that can begin, or in flight.
 * Moments are in _us since the beginning.
 */
#ifndef CLIENT_PLAN_H
#define CLIENT_PLAN_H

#include "base/table.h"
#include "net/client.h"

#define CLIENT_NONE SIZE_MAX
#define CLIENT_NEVER INT64_MAX

struct client_host {
	struct table_item item;
	unsigned busy;
	size_t first, last;		/* asks that wait for it */
};

struct client_due { int64_t at_us; size_t ask; };

struct client_plan {
	const struct client_how *how;
	size_t n, in_flight;
	struct table by_name;
	struct client_host *hosts, **host;	/* all; of each ask */
	size_t *order, at;
	size_t *next;			/* in the queue that an ask is in */
	size_t first, last;		/* asks that can begin */
	struct client_due *heap;
	size_t due;
};

/* At least one ask; how and they are borrowed. */
void client_plan_open(struct client_plan *, const struct client_how *,
    const struct client_ask *, size_t n);
void client_plan_close(struct client_plan *);

/* When the next can begin; CLIENT_NEVER: not before another has ended. */
int64_t client_plan_next(const struct client_plan *);

/* One that begins now, and is in flight then; CLIENT_NONE. */
size_t client_plan_take(struct client_plan *, int64_t now_us);

/* It has ended; to be repeated at that moment, or never if negative. */
void client_plan_end(struct client_plan *, size_t ask, int64_t again_us);

bool client_plan_done(const struct client_plan *);

#endif
