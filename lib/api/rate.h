/*
 * rate - how many calls of one caller may pass (spec/protocols.md 2.4).
 *
 * GCRA: of a limit of q in w seconds, q pass at once, and then one each w/q
 * seconds; in any interval of length t at most q + q*t/w.  Kept is one time a
 * limit and caller, in memory; it is forgotten when it says nothing any more.
 * For any thread.  Units: _us of any clock that does not go back.
 */
#ifndef RATE_H
#define RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RATE_KEY 128

struct buf;
struct rates;

struct rate_limit {
	const char *name;
	int64_t q, w_s;
};

/* What a caller is told of one limit. */
struct rate_told {
	const char *name;
	int64_t q, w_s;
	int64_t left;			/* that would pass now */
	int64_t full_s;			/* until left is q */
	int64_t wait_s;			/* until one passes; 0: now */
};

struct rates *rates_new(void);
void rates_free(struct rates *);

/* Count one: may it pass?  key has less than RATE_KEY bytes. */
bool rates_take(struct rates *, const struct rate_limit *, const char *key,
    int64_t now_us, struct rate_told *);

/* Would one pass?  It is not counted. */
bool rates_would(struct rates *, const struct rate_limit *, const char *key,
    int64_t now_us);

/* Forget what says nothing any more; now and then. */
void rates_tidy(struct rates *, int64_t now_us);
size_t rates_count(struct rates *);

/* The next state, which begins as 0: is one at now_us within the limit? */
bool rate_step(int64_t *at_us, const struct rate_limit *, int64_t now_us,
    struct rate_told *);

/* An address as it is counted: IPv6 by its /64. */
void rate_address(char out[RATE_KEY], const char *ip);

/* The fields of a reply. */
void rate_headers(struct buf *, const struct rate_told *, size_t n);

#endif
