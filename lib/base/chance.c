#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/chance.h"

void
chance_seed(struct chance *c, uint64_t seed)
{
	*c = (struct chance){ .seeded = true, .state = seed };
}

/* splitmix64: public domain, by Sebastiano Vigna. */
static uint64_t
step(struct chance *c)
{
	uint64_t z = c->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Up to 256 bytes it neither fails nor is cut. */
static void
draw(unsigned char *p, size_t n)
{
	ssize_t got = getrandom(p, n, 0);

	if (got != (ssize_t)n)
		abort();
}

void
chance_bytes(struct chance *c, void *out, size_t n)
{
	const size_t most = c->seeded ? sizeof(uint64_t) : 256;
	unsigned char *p = out;
	uint64_t word;
	size_t some;

	for (; n; p += some, n -= some) {
		some = n < most ? n : most;
		if (c->seeded) {
			word = step(c);
			memcpy(p, &word, some);
		} else {
			draw(p, some);
		}
	}
}

uint64_t
chance_below(struct chance *c, uint64_t below)
{
	uint64_t word, odd;

	assert(below > 0);
	odd = -below % below;		/* 2^64 modulo below */
	do
		chance_bytes(c, &word, sizeof(word));
	while (word < odd);
	return word % below;
}
