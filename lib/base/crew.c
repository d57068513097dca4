#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/crew.h"
#include "base/mem.h"

#define SLOTS_EACH 32

/* Slots are a ring: given <= worked <= taken, each counted from the start. */
struct yard {
	const struct crew *crew;
	char *slots;
	bool *done;
	size_t n;
	pthread_mutex_t lock;
	pthread_cond_t to_work, to_give;
	unsigned long taken, next, given, ready;
	bool over;
};

static void *
slot_of(const struct yard *y, unsigned long i)
{
	return y->slots + i % y->n * y->crew->size;
}

/* Waking the one who gives costs more than a wait for half of the ring. */
static bool
worth_giving(const struct yard *y)
{
	unsigned long all = y->taken - y->given;

	return y->done[y->given % y->n] &&
	    y->ready >= (all < y->n / 2 ? all : y->n / 2);
}

static void *
labour(void *arg)
{
	struct yard *y = arg;
	unsigned long mine;

	pthread_mutex_lock(&y->lock);
	for (;;) {
		while (y->next == y->taken && !y->over)
			pthread_cond_wait(&y->to_work, &y->lock);
		if (y->next == y->taken)
			break;
		mine = y->next++;
		pthread_mutex_unlock(&y->lock);
		y->crew->work(y->crew->arg, slot_of(y, mine));
		pthread_mutex_lock(&y->lock);
		y->done[mine % y->n] = true;
		y->ready++;
		if (worth_giving(y))
			pthread_cond_signal(&y->to_give);
	}
	pthread_mutex_unlock(&y->lock);
	return NULL;
}

/* The oldest results, which may have to be waited for. */
static int
give_some(struct yard *y, struct err *e)
{
	int rc = 0;

	pthread_mutex_lock(&y->lock);
	while (!worth_giving(y))
		pthread_cond_wait(&y->to_give, &y->lock);
	while (!rc && y->given < y->taken && y->done[y->given % y->n]) {
		pthread_mutex_unlock(&y->lock);
		rc = y->crew->give(y->crew->arg, slot_of(y, y->given), e);
		pthread_mutex_lock(&y->lock);
		y->done[y->given++ % y->n] = false;
		y->ready--;
	}
	pthread_mutex_unlock(&y->lock);
	return rc;
}

static int
lead(struct yard *y, struct err *e)
{
	int got = 1, rc = 0;

	while (!rc && (got > 0 || y->given < y->taken)) {
		if (got > 0 && y->taken - y->given < y->n) {
			got = y->crew->take(y->crew->arg,
			    slot_of(y, y->taken), e);
			if (got <= 0)
				continue;
			pthread_mutex_lock(&y->lock);
			y->taken++;
			pthread_cond_signal(&y->to_work);
			pthread_mutex_unlock(&y->lock);
			continue;
		}
		rc = give_some(y, e);
	}
	return got < 0 || rc < 0 ? -1 : 0;
}

static int
many(struct yard *y, struct err *e)
{
	pthread_t threads[CREW_JOBS];
	int i, n, rc = -1;

	for (n = 0; n < y->crew->jobs; n++) {
		errno = pthread_create(&threads[n], NULL, labour, y);
		if (errno) {
			err_sys(e, "cannot start a thread");
			break;
		}
	}
	if (n == y->crew->jobs)
		rc = lead(y, e);
	pthread_mutex_lock(&y->lock);
	y->over = true;
	y->next = y->taken;		/* what is not begun is left */
	pthread_cond_broadcast(&y->to_work);
	pthread_mutex_unlock(&y->lock);
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	return rc;
}

static int
alone(const struct crew *c, void *slot, struct err *e)
{
	int got, rc = 0;

	while (!rc && (got = c->take(c->arg, slot, e)) != 0) {
		if (got < 0)
			return -1;
		c->work(c->arg, slot);
		rc = c->give(c->arg, slot, e);
	}
	return rc < 0 ? -1 : 0;
}

int
crew_run(const struct crew *c, struct err *e)
{
	struct yard y = {
		.crew = c, .n = c->jobs > 1 ? SLOTS_EACH * (size_t)c->jobs : 1,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.to_work = PTHREAD_COND_INITIALIZER,
		.to_give = PTHREAD_COND_INITIALIZER,
	};
	size_t i;
	int rc;

	y.slots = mem_zero(y.n, c->size);
	y.done = mem_zero(y.n, sizeof(*y.done));
	rc = c->jobs > 1 ? many(&y, e) : alone(c, y.slots, e);
	for (i = 0; i < y.n; i++)
		c->end(y.slots + i * c->size);
	free(y.done);
	free(y.slots);
	return rc;
}
