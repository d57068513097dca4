/*
 * Epochs: all scores anew, once a day.
 *
 * What endorsements weigh is what it was in the epoch before, for all: so all
 * are read before any is written, and it does not matter who comes first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "ledger/ledger.h"
#include "trust/impl.h"

struct due {
	char node_id[HASH_HEX];
	struct trust_epoch was;
	struct trust_score score;
};

struct dues {
	struct due *due;	/* owned */
	size_t n, cap;
};

/* The next one after node_id: 1, 0 after the last, -1. */
static int
next(struct store *s, const char *node_id, struct due *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_TRUST_NODE_NEXT);
	query_text(&q, node_id);
	got = query_row(&q, e);
	if (got > 0) {
		*out = (struct due){ 0 };
		query_put_text(&q, 0, out->node_id, sizeof(out->node_id));
		out->was.day = query_get_int(&q, 1);
		out->was.hundredths = query_get_int(&q, 2);
		out->was.weight = query_get_int(&q, 3);
	}
	query_close(&q);
	return got;
}

int
trust_each(struct store *s, trust_told *told, void *arg, struct err *e)
{
	struct due at = { 0 };
	int got;

	while ((got = next(s, at.node_id, &at, e)) > 0)
		if (told(arg, at.node_id, e))
			return -1;
	return got;
}

static int
read_all(struct ledger *l, int64_t day, const struct params *p,
    struct dues *out, struct err *e)
{
	struct store *s = ledger_store(l);
	struct due at = { 0 };
	struct trust_facts f;
	int got;

	while ((got = next(s, at.node_id, &at, e)) > 0) {
		if (at.was.day >= day)
			continue;
		if (trust_claim_in(l, at.node_id, e) ||
		    trust_facts_read(s, at.node_id, &f, e))
			return -1;
		trust_facts_score(&f, ledger_now(l), p, &at.score);
		trust_facts_release(&f);
		if (out->n == out->cap) {
			out->cap = 2 * out->cap + 64;
			out->due = mem_grow(out->due, out->cap,
			    sizeof(*out->due));
		}
		out->due[out->n++] = at;
	}
	return got;
}

static int
write_epoch(struct store *s, const struct due *d,
    const struct trust_epoch *now, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_TRUST_NODE_EPOCH);
	query_text(&q, d->node_id);
	query_int(&q, now->day);
	query_int(&q, now->hundredths);
	query_int(&q, trust_weight(now));
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

/*
 * The log hears of all that weigh something, or did; and of nobody else, or
 * anybody could make it grow each day.
 */
static int
write_one(struct ledger *l, const struct due *d, int64_t day,
    const struct params *p, trust_epoch_told *told, void *arg,
    struct err *e)
{
	struct trust_entry x = {
		.said = TRUST_SAID_SCORED,
		.epoch = {
			.day = day,
			.hundredths = d->score.hundredths,
			.tier = d->score.tier,
		},
	};
	struct trust_change change = { .was = d->was, .now = x.epoch };
	char hex[HASH_HEX];
	struct hash rules;

	memcpy(x.node_id, d->node_id, HASH_HEX);
	memcpy(change.node_id, d->node_id, HASH_HEX);
	trust_rules(&rules, p);
	hash_hex(hex, &rules);
	if (trust_row_write_in(l, d->node_id, &d->score, p, e) ||
	    write_epoch(ledger_store(l), d, &x.epoch, e))
		return -1;
	if (trust_weight(&x.epoch) != d->was.weight &&
	    trust_post_in(l, &x, NULL, hex, e))
		return -1;
	return d->was.day < 0 || d->was.hundredths != x.epoch.hundredths ||
	    d->was.weight != trust_weight(&x.epoch) ?
	    told(arg, &change, e) : 0;
}

int
trust_epoch_in(struct ledger *l, const struct params *p,
    trust_epoch_told *told, void *arg, int64_t *scored, struct err *e)
{
	int64_t day = ledger_now(l) / CLOCK_DAY_MS;
	struct dues all = { 0 };
	size_t i;
	int rc = read_all(l, day, p, &all, e);

	for (i = 0; !rc && i < all.n; i++)
		rc = write_one(l, &all.due[i], day, p, told, arg, e);
	*scored = (int64_t)all.n;
	free(all.due);
	return rc;
}
