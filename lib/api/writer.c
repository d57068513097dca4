/*
 * The thread that writes: spec/http.md 7.
 *
 * Jobs wait in one queue.  The writer takes the lock and begins, and only
 * then takes what is there; each job has a savepoint, and all one commit.
 * Replies go to the loops after that.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "api/writer_impl.h"
#include "base/mem.h"

#define QUEUE_JOBS 4096		/* beyond that nothing is taken */
#define QUEUE_US 250000		/* nor if it would have to wait so long */
#define BATCH_US 10000
#define WITHDRAW_US 5000000

void
writer_close_store(struct writer *w)
{
	ledger_free(w->ledger);
	store_close(w->store);
	w->ledger = NULL;
	w->store = NULL;
}

/* Opens the store, which migrates it, while nothing else runs. */
int
writer_open(struct api *a, struct err *e)
{
	struct writer *w = a->writer = mem_zero(1, sizeof(*w));

	w->api = a;
	w->last = &w->first;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->more, NULL);
	w->chance = a->how.chance;
	return writer_open_store(w, e);
}

/*
 * How long so many would take: each its own time, and each batch the lock and
 * the commit, which cost one job as much as five hundred.
 */
static int64_t
time_for(const struct writer *w, int64_t jobs)
{
	return jobs * w->each_us +
	    (jobs + WRITER_BATCH - 1) / WRITER_BATCH * w->batch_us;
}

/* E_overloaded: then it was not taken, and nothing was done. */
int
writer_put(struct api *a, struct job *j, struct err *e)
{
	struct writer *w = a->writer;
	bool full;

	pthread_mutex_lock(&w->lock);
	full = w->stop || w->waiting >= QUEUE_JOBS ||
	    time_for(w, (int64_t)w->waiting) > QUEUE_US;
	if (!full) {
		j->queued_us = net_now_us();
		j->next = NULL;
		*w->last = j;
		w->last = &j->next;
		if (!w->waiting++)
			pthread_cond_signal(&w->more);
	}
	pthread_mutex_unlock(&w->lock);
	if (!full)
		return 0;
	atomic_fetch_add(&a->metrics->writer_refused[0], 1);
	return err_set(e, E_overloaded, "too many jobs wait for the writer");
}

static bool
is_alone(const struct job *j)
{
	return j->row->route->class == ROUTE_ALONE;
}

/* Take the first out of the queue, whose lock is held. */
static struct job *
take(struct writer *w)
{
	struct job *j = w->first;

	w->first = j->next;
	if (!w->first)
		w->last = &w->first;
	w->waiting--;
	j->next = NULL;
	return j;
}

/* They are in the order of their coming. */
void
writer_withdraw_old(struct api *a)
{
	struct writer *w = a->writer;
	int64_t now_us = net_now_us();
	struct job *j;

	for (;;) {
		j = NULL;
		pthread_mutex_lock(&w->lock);
		if (w->first && now_us - w->first->queued_us > WITHDRAW_US)
			j = take(w);
		pthread_mutex_unlock(&w->lock);
		if (!j)
			return;
		atomic_fetch_add(&a->metrics->writer_refused[1], 1);
		err_set_(&j->err, E_overloaded, "the writer did not come to "
		    "it");
		serve_return(j);
	}
}

bool
writer_well(const struct api *a)
{
	return a->writer && atomic_load(&a->writer->well);
}

size_t
writer_waiting(const struct api *a)
{
	struct writer *w = a->writer;
	size_t n;

	pthread_mutex_lock(&w->lock);
	n = w->waiting;
	pthread_mutex_unlock(&w->lock);
	return n;
}

bool
writer_has_work(struct writer *w)
{
	bool some;

	pthread_mutex_lock(&w->lock);
	some = w->first || w->stop;
	pthread_mutex_unlock(&w->lock);
	return some;
}

static bool
may_take(struct writer *w, struct job **out)
{
	pthread_mutex_lock(&w->lock);
	*out = w->first ? take(w) : NULL;
	pthread_mutex_unlock(&w->lock);
	return *out != NULL;
}

/* The next one, if it is one that has the thread for itself, or is not. */
static bool
may_take_if(struct writer *w, bool alone, struct job **out)
{
	*out = NULL;
	pthread_mutex_lock(&w->lock);
	if (w->first && is_alone(w->first) == alone)
		*out = take(w);
	pthread_mutex_unlock(&w->lock);
	return *out != NULL;
}

/* None of it happened, or nobody knows: all are told so. */
static void
fail_batch(struct writer *w, const struct err *e)
{
	size_t i;

	for (i = 0; i < w->n; i++) {
		w->batch[i]->err = *e;
		w->batch[i]->faulty = w->batch[i]->replayed = false;
		w->batch[i]->call.detail = NULL;
		buf_reset(&w->batch[i]->call.out);
		buf_reset(&w->batch[i]->call.more);
		buf_reset(&w->batch[i]->call.headers);
	}
	log_event(w->api, "commit failed", NULL, e);
	atomic_store(&w->well, false);
}

static void
give_back(struct writer *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		serve_return(w->batch[i]);
	w->n = 0;
}

static int
run_batch(struct writer *w, struct err *e)
{
	int64_t from_us = net_now_us();
	struct job *j;

	while (w->n < WRITER_BATCH && (!w->n || net_now_us() - from_us <
	    BATCH_US) && may_take_if(w, false, &j)) {
		w->batch[w->n++] = j;
		j->taken_us = net_now_us();
		if (writer_run(w, j, e))
			return -1;
	}
	return 0;
}

static void
count_batch(struct writer *w, int64_t began_us, int64_t took_us,
    int64_t ran_us, int64_t end_us)
{
	struct metric_set *m = w->api->metrics;
	size_t i;

	metric_see(&m->lock_seconds, took_us - began_us);
	metric_see(&m->commit_seconds, end_us - ran_us);
	metric_see_number(&m->batch_jobs, (int64_t)w->n);
	for (i = 0; i < w->n; i++) {
		metric_see(&m->wait_seconds, w->batch[i]->taken_us -
		    w->batch[i]->queued_us);
		w->batch[i]->commit_us = end_us - ran_us;
	}
	if (!w->n)
		return;
	pthread_mutex_lock(&w->lock);
	w->each_us += ((ran_us - took_us) / (int64_t)w->n - w->each_us) / 8;
	w->batch_us += (end_us - began_us - (ran_us - took_us) -
	    w->batch_us) / 8;
	pthread_mutex_unlock(&w->lock);
}

/* The store cannot be written now: those that waited long enough are told. */
static void
refuse_waiting(struct writer *w, const struct err *e)
{
	struct job *j;

	if (e->kind == ERR_BUSY) {
		writer_withdraw_old(w->api);
		return;
	}
	atomic_store(&w->well, false);
	while (may_take(w, &j)) {
		j->err = *e;
		serve_return(j);
	}
}

static void
batch(struct writer *w)
{
	int64_t began_us = net_now_us(), took_us, ran_us;
	struct err e = { 0 };
	int rc;

	if ((!w->store && writer_open_store(w, &e)) || ledger_begin(w->store,
	    &w->ledger, serve_now_ms(w->api), !w->api->how.accept_clock,
	    &e)) {
		if (e.kind != ERR_BUSY) {
			log_event(w->api, "cannot write", NULL, &e);
			writer_close_store(w);
		}
		refuse_waiting(w, &e);
		return;
	}
	took_us = net_now_us();
	rc = run_batch(w, &e);
	ran_us = net_now_us();
	if (rc)
		ledger_rollback(w->ledger);
	else
		rc = ledger_commit(w->ledger, &e);
	metric_commit(w->api->metrics, rc ? &e : NULL);
	if (rc) {
		fail_batch(w, &e);
		writer_close_store(w);
	} else {
		atomic_store(&w->well, true);
		feed_news(w->api);
	}
	count_batch(w, began_us, took_us, ran_us, net_now_us());
	give_back(w);
}

/* Once a second, from a loop. */
void
writer_tick(struct api *a)
{
	struct writer *w = a->writer;

	writer_withdraw_old(a);
	if (writer_sweep_is_due(w) || writer_tidy_is_due(w)) {
		pthread_mutex_lock(&w->lock);
		pthread_cond_signal(&w->more);
		pthread_mutex_unlock(&w->lock);
	}
}

int64_t
writer_turn_us(const struct api *a)
{
	int64_t since = atomic_load(&a->writer->moved_us);

	return since ? net_now_us() - since : 0;
}

/* Wait for a job, a sweep or a quiet moment: false, it is over. */
static bool
wait_for_work(struct writer *w, bool *jobs)
{
	bool going;

	pthread_mutex_lock(&w->lock);
	while (!w->first && !w->stop && !writer_sweep_is_due(w) &&
	    !writer_tidy_is_due(w))
		pthread_cond_wait(&w->more, &w->lock);
	*jobs = w->first;
	going = w->first || !w->stop;
	pthread_mutex_unlock(&w->lock);
	return going;
}

static void *
run(void *arg)
{
	struct writer *w = arg;
	struct job *j;
	sigset_t alarm;
	bool jobs;

	/* Waiting for the lock of the store is ended by this signal. */
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);
	while (wait_for_work(w, &jobs)) {
		atomic_store(&w->moved_us, net_now_us());
		if (jobs && may_take_if(w, true, &j)) {
			writer_run_alone(w, j);
			feed_news(w->api);
		} else if (jobs) {
			batch(w);
		}
		if (writer_sweep_is_due(w)) {
			writer_sweep(w);
			feed_news(w->api);
		}
		if (jobs)
			writer_put_off_tidy(w);
		if (writer_tidy_is_due(w))
			writer_tidy(w);
		atomic_store(&w->moved_us, 0);
	}
	return NULL;
}

int
writer_start(struct api *a, struct err *e)
{
	struct writer *w = a->writer;

	errno = pthread_create(&w->thread, NULL, run, w);
	if (errno)
		return err_sys(e, "cannot start the writer");
	w->started = true;
	atomic_store(&w->well, true);
	return 0;
}

/* What is queued is done first, or if it is cut, withdrawn. */
void
writer_stop(struct api *a, bool cut)
{
	struct writer *w = a->writer;
	struct job *j;

	if (!w || !w->started)
		return;
	while (cut && may_take(w, &j)) {
		err_set_(&j->err, E_overloaded, "the server ends");
		serve_return(j);
	}
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
	if (cut)
		return;
	pthread_join(w->thread, NULL);
	w->started = false;
}

void
writer_close(struct api *a)
{
	struct writer *w = a->writer;

	if (!w)
		return;
	writer_stop(a, false);
	writer_close_store(w);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->more);
	free(w);
	a->writer = NULL;
}
