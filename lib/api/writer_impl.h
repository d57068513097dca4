/* writer_impl - what writer.c and writer_job.c share; for them only. */
#ifndef WRITER_IMPL_H
#define WRITER_IMPL_H

#include "api/impl.h"
#include "ledger/make.h"
#include "store/store.h"

#define WRITER_BATCH 512	/* jobs of a transaction */
#define WRITER_LOCK_MS 5000

struct writer {
	struct api *api;
	pthread_t thread;
	bool started;
	pthread_mutex_t lock;		/* of the following */
	pthread_cond_t more;
	struct job *first, **last;
	size_t waiting;
	bool stop;
	int64_t each_us, batch_us;	/* a job, what is around a batch:
					   means, moving */
	atomic_llong moved_us;		/* when its turn began; 0: it waits */
	atomic_bool well;
	atomic_llong next_sweep_us;
	atomic_llong tidy_us;		/* when its log is cut; 0: it is */

	/* The thread's own. */
	struct store *store;
	struct ledger *ledger;
	struct chance chance;
	bool swept;			/* something, this time */
	struct job *batch[WRITER_BATCH];
	size_t n;
};

int writer_open_store(struct writer *, struct err *) CHECKED;

/*
 * Run one in the transaction that is open: its outcome is in the job.  -1: the
 * savepoint does not hold any more, and so nothing of the batch.
 */
int writer_run(struct writer *, struct job *, struct err *) CHECKED;

void writer_close_store(struct writer *);
bool writer_has_work(struct writer *);

/* What is due, a transaction at a time: jobs come first. */
bool writer_sweep_is_due(const struct writer *);
void writer_sweep(struct writer *);

/* Something was written: its log is cut once nothing is for a while. */
void writer_put_off_tidy(struct writer *);
bool writer_tidy_is_due(const struct writer *);
void writer_tidy(struct writer *);

/* Run one between transactions, and give it back. */
void writer_run_alone(struct writer *, struct job *);

#endif
