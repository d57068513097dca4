/*
 * crowd - how many connections an address has, an IPv6 network of 64 bits
 * counting as one.  For many threads.
 */
#ifndef CROWD_H
#define CROWD_H

#include <stdbool.h>

struct crowd;
struct peer;

struct crowd *crowd_new(unsigned limit);
void crowd_free(struct crowd *);		/* takes NULL */
bool crowd_add(struct crowd *, const struct peer *);	/* false: too many */
void crowd_remove(struct crowd *, const struct peer *);

#endif
