/*
 * seen - who saw what of an incident (health/witness.h), to show: the lines
 * of an explanation, the members of a bundle.
 */
#ifndef PING_SEEN_H
#define PING_SEEN_H

#include "health/witness.h"
#include "ping/ping.h"

struct health_incident;

/* Of an incident the first so many, which is that of ten decisions. */
#define SEEN_MOST (10 * WITNESS_ASKED)

struct seen {
	struct witness witness[SEEN_MOST];	/* their texts are owned */
	size_t n;
	struct witness_count count;	/* of all */
};

/* Begin with a zeroed one; release it. */
int seen_read(struct seen *, struct store *, const struct health_incident *,
    struct err *) CHECKED;
void seen_release(struct seen *);

/* Append the members "contested" and "witnesses", whose keys are known here. */
int seen_write(struct buf *, struct store *, const struct seen *,
    struct err *) CHECKED;

/* Print a line for each, and one if it is contested. */
int seen_tell(struct cli *, const struct seen *, const char *incident_id,
    struct err *) CHECKED;

#endif
