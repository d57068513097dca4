#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ledger/past.h"

#define CACHE 4096		/* accounts whose balance is remembered */

/* What the leaves behind the postings have moved. */
struct moved {
	struct moved *next;
	char name[LEAF_ACCOUNT];
	char unit[UNIT_CODE];
	int64_t minor, legs;
};

struct known {
	char name[LEAF_ACCOUNT];
	char unit[UNIT_CODE];
	int64_t minor;
};

struct past {
	struct store *store;
	struct units units;
	int64_t size, posted;
	struct moved **bucket;
	size_t n_bucket, n_moved;
	struct known *known;		/* CACHE of them, once asked */
};

/* FNV-1a over name and unit. */
static size_t
mix(const char *name, const char *unit)
{
	uint64_t h = 0xcbf29ce484222325;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 0x100000001b3;
	for (h *= 0x100000001b3; *unit; unit++)
		h = (h ^ (unsigned char)*unit) * 0x100000001b3;
	return (size_t)(h ^ h >> 29);
}

static struct moved *
find(const struct past *p, const char *name, const char *unit)
{
	struct moved *m;

	if (!p->n_bucket)
		return NULL;
	m = p->bucket[mix(name, unit) & (p->n_bucket - 1)];
	while (m && (strcmp(m->name, name) || strcmp(m->unit, unit)))
		m = m->next;
	return m;
}

static void
rehash(struct past *p)
{
	size_t n = p->n_bucket ? 2 * p->n_bucket : 256, i, at;
	struct moved **bucket = mem_zero(n, sizeof(*bucket));
	struct moved *m, *next;

	for (i = 0; i < p->n_bucket; i++)
		for (m = p->bucket[i]; m; m = next) {
			next = m->next;
			at = mix(m->name, m->unit) & (n - 1);
			m->next = bucket[at];
			bucket[at] = m;
		}
	free(p->bucket);
	p->bucket = bucket;
	p->n_bucket = n;
}

static struct moved *
find_or_add(struct past *p, const char *name, const char *unit)
{
	struct moved *m = find(p, name, unit);
	size_t at;

	if (m)
		return m;
	if (p->n_moved >= p->n_bucket)
		rehash(p);
	m = mem_zero(1, sizeof(*m));
	snprintf(m->name, sizeof(m->name), "%s", name);
	snprintf(m->unit, sizeof(m->unit), "%s", unit);
	at = mix(name, unit) & (p->n_bucket - 1);
	m->next = p->bucket[at];
	p->bucket[at] = m;
	p->n_moved++;
	return m;
}

static struct known *
slot(struct past *p, const struct leg *leg)
{
	return &p->known[mix(leg->account, leg->unit->code) % CACHE];
}

static bool
holds(const struct known *k, const struct leg *leg)
{
	return !strcmp(k->name, leg->account) &&
	    !strcmp(k->unit, leg->unit->code);
}

void
past_step(struct past *p, const struct entry *x)
{
	const struct leg *leg;
	struct moved *m;

	p->size = x->seq + 1;
	for (leg = x->legs; leg < x->legs + x->n_legs; leg++) {
		if (p->known && holds(slot(p, leg), leg))
			slot(p, leg)->minor += leg->minor;
		if (x->seq < p->posted)
			continue;
		m = find_or_add(p, leg->account, leg->unit->code);
		m->minor += leg->minor;
		m->legs++;
	}
}

/* Sum the leaves that have no postings. */
static int
read_tail(struct past *p, int64_t size, struct err *e)
{
	struct leaf leaf = { 0 };
	struct stored s;
	struct query q;
	int got;

	ledger_leaves_open(&q, p->store, p->posted, size);
	while ((got = ledger_leaves_next(&q, &s, e)) > 0) {
		if (leaf_parse(&leaf, s.leaf, s.leaf_n, &p->units, e)) {
			got = err_wrap(e, "entry %lld", (long long)s.seq);
			break;
		}
		past_step(p, &leaf.entry);
	}
	query_close(&q);
	leaf_release(&leaf);
	return got;
}

int
past_open(struct past **out, struct store *s, int64_t size, struct err *e)
{
	struct past *p = mem_zero(1, sizeof(*p));
	struct query q;

	p->store = s;
	p->size = size;
	query_open(&q, s, SQL_LEDGER_POSTED);
	if (query_run(&q, &p->posted, e) < 0 ||
	    ledger_units_read(s, &p->units, e) ||
	    (p->posted < size && read_tail(p, size, e))) {
		past_close(p);
		return -1;
	}
	*out = p;
	return 0;
}

void
past_close(struct past *p)
{
	struct moved *m, *next;
	size_t i;

	if (!p)
		return;
	for (i = 0; i < p->n_bucket; i++)
		for (m = p->bucket[i]; m; m = next) {
			next = m->next;
			free(m);
		}
	free(p->bucket);
	free(p->known);
	ledger_units_free(&p->units);
	free(p);
}

/* The posting n of an account: 1, or 0 if it has none. */
static int
posting(struct store *s, int64_t id, int64_t n, int64_t *seq,
    int64_t *balance, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_LEDGER_POSTING_GET);
	query_int(&q, posting_key(id, n));
	got = query_row(&q, e);
	if (got > 0) {
		*seq = query_get_int(&q, 0);
		*balance = query_get_int(&q, 1);
	}
	query_close(&q);
	return got;
}

/* How many postings are below the size, of at most so many. */
static int
search(const struct past *p, int64_t id, int64_t most, int64_t *n,
    int64_t *minor, struct err *e)
{
	int64_t low = 0, high = most, middle, seq, balance = 0;
	int got;

	*minor = 0;
	while (low < high) {
		middle = low + (high - low) / 2;
		got = posting(p->store, id, middle, &seq, &balance, e);
		if (got < 0)
			return -1;
		if (got && seq < p->size) {
			low = middle + 1;
			*minor = balance;
		} else {
			high = middle;
		}
	}
	*n = low;
	return 0;
}

int
past_balance(struct past *p, const struct account *a, struct balance *out,
    struct err *e)
{
	const struct moved *m = find(p, a->name, a->unit.code);

	*out = (struct balance){ 0 };
	if (search(p, a->id, a->balance.legs, &out->legs, &out->minor, e))
		return -1;
	if (m) {
		out->legs += m->legs;
		out->minor += m->minor;
	}
	out->available = out->minor;
	return 0;
}

/* All legs that an account may have: the search ends at the last that is. */
#define MOST (INT64_C(1) << 31)

int
past_minor(struct past *p, const struct leg *leg, int64_t *out,
    struct err *e)
{
	const struct moved *m;
	struct known *k;
	struct query q;
	int64_t id, n;
	int got;

	if (!p->known)
		p->known = mem_zero(CACHE, sizeof(*p->known));
	k = slot(p, leg);
	if (!holds(k, leg)) {
		query_open(&q, p->store, SQL_LEDGER_ACCOUNT_ID);
		query_text(&q, leg->account);
		query_text(&q, leg->unit->code);
		got = query_run(&q, &id, e);
		if (got <= 0)
			return got ? -1 : err_set(e, E_store_corrupt,
			    "account '%s' has no row", leg->account);
		k->name[0] = '\0';
		if (search(p, id, MOST, &n, &k->minor, e))
			return -1;
		m = find(p, leg->account, leg->unit->code);
		if (m)
			k->minor += m->minor;
		snprintf(k->name, sizeof(k->name), "%s", leg->account);
		snprintf(k->unit, sizeof(k->unit), "%s", leg->unit->code);
	}
	*out = k->minor;
	return 0;
}

const struct units *
past_units(const struct past *p)
{
	return &p->units;
}

int64_t
past_posted(const struct past *p)
{
	return p->posted;
}
