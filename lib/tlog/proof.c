#include <assert.h>
#include <string.h>

#include "tlog/proof.h"
#include "tlog/tlog.h"

struct prover {
	struct proof *out;
	proof_read *read;
	void *arg;
	struct err *e;
};

/* The leaves [from, to) of a tree. */
struct range { uint64_t from, to; };

static unsigned
bit_length(uint64_t n)
{
	return n ? 64 - (unsigned)__builtin_clzll(n) : 0;
}

/* Where a tree of over one leaf splits: the largest power of two below. */
static uint64_t
split(struct range r)
{
	assert(r.to - r.from > 1);
	return r.from + (UINT64_C(1) << (bit_length(r.to - r.from - 1) - 1));
}

/* Every left part is perfect, so this goes down along the right edge only. */
static int
root_of(const struct prover *p, struct range r, struct hash *out)
{
	uint64_t n = r.to - r.from, mid;
	struct hash left;
	unsigned level;

	assert(n > 0);
	if (!(n & (n - 1))) {
		level = bit_length(n) - 1;
		return p->read(p->arg, level, r.from >> level, out, p->e);
	}
	mid = split(r);
	if (root_of(p, (struct range){ r.from, mid }, &left) ||
	    root_of(p, (struct range){ mid, r.to }, out))
		return -1;
	tlog_node(out, &left, out);
	return 0;
}

static int
append(const struct prover *p, struct range r)
{
	assert(p->out->n < PROOF_MOST);
	return root_of(p, r, &p->out->h[p->out->n++]);
}

static int
path(const struct prover *p, uint64_t index, struct range r)
{
	struct range left = r, right = r;

	if (r.to - r.from == 1)
		return 0;
	left.to = right.from = split(r);
	if (index < left.to)
		return path(p, index, left) || append(p, right) ? -1 : 0;
	return path(p, index, right) || append(p, left) ? -1 : 0;
}

/* SUBPROOF of RFC 6962 2.1.2; known: the old root is that of a left part. */
static int
growth(const struct prover *p, uint64_t old, struct range r, bool known)
{
	struct range left = r, right = r;

	if (old == r.to)
		return known ? 0 : append(p, r);
	left.to = right.from = split(r);
	if (old <= left.to)
		return growth(p, old, left, known) || append(p, right) ?
		    -1 : 0;
	return growth(p, old, right, false) || append(p, left) ? -1 : 0;
}

int
proof_leaf(struct proof *out, uint64_t index, uint64_t size, proof_read *read,
    void *arg, struct err *e)
{
	const struct prover p = { out, read, arg, e };

	assert(index < size);
	out->n = 0;
	return path(&p, index, (struct range){ 0, size });
}

int
proof_growth(struct proof *out, uint64_t old, uint64_t size, proof_read *read,
    void *arg, struct err *e)
{
	const struct prover p = { out, read, arg, e };

	assert(old <= size);
	out->n = 0;
	if (!old)
		return 0;
	return growth(&p, old, (struct range){ 0, size }, true);
}

static bool
same(const struct hash *a, const struct hash *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* Below inner the two paths differ; above, only left siblings are left. */
bool
proof_leaf_holds(const struct proof *p, const struct hash *leaf,
    uint64_t index, uint64_t size, const struct hash *root)
{
	unsigned inner, border;
	struct hash h = *leaf;
	size_t i;

	if (index >= size)
		return false;
	inner = bit_length(index ^ (size - 1));
	border = inner == 64 ? 0 :
	    (unsigned)__builtin_popcountll(index >> inner);
	if (p->n != inner + border)
		return false;
	for (i = 0; i < p->n; i++)
		if (i < inner && !(index >> i & 1))
			tlog_node(&h, &h, &p->h[i]);
		else
			tlog_node(&h, &p->h[i], &h);
	return same(&h, root);
}

/* RFC 9162 2.1.4.2; the old root starts the path if old is a power of two. */
bool
proof_growth_holds(const struct proof *p, uint64_t old,
    const struct hash *old_root, uint64_t size, const struct hash *root)
{
	uint64_t at = old - 1, last = size - 1;
	const struct hash *next = p->h, *end = p->h + p->n;
	struct hash was, is;

	if (old > size)
		return false;
	if (!old || old == size)
		return !p->n && (!old || same(old_root, root));
	for (; at & 1; at >>= 1)
		last >>= 1;
	if (at && next == end)
		return false;
	was = is = at ? *next++ : *old_root;
	for (; next < end; next++) {
		if (!last)
			return false;
		if (at & 1 || at == last) {
			tlog_node(&was, next, &was);
			tlog_node(&is, next, &is);
			for (; at && !(at & 1); at >>= 1)
				last >>= 1;
		} else {
			tlog_node(&is, &is, next);
		}
		at >>= 1;
		last >>= 1;
	}
	return !last && same(&was, old_root) && same(&is, root);
}
