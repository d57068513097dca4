/* Results come in the order of taking, whatever the threads do meanwhile. */
#include "tap.h"

#include "base/crew.h"

struct slot { long number, square; int full; };
struct day { long most, taken, given, stop; int wrong, ended, failing; };

static int
take(void *arg, void *slot, struct err *e)
{
	struct day *d = arg;
	struct slot *s = slot;

	if (d->failing && d->taken == d->failing)
		return err_set(e, E_bad_json, "no more");
	if (d->taken == d->most)
		return 0;
	s->number = d->taken++;
	s->full = 1;
	return 1;
}

/* Some take longer than others. */
static void
work(void *arg, void *slot)
{
	struct slot *s = slot;
	volatile long i;

	(void)arg;
	for (i = s->number * 7919 % 1000; i; i--)
		;
	s->square = s->number * s->number;
}

static int
give(void *arg, void *slot, struct err *e)
{
	struct day *d = arg;
	struct slot *s = slot;

	(void)e;
	d->wrong += s->number != d->given ||
	    s->square != d->given * d->given;
	d->given++;
	return d->given == d->stop;
}

static void
end(void *slot)
{
	((struct slot *)slot)->full = 0;
}

static void
try_it(int jobs, long most, long stop, int failing)
{
	struct day d = { .most = most, .stop = stop, .failing = failing };
	const struct crew c = {
		.jobs = jobs, .arg = &d, .size = sizeof(struct slot),
		.take = take, .work = work, .give = give, .end = end,
	};
	struct err e = { 0 };
	int rc = crew_run(&c, &e);
	long want = failing ? failing : stop ? stop : most;

	if (rc != (failing ? -1 : 0) || d.given != want || d.wrong)
		printf("# jobs %d most %ld stop %ld: %d, %ld given, %d "
		    "wrong\n", jobs, most, stop, rc, d.given, d.wrong);
	OK(rc == (failing ? -1 : 0) && d.given == want && !d.wrong);
}

int
main(void)
{
	static const int jobs[] = { 1, 2, 3, 8, CREW_JOBS };
	size_t i;

	for (i = 0; i < sizeof(jobs) / sizeof(*jobs); i++) {
		try_it(jobs[i], 0, 0, 0);
		try_it(jobs[i], 1, 0, 0);
		try_it(jobs[i], 31, 0, 0);
		try_it(jobs[i], 64, 0, 0);
		try_it(jobs[i], 5000, 0, 0);
		try_it(jobs[i], 5000, 77, 0);
		try_it(jobs[i], 5000, 0, 333);
	}
	return DONE();
}
