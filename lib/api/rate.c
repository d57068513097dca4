#include <arpa/inet.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/rate.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/table.h"

#define SHARDS 16
#define SECOND INT64_C(1000000)

struct cell {
	struct table_item item;		/* first */
	struct cell *older, *newer;	/* of the shard */
	int64_t at_us;
	char key[RATE_KEY + 32];
};

struct shard {
	pthread_mutex_t lock;
	struct table table;
	struct cell *first;
};

struct rates { struct shard shard[SHARDS]; };

struct rates *
rates_new(void)
{
	struct rates *r = mem_zero(1, sizeof(*r));
	int i;

	for (i = 0; i < SHARDS; i++)
		pthread_mutex_init(&r->shard[i].lock, NULL);
	return r;
}

static void
free_cell(struct table_item *i)
{
	free(i);
}

void
rates_free(struct rates *r)
{
	int i;

	for (i = 0; r && i < SHARDS; i++) {
		table_release(&r->shard[i].table, free_cell);
		pthread_mutex_destroy(&r->shard[i].lock);
	}
	free(r);
}

/* Rounded up, so that rounding lets nothing pass. */
static int64_t
over(int64_t a, int64_t b)
{
	return a / b + (a % b > 0);
}

/*
 * at_us is when a limit that was used evenly would be free again.  Each call
 * moves it on by one share; it may be as far ahead as all shares together.
 */
bool
rate_step(int64_t *at_us, const struct rate_limit *l, int64_t now_us,
    struct rate_told *t)
{
	int64_t share = over(l->w_s * SECOND, l->q), most = share * l->q;
	int64_t at = *at_us > now_us ? *at_us : now_us;
	bool passes = at + share - now_us <= most;

	*t = (struct rate_told){ .name = l->name, .q = l->q, .w_s = l->w_s };
	if (passes)
		*at_us = at += share;
	else
		t->wait_s = over(at + share - most - now_us, SECOND);
	t->left = (most - (at - now_us)) / share;
	t->full_s = over(at - now_us, SECOND);
	return passes;
}

static struct shard *
shard_of(struct rates *r, const char *key)
{
	unsigned h = 2166136261u;

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 16777619u;
	return r->shard + (h ^ h >> 16) % SHARDS;
}

static struct cell *
cell_of(struct shard *s, const char *key)
{
	struct cell *c = (struct cell *)table_find(&s->table, key);

	if (c)
		return c;
	c = mem_zero(1, sizeof(*c));
	snprintf(c->key, sizeof(c->key), "%s", key);
	c->item.key = c->key;
	table_add(&s->table, &c->item);
	c->older = s->first;
	if (s->first)
		s->first->newer = c;
	s->first = c;
	return c;
}

bool
rates_take(struct rates *r, const struct rate_limit *l, const char *key,
    int64_t now_us, struct rate_told *told)
{
	char name[RATE_KEY + 32];
	struct shard *s;
	bool passes;

	snprintf(name, sizeof(name), "%s %s", l->name, key);
	s = shard_of(r, name);
	pthread_mutex_lock(&s->lock);
	passes = rate_step(&cell_of(s, name)->at_us, l, now_us, told);
	pthread_mutex_unlock(&s->lock);
	return passes;
}

bool
rates_would(struct rates *r, const struct rate_limit *l, const char *key,
    int64_t now_us)
{
	char name[RATE_KEY + 32];
	const struct cell *c;
	struct rate_told told;
	struct shard *s;
	int64_t at_us;

	snprintf(name, sizeof(name), "%s %s", l->name, key);
	s = shard_of(r, name);
	pthread_mutex_lock(&s->lock);
	c = (const struct cell *)table_find(&s->table, name);
	at_us = c ? c->at_us : 0;
	pthread_mutex_unlock(&s->lock);
	return rate_step(&at_us, l, now_us, &told);
}

static void
drop(struct shard *s, struct cell *c)
{
	table_drop(&s->table, &c->item);
	if (c->newer)
		c->newer->older = c->older;
	else
		s->first = c->older;
	if (c->older)
		c->older->newer = c->newer;
	free(c);
}

void
rates_tidy(struct rates *r, int64_t now_us)
{
	struct cell *c, *older;
	int i;

	for (i = 0; i < SHARDS; i++) {
		pthread_mutex_lock(&r->shard[i].lock);
		for (c = r->shard[i].first; c; c = older) {
			older = c->older;
			if (c->at_us <= now_us)
				drop(r->shard + i, c);
		}
		pthread_mutex_unlock(&r->shard[i].lock);
	}
}

size_t
rates_count(struct rates *r)
{
	size_t n = 0;
	int i;

	for (i = 0; i < SHARDS; i++) {
		pthread_mutex_lock(&r->shard[i].lock);
		n += r->shard[i].table.n;
		pthread_mutex_unlock(&r->shard[i].lock);
	}
	return n;
}

void
rate_address(char out[RATE_KEY], const char *ip)
{
	unsigned char b[16];
	char text[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET6, ip, b) != 1) {
		snprintf(out, RATE_KEY, "%s", ip);
		return;
	}
	memset(b + 8, 0, 8);
	inet_ntop(AF_INET6, b, text, sizeof(text));
	snprintf(out, RATE_KEY, "%s/64", text);
}

/* The one that is nearest to a refusal, and all of them. */
void
rate_headers(struct buf *out, const struct rate_told *t, size_t n)
{
	size_t i, worst = 0;

	if (!n)
		return;
	buf_adds(out, "RateLimit-Policy: ");
	for (i = 0; i < n; i++) {
		buf_addf(out, "%s\"%s\";q=%" PRId64 ";w=%" PRId64,
		    i ? ", " : "", t[i].name, t[i].q, t[i].w_s);
		if (t[i].left * t[worst].q < t[worst].left * t[i].q)
			worst = i;
	}
	buf_addf(out, "\r\nRateLimit: \"%s\";r=%" PRId64 ";t=%" PRId64 "\r\n",
	    t[worst].name, t[worst].left, t[worst].full_s);
}
