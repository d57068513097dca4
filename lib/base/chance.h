/*
 * chance - where randomness comes from, as an argument.
 *
 * A zeroed struct chance draws from the system's generator.  A seeded one is
 * a fixed stream, the same on every machine: for test builds and simulations
 * only, never for keys.  One per thread.
 */
#ifndef CHANCE_H
#define CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chance {
	bool seeded;
	uint64_t state;
	int64_t id_ms;		/* of the last id made: see id.h */
	unsigned id_count;
};

void chance_seed(struct chance *, uint64_t seed);
void chance_bytes(struct chance *, void *out, size_t n);

/* A number from 0 to below - 1, each as likely; below > 0. */
uint64_t chance_below(struct chance *, uint64_t below);

#endif
