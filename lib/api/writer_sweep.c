/* What the writer does between batches, when there is time for it. */
#include "api/writer_impl.h"
#include "evidence/issue.h"
#include "settle/settle.h"

#define IDLE_US 5000000		/* until the log of the store is cut */

static int
swept(void *arg, const struct settled *s, struct err *e)
{
	struct writer *w = arg;

	(void)e;
	w->swept = true;
	if (s->why)
		log_event(w->api, "sweep", s->id, s->why);
	return 0;
}

/*
 * What was paid is to be provable: a sweep that closed something signs the
 * log, others now and then, if it has grown.
 */
static void
sign_log(struct writer *w, bool closed)
{
	const struct params *p = &atomic_load(&w->api->conf)->params;
	struct err e = { 0 };
	struct issuer i;
	int rc;

	rc = issue_begin(&i, w->store, w->api->how.home, p,
	    serve_now_ms(w->api), &e);
	i.sane = !w->api->how.accept_clock;
	if (!rc)
		rc = issue_after(&i, closed,
		    p->value[PARAM_checkpoint_every_ms], &e);
	if (rc < 0)
		log_event(w->api, "not signed", NULL, &e);
}

void
call_swept(struct call *c)
{
	sign_log(((struct job *)c)->api->writer, true);
}

void
writer_put_off_tidy(struct writer *w)
{
	atomic_store(&w->tidy_us, net_now_us() + IDLE_US);
}

static bool
stop_sweep(void *arg)
{
	return writer_has_work(arg);
}

/* Between batches, a transaction at a time: jobs come first. */
void
writer_sweep(struct writer *w)
{
	struct settle s = {
		.now_ms = serve_now_ms(w->api),
		.sane = !w->api->how.accept_clock,
		.params = &atomic_load(&w->api->conf)->params,
		.told = swept, .stop = stop_sweep, .arg = w,
	};
	struct err e = { 0 };

	w->swept = false;
	if ((!w->store && writer_open_store(w, &e)) ||
	    settle_sweep(w->store, &w->ledger, &s, &e)) {
		log_event(w->api, "sweep failed", NULL, &e);
		if (e.kind != ERR_BUSY)
			writer_close_store(w);
	} else {
		sign_log(w, w->swept);
	}
	if (w->swept)
		writer_put_off_tidy(w);
	atomic_store(&w->next_sweep_us, writer_has_work(w) ? 0 : net_now_us() +
	    w->api->how.sweep_ms * 1000);
}

bool
writer_sweep_is_due(const struct writer *w)
{
	return w->api->how.sweep_ms &&
	    net_now_us() >= atomic_load(&w->next_sweep_us);
}

bool
writer_tidy_is_due(const struct writer *w)
{
	int64_t at = atomic_load(&w->tidy_us);

	return at && net_now_us() >= at;
}

void
writer_tidy(struct writer *w)
{
	if (w->store)
		store_tidy(w->store);
	atomic_store(&w->tidy_us, 0);
}
