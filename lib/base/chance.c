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

void
chance_bytes(struct chance *c, void *out, size_t n)
{
	unsigned char *p = out;
	uint64_t word;
	size_t some;
	ssize_t got;

	while (n) {
		some = n < sizeof(word) ? n : sizeof(word);
		if (c->seeded) {
			word = step(c);
			memcpy(p, &word, some);
		} else {
			/* Up to 256 bytes it neither fails nor is cut. */
			got = getrandom(p, some, 0);
			if (got != (ssize_t)some)
				abort();
		}
		p += some;
		n -= some;
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
