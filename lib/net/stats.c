#include <stdlib.h>

#include "base/mem.h"
#include "net/inner.h"

void
net_stats(const struct net_server *s, struct net_stats *out)
{
	const struct tally *t;
	unsigned i;

	*out = (struct net_stats){
		.open = atomic_load(&s->conns),
		.streams = atomic_load(&s->streams),
	};
	for (i = 0; i < s->config.loops; i++) {
		t = &s->loop[i].tally;
		out->accepted += atomic_load(&t->accepted);
		out->requests += atomic_load(&t->requests);
		out->in += atomic_load(&t->in);
		out->out += atomic_load(&t->out);
		out->refused_connections +=
		    atomic_load(&t->refused_connections);
		out->refused_address += atomic_load(&t->refused_address);
		out->refused_descriptors +=
		    atomic_load(&t->refused_descriptors);
		out->malformed += atomic_load(&t->malformed);
		out->timeout_head += atomic_load(&t->timeout[DUE_HEAD]);
		out->timeout_body += atomic_load(&t->timeout[DUE_BODY]);
		out->timeout_idle += atomic_load(&t->timeout[DUE_IDLE]);
		out->timeout_write += atomic_load(&t->timeout[DUE_WRITE]);
		out->streams_dropped += atomic_load(&t->streams_dropped);
		out->busy += atomic_load(&s->loop[i].exchanges);
	}
}

int64_t
net_lag_us(const struct net_server *s, unsigned loop)
{
	const struct net_loop *l = &s->loop[loop];
	int64_t was = atomic_load(&l->lag_us);
	int64_t is = net_now_us() - atomic_load(&l->tick_us) - TICK_US;

	return is > was ? is : was;
}

struct work {
	uv_work_t req;
	void (*work)(void *), (*after)(void *);
	void *arg;
};

static void
on_work(uv_work_t *req)
{
	struct work *w = req->data;

	w->work(w->arg);
}

static void
on_after(uv_work_t *req, int status)
{
	struct work *w = req->data;

	(void)status;		/* nothing here cancels */
	w->after(w->arg);
	free(w);
}

int
net_work(struct net_loop *l, void (*work)(void *), void (*after)(void *),
    void *arg, struct err *e)
{
	struct work *w = mem_zero(1, sizeof(*w));

	w->work = work;
	w->after = after;
	w->arg = arg;
	w->req.data = w;
	if (!uv_queue_work(&l->uv, &w->req, on_work, on_after))
		return 0;
	free(w);
	return err_set(e, E_io_error, "cannot queue work for the pool");
}
