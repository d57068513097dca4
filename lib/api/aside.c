/*
 * Reads that may take long, and what comes before writes: on threads of
 * libuv's pool, each with a connection of its own, of which some are kept.
 */
#include <stdlib.h>

#include "api/impl.h"
#include "base/mem.h"
#include "hook/target.h"
#include "net/resolve.h"
#include "store/store.h"

#define KEPT 8

struct aside {
	pthread_mutex_t lock;
	struct store *kept[KEPT];
	size_t n;
};

struct aside *
aside_new(void)
{
	struct aside *a = mem_zero(1, sizeof(*a));

	pthread_mutex_init(&a->lock, NULL);
	return a;
}

void
aside_free(struct aside *a)
{
	if (!a)
		return;
	while (a->n)
		store_close(a->kept[--a->n]);
	pthread_mutex_destroy(&a->lock);
	free(a);
}

static int
take_store(struct job *j, struct store **out, struct err *e)
{
	const struct store_how how = {
		.home = j->api->how.home, .mode = STORE_READ,
		.who = "bzn-serve",
	};
	struct aside *a = j->api->aside;

	*out = NULL;
	pthread_mutex_lock(&a->lock);
	if (a->n)
		*out = a->kept[--a->n];
	pthread_mutex_unlock(&a->lock);
	return *out ? 0 : store_open(out, &how, e);
}

static void
keep_store(struct job *j, struct store *s)
{
	struct aside *a = j->api->aside;

	pthread_mutex_lock(&a->lock);
	if (a->n < KEPT) {
		a->kept[a->n++] = s;
		s = NULL;
	}
	pthread_mutex_unlock(&a->lock);
	store_close(s);
}

/* The writer has it after this. */
static bool
is_write(const struct job *j)
{
	return j->row->route->class == ROUTE_WRITE ||
	    j->row->route->class == ROUTE_ALONE;
}

static void
work(void *arg)
{
	struct chance chance = { 0 };
	struct job *j = arg;

	j->call.chance = &chance;
	if (take_store(j, &j->call.store, &j->err))
		return;
	if (!store_snapshot(j->call.store, &j->err)) {
		if (!is_write(j))
			call_act(j);
		else if (j->row->route->before(&j->call, &j->before) &&
		    !j->before.kind)
			err_set_(&j->before, E_internal, "%s %s failed "
			    "before, and does not say why",
			    j->row->route->method, j->row->route->pattern);
		store_rollback(j->call.store);
	}
	keep_store(j, j->call.store);
}

static void
after(void *arg)
{
	struct job *j = arg;

	j->call.store = j->loop->store;
	if (!j->err.kind && j->row->route->class == ROUTE_ALONE)
		j->err = j->before;
	if (j->err.kind || j->call.done || !is_write(j) ||
	    writer_put(j->api, j, &j->err))
		serve_answer(j);
}

int
aside_put(struct job *j, struct err *e)
{
	return net_work(j->loop->net, work, after, j, e);
}

int
call_target(struct call *c, const char *url, struct hook_target *out,
    struct err *e)
{
	const struct api *a = c->api;
	const struct hook_rules rules = {
		.params = c->params, .allow_private = a->how.allow_private,
	};
	const struct hook_resolver r = { resolve_host, a->resolve };

	return hook_target(out, url, &r, &rules, e);
}
