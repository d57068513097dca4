/*
 * prove - print our proofs, for others to judge.
 *
 *	prove FROM TO		all of each tree of that many leaves
 *	prove 0 MOST COUNT SEED	as many of random trees of at most MOST
 *
 * Leaf i is the decimal digits of i.  Lines are "root SIZE HASH", "leaf INDEX
 * SIZE HASH..." and "growth OLD SIZE HASH...", in hex.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/hash.h"
#include "tlog/proof.h"
#include "tlog/tlog.h"

#define LEVELS 32

/* The roots of all perfect subtrees, by level. */
struct forest {
	struct hash *level[LEVELS];
	uint64_t n;
};

static void
plant(struct forest *f, uint64_t n)
{
	char digits[24];
	uint64_t i;
	unsigned k;
	int len;

	f->n = n;
	f->level[0] = mem_grow(NULL, n, sizeof(struct hash));
	for (i = 0; i < n; i++) {
		len = snprintf(digits, sizeof(digits), "%" PRIu64, i);
		tlog_leaf(&f->level[0][i], digits, (size_t)len);
	}
	for (k = 1; n >> k; k++) {
		f->level[k] = mem_grow(NULL, n >> k, sizeof(struct hash));
		for (i = 0; i < n >> k; i++)
			tlog_node(&f->level[k][i], &f->level[k - 1][2 * i],
			    &f->level[k - 1][2 * i + 1]);
	}
}

static int
read_root(void *arg, unsigned level, uint64_t index, struct hash *out,
    struct err *e)
{
	const struct forest *f = arg;

	(void)e;
	if (index >= f->n >> level)
		abort();
	*out = f->level[level][index];
	return 0;
}

static void
say(const char *word, uint64_t a, uint64_t size, const struct proof *p)
{
	char hex[HASH_HEX];
	size_t i;

	printf("%s %" PRIu64 " %" PRIu64, word, a, size);
	for (i = 0; i < p->n; i++) {
		hash_hex(hex, &p->h[i]);
		printf(" %s", hex);
	}
	putchar('\n');
}

static void
say_root(struct forest *f, uint64_t size)
{
	struct tlog_edge edge = { .size = size };
	char hex[HASH_HEX];
	struct hash root;
	uint64_t from = 0;
	unsigned k, n = 0;

	for (k = LEVELS; k--;)
		if (size >> k & 1) {
			edge.h[n++] = f->level[k][from >> k];
			from += UINT64_C(1) << k;
		}
	tlog_root(&edge, &root);
	hash_hex(hex, &root);
	printf("root %" PRIu64 " %s\n", size, hex);
}

static void
prove_leaf(struct forest *f, uint64_t index, uint64_t size)
{
	struct proof p;
	struct err e;

	if (proof_leaf(&p, index, size, read_root, f, &e))
		abort();
	say("leaf", index, size, &p);
}

static void
prove_growth(struct forest *f, uint64_t old, uint64_t size)
{
	struct proof p;
	struct err e;

	if (proof_growth(&p, old, size, read_root, f, &e))
		abort();
	say("growth", old, size, &p);
}

/* xorshift64: the same lines on every machine. */
static uint64_t
below(uint64_t *seed, uint64_t n)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed % n;
}

int
main(int argc, char **argv)
{
	uint64_t arg[4] = { 0, 0, 0, 1 }, size, i;
	struct forest f = { 0 };

	for (i = 0; i < 4 && (int)i + 1 < argc; i++)
		arg[i] = strtoull(argv[i + 1], NULL, 10);
	plant(&f, arg[1]);
	for (size = arg[0]; size && size <= arg[1]; size++) {
		say_root(&f, size);
		for (i = 0; i < size; i++) {
			prove_leaf(&f, i, size);
			prove_growth(&f, i + 1, size);
		}
	}
	for (; arg[2]; arg[2]--) {
		size = 1 + below(&arg[3], arg[1]);
		say_root(&f, size);
		prove_leaf(&f, below(&arg[3], size), size);
		prove_growth(&f, 1 + below(&arg[3], size), size);
	}
	return fflush(stdout) ? 1 : 0;
}
