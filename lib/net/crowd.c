#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/crowd.h"
#include "net/peer.h"

#define BUCKETS 4096

struct entry {
	struct entry *next;
	uint8_t key[16];
	unsigned count;
};

struct crowd {
	pthread_mutex_t lock;
	unsigned limit;
	struct entry *bucket[BUCKETS];
};

static struct entry **
find(struct crowd *w, const struct peer *p, uint8_t key[16])
{
	struct entry **e;
	uint32_t hash = 2166136261u;
	int i;

	memcpy(key, p->addr, 16);
	if (!peer_is_v4(key))
		memset(key + 8, 0, 8);
	for (i = 0; i < 16; i++)
		hash = (hash ^ key[i]) * 16777619u;
	e = &w->bucket[(hash ^ hash >> 16) % BUCKETS];
	while (*e && memcmp((*e)->key, key, 16))
		e = &(*e)->next;
	return e;
}

struct crowd *
crowd_new(unsigned limit)
{
	struct crowd *w = mem_zero(1, sizeof(*w));

	w->limit = limit;
	pthread_mutex_init(&w->lock, NULL);
	return w;
}

void
crowd_free(struct crowd *w)
{
	struct entry *e;
	size_t i;

	if (!w)
		return;
	for (i = 0; i < BUCKETS; i++)
		while (w->bucket[i]) {
			e = w->bucket[i];
			w->bucket[i] = e->next;
			free(e);
		}
	pthread_mutex_destroy(&w->lock);
	free(w);
}

bool
crowd_add(struct crowd *w, const struct peer *p)
{
	struct entry **e;
	uint8_t key[16];
	bool fits;

	pthread_mutex_lock(&w->lock);
	e = find(w, p, key);
	fits = !*e || (*e)->count < w->limit;
	if (fits && !*e) {
		*e = mem_zero(1, sizeof(**e));
		memcpy((*e)->key, key, sizeof(key));
	}
	if (fits)
		(*e)->count++;
	pthread_mutex_unlock(&w->lock);
	return fits;
}

void
crowd_remove(struct crowd *w, const struct peer *p)
{
	struct entry **e, *old;
	uint8_t key[16];

	pthread_mutex_lock(&w->lock);
	e = find(w, p, key);
	if (*e && !--(*e)->count) {
		old = *e;
		*e = old->next;
		free(old);
	}
	pthread_mutex_unlock(&w->lock);
}
