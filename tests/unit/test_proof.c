/*
 * Proofs of inclusion and growth: the vectors of transparency-dev and of
 * spec/ledger.md 5.1, and for every tree up to 300 leaves all that we prove,
 * and every way to spoil it.
 */
#include <stdlib.h>

#include "tap.h"

#include "base/enc.h"
#include "base/file.h"
#include "base/json.h"
#include "tlog/proof.h"
#include "tlog/tlog.h"
#include "vectors.h"

#define MOST 300

static struct hash leaf[MOST], root[MOST + 1];
static struct buf text = BUF_INIT(JSON_MAX);

static int
read_leaves(void *arg, unsigned level, uint64_t index, struct hash *out,
    struct err *e)
{
	(void)arg;
	(void)e;
	tlog_fold(out, leaf + (index << level), (size_t)1 << level);
	return 0;
}

/* Leaf i is the decimal digits of i, as in 5.1. */
static void
plant(void)
{
	struct tlog_edge edge = { 0 };
	char digits[16], hex[HASH_HEX];
	int i, n;

	for (i = 0; i < MOST; i++) {
		tlog_root(&edge, &root[i]);
		n = snprintf(digits, sizeof(digits), "%d", i);
		tlog_leaf(&leaf[i], digits, (size_t)n);
		tlog_push(&edge, &leaf[i]);
	}
	tlog_root(&edge, &root[MOST]);
	hash_hex(hex, &root[257]);
	IS(hex, "1eda049a4351d86f76252bd7ec0b7746"
	    "ad75b7fa0316ad5f541dbda458a312c4");
}

/* A path that is shorter, longer or has one bit changed. */
static int
spoiled(struct proof *p, int (*holds)(const struct proof *, uint64_t,
    uint64_t), uint64_t a, uint64_t size)
{
	int bad = 0;
	size_t i;

	for (i = 0; i < p->n; i++) {
		p->h[i].b[i % HASH_BYTES] ^= 1;
		bad += holds(p, a, size);
		p->h[i].b[i % HASH_BYTES] ^= 1;
	}
	if (p->n) {
		p->n--;
		bad += holds(p, a, size);
		p->n++;
	}
	p->h[p->n] = root[size];
	p->n++;
	bad += holds(p, a, size);
	p->n--;
	return bad;
}

static int
leaf_holds(const struct proof *p, uint64_t index, uint64_t size)
{
	return proof_leaf_holds(p, &leaf[index], index, size, &root[size]);
}

static int
growth_holds(const struct proof *p, uint64_t old, uint64_t size)
{
	return proof_growth_holds(p, old, &root[old], size, &root[size]);
}

static void
leaves(void)
{
	struct err e = { 0 };
	uint64_t size, i;
	struct proof p;
	int bad = 0;

	for (size = 1; size <= MOST; size++)
		for (i = 0; i < size; i++) {
			if (proof_leaf(&p, i, size, read_leaves, NULL, &e) ||
			    !leaf_holds(&p, i, size))
				bad++;
			if (size > 70 && i + 9 < size && i > 9)
				continue;
			bad += spoiled(&p, leaf_holds, i, size);
			bad += proof_leaf_holds(&p, &leaf[i], i, size,
			    &root[size - 1]);
			bad += proof_leaf_holds(&p, &leaf[(i + 1) % MOST], i,
			    size, &root[size]);
			bad += proof_leaf_holds(&p, &leaf[i], size, size,
			    &root[size]);
		}
	OK(bad == 0);
}

static void
prefixes(void)
{
	struct err e = { 0 };
	uint64_t size, old;
	struct proof p;
	int bad = 0;

	for (size = 0; size <= MOST; size++)
		for (old = 0; old <= size; old++) {
			if (proof_growth(&p, old, size, read_leaves, NULL,
			    &e) || !growth_holds(&p, old, size))
				bad++;
			if (size > 70 && old + 9 < size && old > 9)
				continue;
			bad += spoiled(&p, growth_holds, old, size);
			if (old && old < size)
				bad += proof_growth_holds(&p, old,
				    &root[old - 1], size, &root[size]) +
				    proof_growth_holds(&p, old, &root[old],
				    size, &root[size - 1]) +
				    proof_growth_holds(&p, size, &root[size],
				    old, &root[old]);
		}
	OK(bad == 0);
	OK(!growth_holds(&(struct proof){ 0 }, 8, 9));
}

/* Their roots may be a word; filled up with zeros it stays another. */
static bool
hash64(struct hash *out, const char *base64)
{
	size_t n = 0;

	memset(out, 0, sizeof(*out));
	return base64 && enc_unbase64(out->b, HASH_BYTES, &n, base64,
	    strlen(base64)) && n > 0;
}

static const char *
member(const struct json *object, const char *key)
{
	const char *value = "";
	struct err e = { 0 };

	(void)!json_opt_str(object, key, &value, &e);
	return value;
}

static uint64_t
number(const struct json *object, const char *key)
{
	const char *digits;
	struct json v;
	size_t n;

	if (!json_find(&v, object, key))
		return 0;
	digits = json_lexeme(&v, &n);
	return strtoull(digits, NULL, 10);
}

static bool
proof_of(struct proof *out, const struct json *test)
{
	struct json list, one = { 0 };

	*out = (struct proof){ 0 };
	if (!json_find(&list, test, "proof") || json_kind(&list) == JSON_NULL)
		return true;
	while (json_next(&one, &list))
		if (out->n == PROOF_MOST ||
		    !hash64(&out->h[out->n++], json_string(&one)))
			return false;
	return true;
}

static void
foreign(const char *name, bool growth)
{
	struct json root_of, test = { 0 };
	struct hash a, b;
	struct err e = { 0 };
	int n = 0, bad = 0;
	struct proof p;
	bool ok, want;

	if (vector_read(&text, name) ||
	    json_parse(&root_of, text.data, text.len, &e)) {
		SKIP(98, name);
		return;
	}
	for (; json_next(&test, &root_of); n++) {
		want = false;
		OK(!json_opt_bool(&test, "wantErr", &want, &e));
		ok = hash64(&a, member(&test, growth ? "root1" : "leafHash"));
		ok = hash64(&b, member(&test, growth ? "root2" : "root")) && ok;
		ok = proof_of(&p, &test) && ok;
		/* Nothing is a prefix of all: they call it an error. */
		if (growth && !number(&test, "size1"))
			ok = false;
		ok = ok && (growth ? proof_growth_holds(&p,
		    number(&test, "size1"), &a, number(&test, "size2"), &b) :
		    proof_leaf_holds(&p, &a, number(&test, "leafIdx"),
		    number(&test, "treeSize"), &b));
		if (ok == want) {
			printf("# %s: %s\n", name, member(&test, "case"));
			bad++;
		}
	}
	printf("# %s: %d of %d\n", name, n - bad, n);
	OK(n == 98 && bad == 0);
	json_release(&root_of);
}

/* What 5.1 says of the demo log, and 5.2 of its edge. */
static void
demo_says(const struct proof *p, const char *want)
{
	struct buf is = BUF_INIT(4096);
	char hex[HASH_HEX];
	size_t i;

	for (i = 0; i < p->n; i++) {
		hash_hex(hex, &p->h[i]);
		buf_addf(&is, "%s%s", i ? " " : "", hex);
	}
	IS(is.data, want);
	buf_release(&is);
}

#define LEAF_4 "15f05393c4ba919ca49e53163bc0c05e" \
	"54ed902bf5ee43545e8f80a7720235ee"
#define LEAF_5 "629dde95f5428ec911b818a856d4503c" \
	"b406cde93e5fcfc8803a9cc29bbfe6f2"
#define LEAF_7 "e92462e836691e6789e59a587aeced07" \
	"051b7235b9871414ba3e23ddaf01554b"
#define LEAF_8 "8393c687f4fad901cdac4a6ecaa6283d" \
	"7dc18d485a1b1dfdacecf28089a17ffe"
#define LEAF_10 "f49846f66e252bd465577e2b40f6e1f3" \
	"a25b2b5363f26ba56ee9591aae36f037"
#define TO_4 "357209f5c39f3544a15abd97e5e418a8" \
	"29111ede65ca3beec24635d667b44538"
#define TO_8 "9288bc1e49a7ba8e22616df52a43a1f8" \
	"77d1debfb54de9ee8c20d52eada68d03"
#define AT_4 "bf5980ba01902511bd5be8921a509677" \
	"2522ec9f5b3fb9e7a51bf8d2c46548c1"
#define AT_6 "7b283ed3f0b950337d3503e1e6eaf74d" \
	"37d64826ea60f159ed818d4740571970"
#define AT_8 "0c88ebf24f6a6bf55f1969ec0fa79d26" \
	"c41e6fa015bb94f38865ef7feab283be"

static void
demo(void)
{
	static const struct {
		uint64_t index, size;
		const char *want;
	} in[] = {
		{ 6, 10, LEAF_7 " " AT_4 " " TO_4 " " AT_8 },
		{ 9, 10, LEAF_8 " " TO_8 },
		{ 10, 11, AT_8 " " TO_8 },
	}, grown[] = {
		{ 5, 10, LEAF_4 " " LEAF_5 " " AT_6 " " TO_4 " " AT_8 },
		{ 8, 10, AT_8 },
		{ 10, 11, AT_8 " " LEAF_10 " " TO_8 },
	};
	const char *src = getenv("BZN_SRC");
	struct buf path = BUF_INIT(4096), lines = BUF_INIT(65536);
	struct tlog_edge edge = { 0 };
	struct err e = { 0 };
	char *line, *end;
	struct proof p;
	size_t i = 0;

	buf_addf(&path, "%s/tests/golden/demo.leaves", src ? src : ".");
	OK(!file_read(&lines, path.data, &e));
	tlog_root(&edge, &root[0]);
	for (line = lines.data; *line && i < MOST; line = end + 1) {
		end = strchr(line, '\n');
		tlog_leaf(&leaf[i], line, (size_t)(end - line));
		tlog_push(&edge, &leaf[i++]);
		tlog_root(&edge, &root[i]);
		if (i == 10) {
			p.n = tlog_edge_count(i);
			memcpy(p.h, edge.h, p.n * sizeof(*p.h));
			demo_says(&p, TO_8 " " AT_8);
		}
	}
	OK(i == 11);
	for (i = 0; i < 3; i++) {
		OK(!proof_leaf(&p, in[i].index, in[i].size, read_leaves, NULL,
		    &e) && leaf_holds(&p, in[i].index, in[i].size));
		demo_says(&p, in[i].want);
		OK(!proof_growth(&p, grown[i].index, grown[i].size,
		    read_leaves, NULL, &e) &&
		    growth_holds(&p, grown[i].index, grown[i].size));
		demo_says(&p, grown[i].want);
	}
	buf_release(&path);
	buf_release(&lines);
}

int
main(void)
{
	plant();
	leaves();
	prefixes();
	foreign("merkle-rfc6962/inclusion.json", false);
	foreign("merkle-rfc6962/consistency.json", true);
	demo();
	buf_release(&text);
	return DONE();
}
