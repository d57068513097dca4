/* Keccak-f[1600] from the reference; lanes are little-endian. */
#include <string.h>

#include "crypto/keccak.h"

#define RATE 136		/* bytes a block: 1,600 bits less 2 * 256 */
#define ROUNDS 24

static uint64_t
rotate(uint64_t x, unsigned by)
{
	return x << by | x >> (64 - by);
}

static void
round_of(uint64_t a[25], uint64_t constant)
{
	/* Where each lane goes, and by how much it turns. */
	static const unsigned char to[24] = {
		10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4,
		15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
	};
	static const unsigned char by[24] = {
		1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14,
		27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
	};
	uint64_t column[5], lane, next;
	int i, j;

	for (i = 0; i < 5; i++)
		column[i] = a[i] ^ a[i + 5] ^ a[i + 10] ^ a[i + 15] ^
		    a[i + 20];
	for (i = 0; i < 25; i++)
		a[i] ^= column[(i + 4) % 5] ^ rotate(column[(i + 1) % 5], 1);
	lane = a[1];
	for (i = 0; i < 24; i++) {
		next = a[to[i]];
		a[to[i]] = rotate(lane, by[i]);
		lane = next;
	}
	for (j = 0; j < 25; j += 5) {
		memcpy(column, a + j, sizeof(column));
		for (i = 0; i < 5; i++)
			a[j + i] ^= ~column[(i + 1) % 5] & column[(i + 2) % 5];
	}
	a[0] ^= constant;
}

static void
permute(uint64_t a[25])
{
	static const uint64_t constant[ROUNDS] = {
		0x0000000000000001, 0x0000000000008082, 0x800000000000808a,
		0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
		0x8000000080008081, 0x8000000000008009, 0x000000000000008a,
		0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
		0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
		0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
		0x000000000000800a, 0x800000008000000a, 0x8000000080008081,
		0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
	};
	int i;

	for (i = 0; i < ROUNDS; i++)
		round_of(a, constant[i]);
}

static void
absorb(uint64_t a[25], const unsigned char *block)
{
	int i;

	for (i = 0; i < RATE; i++)
		a[i / 8] ^= (uint64_t)block[i] << 8 * (i % 8);
	permute(a);
}

void
keccak(struct hash *out, const void *data, size_t n)
{
	unsigned char last[RATE] = { 0 };
	const unsigned char *p = data;
	uint64_t a[25] = { 0 };
	int i;

	for (; n >= RATE; p += RATE, n -= RATE)
		absorb(a, p);
	if (n)
		memcpy(last, p, n);
	last[n] = 0x01;
	last[RATE - 1] |= 0x80;
	absorb(a, last);
	for (i = 0; i < HASH_BYTES; i++)
		out->b[i] = (uint8_t)(a[i / 8] >> 8 * (i % 8));
}
