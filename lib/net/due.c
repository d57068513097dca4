#include "net/inner.h"

static int64_t
span(const struct net_limits *l, enum due kind)
{
	switch (kind) {
	case DUE_HEAD:
		return l->head_ms;
	case DUE_BODY:
		return l->body_ms;
	case DUE_IDLE:
		return l->idle_ms;
	case DUE_WRITE:
		return l->write_ms;
	case DUE_LINGER:
		return l->linger_ms;
	case DUE_NONE:
		break;
	}
	return 0;
}

int64_t
due_now(const struct net_loop *l)
{
	const struct net_config *c = &l->server->config;

	return c->clock ? c->clock(c->clock_arg) : (int64_t)uv_now(&l->uv);
}

static void
on_timer(uv_timer_t *t)
{
	struct net_loop *l = t->data;

	l->armed_ms = INT64_MAX;
	due_run(l);
}

/* A clock that is not the loop's wakes it by net_wake(). */
static void
arm(struct net_loop *l, int64_t at_ms)
{
	int64_t now = due_now(l);

	if (at_ms >= l->armed_ms || l->server->config.clock)
		return;
	l->armed_ms = at_ms;
	uv_timer_start(&l->timer, on_timer,
	    at_ms > now ? (uint64_t)(at_ms - now) : 0, 0);
}

void
due_open(struct net_loop *l)
{
	uv_timer_init(&l->uv, &l->timer);
	l->timer.data = l;
	l->armed_ms = INT64_MAX;
}

void
due_set(struct conn *c, enum due kind)
{
	struct net_loop *l = c->loop;

	if (c->due != DUE_NONE) {
		*(c->sooner ? &c->sooner->later : &l->first[c->due]) =
		    c->later;
		*(c->later ? &c->later->sooner : &l->last[c->due]) =
		    c->sooner;
	}
	c->due = kind;
	c->later = c->sooner = NULL;
	if (kind == DUE_NONE)
		return;
	c->due_ms = due_now(l) + span(&l->server->config.limits, kind);
	c->sooner = l->last[kind];
	*(c->sooner ? &c->sooner->later : &l->first[kind]) = c;
	l->last[kind] = c;
	arm(l, c->due_ms);
}

void
due_run(struct net_loop *l)
{
	int64_t now = due_now(l);
	struct conn *c;
	int kind;

	for (kind = 0; kind < DUE__COUNT; kind++) {
		while (l->first[kind] && l->first[kind]->due_ms <= now) {
			c = l->first[kind];
			due_set(c, DUE_NONE);
			atomic_fetch_add(&l->tally.timeout[kind], 1);
			conn_expire(c, (enum due)kind);
		}
		if (l->first[kind])
			arm(l, l->first[kind]->due_ms);
	}
}
